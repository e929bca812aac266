"""Days around an instant for the sample park, and windows in the words that a gazette would use for them."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from parks.windows import Precision, Window
from tenders.seeding.reading import HONG_KONG

ORDINALS = ("first", "second", "third", "fourth")
NUMERALS = "一二三四"


@dataclass(frozen=True)
class Days:
    """Working days counted from the Hong Kong day of `at`, so that the sample always looks alive."""

    at: datetime

    @property
    def today(self) -> date:
        return self.at.astimezone(HONG_KONG).date()

    def day(self, offset: int) -> date:
        """That many days from today; a weekend gives way to its Friday in the past, to its Monday ahead."""
        day = self.today + timedelta(days=offset)
        beyond_friday = day.weekday() - 4
        if beyond_friday <= 0:
            return day
        return day - timedelta(days=beyond_friday) if offset < 0 else day + timedelta(days=3 - beyond_friday)

    def time(self, offset: int, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.day(offset), time(hour, minute), tzinfo=HONG_KONG)


@dataclass(frozen=True)
class Said:
    """A window as it was announced on a day, in English and Traditional Chinese."""

    on: date
    window: Window
    zh_hant: str


def quarter(day: date, said_on: date, *, back: int = 0) -> Said:
    """The quarter of `day`, or the one that many quarters before it."""
    index = day.year * 4 + (day.month - 1) // 3 - back
    year, number = divmod(index, 4)
    limits = _months(year, number * 3 + 1, 3)
    words = f"{ORDINALS[number]} quarter" + (" of next year" if year > said_on.year else "")
    window = Window(*limits, Precision.QUARTER, words)
    return Said(said_on, window, _next_year(year, said_on) + f"第{NUMERALS[number]}季")


def month(day: date, said_on: date) -> Said:
    words = calendar.month_name[day.month] + (" next year" if day.year > said_on.year else "")
    window = Window(*_months(day.year, day.month, 1), Precision.MONTH, words)
    return Said(said_on, window, _next_year(day.year, said_on) + f"{day.month}月")


def middle_of_year(year: int, said_on: date) -> Said:
    """As parks.windows reads it: May to August."""
    words = "middle of next year" if year > said_on.year else "middle of the year"
    window = Window(*_months(year, 5, 4), Precision.ABOUT, words)
    return Said(said_on, window, _next_year(year, said_on) + "年中")


def end_of_year(year: int, said_on: date) -> Said:
    """The last two months, by the thirty-first of December at the latest."""
    words = "by the end of next year" if year > said_on.year else "by the end of the year"
    window = Window(*_months(year, 11, 2), Precision.BY, words)
    return Said(said_on, window, _next_year(year, said_on) + "年底前")


def next_year(said_on: date) -> Said:
    window = Window(*_months(said_on.year + 1, 1, 12), Precision.YEAR, "next year")
    return Said(said_on, window, "明年")


def known_day(day: date, said_on: date) -> Said:
    words = f"{day.day} {calendar.month_name[day.month]} {day.year}"
    return Said(said_on, Window(day, day, Precision.DAY, words), f"{day.year}年{day.month}月{day.day}日")


def not_dated(said_on: date) -> Said:
    return Said(said_on, Window(None, None, Precision.UNKNOWN, "not dated"), "未有日期")


def _next_year(year: int, said_on: date) -> str:
    return "明年" if year > said_on.year else ""


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    last = first + count - 1
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
