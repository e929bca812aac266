"""Shapes what pages say of parks: phases with their numbers, the programme, the figures, the sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parks.models import Milestone, Park, Phase, Release, ReleaseRevision, Source
from portal.asof import Moment
from portal.exports.rows import RoundRow
from portal.sheets.overview import Overview, PhaseRow, phase_rows
from portal.sheets.plot import newest_first
from portal.words.indicators import claim_words, indicator_name
from portal.words.numbers import Number, proof_url
from portal.words.slippage import Slip, slip
from tenders.ledger import Ledger, Standing
from tenders.models import Figure
from tenders.subjects import Kind


@dataclass(frozen=True)
class ParkLine:
    """A park in the list. A number is None where none is known, or several phases have one each."""

    park: Park
    phases: int
    plots: int
    to_come: Number | None
    offered: Number | None
    next: ReleaseRevision | None
    is_in_parts: bool  # more than one phase has numbers: the park's own page has them


@dataclass(frozen=True)
class PhaseLine:
    """A phase in its tree; `depth` is 0 for one that is part of no other."""

    row: PhaseRow
    depth: int
    plots: int

    @property
    def phase(self) -> Phase:
        return self.row.phase


@dataclass(frozen=True)
class ProgrammeLine:
    """A release or a milestone with its announcements, in the order of what may come first."""

    subject: Release | Milestone
    is_release: bool
    slip: Slip
    other: int | None = None  # what stands against its number of plots


@dataclass(frozen=True)
class FigureLine:
    """A reported number, where it is proved, and the values that stand against it."""

    name: str
    about: str
    words: str
    url: str
    claim: Figure
    others: list[Decimal]


def park_lines(parks: Iterable[Park], facts: Overview, plots: dict[int, int]) -> list[ParkLine]:
    """`plots`: how many public plots each phase has, by its key."""
    known = {park.pk: rows for park, rows in phase_rows(facts)}
    return [_park_line(park, known.get(park.pk, []), facts, plots) for park in parks]


def _park_line(park: Park, rows: list[PhaseRow], facts: Overview, plots: dict[int, int]) -> ParkLine:
    own = [phase.pk for phase in facts.phases if phase.park_id == park.pk]
    to_come = [row.to_come for row in rows if row.to_come]
    offered = [row.offered for row in rows if row.offered]
    coming = [row.next for row in rows if row.next]
    return ParkLine(
        park=park,
        phases=len(own),
        plots=sum(plots.get(phase, 0) for phase in own),
        to_come=to_come[0] if len(to_come) == 1 else None,
        offered=offered[0] if len(offered) == 1 else None,
        next=coming[0] if coming else None,
        is_in_parts=max(len(to_come), len(offered)) > 1,
    )


def phase_lines(park: Park, facts: Overview, plots: dict[int, int]) -> list[PhaseLine]:
    """Every public phase of the park, each part under its whole."""
    known = {row.phase.pk: row for found, rows in phase_rows(facts) if found.pk == park.pk for row in rows}
    own = [phase for phase in facts.phases if phase.park_id == park.pk]
    return [
        PhaseLine(known.get(phase.pk) or PhaseRow(phase), depth, plots.get(phase.pk, 0))
        for phase, depth in _tree(own, None, 0)
    ]


def _tree(phases: list[Phase], whole: int | None, depth: int) -> list[tuple[Phase, int]]:
    shown = {phase.pk for phase in phases}
    lines = []
    for phase in phases:
        # A part whose whole is no phase of this list stands by itself.
        above = phase.part_of_id if phase.part_of_id in shown else None
        if above == whole:
            lines += [(phase, depth), *_tree(phases, phase.pk, depth + 1)]
    return lines


def programme(park: Park, moment: Moment, disputed: dict[str, int]) -> list[ProgrammeLine]:
    """Releases and milestones announced by that day. Four queries."""
    releases = Release.objects.public().as_of(moment.day).in_park(park.slug)
    milestones = Milestone.objects.public().as_of(moment.day).in_park(park.slug)
    lines = [
        *(ProgrammeLine(row, True, slip(row.told), disputed.get(row.code)) for row in releases),
        *(ProgrammeLine(row, False, slip(row.told)) for row in milestones),
    ]
    return sorted(lines, key=_when)


def _when(line: ProgrammeLine) -> tuple[date, date, str]:
    current = line.subject.current
    earliest = current.window_earliest or current.window_latest or date.max
    return (earliest, current.window_latest or date.max, line.subject.code)


def reported(book: Ledger) -> list[Standing]:
    """Numbers of the park of the book, and of what is in it, that a source reports."""
    own = [standing for standing in book if standing.subject.kind is not Kind.NOWHERE]
    return [standing for standing in own if _leading_figure(standing) is not None]


def figure_lines(park: Park, numbers: Iterable[Standing], moment: Moment) -> list[FigureLine]:
    """Each by its leading claim, and what stands against it."""
    return [
        FigureLine(
            name=indicator_name(number.indicator),
            about=_about(park, claim),
            words=claim_words(claim),
            url=proof_url(number.figure_id, moment),
            claim=claim,
            others=[conflict.value for conflict in number.conflicts],
        )
        for number in numbers
        if (claim := _leading_figure(number)) is not None
    ]


def _leading_figure(number: Standing) -> Figure | None:
    return next((claim for claim in number.claims if isinstance(claim, Figure)), None)


def _about(park: Park, claim: Figure) -> str:
    """The part of the park that the number speaks of; the park itself where it names none."""
    if claim.round:
        return claim.round.code
    if claim.release:
        return claim.release.title
    return claim.phase.name if claim.phase else park.name


def park_sources(
    park: Park, lines: Iterable[ProgrammeLine], rounds: Iterable[RoundRow], numbers: Iterable[Standing]
) -> list[Source]:
    """Every source that says something on the park's page, once, the newest first."""
    said = [revision.source for line in lines for revision in line.subject.told]
    claimed = [claim.source for number in numbers for claim in number.claims if claim.source]
    named = [source for source in [park.source, *(row.round.source for row in rounds)] if source]
    return newest_first([*named, *said, *claimed])
