"""Fetches all that the numbers of some parks are made of, as it was public at an instant. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from parks.models import Park, Phase, Plot, Release
from tenders.availability import Availability, with_availability
from tenders.models import Award, Figure, Lot, TenderRound
from tenders.statistics import RoundCounts, round_counts

UNCOUNTED = RoundCounts("", None, "", None, None, None, None, None, 0, 0)

# What the numbers of a figure's subject are fetched with.
RELATED = ("park", "phase__park", "release", "round", "source")


@dataclass(frozen=True)
class Land:
    """Named plots of one phase at one availability. Areas are sums over `measured` and `rated` of the `plots`."""

    plots: int
    area_m2: Decimal | None
    measured: int
    max_gfa_m2: Decimal | None
    rated: int


@dataclass(frozen=True)
class Facts:
    """Rows as they stood at `at`; a round comes with its stage, a release with what was `told` of it."""

    at: datetime
    parks: list[Park]
    phases: list[Phase]
    figures: list[Figure]
    releases: list[Any]
    rounds: list[Any]
    counts: dict[int, RoundCounts]
    lots: dict[int, list[Any]]  # by round, each with the number of plots `named`
    land: dict[tuple[int, str], Land]  # by phase and availability
    awarded: dict[int, int]  # by phase with a lot that names no plot: what its awarded lots come to

    @property
    def day(self) -> date:
        return localdate(self.at)

    def of(self, round: TenderRound) -> RoundCounts:
        """What is public of its proposals; nothing where they were not asked for."""
        return self.counts.get(round.pk, UNCOUNTED)


def facts(
    at: datetime,
    *,
    park: str | None = None,
    known_at: datetime | None = None,
    offers: bool = True,
    land: bool = True,
) -> Facts:
    """Fifteen queries; of one park and of none in particular where `park` names it.

    `known_at`: see tenders.statistics.round_counts. Without `offers` no proposal is counted: nine
    queries. Without `land` no named plot is: one query less, the dearest.
    """
    rounds = list(_rounds(at, park))
    return Facts(
        at=at,
        parks=list(_of(Park.objects.public(), park, "slug")),
        phases=list(_of(Phase.objects.public().select_related("park", "part_of"), park)),
        figures=list(_figures(at, park)),
        releases=list(_releases(at, park)),
        rounds=rounds,
        counts=round_counts(rounds, at, known_at=known_at) if offers else {},
        lots=_lots(rounds, localdate(at)),
        land=_land(at, park) if land else {},
        awarded=_awarded(at, park),
    )


def _of(rows: Any, park: str | None, path: str = "park__slug") -> Any:
    return rows.filter(**{path: park}) if park else rows


def _figures(at: datetime, park: str | None) -> QuerySet[Figure]:
    """Claims of the park; those of no park are everywhere."""
    claims = Figure.objects.public().as_of(localdate(at)).select_related(*RELATED).in_order()
    if park is None:
        return claims
    own = Q(park__slug=park) | Q(round__park__slug=park) | Q(release__park__slug=park)
    return claims.filter(own | Q(park=None, round=None, release=None))


def _releases(at: datetime, park: str | None) -> Iterable[Release]:
    told = Release.objects.public().as_of(localdate(at)).with_named(localdate(at))
    chosen: Iterable[Release] = _of(told.select_related("park", "phase__park").order_by("code"), park)
    return chosen


def _rounds(at: datetime, park: str | None) -> Iterable[TenderRound]:
    public = TenderRound.objects.public(at).with_stage(at)
    related = public.select_related("park", "phase__park", "source").order_by("published_at", "code")
    chosen: Iterable[TenderRound] = _of(related, park)
    return chosen


def _lots(rounds: list[TenderRound], day: date) -> dict[int, list[Any]]:
    lots: dict[int, list[Any]] = defaultdict(list)
    offered = Lot.objects.filter(round__in=rounds).offered_by(day).select_related("round", "source")
    for lot in offered.with_named(day):
        lots[lot.round_id].append(lot)
    return dict(lots)


def _land(at: datetime, park: str | None) -> dict[tuple[int, str], Land]:
    """Added up here: a database that groups by availability is asked for that long rule twice, at twice the cost."""
    plots = _of(with_availability(Plot.objects.public(), at), park).order_by()
    found: dict[tuple[int, str], list[tuple[Decimal | None, Decimal | None]]] = defaultdict(list)
    for phase, availability, area, floor in plots.values_list(
        "phase", "availability", "area_m2", "max_gfa_m2"
    ):
        found[phase, availability].append((area, floor))
    return {key: _added_up(sizes) for key, sizes in found.items()}


def _added_up(sizes: list[tuple[Decimal | None, Decimal | None]]) -> Land:
    areas = [area for area, _floor in sizes if area is not None]
    floors = [floor for _area, floor in sizes if floor is not None]
    return Land(
        len(sizes),
        sum(areas, Decimal()) if areas else None,
        len(areas),
        sum(floors, Decimal()) if floors else None,
        len(floors),
    )


def _awarded(at: datetime, park: str | None) -> dict[int, int]:
    standing = Award.objects.public(at).standing(localdate(at))
    lots = _of(Lot.objects.filter(award__in=standing), park, "round__park__slug").with_named(localdate(at))
    plots: dict[int, int] = defaultdict(int)
    unnamed = set()
    for lot in lots.filter(round__phase__isnull=False).annotate(phase_key=F("round__phase")):
        plots[lot.phase_key] += lot.named or lot.stated_plots or 0
        unnamed |= {lot.phase_key} if not lot.named and lot.stated_plots else set()
    return {phase: plots[phase] for phase in unnamed}


def plots_at(land: dict[tuple[int, str], Land], phase: int, *states: Availability) -> list[Land]:
    """The land of the phase at one of the `states`; at any where none is given."""
    wanted = {state.value for state in states or Availability}
    return [found for (key, state), found in land.items() if key == phase and state in wanted]


def phases_in(phase: Phase, known: Facts) -> list[Phase]:
    """The phase itself and those that are parts of it, each once, however deep."""
    inside, added = [phase], True
    while added:
        keys = {found.pk for found in inside}
        more = [other for other in known.phases if other.part_of_id in keys and other.pk not in keys]
        inside, added = [*inside, *more], bool(more)
    return inside
