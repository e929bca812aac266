"""Single days that may be known only to their month or year: reduced ISO form and plain words."""

from __future__ import annotations

import re
from datetime import date

from parks.windows.speaking import tongue
from parks.windows.window import FIRST_YEAR, LAST_YEAR, WindowError, last_day

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_LENGTH = {"day": 10, "month": 7, "year": 4}


class UnreadableDay(WindowError):
    """Text that is no day in ISO 8601."""


def iso_day(day: date, precision: str) -> str:
    """`2025-09-24`, or as much of it as is known: `2025-12` for "month", `2024` for "year"."""
    return day.isoformat()[: _length(precision)]


def read_iso_day(text: str) -> tuple[date, str]:
    """The last day of what is known, and its precision: `2025-12` is (31 December 2025, "month").

    Takes nothing but ISO 8601 in ASCII, of the years 1990 to 2100; raises UnreadableDay.
    """
    found = _ISO.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise _unreadable(text)
    year, month, day = int(found[1]), found[2], found[3]
    try:
        if day:
            return date(year, int(month), int(day)), "day"
        if month:
            return last_day(year, int(month)), "month"
    except ValueError as error:  # a month 13, a 30 February
        raise _unreadable(text) from error
    return date(year, 12, 31), "year"


def speak_day(day: date, precision: str, language: str, *, short: bool = False, weekday: bool = False) -> str:
    """ "24 September 2025", "December 2025" or "2024", by precision; short "24 Sep 2025".

    With the weekday, where the day is known: "Thu 30 April 2026", 2026年4月30日（四）.
    """
    speaker = tongue(language)
    match _length(precision):
        case 4:
            return speaker.year(day.year)
        case 7:
            return speaker.month(day, short=short)
    return speaker.day(day, short=short, weekday=weekday)


def _length(precision: str) -> int:
    if precision not in _LENGTH:
        raise WindowError(f"A day is known to its day, month or year, not to its “{precision}”.")
    return _LENGTH[precision]


def _unreadable(text: str) -> UnreadableDay:
    return UnreadableDay(
        f"“{text[:60]}” is not a day. Write 2025-09-24, or 2025-09, or 2025 if no more is known."
    )
