"""A year as a line of 100 percent, and the shapes that are drawn along it: x in percent, y in pixels."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.words.speech import hong_kong

SOLID, THIN = 0.74, 0.22  # width of the strokes of an engraved edge, as parts of their pitch
EDGE_STROKES, OPEN_STROKES = 6, 14
EDGE_IN_MONTHS, EDGE_OF_WINDOW = 0.8, 0.26
MONTH = 100 / 12


@dataclass(frozen=True)
class Shape:
    """One mark. `tag` says which fields count: rect, line, ring, glyph (a path at a point) or text."""

    tag: str
    css: str
    x: str = ""
    y: int = 0
    width: str = ""
    height: int = 0
    x2: str = ""
    y2: str = ""
    d: str = ""
    dx: int = 0
    anchor: str = "start"
    words: str = ""
    struck: str = ""


def percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


def rect(css: str, start: float, end: float, y: int, height: int) -> Shape:
    return Shape("rect", css, x=percent(start), width=percent(end - start), y=y, height=height)


def line(css: str, start: float, end: float, y: int, y2: int | str | None = None) -> Shape:
    return Shape("line", css, x=percent(start), x2=percent(end), y=y, y2=str(y if y2 is None else y2))


def ring(css: str, x: float, y: int) -> Shape:
    return Shape("ring", css, x=percent(x), y=y)


def glyph(css: str, x: float, d: str) -> Shape:
    """A path drawn about the point at `x`, so that it keeps its form however wide the lane is."""
    return Shape("glyph", css, x=percent(x), d=d)


@dataclass(frozen=True)
class Scale:
    """Where days of a year, or of `years` from it on, lie on the line, 0 to 100; others lie on the nearer end."""

    year: int
    years: int = 1

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        return date(self.year + self.years - 1, 12, 31)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def start(self, day: date) -> float:
        """Where `day` begins."""
        return min(max((day - self.first).days / self.days * 100, 0.0), 100.0)

    def end(self, day: date) -> float:
        """Where `day` is over."""
        return min(max(((day - self.first).days + 1) / self.days * 100, 0.0), 100.0)

    def at(self, instant: datetime) -> float:
        moment = hong_kong(instant)
        of_day = timedelta(hours=moment.hour, minutes=moment.minute) / timedelta(days=1)
        return min(max(((moment.date() - self.first).days + of_day) / self.days * 100, 0.0), 100.0)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def each_year(self) -> list[date]:
        return [date(year, 1, 1) for year in range(self.year, self.year + self.years)]

    def months(self) -> list[tuple[date, float, float]]:
        """Each month: its first day, where it begins, where its middle is."""
        firsts = [year.replace(month=month) for year in self.each_year() for month in range(1, 13)]
        ends = [self.start(first) for first in firsts[1:]] + [100.0]
        return [
            (first, self.start(first), (self.start(first) + end) / 2)
            for first, end in zip(firsts, ends, strict=True)
        ]


def soft_width(start: float, end: float) -> float:
    """How far an engraved edge reaches into a window."""
    return min(EDGE_IN_MONTHS * MONTH, EDGE_OF_WINDOW * (end - start))


def engraved_left(css: str, limit: float, width: float, y: int, height: int) -> list[Shape]:
    """Strokes that thicken from the limit, where the thinnest stands, towards the solid part on its right."""
    pitch = width / EDGE_STROKES
    starts = [limit + number * pitch for number in range(EDGE_STROKES)]
    return [
        rect(css, start, start + pitch * part, y, height)
        for start, part in zip(starts, reversed(_parts(EDGE_STROKES)), strict=True)
    ]


def engraved_right(
    css: str, limit: float, width: float, y: int, height: int, strokes: int = EDGE_STROKES
) -> list[Shape]:
    """The same towards the solid part on its left."""
    pitch = width / strokes
    ends = [limit - width + (number + 1) * pitch for number in range(strokes)]
    return [
        rect(css, end - pitch * part, end, y, height) for end, part in zip(ends, _parts(strokes), strict=True)
    ]


def _parts(strokes: int) -> list[float]:
    return [SOLID + (THIN - SOLID) * number / (strokes - 1) for number in range(strokes)]
