"""A month as weeks of days, Sunday first, each day with what is on it."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import pgettext

from portal.sheets.agenda import DateRow

SUNDAY_FIRST = calendar.Calendar(firstweekday=calendar.SUNDAY)


@dataclass(frozen=True)
class Day:
    day: date
    is_other: bool  # of the month before or after
    is_past: bool
    is_today: bool
    rows: list[DateRow] = field(default_factory=list)


def weeks(first: date, today: date, rows: Iterable[DateRow]) -> list[list[Day]]:
    """The weeks that the month of `first` touches, with the rows that have a day on their day."""
    by_day: dict[date, list[DateRow]] = {}
    for row in rows:
        if row.day is not None:
            by_day.setdefault(row.day, []).append(row)
    return [
        [Day(day, day.month != first.month, day < today, day == today, by_day.get(day, [])) for day in week]
        for week in SUNDAY_FIRST.monthdatescalendar(first.year, first.month)
    ]


def weekdays() -> list[str]:
    return [
        pgettext("weekday", "Sun"),
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
    ]
