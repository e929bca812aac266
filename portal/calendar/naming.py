"""What both halves of the calendar need: stable names, places, and texts in the active language."""

from urllib.parse import quote, urlsplit

from django.conf import settings

from parks.models import Park, Phase
from portal.entries import Place


def uid(*parts: object) -> str:
    """A name that stays the same for good (RFC 7986, section 5.3), of letters that no calendar changes."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"{'-'.join(quote(str(part), safe='') for part in parts)}@{host}"


def park_place(park: Park) -> Place:
    return Place(park.slug, park.name, park.order, park.is_sample)


def phase_place(phase: Phase | None) -> Place | None:
    return Place(phase.code, phase.name, phase.order) if phase else None
