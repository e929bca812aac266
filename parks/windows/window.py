"""What a window is, and how two of them compare. No words here."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 1990, 2100


class Precision(StrEnum):
    """How much is known of the day."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    ABOUT = "about"
    RANGE = "range"
    BY = "by"
    FROM = "from"
    UNKNOWN = "unknown"


# A calendar period starts where its length in months divides the year.
MONTHS_IN = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.HALF: 6, Precision.YEAR: 12}


class WindowError(ValueError):
    """A window that cannot be; its words are fit for staff."""


@dataclass(frozen=True)
class Window:
    """The earliest and the latest day on which it can happen, both included, and the words as published.

    By precision: `day` has the same day twice; `month`, `quarter`, `half`, `year` are that very period of the
    calendar; `about` and `range` have both limits; `by` needs `latest` and may have `earliest`; `from` has
    `earliest` alone; `unknown` has neither. Anything else raises WindowError.
    """

    earliest: date | None
    latest: date | None
    precision: Precision
    text: str = ""

    def __post_init__(self) -> None:
        _check_presence(self.earliest, self.latest, self.precision)
        if self.earliest is not None and self.latest is not None:
            _check_limits(self.earliest, self.latest, self.precision)


def _check_presence(earliest: date | None, latest: date | None, precision: Precision) -> None:
    given = (earliest is not None, latest is not None)
    match precision:
        case Precision.UNKNOWN:
            fits, words = given == (False, False), "has neither an earliest nor a latest day"
        case Precision.FROM:
            fits, words = given == (True, False), "needs an earliest day and has no latest day"
        case Precision.BY:
            fits, words = given[1], "needs a latest day"
        case _:
            fits, words = given == (True, True), "needs an earliest and a latest day"
    if not fits:
        raise WindowError(f"A window of precision “{precision}” {words}.")


def _check_limits(earliest: date, latest: date, precision: Precision) -> None:
    if earliest > latest:
        raise WindowError(f"The earliest day, {earliest}, is after the latest, {latest}.")
    if precision is Precision.DAY and earliest != latest:
        raise WindowError(f"{earliest} to {latest} is not one day: its precision is “range”.")
    if precision in MONTHS_IN and not is_period(earliest, latest, MONTHS_IN[precision]):
        raise WindowError(
            f"{earliest} to {latest} is not one {precision} of the calendar: its precision is “range”."
        )


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def months(year: int, first: int, count: int) -> tuple[date, date]:
    """First and last day of `count` months of one year."""
    return date(year, first, 1), last_day(year, first + count - 1)


def is_period(earliest: date, latest: date, count: int) -> bool:
    """Whether the limits are one calendar period of `count` months (1, 3, 6 or 12)."""
    starts = earliest.day == 1 and (earliest.month - 1) % count == 0
    return starts and (earliest, latest) == months(earliest.year, earliest.month, count)


def from_limits(earliest: date | None, latest: date | None, text: str = "") -> Window:
    """The window that these limits make when nobody says a precision: the plainest that fits them."""
    return Window(earliest, latest, _plainest(earliest, latest), text)


def _plainest(earliest: date | None, latest: date | None) -> Precision:
    if earliest is None:
        return Precision.UNKNOWN if latest is None else Precision.BY
    if latest is None:
        return Precision.FROM
    if earliest == latest:
        return Precision.DAY
    periods = (precision for precision, count in MONTHS_IN.items() if is_period(earliest, latest, count))
    return next(periods, Precision.RANGE)


def overlaps(window: Window, first: date, last: date) -> bool:
    """Whether it can fall on a day from `first` to `last`, both included.

    A missing limit is no limit: "by 2030" can fall on any day up to then, "from 2027" on any day since.
    What is not dated falls on no day.
    """
    if window.precision is Precision.UNKNOWN:
        return False
    return first <= last and _lower(window) <= last and first <= _upper(window)


def slip_days(first: Window, now: Window) -> int | None:
    """Days by which `now` is later than `first`; negative when it comes sooner.

    The rule: a window that lies inside the earlier one did not slip, it is 0; nor did one that only became
    vaguer around it, where all four limits are known. Otherwise it is what the earliest day moved, or the
    latest day where either window has no earliest. None where that cannot be said: one of the two is not
    dated, or they have no limit in common ("from 2027", then "by 2030").
    """
    if Precision.UNKNOWN in (first.precision, now.precision):
        return None
    if _lies_within(now, first) or (_is_bounded(now) and _is_bounded(first) and _lies_within(first, now)):
        return 0
    if first.earliest is not None and now.earliest is not None:
        return (now.earliest - first.earliest).days
    if first.latest is not None and now.latest is not None:
        return (now.latest - first.latest).days
    return None


def narrows(first: Window, now: Window) -> bool:
    """Whether `now` says more than `first` and takes nothing back: it lies inside it and is shorter.

    A first date after "not dated" narrows nothing.
    """
    if Precision.UNKNOWN in (first.precision, now.precision):
        return False
    same = (first.earliest, first.latest) == (now.earliest, now.latest)
    return _lies_within(now, first) and not same


def _is_bounded(window: Window) -> bool:
    return window.earliest is not None and window.latest is not None


def _lies_within(inner: Window, outer: Window) -> bool:
    return _lower(outer) <= _lower(inner) and _upper(inner) <= _upper(outer)


def _lower(window: Window) -> date:
    return window.earliest or date.min


def _upper(window: Window) -> date:
    return window.latest or date.max
