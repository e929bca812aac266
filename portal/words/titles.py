"""A title in the other language: the one that the page does not speak, for those who know the thing by it."""

from dataclasses import dataclass

from parks.models import localised
from portal.words.speech import language

# English pages show the Chinese title, Chinese pages the English one. Tags are BCP 47.
OTHERS = {
    "en": [("zh-hant", "zh-Hant"), ("zh-hans", "zh-Hans")],
    "zh-hant": [("en", "en")],
    "zh-hans": [("en", "en")],
}


@dataclass(frozen=True)
class OtherTitle:
    text: str
    tag: str


def other_title(row: object, field: str = "title") -> OtherTitle | None:
    """The text of `field` in the other language; None where the page shows it already, or there is none."""
    shown = localised(row, field)
    for name, tag in OTHERS.get(language(), OTHERS["en"]):
        text: str = getattr(row, f"{field}_{name.replace('-', '_')}", "")
        if text and text != shown:
            return OtherTitle(text, tag)
    return None
