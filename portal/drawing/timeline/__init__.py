"""The timeline of a year: entries in, rows of shapes out. Pure geometry and words; no query, no markup.

`scale` knows where days lie, `axis` draws it, `labels` knows where words stand; `windows` and `rounds` draw rows,
`rows` orders. `told` draws one release through all of its announcements.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portal.drawing.timeline.axis import Month, Today, axis, flag_of, grid, marks, today_flag
from portal.drawing.timeline.rows import ParkRows, Row, park_rows
from portal.drawing.timeline.scale import Scale, Shape, glyph, rect
from portal.drawing.timeline.told import ToldDrawing, ToldRow, draw_told
from portal.drawing.timeline.windows import bar, extent, posts
from portal.entries import Entry, Kind, Place

__all__ = [
    "ParkRows",
    "Row",
    "Shape",
    "Strip",
    "Timeline",
    "Today",
    "ToldDrawing",
    "ToldRow",
    "draw_told",
    "flag_of",
    "strip",
    "timeline",
]


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
        months=marks(scale),
        axis=axis(scale),
        grid=grid(scale, today),
        today=today_flag(scale, today, is_now=is_now),
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
    return Strip(entry, [*grid(scale, today), *window, box])
