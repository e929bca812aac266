"""Draws the sample park's plots: a small street grid out at sea, where nobody takes it for a real one."""

import math
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

# South-west corner of the grid, WGS 84, in open water south-east of Hong Kong Island.
LONGITUDE, LATITUDE = 114.30, 22.20

# Metres from west to east and from north to south, with gaps between; the wide ones are streets.
WIDTHS = (70, 62, 84, 76, 66, 90, 58)
GAPS_EAST = (4, 4, 22, 4, 4, 4)
HEIGHTS = (58, 50, 54, 44)
GAPS_SOUTH = (5, 18, 5)
TURN = math.radians(4)  # the whole grid lies a little askew
METRES_PER_DEGREE = 111_320

Point = tuple[float, float]


@dataclass(frozen=True)
class Outline:
    """A plot's boundary, and the area that follows from it."""

    boundary: dict[str, object]
    area_m2: Decimal


def outlines() -> list[Outline]:
    """Twenty-eight plots in reading order, from the north-west to the south-east."""
    columns, rows = _spans(WIDTHS, GAPS_EAST), _spans(HEIGHTS, GAPS_SOUTH)
    return [
        _outline(
            [
                (west, -south),
                (east, -south),
                (east, _shore(east, row) - north),
                (west, _shore(west, row) - north),
            ]
        )
        for row, (north, south) in enumerate(rows)
        for west, east in columns
    ]


def _spans(sizes: tuple[int, ...], gaps: tuple[int, ...]) -> list[tuple[float, float]]:
    spans, start = [], 0.0
    for size, gap in zip(sizes, (*gaps, 0), strict=True):
        spans.append((start, start + size))
        start += size + gap
    return spans


def _shore(x: float, row: int) -> float:
    """The northern row follows the shore; the others have straight edges."""
    return 9 * math.sin(x / 75) + 4 if row == 0 else 0


def _outline(corners: list[Point]) -> Outline:
    """From corners in metres, counter-clockwise as RFC 7946 has it (3.1.6: the right-hand rule)."""
    closed = [*corners, corners[0]]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed)) / 2
    boundary: dict[str, object] = {
        "type": "Polygon",
        "coordinates": [[_on_earth(corner) for corner in closed]],
    }
    return Outline(boundary, Decimal(round(area / 10) * 10))


def _on_earth(point: Point) -> list[float]:
    x = point[0] * math.cos(TURN) - point[1] * math.sin(TURN)
    y = point[0] * math.sin(TURN) + point[1] * math.cos(TURN) + sum(HEIGHTS) + sum(GAPS_SOUTH)
    longitude = LONGITUDE + x / (METRES_PER_DEGREE * math.cos(math.radians(LATITUDE)))
    return [round(longitude, 6), round(LATITUDE + y / METRES_PER_DEGREE, 6)]
