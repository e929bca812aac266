"""Words -> window: the text is made plain, then tried against FORMS: what stands around a period."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from parks.windows.periods import Limits, span
from parks.windows.plain_text import NeedsDaySaid, make_plain
from parks.windows.window import FIRST_YEAR, LAST_YEAR, Precision, Window, WindowError

LONGEST = 200
EXAMPLES = (
    "20 May 2026, May 2026, Q3 2026, first half of 2027, early 2027, 2026, March to May 2026, "
    "by the end of 2026, from 2027, next year, 2026年第三季, TBC"
)


class UnreadableWindow(WindowError):
    """Words that are no window, or none that is certain."""


def read(text: str, said_on: date | None = None) -> Window:
    """The window that the words mean, with the words kept (stripped) as its text.

    "Next year" and its like count from `said_on`. Raises UnreadableWindow in words that name the text.
    """
    kept = text.strip()
    if len(kept) > LONGEST:
        raise UnreadableWindow(
            f"“{_visible(kept[:60])}…” has {len(kept)} characters; {LONGEST} are the most."
        )
    try:
        window = _first_that_reads(make_plain(kept, said_on))
    except NeedsDaySaid as error:
        words = f"“{_visible(kept)}” counts from the day it was said, and that day is not given."
        raise UnreadableWindow(words) from error
    except ValueError:  # said rightly, but a 30 February, a month 13, a range that ends before it starts
        window = None
    if window is None or not _in_our_time(window):
        raise UnreadableWindow(
            f"“{_visible(kept)}” cannot be read as a time. What can, for example: {EXAMPLES}."
        )
    return replace(window, text=kept)


def _visible(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _in_our_time(window: Window) -> bool:
    return all(FIRST_YEAR <= day.year <= LAST_YEAR for day in (window.earliest, window.latest) if day)


def _first_that_reads(text: str) -> Window | None:
    if text in NOT_DATED:
        return Window(None, None, Precision.UNKNOWN)
    for pattern, rule in FORMS:
        found = pattern.fullmatch(text)
        limits = span(found["span"]) if found else None
        if limits is not None:
            return rule(limits)
    return None


def _as_said(limits: Limits) -> Window:
    return Window(*limits)


def _about(limits: Limits) -> Window:
    return Window(limits[0], limits[1], Precision.ABOUT)


def _by(limits: Limits) -> Window:
    return Window(None, limits[1], Precision.BY)


def _before(limits: Limits) -> Window:
    return Window(None, limits[0] - timedelta(days=1), Precision.BY)


def _from(limits: Limits) -> Window:
    return Window(limits[0], None, Precision.FROM)


def _after(limits: Limits) -> Window:
    return Window(limits[1] + timedelta(days=1), None, Precision.FROM)


# The first whose span reads wins. 2026年5月前 can mean with May or without it: the wider meaning is taken, so
# that the window surely holds the day. English "before May" is without May, "before the end of May" with it.
FORMS: list[tuple[re.Pattern[str], Callable[[Limits], Window]]] = [
    (re.compile(words), rule)
    for words, rule in [
        (r"(?P<span>.+)", _as_said),
        (r"(?:about|around|circa|roughly|approximately) (?P<span>.+)", _about),
        (r"(?:大約|大约|約|约)(?P<span>.+)", _about),
        (r"(?P<span>.+)左右", _about),
        (r"(?:by|until|no later than|not later than|on or before|before(?= (?:the )?end)) (?P<span>.+)", _by),
        (r"(?:不遲於|不迟于|最遲|最迟|於|于|在)?(?P<span>.+?)(?:或之前|或以前|之前|以前|前)", _by),
        (r"(?:不遲於|不迟于|最遲|最迟)(?P<span>.+)", _by),
        (r"before (?P<span>.+)", _before),
        (
            r"(?:(?:as |starting )?from|starting|not before|no earlier than) (?P<span>.+?)(?: on| onwards?)?",
            _from,
        ),
        (r"(?P<span>.+?)(?: on| onwards?| or later)", _from),
        (r"[自由從从]?(?P<span>.+?)(?:起|開始|开始)", _from),
        (r"after (?P<span>.+)", _after),
    ]
]

NOT_DATED = frozenset(
    [
        *["tbc", "tba", "tbd", "to be confirmed", "to be announced", "to be decided", "to be determined"],
        *["not dated", "undated", "no date", "not known", "unknown", "not announced"],
        *["待定", "未定", "日期待定", "日期未定", "未有日期", "沒有日期", "没有日期", "未知"],
        *["有待公布", "待公布", "未公布", "未有公布"],
    ]
)
