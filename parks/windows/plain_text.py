"""What people write -> the plain text that the tables of `periods` and `reading` know.

Small letters, one kind of digit, dash and space, no words that say nothing of the time, and no word that
counts from the day it was said: "gradually next year", said in 2025, becomes "2026".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date


class NeedsDaySaid(Exception):
    """The words count from the day on which they were said, and that was not given."""


def make_plain(text: str, said_on: date | None) -> str:
    """Raises NeedsDaySaid, and ValueError for control characters."""
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\r\n" for letter in text):
        raise ValueError("control characters")
    plain = unicodedata.normalize("NFKC", text).lower().translate(_DASHES)
    plain = _FILLERS.sub(" ", plain)
    plain = " ".join(plain.split()).rstrip(".")
    plain = _SPACE_BY_HAN.sub("", plain)
    plain = _HAN_YEAR.sub(lambda found: found[0].translate(_HAN_DIGITS), plain)
    plain = _HAN_NUMBER.sub(lambda found: str(_han_number(found[0])), plain)
    return _WITHIN.sub("", _make_absolute(plain, said_on))


def _make_absolute(plain: str, said_on: date | None) -> str:
    for pattern, rule in RELATIVE:
        if pattern.search(plain) is None:
            continue
        if said_on is None:
            raise NeedsDaySaid
        plain = pattern.sub(rule(said_on), plain)
    return plain


def _han_month(day: date, ahead: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    return f"{year}年{month + 1}月"


def _iso_month(day: date, ahead: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    return f"{year}-{month + 1:02}"


def _quarter(day: date, ahead: int) -> str:
    year, quarter = divmod(day.year * 4 + (day.month - 1) // 3 + ahead, 4)
    return f"{year}-q{quarter + 1}"


RELATIVE: list[tuple[re.Pattern[str], Callable[[date], str]]] = [
    (re.compile(words), rule)
    for words, rule in [
        (r"\bnext year\b", lambda said: f"{said.year + 1}"),
        (r"\b(?:this|the) year\b", lambda said: f"{said.year}"),
        (r"\byear[- ]end$", lambda said: f"end of {said.year}"),
        (r"\bnext month\b", lambda said: _iso_month(said, 1)),
        (r"\b(?:this|the) month\b", lambda said: _iso_month(said, 0)),
        (r"\bnext quarter\b", lambda said: _quarter(said, 1)),
        (r"\bthis quarter\b", lambda said: _quarter(said, 0)),
        (r"明年", lambda said: f"{said.year + 1}年"),
        (r"今年|本年", lambda said: f"{said.year}年"),
        (r"(?<![0-9年至到-])年(?=[初中底末內内])", lambda said: f"{said.year}年"),
        (r"下個?个?月", lambda said: _han_month(said, 1)),
        (r"本月|[這这][個个]?月", lambda said: _han_month(said, 0)),
        (r"下一?季度?", lambda said: _quarter(said, 1)),
        (r"本季度?", lambda said: _quarter(said, 0)),
    ]
]

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−〜", "-"))
_FILLERS = re.compile(
    r"\b(?:gradually|progressively|in (?:phases|stages|batches)|sometime)\b"
    r"|(?:陸續|陆续|逐步|分批|分階段|分阶段)(?:推出|推地|完成)?"
)
_WITHIN = re.compile(r"(?<=[年月])[內内]")
_SPACE_BY_HAN = re.compile(r"(?<=[一-鿿〇]) | (?=[一-鿿〇])")

_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HAN_YEAR = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_HAN_NUMBER = re.compile(r"(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日號号])")


def _han_number(numeral: str) -> int:
    """三十一 is 31: tens before 十 (one when unsaid), units after it."""
    tens, ten, units = numeral.rpartition("十")
    value = int(units.translate(_HAN_DIGITS) or 0)
    return value + 10 * int(tens.translate(_HAN_DIGITS) or 1) if ten else value
