"""Finds the dated facts of the balance: all that was public by an instant, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate

from parks.models import Park, Phase, Plot, Release, ReleasePlot
from tenders.balance.facts import (
    Announcement,
    Dated,
    Facts,
    Link,
    LotFacts,
    PlotFacts,
    ReleaseFacts,
    RoundFacts,
)
from tenders.ledger.indicators import AREA, GFA, TOTAL
from tenders.models import Amendment, Award, Figure, Lot, LotPlot, RoundEvent, TenderRound
from tenders.statuses import Decision, RoundKind


@dataclass(frozen=True)
class Offers:
    """Releases and rounds: as facts, and as rows, for those who must say their names."""

    facts: Facts
    releases: dict[int, Release]  # each with its announcements as `told`
    rounds: dict[int, Any]  # TenderRounds from with_stage
    lots: dict[int, Lot]


@dataclass(frozen=True)
class Gathered(Offers):
    """The land besides, and what sources say of it as a whole."""

    parks: list[Park]
    phases: list[Phase]
    claims: list[Figure]


def gather(at: datetime) -> Gathered:
    """All of it. Thirteen queries, however many rows there are."""
    offers = gather_offers(at)
    plots = Plot.objects.public().only("pk", "park_id", "phase_id", "area_m2", "max_gfa_m2")
    land = {
        plot.pk: PlotFacts(plot.pk, (plot.park_id, plot.phase_id), plot.area_m2, plot.max_gfa_m2)
        for plot in plots.order_by("pk")
    }
    return Gathered(
        facts=Facts(at, land, offers.facts.releases, offers.facts.rounds),
        releases=offers.releases,
        rounds=offers.rounds,
        lots=offers.lots,
        parks=list(Park.objects.public()),
        phases=list(Phase.objects.public().select_related("park", "part_of")),
        claims=list(_claims(localdate(at))),
    )


def gather_offers(at: datetime) -> Offers:
    """Releases and rounds alone. Nine queries."""
    releases = _releases(localdate(at))
    rounds: dict[int, Any] = {
        round.pk: round
        for round in TenderRound.objects.public(at)
        .with_stage(at)
        .select_related("park", "phase__part_of")
        .order_by("pk")
    }
    lots = {
        lot.pk: lot
        for lot in Lot.objects.offered_by(localdate(at))
        .filter(round__in=TenderRound.objects.public(at))
        .order_by("code")
    }
    facts = Facts(at, {}, _release_facts(releases.values(), localdate(at)), _round_facts(rounds, lots, at))
    return Offers(facts, releases, rounds, lots)


def _claims(day: date) -> Iterable[Figure]:
    """What sources say of land as a whole, not of a release or a round of it."""
    claims = Figure.objects.public().as_of(day).filter(indicator__in=[TOTAL, AREA, GFA])
    of_land = claims.filter(release=None, round=None, park__isnull=False)
    return of_land.select_related("park", "phase", "release", "round", "source")


# --- releases ------------------------------------------------------------------------------------------------


def _releases(day: date) -> dict[int, Release]:
    announced = Release.objects.public().as_of(day).select_related("park", "phase__part_of")
    return {release.pk: release for release in announced.order_by("pk")}


def _release_facts(releases: Iterable[Release], day: date) -> dict[int, ReleaseFacts]:
    named: dict[int, list[Link]] = defaultdict(list)
    links = ReleasePlot.objects.named_by(day).filter(
        release__in=Release.objects.public(), plot__in=Plot.objects.public()
    )
    for link in links.order_by("pk"):
        named[link.release_id].append(Link(link.plot_id, link.named_on or date.min))
    return {
        release.pk: ReleaseFacts(
            release.pk,
            (release.park_id, release.phase_id),
            tuple(
                Announcement(told.announced_on, told.announced_precision, told.plot_count, told.cancelled)
                for told in release.told
            ),
            tuple(named[release.pk]),
        )
        for release in releases
    }


# --- rounds --------------------------------------------------------------------------------------------------


def _round_facts(rounds: dict[int, Any], lots: dict[int, Lot], at: datetime) -> dict[int, RoundFacts]:
    public = TenderRound.objects.public(at)
    decided: dict[int, list[tuple[datetime, Decision]]] = defaultdict(list)
    for event in RoundEvent.objects.filter(round__in=public, at__lte=at).order_by("at", "pk"):
        decided[event.round_id].append((event.at, Decision(event.decision)))
    amended: dict[int, list[Amendment]] = defaultdict(list)
    moved = Q(opens_at_after__isnull=False) | Q(closes_at_after__isnull=False)
    # Later ones too: they say what stood before them.
    for amendment in Amendment.objects.filter(moved, round__in=public).order_by("published_at", "number"):
        amended[amendment.round_id].append(amendment)
    own = _lot_facts(lots, at)
    return {
        pk: RoundFacts(
            pk=pk,
            place=(round.park_id, round.phase_id),
            kind=RoundKind(round.kind),
            published_at=round.published_at,
            release=round.release_id,
            reoffer_of=round.reoffer_of_id,
            plot_count=round.plot_count,
            opens=_dated(round.opens_at, amended[pk], "opens_at"),
            closes=_dated(round.closes_at, amended[pk], "closes_at"),
            decisions=tuple(decided[pk]),
            amended=tuple(amendment.published_at for amendment in amended[pk]),
            lots=tuple(own[pk]),
        )
        for pk, round in rounds.items()
    }


def _dated(now: datetime | None, amendments: Iterable[Amendment], field: str) -> Dated:
    moved = [each for each in amendments if getattr(each, f"{field}_after") is not None]
    return Dated(now, tuple((each.published_at, getattr(each, f"{field}_before")) for each in moved))


def _lot_facts(lots: dict[int, Lot], at: datetime) -> dict[int, list[LotFacts]]:
    """By round, in order of their codes."""
    named: dict[int, list[Link]] = defaultdict(list)
    links = LotPlot.objects.named_by(localdate(at)).filter(
        lot__round__in=TenderRound.objects.public(at), plot__in=Plot.objects.public()
    )
    for link in links.select_related("lot").order_by("pk"):
        named[link.lot_id].append(
            Link(link.plot_id, max(link.named_on or date.min, link.lot.added_on or date.min))
        )
    awards = {award.lot_id: award for award in Award.objects.public(at)}
    found: dict[int, list[LotFacts]] = defaultdict(list)
    for lot in lots.values():
        award = awards.get(lot.pk)
        found[lot.round_id].append(
            LotFacts(
                pk=lot.pk,
                stated=lot.stated_plots,
                max_gfa_m2=lot.max_gfa_m2,
                links=tuple(named[lot.pk]),
                awarded_at=award.decided_at if award else None,
                lapsed_on=award.lapsed_on if award else None,
                since=lot.added_on or date.min,
            )
        )
    return found
