"""A number over time as steps: marks in, shapes out. x in percent, y in pixels; one drawing for all widths.

A claim holds from its day to the next. Where only a month or a year is known, the step is engraved across it; what
lost stays as a broken line; what is only implied is a hollow ring. Labels stand where no other words or lines do,
or nowhere: the table on the same page says all of it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from portal.drawing.timeline.labels import width_of
from portal.drawing.timeline.scale import Shape, glyph, line, percent, rect, ring
from portal.words.months import month_name
from portal.words.numbers import plain

TOP, BOTTOM, HEIGHT = 34, 158, 196  # y of the highest line, of nought, and of the whole drawing
LEFT, RIGHT = 10.0, 99.0  # percent: where the first and the last day lie
ROOM_FOR_ENDS = 10.0  # percent on the right, where the last values stand beside their lines
WIDE, PHONE = 920, 288  # pixels: the narrowest drawing of the wide layout, and of a phone of 320
STROKES, THICK, THIN = 10, 0.86, 0.2  # of an engraved step, as parts of their pitch
SHORT = 4  # letters of a value that do not fit on the right of its line any more
SHORTEST = 30  # days that the drawing spans at least
SMALL = 13 / 15
LETTERS_ABOVE, LETTERS_BELOW = 11, 4
TICK_ABOVE = -5  # pixels from a line to the baseline of its value
APART = 26  # pixels between the baselines of two values at the end


@dataclass(frozen=True)
class Mark:
    """One step: `value` from `day` on, or since `since` if that is not known better; `other` stands against it."""

    day: date
    since: date
    value: float | None
    value_words: str
    other: float | None
    other_words: str
    labels: tuple[str, ...]  # what may stand beside it on a wide screen, the fullest first
    is_implied: bool = False

    @property
    def words(self) -> str:
        """The value alone."""
        return self.other_words if self.is_implied else self.value_words


@dataclass(frozen=True)
class Chart:
    shapes: list[Shape]
    height: int = HEIGHT


@dataclass(frozen=True)
class Plane:
    """Where days and values lie."""

    first: date
    last: date
    top: float
    right: float

    def x(self, day: date) -> float:
        share = (day - self.first) / (self.last - self.first)
        return LEFT + (self.right - LEFT) * min(max(share, 0.0), 1.0)

    def y(self, value: float) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * value / self.top)


@dataclass
class Room:
    """What is taken already, in pixels of one layout."""

    width: float
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)  # left, right, top, bottom

    def keep(self, left: float, right: float, top: float, bottom: float) -> None:
        self.taken.append((left, right, top, bottom))

    def fits(self, left: float, right: float, top: float, bottom: float) -> bool:
        if left < 0 or right > self.width:
            return False
        return not any(
            left < other_right and other_left < right and top < other_bottom and other_top < bottom
            for other_left, other_right, other_top, other_bottom in self.taken
        )


def steps_chart(marks: Sequence[Mark], until: date) -> Chart:
    """The steps up to `until`, the day that was asked for."""
    first = min(mark.since for mark in marks)
    last = max(until, max(mark.day for mark in marks))
    first = min(first, last - timedelta(days=SHORTEST))
    values = [value for mark in marks for value in (mark.value, mark.other) if value is not None]
    tick = _tick(max(values))
    right = RIGHT - (ROOM_FOR_ENDS if _has_short_ends(marks[-1]) else 0)
    plane = Plane(first, last, tick * max(math.ceil(max(values) / tick), 1), right)
    spans = list(zip(marks, [*marks[1:], None], strict=True))
    rooms = {"only-wide": Room(WIDE), "only-phone": Room(PHONE)}
    for room in rooms.values():
        _keep_lines(spans, plane, room)
        _keep_ticks(plane, tick, room)
    return Chart(
        [
            *_grid(plane, tick),
            *_months(plane),
            *(shape for mark, after in spans for shape in _step(mark, after, plane)),
            *_risers(marks, plane),
            *_ends(marks[-1], plane, rooms),
            *(shape for mark in reversed(_changing(marks)) for shape in _words(mark, plane, rooms)),
        ]
    )


def _changing(marks: Sequence[Mark]) -> list[Mark]:
    """Those at which the line moves: the others have nothing to say that the one before did not."""
    before = [None, *marks[:-1]]
    return [
        mark for last, mark in zip(before, marks, strict=True) if last is None or last.value != mark.value
    ]


def _has_short_ends(mark: Mark) -> bool:
    return len(mark.value_words) < SHORT and len(mark.other_words) < SHORT


def _tick(most: float) -> float:
    """A round number of which at most four make the highest value."""
    if most <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(most / 4))
    return max(
        next(unit * step for step in (1, 2, 5, 10) if unit * step * 4 >= most), 1.0 if most >= 1 else 0.0
    )


# --- the plane ----------------------------------------------------------------------------------------------


def _grid(plane: Plane, tick: float) -> Iterator[Shape]:
    for value, y in _ticks(plane, tick):
        yield line("chart-grid", 0, 100, y)
        yield _text(value, "chart-tick", 0, y + TICK_ABOVE)
    yield line("chart-axis", 0, 100, BOTTOM)


def _ticks(plane: Plane, tick: float) -> list[tuple[str, int]]:
    """Each value that has a line, in digits, and the y of its line."""
    values = [tick * number for number in range(1, round(plane.top / tick) + 1)]
    return [(plain(Decimal(str(value))), plane.y(value)) for value in values]


def _months(plane: Plane) -> Iterator[Shape]:
    """Firsts of months, as many as have room: on a phone fewer are named."""
    days = (plane.last - plane.first).days
    wide, phone = _every(days, WIDE), _every(days, PHONE)
    for first in _firsts(plane):
        number = first.year * 12 + first.month - 1
        if number % wide:
            continue
        x = plane.x(first)
        yield glyph("chart-notch", x, f"M0 {BOTTOM}v6")
        css = "chart-month" if number % phone == 0 else "chart-month only-wide"
        name = str(first.year) if wide >= 12 else month_name(first)
        yield _text(name, css, x, BOTTOM + 20)
        if first.month == 1 and wide < 12:
            yield _text(str(first.year), css, x, BOTTOM + 36)


def _every(days: int, width: float) -> int:
    """The number of months from one name to the next, so that names stand 44 pixels apart."""
    for months in (1, 2, 3, 6, 12, 24, 60):
        if months * 30 / max(days, 1) * width * (RIGHT - ROOM_FOR_ENDS - LEFT) / 100 >= 44:
            return months
    return 120


def _firsts(plane: Plane) -> Iterator[date]:
    first = plane.first.replace(day=1)
    while first <= plane.last:
        if first >= plane.first:
            yield first
        first = (first + timedelta(days=32)).replace(day=1)


# --- the steps ----------------------------------------------------------------------------------------------


def _span(mark: Mark, after: Mark | None, plane: Plane) -> tuple[float, float]:
    return plane.x(mark.day), plane.x(after.since) if after is not None else plane.right


def _step(mark: Mark, after: Mark | None, plane: Plane) -> Iterator[Shape]:
    start, end = _span(mark, after, plane)
    if mark.other is not None and not mark.is_implied:
        yield line("chart-lost", start, end, plane.y(mark.other))
    if mark.value is not None:
        yield line("chart-line", start, end, plane.y(mark.value))
        yield _disc("chart-disc", start, plane.y(mark.value))
    elif mark.other is not None:
        yield ring("chart-ring", start, plane.y(mark.other))


def _disc(css: str, x: float, y: int) -> Shape:
    return ring(css, x, y)


def _risers(marks: Sequence[Mark], plane: Plane) -> Iterator[Shape]:
    """From one value to the next: a hairline on the day, or engraved over the days that it may have been."""
    for before, mark in zip([None, *marks[:-1]], marks, strict=True):
        if mark.value is None:
            continue
        last = before.value if before is not None else None
        low, high = sorted([plane.y(mark.value), plane.y(last if last is not None else mark.value)])
        if mark.since < mark.day:
            yield from _engraved(plane.x(mark.since), plane.x(mark.day), min(low, high - 10), high)
        elif low < high:
            yield glyph("chart-riser", plane.x(mark.day), f"M0 {low}V{high}")


def _engraved(start: float, end: float, top: int, bottom: int) -> Iterator[Shape]:
    """Strokes that thicken towards the day on which it is sure."""
    pitch = (end - start) / STROKES
    for number in range(STROKES):
        part = THIN + (THICK - THIN) * number / (STROKES - 1)
        left = start + number * pitch
        yield rect("engrave", left, left + pitch * part, top, bottom - top)


def _keep_lines(spans: Iterable[tuple[Mark, Mark | None]], plane: Plane, room: Room) -> None:
    """No words over a line, a ring or an engraving."""
    before: float | None = None
    for mark, after in spans:
        start, end = (percents / 100 * room.width for percents in _span(mark, after, plane))
        for value in (mark.value, mark.other):
            if value is not None:
                y = plane.y(value)
                right = start if mark.is_implied else end
                room.keep(start - 7, max(right, start + 7), y - 7, y + 7)
        if mark.value is not None:
            high, low = sorted([plane.y(mark.value), plane.y(mark.value if before is None else before)])
            room.keep(plane.x(mark.since) / 100 * room.width - 1, start + 1, high - 3, low + 3)
        before = mark.value


def _keep_ticks(plane: Plane, tick: float, room: Room) -> None:
    for value, y in _ticks(plane, tick):
        baseline = y + TICK_ABOVE
        room.keep(0, width_of(value, SMALL), baseline - LETTERS_ABOVE - 2, baseline + LETTERS_BELOW)


# --- words --------------------------------------------------------------------------------------------------


def _ends(mark: Mark, plane: Plane, rooms: dict[str, Room]) -> Iterator[Shape]:
    """The last values at the end of their lines, where they are short enough; never one over the other."""
    if not _has_short_ends(mark):
        return
    ends = [("chart-end", mark.value, mark.value_words)] if mark.value is not None else []
    if mark.other is not None and not mark.is_implied:
        ends.append(("chart-end is-lost", mark.other, mark.other_words))
    baselines = [plane.y(value) + 6 for _css, value, _words in ends]
    if len(ends) == 2 and abs(baselines[0] - baselines[1]) < APART:
        upper = 0 if baselines[0] < baselines[1] else 1
        middle = sum(baselines) // 2
        baselines[upper], baselines[1 - upper] = middle - APART // 2, middle + APART // 2
    for (css, _value, words), y in zip(ends, baselines, strict=True):
        for room in rooms.values():
            left = plane.right / 100 * room.width + 8
            room.keep(left - 4, left + width_of(words, 20 / 15), y - 20, y + 8)
        yield _text(words, css, plane.right, y, dx=8)


def _words(mark: Mark, plane: Plane, rooms: dict[str, Room]) -> Iterator[Shape]:
    """Beside a step: as much as has room on a wide screen, its value alone on a phone."""
    value = mark.other if mark.value is None else mark.value
    if value is None:
        return
    css = "chart-label is-lost" if mark.is_implied else "chart-label"
    x, y = plane.x(mark.day), plane.y(value)
    for layout, wordings in (("only-wide", (*mark.labels, mark.words)), ("only-phone", (mark.words,))):
        for words in wordings:
            spot = _spot(words, x, y, rooms[layout])
            if spot is not None:
                dx, baseline, anchor = spot
                yield _text(words, f"{css} {layout}", x, baseline, dx=dx, anchor=anchor)
                break


def _spot(words: str, x: float, y: int, room: Room) -> tuple[int, int, str] | None:
    """Above the step or below it, to the right or to the left: the first place where nothing is touched."""
    width = width_of(words, SMALL)
    at = x / 100 * room.width
    for baseline in (y - 13, y + 21):
        for dx, anchor, left in ((2, "start", at + 2), (-2, "end", at - 2 - width), (-6, "start", at - 6)):
            box = (left, left + width, baseline - LETTERS_ABOVE, baseline + LETTERS_BELOW)
            if baseline < BOTTOM - 2 and room.fits(*box):
                room.keep(*box)
                return dx, baseline, anchor
    return None


def _text(words: str, css: str, x: float, y: int, *, dx: int = 0, anchor: str = "start") -> Shape:
    return Shape("text", css, x=percent(x), y=y, dx=dx, anchor=anchor, words=words)
