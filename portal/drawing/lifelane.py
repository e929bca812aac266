"""The life of a plot as one strip: marks along a stretch of months or years. Pure geometry; no query, no markup."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from parks.windows import speak_day
from portal.drawing.timeline import Today, flag_of
from portal.drawing.timeline.labels import SMALL, Lane, Spot
from portal.drawing.timeline.rounds import FLAG, FORMER_FLAG, MIDDLE, TICK
from portal.drawing.timeline.rounds import HEIGHT as BAR_HEIGHT
from portal.drawing.timeline.rounds import TOP as BAR_TOP
from portal.drawing.timeline.scale import Scale, Shape, glyph, line, percent, rect, ring
from portal.words.speech import language

LEAST_MONTHS = 6
SQUARE, LARGE_SQUARE = "M-6 22h12v12h-12z", "M-8 20h16v16h-16z"
BOX = f"{SQUARE}M-6 34l12-12"
ARROW, POST = "M-4 21l9 7-9 7z", "M-1 14h3v28h-3z"
ABOVE, UNDER = 12, (54, 70, 86)  # baselines of words
# What stands in the drawing as a mark of its own, by what happened.
GLYPHS = {
    "announced": ("life-announced", SQUARE),
    "announced_by_name": ("life-named", SQUARE),
    "named": ("life-named", SQUARE),
    "published": ("tick", TICK),
    "amended": ("tick", TICK),
    "opened": ("tick", TICK),
    "awarded": ("life-awarded", LARGE_SQUARE),
    "signed": ("tick", POST),
    "called_off": ("cancelled", BOX),
    "lapsed": ("cancelled", BOX),
    "unsuccessful": ("cancelled", BOX),
    "cancelled": ("cancelled", BOX),
}
# Whose words come first where there is no room for all; the table has them all.
FIRST_WORDS = [
    "closes",
    "awarded",
    "announced",
    "announced_by_name",
    "named",
    "lapsed",
    "unsuccessful",
    "cancelled",
    "revised",
]


@dataclass(frozen=True)
class Mark:
    """Something that happened, or will. `group`: what has one bar; `former`: the closing time that it took back."""

    deed: str
    day: date
    words: str  # with the day
    short: str  # without
    group: str = ""
    instant: datetime | None = None
    former: datetime | None = None
    is_due: bool = False
    is_struck: bool = False


@dataclass(frozen=True)
class Tick:
    """A month, a quarter or a year on the axis, and the year where one begins."""

    x: str
    middle: str
    name: str
    initial: str
    year: str


@dataclass(frozen=True)
class LifeLane:
    axis: list[Shape]
    grid: list[Shape]
    ticks: list[Tick]
    today: Today
    shapes: list[Shape]


@dataclass(frozen=True)
class Stretch(Scale):
    """Where days of a life lie on the line, 0 to 100."""

    begins: date = date.min
    ends: date = date.max

    @property
    def first(self) -> date:
        return self.begins

    @property
    def last(self) -> date:
        return self.ends

    @property
    def days(self) -> int:
        return (self.ends - self.begins).days + 1

    def holds(self, day: date) -> bool:
        return self.begins <= day <= self.ends

    def place(self, mark: Mark) -> float:
        if mark.instant is not None:
            return self.at(mark.instant)
        return (self.start(mark.day) + self.end(mark.day)) / 2


def life_lane(marks: Iterable[Mark], today: date, *, is_now: bool) -> LifeLane | None:
    """The strip from the first mark to the last one or `today`; None where there is nothing to draw."""
    shown = list(marks)
    if not shown:
        return None
    scale = _stretch([mark.day for mark in shown] + [today])
    months = _firsts(scale)
    lane = Lane()
    _draw_life(shown, scale, today, lane)
    _draw_bars(shown, scale, today, lane)
    for mark in shown:
        _draw_mark(mark, scale, lane)
    _write_words(shown, scale, lane)
    now = scale.start(today)
    lines = [line("quarter" if first.month == 1 else "month", x, x, 0, "100%") for first, x in months]
    past = Shape("rect", "past", x="0%", width=percent(now), y2="100%")
    return LifeLane(
        axis=[line("quarter" if first.month == 1 else "month", x, x, 36, "100%") for first, x in months],
        grid=[past, *lines, line("quarter", 100, 100, 0, "100%"), line("today-line", now, now, 0, "100%")],
        ticks=_ticks(months),
        today=flag_of(now, today, is_now=is_now),
        shapes=lane.shapes,
    )


def _stretch(days: list[date]) -> Stretch:
    """Whole months, six at least."""
    begins = min(days).replace(day=1)
    ends = max(_next_month(max(days)), _months_after(begins, LEAST_MONTHS)) - timedelta(days=1)
    return Stretch(begins.year, begins=begins, ends=ends)


def _next_month(day: date) -> date:
    return _months_after(day.replace(day=1), 1)


def _months_after(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _firsts(scale: Stretch) -> list[tuple[date, float]]:
    """The days that get a line: of months, of quarters, or of years, as the stretch gets longer."""
    months = (scale.ends.year - scale.begins.year) * 12 + scale.ends.month - scale.begins.month + 1
    step = 1 if months <= 15 else 3 if months <= 42 else 12
    firsts = [_months_after(scale.begins, number) for number in range(months)]
    chosen = [first for first in firsts if (first.month - 1) % step == 0]
    return [(first, scale.start(first)) for first in chosen]


def _ticks(months: list[tuple[date, float]]) -> list[Tick]:
    ends = [x for _first, x in months[1:]] + [100.0]
    yearly = len(months) > 1 and months[0][0].month == months[1][0].month == 1
    ticks = []
    for number, ((first, x), end) in enumerate(zip(months, ends, strict=True)):
        name = "" if yearly else speak_day(first, "month", language(), short=True)
        name = name.replace(f" {first.year}", "").replace(f"{first.year}年", "")
        initial = name.rstrip("月") if "月" in name else name[:1]
        year = str(first.year) if number == 0 or first.month == 1 else ""
        ticks.append(Tick(percent(x), percent((x + end) / 2), name, initial, year))
    return ticks


# --- marks --------------------------------------------------------------------------------------------------------


def _draw_life(marks: list[Mark], scale: Stretch, today: date, lane: Lane) -> None:
    """A line from the first mark to today, and on to the last one dotted: that is still to come."""
    places = [scale.place(mark) for mark in marks]
    first, last, now = min(places), max(places), scale.start(today)
    if first < now:
        lane.draw([line("life-line", first, now, MIDDLE)])
    if last > now:
        lane.draw([line("dotted", max(first, now), last, MIDDLE)])


def _draw_bars(marks: list[Mark], scale: Stretch, today: date, lane: Lane) -> None:
    """From opening to closing of each round; an empty box with a diagonal where it was called off."""
    groups: dict[str, dict[str, Mark]] = defaultdict(dict)
    for mark in marks:
        groups[mark.group].setdefault(mark.deed, mark)
    for group, deeds in groups.items():
        opens, closes = deeds.get("opens") or deeds.get("published"), deeds.get("closes")
        if not group or opens is None or closes is None:
            continue
        start, end = scale.place(opens), scale.place(closes)
        if closes.is_struck:
            lane.draw([rect("cancelled", start, end, 18, 20), line("cancelled", start, end, 38, 18)])
        else:
            css = "round-bar is-open" if closes.day >= today else "round-bar"
            lane.draw([rect(css, start, end, BAR_TOP, BAR_HEIGHT)])


def _draw_mark(mark: Mark, scale: Stretch, lane: Lane) -> None:
    x = scale.place(mark)
    lane.keep(x, x, 20, 38, margin=8)
    if mark.former is not None:
        lane.draw([glyph("flag-former", scale.at(mark.former), FORMER_FLAG)])
        lane.keep(scale.at(mark.former), scale.at(mark.former), 8, 24, margin=13)
    if mark.is_struck:
        return
    if mark.deed == "opens":
        lane.draw([ring("round-ring", x, MIDDLE)])
    elif mark.deed == "closes":
        lane.draw([glyph("flag", x, FLAG)])
        lane.keep(x, x, 8, 38, margin=2)
    elif mark.deed == "revised":
        lane.draw([glyph("slip-line", x, ARROW) if mark.is_due else glyph("tick", x, TICK)])
    else:
        lane.draw([glyph(GLYPHS[mark.deed][0], x, GLYPHS[mark.deed][1])])


def _write_words(marks: list[Mark], scale: Stretch, lane: Lane) -> None:
    rank = {deed: number for number, deed in enumerate(FIRST_WORDS)}
    for mark in sorted(marks, key=lambda mark: rank.get(mark.deed, len(rank))):
        if mark.is_struck:
            continue
        x, css = scale.place(mark), "beside is-due" if mark.is_due else "beside is-quiet"
        above = [Spot(x, ABOVE + 4, 18), Spot(x, ABOVE + 4, -8, "end")] if mark.deed == "closes" else []
        under = [
            Spot(x, y, dx, anchor) for y in UNDER for dx, anchor in ((0, "middle"), (-4, "start"), (4, "end"))
        ]
        any(lane.write(words, css, [*above, *under], size=SMALL) for words in (mark.words, mark.short))


def words_of(short: str, day: str) -> str:
    """ "announced 5 Jan": what happened and when, as a label has it."""
    return _("%(what)s %(day)s") % {"what": short, "day": day}
