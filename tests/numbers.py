"""Numbers that a page shows and proves nowhere: outside a link to their proof and outside a table of records."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

# Where a number is proved: its own page, the thing it is of, or the list it counts.
PROOFS = {
    "figure",
    "figures",
    "park",
    "plot",
    "plots",
    "release",
    "releases",
    "round",
    "rounds",
    "pipeline",
    "changes",
}
# What shows records, a date, somebody's own words, a choice, or is a drawing whose page says the same in a table.
AT_HOME = {"table", "time", "q", "blockquote", "select", "textarea", "button", "svg", "code", "nav"}
# What stands on every page: not what this page has to say.
FURNITURE = {"masthead", "footer", "title-block", "as-of"}
UNSEEN = {"head", "script", "style", "template"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "small",
          "span", "strong", "sub", "sup", "time", "u", "var", "wbr"}  # fmt: skip

NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")
MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
YEAR = r"(?<![\d,.])(?:19|20)\d\d(?![\d%]|[,.]\d)"
# Days, months, years, hours and spans of them, as the three languages say them; a number of days is none of these.
SPOKEN_DATES = re.compile(
    rf"""\d{{4}}-\d\d(?:-\d\d)?(?!\d)
    | (?<!\d)\d{{1,2}}:\d\d(?!\d)
    | (?<!\d)\d{{1,2}}(?:\ (?:to|–)\ \d{{1,2}})?\ {MONTH}\b(?:\ {YEAR})?
    | {YEAR}年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?(?:至(?:{YEAR}年)?(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?)?
    | (?<!\d)\d{{1,2}}月(?:\d{{1,2}}日)?(?:至(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?)?
    | {YEAR}(?!\ ?(?:plots?|m²|ha|HK))""",
    re.VERBOSE,
)


@dataclass
class Sentence:
    """What stands in one block of a page, and of it what neither a link nor a table holds."""

    text: str = ""
    bare: str = ""


@dataclass(frozen=True)
class Element:
    """An open element: the proof it leads to, if any, and whether numbers are at home in it."""

    tag: str
    is_home: bool
    is_seen: bool
    anchor: str = ""


@dataclass
class Reader(HTMLParser):
    """Gathers the sentences of a page, and which of its parts have a table of records in them."""

    sentences: list[tuple[Sentence, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[Element] = []
        self.with_table: set[str] = set()
        self.block: list[tuple[str, bool | str]] = []
        self.blocks: list[list[tuple[str, bool | str]]] = []

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        given = {name: value or "" for name, value in attrs}
        if tag not in INLINE:
            self._end_block()
        elif tag == "small":  # it stands on a line of its own
            self.block.append((" ", True))
        self.open.append(self._element(tag, given))
        if tag == "table":
            self.with_table |= {one.anchor for one in self.open if one.anchor}

    def _element(self, tag: str, given: dict[str, str]) -> Element:
        within = self.open[-1] if self.open else Element("", False, True)
        names = {*given.get("class", "").split(), given.get("id", "")}
        quotes = "lang" in given and tag != "html"
        leads = tag == "a" and is_proof(given.get("href", ""))
        home = within.is_home or tag in AT_HOME or bool(names & FURNITURE) or quotes or leads
        href = given.get("href", "") if tag == "a" else ""
        on_page = href[1:] if href.startswith("#") and len(href) > 1 else ""
        seen = within.is_seen and tag not in UNSEEN
        return _Leading(tag, home, seen, given.get("id", ""), on_page or _led(within))

    def handle_startendtag(self, tag, attrs):
        """A shape of a drawing holds no text."""

    def handle_endtag(self, tag):
        if not any(one.tag == tag for one in self.open):
            return
        if tag not in INLINE:
            self._end_block()
        while self.open.pop().tag != tag:
            pass

    def handle_data(self, data):
        within = self.open[-1] if self.open else Element("", False, True)
        if within.is_seen:
            self.block.append((data, within.is_home or _led(within)))

    def _end_block(self) -> None:
        if any(text.strip() for text, _home in self.block):
            self.blocks.append(self.block)
        self.block = []

    def close(self):
        super().close()
        self._end_block()

    def read(self) -> Iterable[Sentence]:
        for block in self.blocks:
            text = " ".join("".join(text for text, _home in block).split())
            bare = "".join("\n" if self._is_home(home) else text for text, home in block)
            yield Sentence(text, bare)

    def _is_home(self, home: bool | str) -> bool:
        return home in self.with_table if isinstance(home, str) and home else bool(home)


@dataclass(frozen=True)
class _Leading(Element):
    """An element within a link to a part of the same page."""

    leads_to: str = ""


def _led(element: Element) -> str:
    return getattr(element, "leads_to", "")


def is_proof(href: str) -> bool:
    """Whether the link leads to a page of this site where numbers are proved."""
    address = urlsplit(href)
    if address.scheme or address.netloc or not address.path.startswith("/"):
        return False
    first = address.path.split("/")[1]
    language = first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language), suppress(Resolver404):
        return resolve(unquote(address.path)).url_name in PROOFS
    return False


def bare_numbers(page: str, names: Iterable[str] = ()) -> list[str]:
    """The sentences of the page that hold a number without proof; `names` are what has digits and counts nothing."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    named = any_of(names)
    return [one.text for one in reader.read() if NUMBER.search(SPOKEN_DATES.sub("", named.sub("", one.bare)))]


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Any of the names that has digits and letters, the longest first, and not within a longer word or number."""
    with_digits = {name.strip() for name in names if re.search(r"\d", name) and re.search(r"[^\W\d]", name)}
    words = "|".join(re.escape(name) for name in sorted(with_digits, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])" if words else r"(?!)")
