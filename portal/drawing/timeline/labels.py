"""Where words may stand in a lane, so that none touches another or a bar at the narrowest wide lane."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from portal.drawing.timeline.scale import Shape, percent

LANE, PHONE_LANE = 620, 288  # pixels: the narrowest lane of the wide layout, and of a phone of 320
LATIN, HAN, ROOM = (
    8.0,
    15.5,
    18.0,
)  # pixels of a letter at 15 px type, and of what stands around words on a bar
SMALL = 13 / 15
RIGHT_UNTIL = 70
GAP = 6
ABOVE, BELOW = 12, 4  # what letters take above and below their baseline


def width_of(words: str, size: float = 1.0) -> float:
    return sum(HAN if east_asian_width(letter) in "WF" else LATIN for letter in words) * size


@dataclass(frozen=True)
class Spot:
    """A place for words: a baseline, and a point that they start, end or have their middle at."""

    x: float
    y: int
    dx: int = 0
    anchor: str = "start"

    def reach(self, width: float) -> tuple[float, float]:
        left = self.x / 100 * LANE + self.dx - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, left + width


def right_of(x: float, y: int, dx: int = 8) -> Spot:
    return Spot(x, y, dx)


def left_of(x: float, y: int, dx: int = 8) -> Spot:
    return Spot(x, y, -dx, "end")


def beside(start: float, end: float, y: int, dx: int = 8) -> list[Spot]:
    """Right of what ends before 70 percent, otherwise left; the other side where that one is taken."""
    sides = [right_of(end, y, dx), left_of(start, y, dx)]
    return sides if end < RIGHT_UNTIL else sides[::-1]


@dataclass
class Lane:
    """What is drawn in one row, and the room that it takes."""

    shapes: list[Shape] = field(default_factory=list)
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)  # left, right, top, bottom
    below: bool = False  # words stand under the marks

    def draw(self, shapes: Iterable[Shape]) -> None:
        self.shapes.extend(shapes)

    def keep(self, start: float, end: float, top: float, bottom: float, margin: float = 0) -> None:
        """No words in the box from `start` to `end` percent."""
        self.taken.append((start / 100 * LANE - margin, end / 100 * LANE + margin, top, bottom))

    def write(
        self, words: str, css: str, spots: Iterable[Spot], *, size: float = 1.0, struck: str = ""
    ) -> bool:
        """Put words on the first spot that is free, on wide screens; False where there is none."""
        width = width_of(f"{struck} {words}".strip(), size)
        for spot in spots:
            left, right = spot.reach(width)
            if left < 0 or right > LANE or self._is_taken(left, right, spot.y):
                continue
            self.taken.append((left - GAP, right + GAP, spot.y - ABOVE, spot.y + BELOW))
            self.shapes.append(text(words, f"{css} only-wide", spot, struck=struck))
            return True
        return False

    def _is_taken(self, left: float, right: float, y: int) -> bool:
        return any(
            left < other_right and other_left < right and y - ABOVE < bottom and top < y + BELOW
            for other_left, other_right, top, bottom in self.taken
        )


def text(words: str, css: str, spot: Spot, *, struck: str = "") -> Shape:
    return Shape(
        "text", css, x=percent(spot.x), y=spot.y, dx=spot.dx, anchor=spot.anchor, words=words, struck=struck
    )
