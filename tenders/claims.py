"""What sources claim of one number, which claim is the headline, and which other values they leave standing.

The rule has a name, *newest as-of date*: the claim that speaks of the latest day is the headline; of two for the same
day the more precise one; then the one published earlier. A rule never hides a claim.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from parks.models import DayPrecision
from tenders.models import Figure

TOTAL, OFFERED, REMAINING = "plots_total", "plots_offered", "plots_remaining"
EXACTNESS = {DayPrecision.DAY: 2, DayPrecision.MONTH: 1, DayPrecision.YEAR: 0}


@dataclass(frozen=True)
class Alternative:
    """Another value for the same number; `implied` when no source says it but others' claims add up to it."""

    value: Decimal
    claims: list[Figure]
    implied: bool


@dataclass(frozen=True)
class Headline:
    """One number: the claim that leads, all claims newest first, and the values that stand against it."""

    figure_id: str
    indicator: str
    headline: Figure
    claims: list[Figure]
    alternatives: list[Alternative] = field(default_factory=list)


def headlines(figures: Iterable[Figure]) -> list[Headline]:
    """Group claims by the number they speak of, in their order. Figures come with park, phase, round and source."""
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(figure.figure_id, []).append(figure)
    ranked = {name: sorted(claims, key=_rank, reverse=True) for name, claims in groups.items()}
    return [
        Headline(name, claims[0].indicator, claims[0], claims, _alternatives(claims, ranked))
        for name, claims in ranked.items()
    ]


def against_remaining(numbers: Iterable[Headline]) -> dict[tuple[str, str, Decimal], Decimal]:
    """By park, phase and number of plots that remain in it, the number that stands against it.

    A release that announces the headline of what remains in its phase is disputed where this has an entry.
    """
    return {
        (lead.park.slug, lead.phase.code, lead.value): number.alternatives[0].value
        for number in numbers
        if number.indicator == REMAINING and number.alternatives
        if (lead := number.headline).park and lead.phase
    }


def _rank(claim: Figure) -> tuple[date, int, int]:
    return (claim.as_of, EXACTNESS[DayPrecision(claim.as_of_precision)], -claim.source.published.toordinal())


def _alternatives(claims: list[Figure], ranked: dict[str, list[Figure]]) -> list[Alternative]:
    lead = claims[0]
    found: dict[Decimal, Alternative] = {}
    for total, offered in _reckonings(lead, ranked):
        implied = total.value - offered.value
        if implied != lead.value:
            saying = [claim for claim in claims if claim.value == implied]
            found[implied] = Alternative(implied, [*saying, total, offered], implied=not saying)
    for claim in claims[1:]:
        if claim.value != lead.value and claim.value not in found and _same_days(claim, lead):
            found[claim.value] = Alternative(
                claim.value, [c for c in claims if c.value == claim.value], implied=False
            )
    return list(found.values())


def _reckonings(lead: Figure, ranked: dict[str, list[Figure]]) -> list[tuple[Figure, Figure]]:
    """Pairs (in all, offered) of the same land that together say how many remain."""
    if lead.indicator != REMAINING:
        return []
    newest = [claims[0] for claims in ranked.values()]
    land = [claim for claim in newest if (claim.park_id, claim.phase_id) == (lead.park_id, lead.phase_id)]
    totals = [claim for claim in land if claim.indicator == TOTAL]
    offered = [claim for claim in land if claim.indicator == OFFERED]
    return [(total, offer) for total in totals for offer in offered]


def _same_days(one: Figure, other: Figure) -> bool:
    return _first_day(one) <= other.as_of and _first_day(other) <= one.as_of


def _first_day(claim: Figure) -> date:
    """The stored day is the last one that the claim may speak of; this is the first."""
    if claim.as_of_precision == DayPrecision.YEAR:
        return claim.as_of.replace(month=1, day=1)
    if claim.as_of_precision == DayPrecision.MONTH:
        return claim.as_of.replace(day=1)
    return claim.as_of
