"""Numbers that a page shows and proves nowhere: outside a link to their proof and outside a table of records."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
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
FURNITURE = frozenset({"masthead", "footer", "title-block", "as-of"})
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
    | (?<!\d)\d{{1,2}}:\d\d(?!\d)[時时]?
    | 中午12[時时]
    | (?<!\d)\d{{1,2}}(?:\ (?:to|–)\ \d{{1,2}})?\ {MONTH}\b(?:\ {YEAR})?
    | {YEAR}年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?(?:至(?:{YEAR}年)?(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?)?
    | (?<!\d)\d{{1,2}}月(?:\d{{1,2}}日)?(?:至(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?)?
    | {YEAR}(?!\ ?(?:plots?|m²|ha|HK))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Element:
    """An element that is open: whether numbers are at home in it, or in which part of the page they are proved."""

    tag: str = ""
    is_home: bool = False
    is_seen: bool = True
    part: str = ""  # of the same page, to which a link leads
    names: frozenset[str] = frozenset()  # by which links lead to it


class Reader(HTMLParser):
    """Gathers what stands in the blocks of a page, and which of its parts have records in them."""

    def __init__(self, proofs: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.at_home = FURNITURE | proofs
        self.open = [Element()]
        self.records: set[str] = set()
        self.block: list[tuple[str, Element]] = []
        self.blocks: list[list[tuple[str, Element]]] = []

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        given = {name: value or "" for name, value in attrs}
        if tag not in INLINE:
            self.end_block()
        elif tag == "small":  # it stands on a line of its own
            self.block.append((" ", self.open[-1]))
        self.open.append(element(tag, given, self.open[-1], self.at_home))
        if tag == "table" or any(one.tag == "table" for one in self.open) or given.get("class") == "facts":
            self.records |= {name for one in self.open for name in one.names}

    def handle_startendtag(self, tag, attrs):
        """A shape of a drawing holds no text."""

    def handle_endtag(self, tag):
        if all(one.tag != tag for one in self.open):
            return
        if tag not in INLINE:
            self.end_block()
        while self.open.pop().tag != tag:
            pass

    def handle_data(self, data):
        if self.open[-1].is_seen:
            self.block.append((data, self.open[-1]))

    def end_block(self) -> None:
        self.blocks.append(self.block)
        self.block = []

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Each block as it reads, and what of it stands neither in a link to a proof nor among records."""
        for block in self.blocks:
            bare = ("\n" if one.is_home or one.part in self.records else text for text, one in block)
            yield " ".join("".join(text for text, _one in block).split()), "".join(bare)


def element(tag: str, given: dict[str, str], within: Element, at_home: frozenset[str]) -> Element:
    names = {*given.get("class", "").split(), given.get("id", ""), given.get("aria-labelledby", "")}
    is_quote = "lang" in given and tag != "html"
    href = given.get("href", "") if tag == "a" else ""
    return Element(
        tag,
        within.is_home or tag in AT_HOME or bool(names & at_home) or is_quote or is_proof(href),
        within.is_seen and tag not in UNSEEN,
        href[1:] if href.startswith("#") else within.part,
        frozenset(filter(None, [given.get("id"), given.get("aria-labelledby")])),
    )


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


def bare_numbers(page: str, names: Iterable[str] = (), proofs: frozenset[str] = frozenset()) -> list[str]:
    """The sentences of the page that hold a number without proof.

    `names` are what has digits and counts nothing; `proofs` the classes and ids of what is itself a proof.
    """
    reader = Reader(proofs)
    reader.feed(page)
    reader.close()
    reader.end_block()
    named = any_of(names)
    return [
        text for text, bare in reader.sentences() if NUMBER.search(SPOKEN_DATES.sub("", named.sub("", bare)))
    ]


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Any of the names that has digits and letters, the longest first, and not within a longer word or number."""
    with_digits = {name.strip() for name in names if re.search(r"\d", name) and re.search(r"[^\W\d]", name)}
    words = "|".join(re.escape(name) for name in sorted(with_digits, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])" if words else r"(?!)")
