"""Boundaries -> a flat drawing: outlines, places for their codes, a grid. Pure: no rows, no markup.

Plots are small, so a local equirectangular projection is exact enough: a degree of longitude is shortened by
the cosine of the latitude, and north is up.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

WIDTH = 520  # the stylesheet sizes codes for a drawing of this width
LOWEST, HIGHEST = 240, 560
MARGIN = 28
SURROUNDINGS = 1.1  # how much of a chosen plot's own size shows on each side of it
METRES_PER_DEGREE = 111_320
GRID_STEPS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)  # metres
MOST_LINES = 6
LETTER = 11  # width of a code's letter where codes are largest, on a phone

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Outline:
    """What is to be drawn: a code, a state (an availability), the rings of a GeoJSON polygon in degrees."""

    code: str
    state: str
    rings: list[list[list[float]]]
    is_chosen: bool = False


@dataclass(frozen=True)
class Drawn:
    """An outline as SVG has it, and where its code stands. `code` is empty where it would not fit inside."""

    d: str
    state: str
    code: str
    x: float
    y: float
    is_chosen: bool


@dataclass(frozen=True)
class PlotMap:
    """A drawing of `width` by `height` units. Lines of `grid` are `grid_metres` apart."""

    width: int
    height: int
    grid: str
    grid_metres: int
    plots: list[Drawn]


@dataclass(frozen=True)
class _View:
    """Which part of the ground shows: metres at the upper left corner, units per metre, units in height."""

    left: float
    top: float
    scale: float
    height: int

    def place(self, point: Point) -> Point:
        return ((point[0] - self.left) * self.scale, (point[1] - self.top) * self.scale)

    def shows(self, ring: Ring) -> bool:
        left, top, right, bottom = _box(ring)
        return right > 0 and bottom > 0 and left < WIDTH and top < self.height


def draw(outlines: Iterable[Outline]) -> PlotMap | None:
    """The map of these plots; None for none. A chosen one is the middle, and what is around it shows too."""
    ground = _on_the_ground(list(outlines))
    if not ground:
        return None
    chosen = [rings for outline, rings in ground if outline.is_chosen]
    within = [point for rings in chosen or [rings for _outline, rings in ground] for point in rings[0]]
    view = _view(within, SURROUNDINGS if chosen else 0)
    step = _step(view)
    placed = [
        (outline, [[view.place(point) for point in ring] for ring in rings]) for outline, rings in ground
    ]
    plots = [_drawn(outline, rings) for outline, rings in placed if view.shows(rings[0])]
    plots.sort(key=lambda plot: plot.is_chosen)  # drawn last, its line is whole
    return PlotMap(WIDTH, view.height, _grid(view, step), step, plots)


def _on_the_ground(outlines: list[Outline]) -> list[tuple[Outline, list[Ring]]]:
    """Degrees -> metres east and south of the first position of all."""
    if not outlines:
        return []
    longitude, latitude = outlines[0].rings[0][0][:2]
    shortened = METRES_PER_DEGREE * math.cos(math.radians(latitude))

    def flat(position: list[float]) -> Point:
        return ((position[0] - longitude) * shortened, (latitude - position[1]) * METRES_PER_DEGREE)

    return [
        (outline, [[flat(position) for position in ring] for ring in outline.rings]) for outline in outlines
    ]


def _view(points: Ring, surroundings: float) -> _View:
    left, top, right, bottom = _box(points)
    wide, high = (right - left) * (1 + 2 * surroundings), (bottom - top) * (1 + 2 * surroundings)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HIGHEST - 2 * MARGIN) / high)
    height = max(LOWEST, round(high * scale) + 2 * MARGIN)
    middle, centre = (left + right) / 2, (top + bottom) / 2
    return _View(middle - WIDTH / 2 / scale, centre - height / 2 / scale, scale, height)


def _step(view: _View) -> int:
    across = WIDTH / view.scale
    return next((step for step in GRID_STEPS if across / step <= MOST_LINES), GRID_STEPS[-1])


def _grid(view: _View, step: int) -> str:
    """Lines as far apart as `step` metres, the middle ones through the middle of the drawing."""
    gap = step * view.scale
    columns = _lines(WIDTH, gap)
    rows = _lines(view.height, gap)
    upright = [f"M{_short(x)} 0V{view.height}" for x in columns]
    level = [f"M0 {_short(y)}H{WIDTH}" for y in rows]
    return "".join([*upright, *level])


def _lines(length: float, gap: float) -> list[float]:
    first = (length / 2) % gap
    return [first + number * gap for number in range(int((length - first) / gap) + 1)] if gap < length else []


def _drawn(outline: Outline, rings: list[Ring]) -> Drawn:
    (x, y), room = _inside(rings)
    fits = room >= len(outline.code) * LETTER
    d = "".join(f"M{' '.join(f'{_short(a)},{_short(b)}' for a, b in ring[:-1])}Z" for ring in rings)
    return Drawn(d, outline.state, outline.code if fits else "", round(x, 1), round(y, 1), outline.is_chosen)


def _inside(rings: list[Ring]) -> tuple[Point, float]:
    """A point inside the outline, in the middle of the widest stretch at its height, and how wide that is."""
    _left, top, _right, bottom = _box(rings[0])
    centre = _centroid(rings[0])[1]
    best: tuple[Point, float] = ((0.0, 0.0), -1.0)
    for y in [centre, *(top + (bottom - top) * part / 8 for part in range(1, 8))]:
        for left, right in _stretches(rings, y):
            # The middle of the area reads best; leave it only for much more room.
            if right - left > best[1] * (1 if best[1] < 0 else 1.5):
                best = (((left + right) / 2, y), right - left)
    return best


def _stretches(rings: list[Ring], y: float) -> list[tuple[float, float]]:
    """Where the horizontal line at `y` runs inside the outline, holes left out (the even-odd rule)."""
    crossings = sorted(
        a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
        for ring in rings
        for a, b in pairwise(ring)
        if (a[1] <= y) != (b[1] <= y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _centroid(ring: Ring) -> Point:
    """Of the area (the shoelace formula); of the corners where the area is too small to tell."""
    pairs = list(pairwise(ring))
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)
    if abs(twice) < 1e-9:
        return (sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring))
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (3 * twice)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (3 * twice)
    return (x, y)


def _box(points: Ring) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
