"""Finds plots that were counted before anybody named them, so that a table of plots can say so."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from parks.models import Park, Phase, Plot, ReleaseRevision
from portal import selections
from portal.asof import Moment
from portal.exports.rows import ReleaseRow
from tenders.availability import AT_STAGE, PUTS_ON_THE_MARKET, Availability, ReleaseStatus
from tenders.ledger import ledger
from tenders.models import Lot, LotPlot, TenderRound
from tenders.statuses import Stage

# What can be said of a plot that nobody has named. Any other filter asks for more than is known.
KNOWN_OF_UNNAMED = {"park", "phase", "availability", "release", "round", "area_min", "area_max", "sort"}


@dataclass(frozen=True)
class Unnamed:
    """Plots of a release or a round that were counted before anybody named them."""

    park: Park
    phase: Phase | None
    count: int
    lots: list[str]
    availability: Availability
    url: str
    max_gfa_m2: Decimal | None = None
    revision: ReleaseRevision | None = None
    round: TenderRound | None = None
    release: str = ""
    rounds: frozenset[str] = frozenset()
    other: Decimal | None = None  # what another source says or implies of their number


def unnamed(moment: Moment) -> list[Unnamed]:
    """All public at `moment`. A release and its rounds speak of the same plots: they are one row."""
    told = selections.releases({}, moment)
    releases = told.rows_of(told.queryset.select_related("phase__part_of"))
    lots: dict[int, list[Lot]] = defaultdict(list)
    for lot in _lots_without_plots(moment):
        lots[lot.round_id].append(lot)
    disputed = ledger(moment.at, offers=False).disputed_releases()
    of_releases = [_of_release(row, lots, disputed) for row in releases]
    spoken_for = {round.pk for row in releases for round in row.rounds}
    of_itself = selections.rounds({}, moment).queryset.exclude(pk__in=spoken_for)
    has_lots = Exists(Lot.objects.filter(round=OuterRef("pk")))
    rounds = of_itself.annotate(has_lots=has_lots).select_related("phase__part_of")
    of_rounds = [_of_round(round, lots[round.pk]) for round in rounds]
    return [found for found in [*of_releases, *of_rounds] if found]


def _lots_without_plots(moment: Moment) -> QuerySet[Lot]:
    """Lots of public rounds of which no public plot is named."""
    named = LotPlot.objects.filter(lot=OuterRef("pk"), plot__in=Plot.objects.public())
    rounds = TenderRound.objects.public(moment.at)
    return Lot.objects.filter(~Exists(named), round__in=rounds).order_by("round", "code")


def _of_release(
    row: ReleaseRow, lots: Mapping[int, list[Lot]], disputed: Mapping[str, Decimal]
) -> Unnamed | None:
    release, revision = row.release, row.release.current
    count = (revision.plot_count or 0) - row.named
    if count <= 0 or release.status == ReleaseStatus.CANCELLED:  # type: ignore[attr-defined]  # with_status annotates it
        return None
    offered = [lot for round in row.rounds for lot in lots.get(round.pk, [])]
    return Unnamed(
        park=release.park,
        phase=release.phase,
        count=count,
        lots=[lot.title for lot in offered],
        availability=_availability(row.rounds),
        url=reverse("release", args=[release.code]),
        max_gfa_m2=_floor_area(offered),
        revision=revision,
        release=release.code,
        rounds=frozenset(round.code for round in row.rounds),
        other=disputed.get(release.code),
    )


def _of_round(round: TenderRound, lots: list[Lot]) -> Unnamed | None:
    """Of a round that belongs to no release."""
    has_lots, stage = round.has_lots, round.stage_now  # type: ignore[attr-defined]  # the query above annotates both
    count = sum(lot.stated_plots or 0 for lot in lots) if has_lots else round.plot_count or 0
    if not count or stage == Stage.CANCELLED:
        return None
    return Unnamed(
        park=round.park,
        phase=round.phase,
        count=count,
        lots=[lot.title for lot in lots],
        availability=_availability([round]),
        url=reverse("round", args=[round.code]),
        max_gfa_m2=_floor_area(lots),
        round=round,
        rounds=frozenset([round.code]),
    )


def _availability(rounds: Iterable[TenderRound]) -> Availability:
    """As of named plots, but an invitation to express interest puts nothing on offer: they stay announced."""
    market = [round for round in rounds if round.kind in PUTS_ON_THE_MARKET]
    if not market:
        return Availability.ANNOUNCED
    newest = max(market, key=lambda round: (round.published_at, round.pk))
    stage = newest.stage_now  # type: ignore[attr-defined]  # with_stage annotates it
    return (
        Availability.AWARDED if stage == Stage.AWARDED else AT_STAGE.get(Stage(stage), Availability.ANNOUNCED)
    )


def _floor_area(lots: list[Lot]) -> Decimal | None:
    areas = [lot.max_gfa_m2 for lot in lots]
    known = [area for area in areas if area is not None]
    return sum(known, Decimal()) if known and len(known) == len(areas) else None


def fitting(rows: Iterable[Unnamed], asked: Mapping[str, object]) -> list[Unnamed]:
    """Those that the filters keep; none at all where a filter asks what nobody knows of them."""
    given = {name: value for name, value in asked.items() if value not in (None, "")}
    if not set(given) <= KNOWN_OF_UNNAMED:
        return []
    return [row for row in rows if all(_fits(row, name, value) for name, value in given.items())]


def _fits(row: Unnamed, name: str, value: object) -> bool:
    phases = {row.phase.code, row.phase.part_of.code if row.phase.part_of else None} if row.phase else set()
    match name:
        case "park":
            return row.park.slug == value
        case "phase":
            return value in phases
        case "availability":
            return row.availability == value
        case "release":
            return row.release == value
        case "round":
            return value in row.rounds
    return True  # an unknown area may be any
