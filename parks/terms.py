"""Common words for what land is used for, and by whom: typed in English, shown in the reader's language."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

LAND_USES = (
    _("Research and development"),
    _("Advanced manufacturing"),
    _("Laboratories"),
    _("Offices"),
    _("Data centre"),
    _("Talent apartments"),
    _("School"),
    _("Logistics"),
    _("Commercial"),
    _("Open space"),
)
SECTORS = (
    _("Artificial intelligence"),
    _("Life and health"),
    _("Biomedicine"),
    _("Microelectronics"),
    _("New energy"),
    _("New materials"),
    _("Robotics"),
    _("Data science"),
    _("Financial technology"),
    _("Education"),
)
TERMS = (*LAND_USES, *SECTORS)

_KNOWN = {term.casefold(): term for term in TERMS}


def term(text: str) -> str:
    """The term in the active language, however its letters were typed; other text comes back as it is."""
    known = _KNOWN.get(text.strip().casefold())
    return gettext(known) if known else text
