"""What stands in words under the title of a row."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Note:
    """A line of the label: on every screen, or only on a phone, where the drawing has no room for it."""

    words: str
    on: str = "all"
    css: str = ""
    struck: str = ""
    proof: str = ""  # the part of the row's page that proves its number

    @property
    def classes(self) -> str:
        return " ".join(filter(None, [self.css, "only-phone" if self.on == "phone" else ""]))


def plots_in_words(count: int | None) -> str:
    if count is None:
        return _("number not said")
    return ngettext("%(count)d plot", "%(count)d plots", count) % {"count": count}


def lots_in_words(count: int) -> str:
    return ngettext("%(count)d lot", "%(count)d lots", count) % {"count": count}
