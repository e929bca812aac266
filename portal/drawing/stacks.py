"""Stacks that change on days, drawn in steps: courses in, lanes of shapes out. Pure geometry; no query, no markup.

Every lane has the same days across and the same scale upwards. x is in percent, so one drawing fits all widths.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.drawing.timeline.labels import SMALL, width_of
from portal.drawing.timeline.scale import Shape, engraved_left, line, percent, rect
from portal.words.speech import month_and_year

HEIGHT, BASE, TALLEST = 144, 136, 92  # of a lane, in pixels: all of it, the ground line, the tallest stack
LEAST = 4  # a stack of something is never too thin to be seen
BAND = 16  # what has no number stands on top in a band of this height, which means nothing
NARROWEST = 290  # of a lane on a phone; words that would not fit there are not drawn
ROOM = 12  # pixels about words in a stack
FEW = 5  # ticks
SHORTEST = 60  # days, so that one change alone is not all there is to see
STRIDES = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True)
class Layer:
    """A part of a stack, from the ground up. `words` say it where there is room; no value: it has no number."""

    css: str
    value: Decimal | None
    words: str = ""


@dataclass(frozen=True)
class Stack:
    """What stands from a day on; `day` is None for what stood before anything dated. Vague days are engraved."""

    day: date | None
    first: date | None  # the first day that it may have been
    layers: tuple[Layer, ...]

    @property
    def height(self) -> Decimal:
        return sum((layer.value for layer in self.layers if layer.value is not None), Decimal(0))


@dataclass(frozen=True)
class Claimed:
    """What a source says of the whole, from a day on, as a broken line."""

    day: date
    value: Decimal
    words: str


@dataclass(frozen=True)
class Course:
    """A lane's own stacks, oldest first, and what is claimed against them now."""

    stacks: tuple[Stack, ...]
    claimed: Claimed | None = None


@dataclass(frozen=True)
class Tick:
    x: str
    words: str


@dataclass(frozen=True)
class Steps:
    """The ticks that all lanes share, and each lane's shapes in their order."""

    ticks: list[Tick]
    grid: list[Shape]
    lanes: list[list[Shape]]


@dataclass(frozen=True)
class _Span:
    first: date
    last: date

    def at(self, day: date) -> float:
        """Where the day begins, 0 to 100."""
        days = (self.last - self.first).days
        return min(max((day - self.first).days / days * 100, 0.0), 100.0)


def steps(courses: Sequence[Course], until: date) -> Steps:
    """`until` is the day at the right edge: the one that the page is read for."""
    span = _span(courses, until)
    tallest = max((stack.height for course in courses for stack in course.stacks), default=Decimal(0))
    claimed = max((course.claimed.value for course in courses if course.claimed), default=Decimal(0))
    unit = Decimal(TALLEST) / max(tallest, claimed, Decimal(1))
    ticks = _ticks(span)
    grid = [line("month", at, at, 0, "100%") for at, _words in ticks]
    return Steps(
        [Tick(percent(at), words) for at, words in ticks],
        [*grid, line("ground-line", 0, 100, BASE)],
        [_lane(course, span, unit) for course in courses],
    )


def _span(courses: Sequence[Course], until: date) -> _Span:
    dated = [stack.first or stack.day for course in courses for stack in course.stacks]
    first = min((day for day in dated if day), default=until)
    days = max((until - first).days, SHORTEST)
    return _Span(min(first, until - timedelta(days=days)) - timedelta(days=days // 16), until)


def _ticks(span: _Span) -> list[tuple[float, str]]:
    """First days of months, as many as have room on a phone; the last one leaves room for its words."""
    months = [
        date(number // 12, number % 12 + 1, 1)
        for number in range(_number(span.first) + 1, _number(span.last) + 1)
    ]
    stride = next((s for s in STRIDES if len(months) / s <= FEW), STRIDES[-1])
    kept = [month for month in months if _number(month) % stride == 0]
    return [(at, month_and_year(month)) for month in kept if (at := span.at(month)) < 84]


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _lane(course: Course, span: _Span, unit: Decimal) -> list[Shape]:
    shapes: list[Shape] = []
    before: Stack | None = None
    for number, stack in enumerate(course.stacks):
        following = course.stacks[number + 1] if number + 1 < len(course.stacks) else None
        start = span.at(stack.day) if stack.day else 0.0
        end = span.at(following.day) if following and following.day else 100.0
        if end > start:
            shapes += _stack(stack, start, end, unit)
            shapes += _vague(before, stack, span, unit)
        before = stack
    return [*shapes, *_words(course, span, unit), *_claim(course.claimed, span, unit)]


def _edges(stack: Stack, unit: Decimal) -> list[tuple[Layer, int, int]]:
    """Each layer with its top and its height in pixels; what has no number on top of all that has."""
    found = []
    ground = BASE
    for layer in sorted(stack.layers, key=lambda layer: layer.value is None):
        height = BAND if layer.value is None else max(round(layer.value * unit), LEAST)
        ground -= height
        found.append((layer, ground, height))
    return found


def _stack(stack: Stack, start: float, end: float, unit: Decimal) -> list[Shape]:
    return [rect(f"stack {layer.css}", start, end, top, height) for layer, top, height in _edges(stack, unit)]


def _words(course: Course, span: _Span, unit: Decimal) -> list[Shape]:
    """Said in the parts of the last stack that have room for it, and where no claim's words stand already."""
    last = course.stacks[-1]
    width = (100.0 - (span.at(last.day) if last.day else 0.0)) / 100 * NARROWEST
    taken = _height_of(course.claimed, unit) if course.claimed else None
    found = []
    for layer, top, height in _edges(last, unit):
        y = top + height // 2 + 5
        fits = height >= BAND and width_of(layer.words, SMALL) + 2 * ROOM <= width
        if layer.words and fits and (taken is None or y + 6 < taken - 2 * BAND or y > taken + BAND):
            css = f"in-stack {layer.css}"
            found.append(Shape("text", css, x="100%", dx=-ROOM, y=y, anchor="end", words=layer.words))
    return found


def _vague(before: Stack | None, stack: Stack, span: _Span, unit: Decimal) -> list[Shape]:
    """Where only the month or the year is known, what came on top is engraved over all of it."""
    if stack.day is None or stack.first is None or stack.first == stack.day:
        return []
    top = _top(stack, unit)
    former = _top(before, unit) if before else BASE
    start, end = span.at(stack.first), span.at(stack.day)
    return (
        engraved_left("engrave", start, end - start, top, former - top)
        if former > top and end > start
        else []
    )


def _top(stack: Stack, unit: Decimal) -> int:
    return min((top for _layer, top, _height in _edges(stack, unit)), default=BASE)


def _claim(claimed: Claimed | None, span: _Span, unit: Decimal) -> list[Shape]:
    if claimed is None:
        return []
    y = _height_of(claimed, unit)
    start = span.at(claimed.day)
    words = Shape("text", "claim-words", x="100%", dx=-ROOM, y=y - 6, anchor="end", words=claimed.words)
    return [line("claim-line", start, 100, y), words]


def _height_of(claimed: Claimed, unit: Decimal) -> int:
    return BASE - round(claimed.value * unit)
