"""One cell of text -> one value, strictly: what two people could read in two ways is refused.

Python's own int() and Decimal() take 1_000, NaN, ５ and ٥; these take ASCII digits and nothing else.
"""

import re
import unicodedata
from collections import Counter
from datetime import datetime
from decimal import Decimal

from parks.tabular.problems import visible
from parks.tabular.writing import HONG_KONG

_NUMBER = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?")
_INTEGER = re.compile(r"-?[0-9]{1,16}")
_INSTANT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_CODE = re.compile(r"[A-Z0-9-]{1,32}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_MOST_DIGITS = 16
_LARGEST_INTEGER = 2_147_483_647  # what an integer column of PostgreSQL holds

# Cc control, Cf format (zero width, direction), Cs surrogates, Zl and Zp line and paragraph separators.
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_NO_CHARACTERS = {"\ufffe", "\uffff"}  # XML, and so Atom, cannot carry them


class CellError(ValueError):
    """What is wrong with the cell and how to write it."""


def parse_decimal(text: str, places: int, minimum: Decimal | int | None = None) -> Decimal:
    """A plain number with at most `places` places, 16 digits before them, and no less than `minimum`."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise CellError("is not a plain number; write digits with “.” before the places, as in 1234567.50")
    if len(found[1]) > _MOST_DIGITS:
        raise CellError(f"has {len(found[1])} digits; {_MOST_DIGITS} are the most")
    if len(found[2] or "") > places:
        raise CellError(f"has more than {places} places" if places else "has places; write a whole number")
    value = Decimal(text) + 0  # never -0
    _check_minimum(value, minimum)
    return value


def parse_int(text: str, minimum: int | None = None, maximum: int = _LARGEST_INTEGER) -> int:
    """A whole number in plain digits."""
    if _INTEGER.fullmatch(text) is None:
        raise CellError("is not a whole number; write digits only, as in 1200")
    value = int(text)
    _check_minimum(value, minimum)
    if value > maximum:
        raise CellError(f"is too large; {maximum} is the most")
    return value


def _check_minimum(value: Decimal | int, minimum: Decimal | int | None) -> None:
    if minimum is not None and value < minimum:
        raise CellError(f"is too small; {minimum} is the least")


def parse_bool(text: str) -> bool:
    """`true` or `false`; TRUE and FALSE too, for spreadsheets write them so."""
    if text in ("true", "TRUE", "True"):
        return True
    if text in ("false", "FALSE", "False"):
        return False
    raise CellError("is neither true nor false; write one of these words")


def parse_instant(text: str) -> datetime:
    """An ISO 8601 day or time. Without an offset it is Hong Kong time; a bare day is its midnight there."""
    found = _INSTANT.fullmatch(text)
    words = "is not a time in ISO 8601; write 2026-03-30T15:04:05+08:00, or 2026-03-30 for a day"
    if found is None:
        raise CellError(words)
    try:
        value = datetime.fromisoformat(f"{found['day']}T{found['time'] or '00:00'}{found['offset'] or ''}")
    except ValueError as error:  # a 30 February, 24:00, an offset of a day
        raise CellError(words) from error
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise CellError(f"is outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return value if value.tzinfo else value.replace(tzinfo=HONG_KONG)


def parse_text(text: str, max_length: int) -> str:
    """Text of at most `max_length` characters, in NFC, line ends as one newline.

    Newlines and tabs may stand in it; a character that cannot be seen may not, for it makes two names look
    alike or one name look like another.
    """
    value = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not value.isprintable():  # else there is nothing hidden in it; most texts end here
        _refuse_hidden(value)
    if len(value) > max_length:
        raise CellError(f"is {len(value)} characters long; {max_length} are the most")
    return value


def _refuse_hidden(text: str) -> None:
    for place, letter in enumerate(text, start=1):
        if letter not in "\n\t" and (unicodedata.category(letter) in _HIDDEN or letter in _NO_CHARACTERS):
            raise CellError(f"holds a hidden character, {_name(letter)}, as its character {place}; delete it")


def _name(letter: str) -> str:
    return f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()


def parse_code(text: str) -> str:
    """A reference: 1 to 32 of A-Z, 0-9 and `-`, in ASCII, so that no two look alike."""
    if _CODE.fullmatch(text) is None:
        raise CellError("is not a reference; write 1 to 32 of the letters A-Z, digits 0-9 and -")
    return text


def parse_list(text: str) -> list[str]:
    """Values parted by `;`, trimmed, empty ones dropped; one that stands twice is refused."""
    values = [value for part in text.split(";") if (value := part.strip())]
    twice = [value for value, times in Counter(values).items() if times > 1]
    if twice:
        raise CellError(f"names {visible(', '.join(twice))} more than once; name each once")
    return values
