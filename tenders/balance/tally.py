"""Adding up plots: named ones with area and floor area, and beside them, never among them, those only counted."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TypeAlias

from tenders.availability import Availability

NOUGHT = Decimal(0)


@dataclass(frozen=True)
class Tally:
    """Plots in one state. Areas in m²; what is not known of how many plots stands beside each sum.

    named: plots with a code of their own · counted: plots that a release, a lot or a round only counts
    A counted plot has no area: nobody says one for land that has no name. Its floor area is its lot's.
    """

    named: int = 0
    area: Decimal = NOUGHT
    area_unknown: int = 0
    gfa: Decimal = NOUGHT
    gfa_unknown: int = 0
    counted: int = 0
    counted_gfa: Decimal = NOUGHT
    counted_gfa_unknown: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))

    def __bool__(self) -> bool:
        return bool(self.named or self.counted)

    @property
    def area_known(self) -> Decimal | None:
        """None where no named plot has an area: that is not nought."""
        return self.area if self.named > self.area_unknown else None

    @property
    def gfa_known(self) -> Decimal | None:
        return self.gfa if self.named > self.gfa_unknown else None

    @property
    def counted_gfa_known(self) -> Decimal | None:
        return self.counted_gfa if self.counted > self.counted_gfa_unknown else None


EMPTY = Tally()
States: TypeAlias = dict[Availability, Tally]


def together(parts: "list[Mapping[Availability, Tally]]") -> States:
    """The states of several, in the order of the six availabilities; what holds nothing is left out."""
    summed = {state: sum((part.get(state, EMPTY) for part in parts), EMPTY) for state in Availability}
    return {state: tally for state, tally in summed.items() if tally}


def whole(states: Mapping[Availability, Tally]) -> Tally:
    """All states added up, named and counted still apart."""
    return sum(states.values(), EMPTY)
