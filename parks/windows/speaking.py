"""Window -> plain words, in the three languages. They come from the limits, never from the published text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from parks.windows.window import MONTHS_IN, Precision, Window, is_period, last_day, months

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def speak(window: Window, language: str) -> str:
    """What the limits say: "third quarter of 2026", "by the end of 2026", "not dated"; 繁 2026年第三季.

    `language` is en, zh-hant or zh-hans. `reading.read` understands all of it and finds the same limits.
    """
    speaker = tongue(language)
    if window.earliest is None:
        return speaker.undated if window.latest is None else _speak_by(window.latest, speaker)
    if window.latest is None:
        return speaker.since(_shortest(window.earliest, speaker))
    return _speak_both(window.earliest, window.latest, window.precision, speaker)


def _speak_both(earliest: date, latest: date, precision: Precision, speaker: Tongue) -> str:
    match precision:
        case Precision.QUARTER:
            return speaker.quarter(earliest.year, (earliest.month + 2) // 3)
        case Precision.HALF:
            return speaker.half(earliest.year, (earliest.month + 5) // 6)
        case Precision.ABOUT:
            return _speak_about(earliest, latest, speaker)
    return speaker.span(earliest, latest)


def _speak_about(earliest: date, latest: date, speaker: Tongue) -> str:
    """Early, mid and late are thirds of a year or of a month; any other vague span is "about" it."""
    for third in range(3):
        if (earliest, latest) == months(earliest.year, third * 4 + 1, 4):
            return speaker.third_of_year(earliest.year, third)
        if (earliest, latest) == third_of_month(earliest, third):
            return speaker.third_of_month(earliest, third)
    return speaker.about(speaker.span(earliest, latest))


def _speak_by(latest: date, speaker: Tongue) -> str:
    if latest == last_day(latest.year, 12):
        return speaker.by_end_of(speaker.year(latest.year))
    if latest == last_day(latest.year, latest.month):
        return speaker.by_end_of(speaker.month(latest))
    return speaker.by(speaker.day(latest))


def _shortest(earliest: date, speaker: Tongue) -> str:
    if earliest.day != 1:
        return speaker.day(earliest)
    return speaker.year(earliest.year) if earliest.month == 1 else speaker.month(earliest)


def third_of_month(day: date, third: int) -> tuple[date, date]:
    """Days 1 to 10, 11 to 20, or 21 to the end of the month that `day` is in."""
    last = last_day(day.year, day.month) if third == 2 else day.replace(day=third * 10 + 10)
    return day.replace(day=third * 10 + 1), last


class Tongue(Protocol):
    """What a language must be able to say."""

    @property
    def undated(self) -> str: ...

    def day(self, day: date, *, short: bool = False, weekday: bool = False) -> str: ...
    def month(self, day: date, *, short: bool = False) -> str: ...
    def quarter(self, year: int, number: int) -> str: ...
    def half(self, year: int, number: int) -> str: ...
    def year(self, year: int) -> str: ...
    def third_of_year(self, year: int, third: int) -> str: ...
    def third_of_month(self, day: date, third: int) -> str: ...
    def span(self, earliest: date, latest: date) -> str: ...
    def about(self, words: str) -> str: ...
    def by(self, words: str) -> str: ...
    def by_end_of(self, words: str) -> str: ...
    def since(self, words: str) -> str: ...


class _English:
    undated = "not dated"
    _ordinals = ("first", "second", "third", "fourth")
    _thirds = ("early ", "mid-", "late ")
    _weekdays = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

    def day(self, day: date, *, short: bool = False, weekday: bool = False) -> str:
        before = f"{self._weekdays[day.weekday()]} " if weekday else ""
        return f"{before}{day.day} {self.month(day, short=short)}"

    def month(self, day: date, *, short: bool = False) -> str:
        return f"{self._name(day, short)} {day.year}"

    def quarter(self, year: int, number: int) -> str:
        return f"{self._ordinals[number - 1]} quarter of {year}"

    def half(self, year: int, number: int) -> str:
        return f"{self._ordinals[number - 1]} half of {year}"

    def year(self, year: int) -> str:
        return str(year)

    def third_of_year(self, year: int, third: int) -> str:
        return f"{self._thirds[third]}{year}"

    def third_of_month(self, day: date, third: int) -> str:
        return f"{self._thirds[third]}{self.month(day)}"

    def span(self, earliest: date, latest: date) -> str:
        """The left side leaves out what the right side says too: "March to May 2026"."""
        unit = _unit(earliest, latest)
        same_year = earliest.year == latest.year
        if unit == "year":
            left, right = str(earliest.year), str(latest.year)
        elif unit == "month":
            left, right = self._name(earliest) if same_year else self.month(earliest), self.month(latest)
        else:
            left, right = self._left_day(earliest, latest), self.day(latest)
        return right if _is_one(earliest, latest, unit) else f"{left} to {right}"

    def _left_day(self, earliest: date, latest: date) -> str:
        if earliest.year != latest.year:
            return self.day(earliest)
        return (
            str(earliest.day) if earliest.month == latest.month else f"{earliest.day} {self._name(earliest)}"
        )

    def about(self, words: str) -> str:
        return f"about {words}"

    def by(self, words: str) -> str:
        return f"by {words}"

    def by_end_of(self, words: str) -> str:
        return f"by the end of {words}"

    def since(self, words: str) -> str:
        return f"from {words}"

    def _name(self, day: date, short: bool = False) -> str:
        name = MONTH_NAMES[day.month - 1]
        return name[:3] if short else name


@dataclass(frozen=True)
class _Chinese:
    """Both scripts; only a few characters differ. There is no shorter form of a day to take."""

    quarter_word: str
    about_word: str
    undated: str = "未有日期"
    _numerals: str = "一二三四"
    _weekdays: str = "一二三四五六日"

    def day(self, day: date, *, short: bool = False, weekday: bool = False) -> str:
        after = f"（{self._weekdays[day.weekday()]}）" if weekday else ""
        return f"{self.month(day)}{day.day}日{after}"

    def month(self, day: date, *, short: bool = False) -> str:
        return f"{day.year}年{day.month}月"

    def quarter(self, year: int, number: int) -> str:
        return f"{year}年第{self._numerals[number - 1]}{self.quarter_word}"

    def half(self, year: int, number: int) -> str:
        return f"{year}年{'上下'[number - 1]}半年"

    def year(self, year: int) -> str:
        return f"{year}年"

    def third_of_year(self, year: int, third: int) -> str:
        return f"{year}年{'初中底'[third]}"

    def third_of_month(self, day: date, third: int) -> str:
        return f"{self.month(day)}{'上中下'[third]}旬"

    def span(self, earliest: date, latest: date) -> str:
        """The right side leaves out what the left side said already: 2026年3月至5月."""
        unit = _unit(earliest, latest)
        left, right = (
            {"year": self.year(limit.year), "month": self.month(limit), "day": self.day(limit)}[unit]
            for limit in (earliest, latest)
        )
        if _is_one(earliest, latest, unit):
            return right
        for said in (self.month(earliest), self.year(earliest.year)):
            if unit != "year" and right.startswith(said) and right != said:
                return f"{left}至{right.removeprefix(said)}"
        return f"{left}至{right}"

    def about(self, words: str) -> str:
        return f"{self.about_word}{words}"

    def by(self, words: str) -> str:
        return f"{words}或之前"

    def by_end_of(self, words: str) -> str:
        return f"{words}底前"

    def since(self, words: str) -> str:
        return f"{words}起"


_TONGUES: dict[str, Tongue] = {
    "en": _English(),
    "zh-hant": _Chinese(quarter_word="季", about_word="約"),
    "zh-hans": _Chinese(quarter_word="季度", about_word="约"),
}


def tongue(language: str) -> Tongue:
    """The speaker of a language; ValueError for one that we do not speak."""
    if language not in _TONGUES:
        raise ValueError(f"No words for the language “{language}”: it is one of {', '.join(_TONGUES)}.")
    return _TONGUES[language]


def _unit(earliest: date, latest: date) -> str:
    """The largest of year, month and day that both limits are whole in."""
    if earliest.day != 1 or latest != last_day(latest.year, latest.month):
        return "day"
    return "year" if (earliest.month, latest.month) == (1, 12) else "month"


def _is_one(earliest: date, latest: date, unit: str) -> bool:
    if unit == "day":
        return earliest == latest
    return is_period(earliest, latest, MONTHS_IN[Precision(unit)])
