"""The timeline of a year: entries in, rows of shapes out. Pure geometry and words; no query, no markup.

`scale` knows where days lie, `labels` where words stand; `windows` and `rounds` draw rows, `rows` orders.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portal.drawing.timeline.labels import SMALL, width_of
from portal.drawing.timeline.rows import ParkRows, Row, park_rows
from portal.drawing.timeline.scale import Scale, Shape, glyph, line, percent, rect
from portal.drawing.timeline.windows import bar, extent, posts
from portal.entries import Entry, Kind, Place
from portal.words.months import month_name
from portal.words.speech import day_and_month

__all__ = ["ParkRows", "Row", "Shape", "Strip", "Timeline", "Today", "flag_of", "strip", "timeline"]

FLAG_PADDING = 12
FLAG_ROOM = 20  # percent at either end where today's flag would not fit if it stood in the middle of its day


@dataclass(frozen=True)
class Month:
    middle: str
    name: str
    initial: str


@dataclass(frozen=True)
class Today:
    """The flag on the axis, in pixels about the day; at the ends of the year it stands inside the lane."""

    x: str
    words: str
    flag_x: int
    flag_width: int

    @property
    def text_x(self) -> int:
        return self.flag_x + self.flag_width // 2


@dataclass(frozen=True)
class Timeline:
    year: int
    label: str
    months: list[Month]
    axis: list[Shape]
    grid: list[Shape]
    today: Today | None
    parks: list[ParkRows]
    rest: str  # names of the parks with nothing dated
    park_heads: bool

    @property
    def is_empty(self) -> bool:
        return not self.parks

    @property
    def year_text(self) -> str:
        return str(self.year)


@dataclass(frozen=True)
class Strip:
    """A window over its whole year with a month boxed, as the month view shows what is on no day."""

    entry: Entry
    shapes: list[Shape]


def timeline(
    entries: Iterable[Entry],
    year: int,
    today: date,
    *,
    is_now: bool = True,
    parks: Iterable[Place] = (),
    conflicts: Mapping[str, str] | None = None,
    label: str = "",
    park_heads: bool = True,
) -> Timeline:
    """The drawing of `year` as it stood on `today` (`is_now`: that is today indeed).

    Any subset of entries may be drawn: all, one park's (then without `park_heads`), one round's. Those of
    `parks` that have no row share the last one. `conflicts` are words by release code, set beside its plots.
    """
    scale = Scale(year)
    shown = park_rows(entries, scale, today, conflicts or {})
    with_rows = {park.park.code for park in shown}
    return Timeline(
        year=year,
        label=label or _("Park, phase"),
        months=[
            Month(percent(middle), month_name(first), _initial(first))
            for first, _start, middle in scale.months()
        ],
        axis=_axis(scale),
        grid=_grid(scale, today),
        today=_today(scale, today, is_now=is_now),
        parks=shown,
        rest=_("; ").join(park.name for park in parks if park.code not in with_rows),
        park_heads=park_heads,
    )


def strip(entry: Entry, first: date, last: date, today: date) -> Strip | None:
    """The window over the year of `first`, days `first` to `last` boxed; None if it is not among them."""
    scale = Scale(first.year)
    where = extent(entry.window, entry.announced_on, scale) if entry.window else None
    if where is None or where.end <= scale.start(first) or where.start >= scale.end(last):
        return None
    if entry.kind == Kind.RELEASE:
        window = [*bar(where, y=5, height=18), *posts(where, 1, 26)]
    else:
        diamond = glyph("diamond", where.middle, "M0 6l8 8-8 8-8-8z")
        window = [*bar(where, css="edge", y=13, height=2), diamond]
    box = rect("box", scale.start(first), scale.end(last), 1, 26)
    return Strip(entry, [*_grid(scale, today), *window, box])


def _initial(first: date) -> str:
    """One letter, or the number where the language counts its months: 3 of 3月."""
    return month_name(first).rstrip("月") if "月" in month_name(first) else month_name(first)[0]


def _axis(scale: Scale) -> list[Shape]:
    lines = [
        line(_line_css(first), start, start, 22 if _line_css(first) == "quarter" else 36, "100%")
        for first, start, _middle in scale.months()
    ]
    return [*lines, line("quarter", 100, 100, 22, "100%")]


def _grid(scale: Scale, today: date) -> list[Shape]:
    """The lines of the months, the past as a tint, today as a line; another year than today's has neither."""
    shapes = [line(_line_css(first), start, start, 0, "100%") for first, start, _middle in scale.months()]
    shapes.append(line("quarter", 100, 100, 0, "100%"))
    if scale.holds(today):
        x = scale.start(today)
        past = Shape("rect", "past", x="0%", width=percent(x), y2="100%")
        return [past, *shapes, line("today-line", x, x, 0, "100%")]
    return shapes


def _line_css(first: date) -> str:
    return "quarter" if first.month % 3 == 1 else "month"


def _today(scale: Scale, today: date, *, is_now: bool) -> Today | None:
    if not scale.holds(today):
        return None
    return flag_of(scale.start(today), today, is_now=is_now)


def flag_of(x: float, today: date, *, is_now: bool) -> Today:
    """The flag of the day at `x` percent."""
    words = (_("today, %(day)s") if is_now else _("as of %(day)s")) % {"day": day_and_month(today)}
    width = round(width_of(words, SMALL)) + FLAG_PADDING
    flag_x = 0 if x < FLAG_ROOM else -width if x > 100 - FLAG_ROOM else -(width // 2)
    return Today(percent(x), words, flag_x, width)
