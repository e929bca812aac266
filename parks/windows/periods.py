"""One stretch of the calendar in words -> its limits: PERIODS, thirds of them, and ranges of two.

Early, mid and late are thirds: of a year January to April, May to August, September to December; of a month
days 1 to 10, 11 to 20 and the rest. "End of" alone is late. Numerals whose order differs between countries
(03/04/2026) are in no table, so they are refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from parks.windows.speaking import MONTH_NAMES, third_of_month
from parks.windows.window import MONTHS_IN, Precision, WindowError, months

Said = dict[str, str | None]
Limits = tuple[date, date, Precision]


def _day(said: Said) -> Limits:
    day = date(_number(said["year"]), _month_number(said["month"]), _number(said["day"]))
    return day, day, Precision.DAY


def _month(said: Said) -> Limits:
    return _calendar_period(said["year"], _month_number(said["month"]), Precision.MONTH)


def _quarter(said: Said) -> Limits:
    return _calendar_period(said["year"], _number(said["ordinal"]), Precision.QUARTER)


def _half(said: Said) -> Limits:
    return _calendar_period(said["year"], _number(said["ordinal"]), Precision.HALF)


def _year(said: Said) -> Limits:
    return _calendar_period(said["year"], 1, Precision.YEAR)


def _calendar_period(year: str | None, number: int, precision: Precision) -> Limits:
    count = MONTHS_IN[precision]
    return *months(_number(year), (number - 1) * count + 1, count), precision


ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": 4,
}
ORDINALS |= {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
MONTHS = {name[:3].lower(): number for number, name in enumerate(MONTH_NAMES, start=1)}

# The words in capitals stand for these; the text they meet is in small letters.
PLACES = {
    "YEAR": r"(?P<year>[0-9]{4})",
    "NAME": r"(?P<month>(?:"
    + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in map(str.lower, MONTH_NAMES))
    + r"|sept))\.?,?",
    "MONTH": r"(?P<month>[0-9]{1,2})",
    "DAYTH": r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?",
    "DAY": r"(?P<day>[0-9]{1,2})",
    "NTH": r"(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th)",
    "N": r"(?P<ordinal>[1-4])",
    "數": r"(?P<ordinal>[一二三四1-4])",
}


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(re.sub("|".join(PLACES), lambda place: PLACES[place[0]], words))


PERIODS: list[tuple[re.Pattern[str], Callable[[Said], Limits]]] = [
    (_pattern(words), rule)
    for words, rule in [
        (r"YEAR-MONTH-DAY", _day),
        (r"DAYTH (?:of )?NAME YEAR", _day),
        (r"NAME DAYTH,? YEAR", _day),
        (r"YEAR年MONTH月DAY[日號号]", _day),
        (r"YEAR-MONTH", _month),
        (r"NAME (?:of )?YEAR", _month),
        (r"YEAR年MONTH月", _month),
        (r"qN,? (?:of )?YEAR", _quarter),
        (r"YEAR年?[- ]?qN", _quarter),
        (r"NTH quarter (?:of |in )?YEAR", _quarter),
        (r"YEAR年第?數季度?", _quarter),
        (r"hN,? (?:of )?YEAR", _half),
        (r"YEAR年?[- ]?hN", _half),
        (r"NTH half (?:of |in )?YEAR", _half),
        (r"YEAR年(?P<ordinal>[上下])半年", _half),
        (r"YEAR年?", _year),
    ]
]

# "Early 2027", "mid-May 2026", "end of Q3 2026" · 2027年初, 2026年年中, 2026年5月下旬
THIRDS = [
    re.compile(
        r"(?P<third>early|mid|late|end|(?:beginning|start|middle)(?= of))"
        r"[- ](?:of |in )?(?:the )?(?P<whole>.+)"
    ),
    re.compile(r"(?P<whole>.+?)(?P<third>年?[初中底末]|[上中下]旬)"),
]
WHICH_THIRD = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}
WHICH_THIRD |= {"初": 0, "上": 0, "中": 1, "底": 2, "末": 2, "下": 2}


def _period(text: str) -> Limits | None:
    """One period, or a third of one. ValueError when it is said rightly but is not in the calendar."""
    bare = re.sub(r"(?:(?:sometime )?(?:in|on|during|within) )?(?:the )?", "", text, count=1)
    for pattern, rule in PERIODS:
        if found := pattern.fullmatch(bare):
            return rule(found.groupdict())
    return _third(bare)


def _third(text: str) -> Limits | None:
    for pattern in THIRDS:
        found = pattern.fullmatch(text)
        for period, rule in PERIODS if found else []:
            if found and (whole := period.fullmatch(found["whole"])):
                return _third_of(rule(whole.groupdict()), _which_third(found["third"]))
    return None


def _which_third(word: str) -> int:
    word = word.removeprefix("年").removesuffix("旬")
    return WHICH_THIRD[word]


def _third_of(whole: Limits, third: int) -> Limits | None:
    start, _end, precision = whole
    if precision is Precision.DAY:
        return None
    if precision is Precision.MONTH:
        return *third_of_month(start, third), Precision.ABOUT
    count = MONTHS_IN[precision] // 3
    return *months(start.year, start.month + third * count, count), Precision.ABOUT


def _number(digits: str | None) -> int:
    """A number said as digits or as an ordinal; every place that calls this has one in its pattern."""
    return ORDINALS.get(digits or "") or int(digits or "")


def _month_number(word: str | None) -> int:
    return MONTHS.get((word or "")[:3]) or _number(word)


BETWEEN = re.compile(r" (?:to|until|till|through|and) | ?[-至到~] ?")


def span(text: str) -> Limits | None:
    """One period, or a range of two; each side may leave out what the other says ("March to May 2026")."""
    if period := _period(text):
        return period
    body = re.sub(r"(?:from|between) |[自由從从]", "", text, count=1) if text[:1] in "fb自由從从" else text
    for between in BETWEEN.finditer(body):
        left, right = body[: between.start()], body[between.end() :]
        first = next(filter(None, map(_period, _with_tail_of(right, left))), None)
        last = next(filter(None, map(_period, _with_head_of(left, right))), None)
        if first and last:
            return _in_order(first[0], last[1])
    return None


def _in_order(earliest: date, latest: date) -> Limits:
    if earliest > latest:
        raise WindowError("The range ends before it starts.")
    return earliest, latest, Precision.RANGE


def _with_tail_of(right: str, left: str) -> Iterator[str]:
    """ "March" before "May 2026" may be March 2026; "3" before "20 May 2026", 3 May 2026."""
    yield left
    words = right.split(" ")
    for count in range(1, len(words)):
        yield " ".join([left, *words[count:]])


def _with_head_of(left: str, right: str) -> Iterator[str]:
    """5月 after 2026年3月 may be 2026年5月."""
    yield right
    for cut in [end for end, letter in enumerate(left, start=1) if letter in "月年"][::-1]:
        yield left[:cut] + right
