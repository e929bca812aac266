"""What the rows come to, number by number: of rounds, of their lots, of phases and of parks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parks.models import Phase
from tenders.availability import Availability
from tenders.claims import rank
from tenders.ledger.facts import Facts, Land, phases_in, plots_at
from tenders.ledger.indicators import (
    ANNOUNCED,
    AREA,
    AWARDED,
    GFA,
    LOTS,
    LOTS_AWARDED,
    OFFERED,
    PER_PLOT,
    PLOTS,
    PROPONENTS,
    PROPOSALS,
    REMAINING,
    TOTAL,
    UNITS,
)
from tenders.ledger.shapes import Completeness, Key, Part, Record
from tenders.ledger.statements import stated_plots
from tenders.models import TenderRound
from tenders.statistics import RECORDED, RoundCounts
from tenders.statuses import Stage
from tenders.subjects import Kind, Subject, of_figure, of_lot, of_park, of_phase, of_release, of_round

OFFERED_AT = (Availability.ON_OFFER, Availability.EVALUATING, Availability.AWARDED)
REMAINING_AT = (Availability.PLANNED, Availability.ANNOUNCED)
STATES: dict[str, tuple[Availability, ...]] = {
    "": tuple(Availability),  # what was withdrawn is land all the same
    "_offered": OFFERED_AT,
    "_remaining": REMAINING_AT,
    "_awarded": (Availability.AWARDED,),
}
PLOTS_AT = {TOTAL: "", OFFERED: "_offered", REMAINING: "_remaining", AWARDED: "_awarded"}


@dataclass(frozen=True)
class _Land:
    """A phase with its parts, or a park: whose rows count, each once."""

    subject: Subject
    phases: list[Phase]

    def has(self, row: Any) -> bool:
        """Whether a release or a round is of it; of a park, also one that names no phase."""
        if self.subject.kind is Kind.PARK:
            return bool(row.park_id == self.subject.pk)
        return row.phase_id in {phase.pk for phase in self.phases}


def records(known: Facts) -> dict[Key, Record]:
    """Every number of which rows are public."""
    found: dict[Key, Record] = {}
    for round in known.rounds:
        found.update(_of_round(round, known))
    for release in known.releases:
        if release.named:
            found[of_release(release), ANNOUNCED] = _named_by(release, known)
    for land in _lands(known):
        found.update(_of_land(land, known))
        found.update(_of_offers(land, known))
    return found


def _lands(known: Facts) -> Iterator[_Land]:
    for phase in known.phases:
        yield _Land(of_phase(phase), phases_in(phase, known))
    for park in known.parks:
        yield _Land(of_park(park), [phase for phase in known.phases if phase.park_id == park.pk])


# --- rounds -------------------------------------------------------------------------------------------------


def _of_round(round: TenderRound, known: Facts) -> Iterator[tuple[Key, Record]]:
    subject, counts = of_round(round), known.of(round)
    lots = known.lots.get(round.pk, [])
    if lots:
        yield (subject, LOTS), Record(
            Decimal(len(lots)), UNITS[LOTS], Completeness.NAMED, known.day,
            parts=tuple(Part(of_lot(lot), Decimal(1)) for lot in lots),
        )  # fmt: skip
    if any(lot.named for lot in lots):
        yield (subject, OFFERED), _named_in(round, known)
    if counts.awards:
        yield (
            (subject, LOTS_AWARDED),
            Record(Decimal(counts.awards), UNITS[LOTS_AWARDED], Completeness.NAMED, known.day),
        )
    if counts.basis == RECORDED or counts.recorded:
        yield from _came_in(round, counts, known)


def _named_in(round: TenderRound, known: Facts) -> Record:
    lots = known.lots[round.pk]
    named = sum(lot.named for lot in lots)
    missing = (stated_plots(round, known) or named) - named
    return Record(
        Decimal(named),
        PLOTS,
        Completeness.UNNAMED if missing > 0 else Completeness.NAMED,
        known.day,
        parts=tuple(Part(of_lot(lot), Decimal(lot.named) if lot.named else None) for lot in lots),
        missing=Decimal(missing) if missing > 0 else None,
        missing_unit=PLOTS,
    )


def _came_in(round: TenderRound, counts: RoundCounts, known: Facts) -> Iterator[tuple[Key, Record]]:
    """Proposals, who handed them in, how many ask for each lot, and their mean over plots."""
    complete = counts.basis == RECORDED
    number = counts.proposals if complete else counts.recorded
    why = _register(counts) if complete else Completeness.UNOPENED
    day = counts.as_of if complete and counts.as_of else known.day
    lots = {lot.pk: lot for lot in known.lots.get(round.pk, [])}
    per_lot = counts.per_lot or {}
    parts = tuple(Part(of_lot(lots[key]), Decimal(asked)) for key, asked in per_lot.items() if key in lots)
    yield (
        (of_round(round), PROPOSALS),
        Record(Decimal(number or 0), UNITS[PROPOSALS], why, day, parts=parts, overlapping=len(parts) > 1),
    )
    if counts.proponents is not None:
        yield (of_round(round), PROPONENTS), Record(Decimal(counts.proponents), UNITS[PROPONENTS], why, day)
    for part in parts:
        yield (part.subject, PROPOSALS), Record(part.value or Decimal(), UNITS[PROPOSALS], why, day)
    if counts.per_plot is not None:
        yield (of_round(round), PER_PLOT), Record(counts.per_plot, UNITS[PER_PLOT], why, day, parts=parts)


def _register(counts: RoundCounts) -> Completeness:
    return Completeness.OPENED if counts.opened else Completeness.REACHED


# --- releases -----------------------------------------------------------------------------------------------


def _named_by(release: Any, known: Facts) -> Record:
    missing = (release.current.plot_count or 0) - release.named
    return Record(
        Decimal(release.named),
        PLOTS,
        Completeness.UNNAMED if missing > 0 else Completeness.NAMED,
        known.day,
        missing=Decimal(missing) if missing > 0 else None,
        missing_unit=PLOTS,
    )


# --- land ---------------------------------------------------------------------------------------------------


def _of_land(land: _Land, known: Facts) -> Iterator[tuple[Key, Record]]:
    """Plots, area and floor area, in all and by state; nothing where no plot is named."""
    named = sum(found.plots for phase in land.phases for found in plots_at(known.land, phase.pk))
    if not named:
        return
    unnamed = max(_unnamed(land, known), _claimed(land, known) - named)
    for indicator, state in PLOTS_AT.items():
        yield (
            (land.subject, indicator),
            _summed(
                land, STATES[state], known, lambda found: (Decimal(found.plots), found.plots), PLOTS, unnamed
            ),
        )
    for state, states in STATES.items():
        yield (
            (land.subject, AREA + state),
            _summed(land, states, known, lambda found: (found.area_m2, found.measured), UNITS[AREA], unnamed),
        )
        yield (
            (land.subject, GFA + state),
            _summed(land, states, known, lambda found: (found.max_gfa_m2, found.rated), UNITS[GFA], unnamed),
        )


def _summed(
    land: _Land, states: Iterable[Availability], known: Facts,
    measure: Callable[[Land], tuple[Decimal | None, int]], unit: str, unnamed: int,
) -> Record:  # fmt: skip
    parts, unmeasured = [], 0
    for phase in land.phases:
        for state in states:
            for found in plots_at(known.land, phase.pk, state):
                value, number = measure(found)
                parts.append(Part(of_phase(phase), value, state.value))
                unmeasured += found.plots - number
    missing = unnamed + unmeasured
    why = Completeness.UNNAMED if unnamed else Completeness.UNMEASURED
    return Record(
        sum((part.value for part in parts if part.value is not None), Decimal()),
        unit,
        why if missing else Completeness.NAMED,
        known.day,
        parts=tuple(parts),
        missing=Decimal(missing) if missing else None,
        missing_unit=PLOTS,
    )


def _unnamed(land: _Land, known: Facts) -> int:
    """Plots of the land that were counted and not named: each release once, and rounds of no release."""
    announced: int = sum(
        max((release.current.plot_count or 0) - release.named, 0)
        for release in known.releases
        if land.has(release) and not release.current.cancelled
    )
    shown = {release.pk for release in known.releases}
    offered = 0
    for round in known.rounds:
        alone = round.release_id not in shown and round.reoffer_of_id is None
        if land.has(round) and alone and round.stage_now != Stage.CANCELLED:
            named = sum(lot.named for lot in known.lots.get(round.pk, []))
            offered += max((stated_plots(round, known) or 0) - named, 0)
    return announced + offered


def _claimed(land: _Land, known: Facts) -> int:
    """How many plots there are in all by the newest claim about just this land; 0 where nobody says."""
    said = [
        figure for figure in known.figures if figure.indicator == TOTAL and of_figure(figure) == land.subject
    ]
    return int(max(said, key=rank).value) if said else 0


def _of_offers(land: _Land, known: Facts) -> Iterator[tuple[Key, Record]]:
    """Proposals of all rounds of the land: each belongs to one round, so that none counts twice.

    Where rounds of two kinds were counted there is no sum: 27 expressions of interest and 3 bids are not 30.
    """
    rounds = [round for round in known.rounds if land.has(round) and _can_have_come_in(round, known)]
    kinds = {round.kind for round in rounds if _recorded(known.of(round)) is not None}
    if len(kinds) != 1:
        return
    came = tuple(Part(of_round(round), _recorded(known.of(round))) for round in rounds if round.kind in kinds)
    told = [part.value for part in came if part.value is not None]
    missing = len(came) - len(told)
    yield (
        (land.subject, PROPOSALS),
        Record(
            sum(told, Decimal()),
            UNITS[PROPOSALS],
            Completeness.SOME_PARTS if missing else Completeness.EVERY_PART,
            known.day,
            parts=came,
            missing=Decimal(missing) if missing else None,
            missing_unit="rounds" if missing else "",
        ),
    )


def _can_have_come_in(round: TenderRound, known: Facts) -> bool:
    """A round that was called off counts only as far as it was counted: nobody waits for the rest."""
    stage: str = round.stage_now  # type: ignore[attr-defined]  # with_stage annotates it
    return stage != Stage.UPCOMING and (stage != Stage.CANCELLED or _recorded(known.of(round)) is not None)


def _recorded(counts: RoundCounts) -> Decimal | None:
    return Decimal(counts.proposals or 0) if counts.basis == RECORDED else None
