"""Sentences whose figures are links: pieces of text in the places of a translated sentence. No rows, no rules."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from tenders.ledger import Standing

PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Piece:
    """Text that may be a link (`url`, said as `label`), a date (`when`, ISO 8601), or a figure (`standing`).

    `against`: it contradicts what was said before.
    """

    text: str
    url: str = ""
    label: str = ""
    when: str = ""
    standing: Standing | None = None
    against: bool = False


Phrase: TypeAlias = tuple[Piece, ...]


def fill(words: str, /, **values: Phrase | str) -> Phrase:
    """The translated `words` with each `%(name)s` replaced by the phrase of that name."""
    pieces: list[Piece] = []
    for index, part in enumerate(PLACE.split(words)):
        found = values[part] if index % 2 else part.replace("%%", "%")
        pieces.extend([Piece(found)] if isinstance(found, str) else found)
    return tuple(piece for piece in pieces if piece.text)


def joined(separator: str, phrases: Iterable[Phrase]) -> Phrase:
    """Those that say something, with the separator between them."""
    pieces: list[Piece] = []
    for phrase in filter(None, phrases):
        pieces += [Piece(separator), *phrase] if pieces else phrase
    return tuple(pieces)


def plain(phrase: Phrase) -> str:
    return "".join(piece.text for piece in phrase)


def dated(words: str, day: date | datetime, precision: str = "day") -> Phrase:
    """A day or an instant in words, as exact for machines as it is known."""
    known = {"year": 4, "month": 7}.get(precision)
    return (Piece(words, when=day.isoformat()[:known]),)
