"""What a number speaks of, a park, a phase, a release, a round or a lot; and how the number is called."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.text import slugify

from parks.models import Park, Phase, Release
from tenders.models import Figure, Lot, TenderRound


class Kind(StrEnum):
    """In the order in which two subjects of one name are tried."""

    NOWHERE = "nowhere"
    PARK = "park"
    PHASE = "phase"
    RELEASE = "release"
    ROUND = "round"
    LOT = "lot"


@dataclass(frozen=True)
class Subject:
    """Two are the same if they are of one kind and key; `row` is at hand for its name. Nowhere has key 0."""

    kind: Kind
    pk: int
    slug: str = field(compare=False)
    row: Any = field(compare=False, default=None, repr=False)

    def figure_id(self, indicator: str) -> str:
        """Names the number, not a claim: "hsitp-1.2-3-plots-remaining". It stands in addresses and files."""
        words = [self.slug.lower(), slugify(indicator.replace("_", "-"))]
        return "-".join(word for word in words if word)


NOWHERE = Subject(Kind.NOWHERE, 0, "")


def of_park(park: Park) -> Subject:
    return Subject(Kind.PARK, park.pk, park.slug, park)


def of_phase(phase: Phase) -> Subject:
    """The phase comes with its park."""
    return Subject(Kind.PHASE, phase.pk, f"{phase.park.slug}-{phase.code}", phase)


def of_release(release: Release) -> Subject:
    return Subject(Kind.RELEASE, release.pk, release.code, release)


def of_round(round: TenderRound) -> Subject:
    return Subject(Kind.ROUND, round.pk, round.code, round)


def of_lot(lot: Lot) -> Subject:
    """The lot comes with its round."""
    return Subject(Kind.LOT, lot.pk, f"{lot.round.code}-lot-{lot.code}", lot)


def of_figure(figure: Figure) -> Subject:
    """The narrowest thing that it names. It comes with park, phase, release and round."""
    if figure.round is not None:
        return of_round(figure.round)
    if figure.release is not None:
        return of_release(figure.release)
    if figure.phase is not None and figure.park is not None:  # a figure of a phase names its park
        return Subject(Kind.PHASE, figure.phase.pk, f"{figure.park.slug}-{figure.phase.code}", figure.phase)
    return of_park(figure.park) if figure.park is not None else NOWHERE
