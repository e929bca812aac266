"""Finds plots that were counted before anybody named them, so that a table of plots can say so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from parks.models import Park, Phase, ReleaseRevision
from portal.asof import Moment
from tenders.availability import Availability
from tenders.balance import Counted, Group, Offers, all_groups, counted, gather_offers
from tenders.ledger import ledger
from tenders.models import TenderRound

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
    """All public at `moment` that was not called off: those of releases first. Eighteen queries."""
    offers = gather_offers(moment.at)
    disputed = ledger(moment.at, offers=False).disputed_releases()
    rows = [
        _row(group, piece, offers, disputed)
        for group in all_groups(offers.facts)
        for piece in counted(group, moment.at)
        if piece.state != Availability.WITHDRAWN
    ]
    return sorted(rows, key=_order)


def _order(row: Unnamed) -> tuple[bool, int, str, str, int]:
    code = row.release or (row.round.code if row.round else "")
    return (not row.release, row.park.order, row.park.slug, code, list(Availability).index(row.availability))


def _row(group: Group, piece: Counted, offers: Offers, disputed: Mapping[str, Decimal]) -> Unnamed:
    lots = [offers.lots[lot.pk] for lot in piece.lots]
    rounds = [offers.rounds[round.pk] for round in group.rounds]
    releases = [offers.releases[release.pk] for release in group.releases]
    release = next(
        (told for told in releases if not told.current.cancelled), releases[0] if releases else None
    )
    revision = release.current if release else None
    subject = release or rounds[-1]
    return Unnamed(
        park=subject.park,
        phase=subject.phase,
        count=piece.count,
        lots=[lot.title for lot in lots],
        availability=piece.state,
        url=reverse("release" if release else "round", args=[subject.code]),
        max_gfa_m2=None if piece.gfa_unknown else piece.gfa,
        revision=revision,
        round=None if release else rounds[-1],
        release=release.code if release else "",
        rounds=frozenset(round.code for round in rounds),
        other=disputed.get(release.code) if release else None,
    )


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
