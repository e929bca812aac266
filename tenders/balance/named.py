"""Where a named plot stands at an instant: what tenders.availability says in SQL, of facts already gathered."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.timezone import localdate

from tenders.availability import AT_STAGE, Availability
from tenders.balance.facts import Facts, Link, LotFacts, PlotFacts, ReleaseFacts, RoundFacts
from tenders.balance.tally import Tally
from tenders.statuses import Stage


@dataclass
class Ties:
    """What speaks of one plot: releases that name it, and rounds with the lot that it is in."""

    releases: list[tuple[ReleaseFacts, Link]] = field(default_factory=list)
    offers: list[tuple[RoundFacts, LotFacts, Link]] = field(default_factory=list)


def ties(facts: Facts) -> dict[int, Ties]:
    """By plot."""
    found: dict[int, Ties] = defaultdict(Ties)
    for release in facts.releases.values():
        for link in release.links:
            found[link.plot].releases.append((release, link))
    for round in facts.rounds.values():
        for lot in round.lots:
            for link in lot.links:
                found[link.plot].offers.append((round, lot, link))
    return found


def availability(tied: Ties, at: datetime) -> Availability:
    """The same rule as tenders.availability.with_availability; one test holds the two together."""
    day = localdate(at)
    offers = [
        (round, lot) for round, lot, link in tied.offers if round.published_at <= at and link.since <= day
    ]
    if any(lot.is_awarded(at) for _round, lot in offers):
        return Availability.AWARDED
    newest = max((round for round, _lot in offers), key=lambda round: round.age, default=None)
    there = newest.stage(at) if newest else None
    if there in AT_STAGE:
        return AT_STAGE[there]
    told = [release.told(day) for release, link in tied.releases if link.since <= day]
    known = [said for said in told if said]
    if any(not said.off for said in known):
        return Availability.ANNOUNCED
    return Availability.WITHDRAWN if known or there == Stage.CANCELLED else Availability.PLANNED


def one_plot(plot: PlotFacts) -> Tally:
    """One named plot."""
    area, gfa = plot.area_m2, plot.max_gfa_m2
    return Tally(
        named=1,
        area=area or Tally.area,
        area_unknown=int(area is None),
        gfa=gfa or Tally.gfa,
        gfa_unknown=int(gfa is None),
    )
