"""The list of numbers: by park and phase, each once, with its claims; recorded ones of a family share a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parks.models import Park, Phase
from portal.asof import Moment
from portal.sheets.figures.claims import ClaimLine, claim_lines
from portal.sheets.figures.conflicts import conflict_sentence
from portal.words.evidence import basis_word, gap_words
from portal.words.indicators import indicator_name, quantity
from portal.words.numbers import proof_url
from portal.words.subjects import park_key, phase_key, short_name, subject_name
from tenders.ledger import Basis, Ledger, Standing
from tenders.ledger.indicators import AREA, AWARDED, GFA, OFFERED, PROPOSALS, REMAINING, TOTAL
from tenders.subjects import Kind, Subject

STATES = ("", "_offered", "_remaining", "_awarded")
# Numbers of one subject that are told in one row where nobody claims any of them.
FAMILIES = {
    "plots": (TOTAL, OFFERED, REMAINING, AWARDED),
    AREA: tuple(AREA + state for state in STATES),
    GFA: tuple(GFA + state for state in STATES),
}


@dataclass(frozen=True)
class Number:
    """One number: its value in words, the basis, its claims newest first, sentences on what stands against it."""

    id: str
    url: str
    name: str
    subject: str
    value: str
    basis: str
    gap: str
    is_claimed: bool
    claims: list[ClaimLine]
    conflicts: list[str]
    state: str = ""  # within a family: "offered"

    @property
    def lead(self) -> ClaimLine | None:
        """The claim whose words are the value; None where the records lead or nothing is public."""
        return self.claims[0] if self.is_claimed else None

    @property
    def others(self) -> list[ClaimLine]:
        return self.claims[1:] if self.is_claimed else self.claims


@dataclass(frozen=True)
class Row:
    """One number, or several of a family under one name."""

    name: str
    subject: str
    numbers: list[Number]

    @property
    def is_family(self) -> bool:
        return len(self.numbers) > 1


@dataclass
class PhaseGroup:
    """The numbers of one phase, or of the park as a whole (`phase` None)."""

    phase: Phase | None
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class FigureGroup:
    """The numbers of one park, or those of no park in particular (`park` None), by phase."""

    park: Park | None
    phases: list[PhaseGroup]

    @property
    def numbers(self) -> list[Number]:
        return [number for phase in self.phases for row in phase.rows for number in row.numbers]


def groups(found: Sequence[Standing], book: Ledger, moment: Moment) -> list[FigureGroup]:
    """By park in their order, what is of no park last; in a park by phase, the park as a whole first."""
    parks: list[Park | None] = [*book.known.parks, None]
    return [
        FigureGroup(park, _phases(own, book, moment))
        for park in parks
        if (own := [one for one in found if park_key(one.subject) == (park.pk if park else None)])
    ]


def _phases(found: Sequence[Standing], book: Ledger, moment: Moment) -> list[PhaseGroup]:
    phases: list[Phase | None] = [None, *book.known.phases]
    return [
        PhaseGroup(phase, _rows(own, moment))
        for phase in phases
        if (own := [one for one in found if phase_key(one.subject) == (phase.pk if phase else None)])
    ]


def _rows(found: Sequence[Standing], moment: Moment) -> list[Row]:
    """Of the land first, then of its releases, rounds and lots; each subject's numbers together."""
    rows = []
    for subject in _subjects(found):
        own = {standing.indicator: standing for standing in found if standing.subject == subject}
        if subject.kind is not Kind.LOT:
            rows += _rows_of(own, moment)
            rows += _by_lot(subject, found, moment)
    return rows


def _subjects(found: Iterable[Standing]) -> list[Subject]:
    kinds = list(Kind)
    subjects = dict.fromkeys(standing.subject for standing in found)
    return sorted(subjects, key=lambda subject: kinds.index(subject.kind))


def _rows_of(own: dict[str, Standing], moment: Moment) -> list[Row]:
    rows: list[Row] = []
    told: set[str] = set()
    for indicator, standing in own.items():
        if indicator in told:
            continue
        family = _family(indicator, own)
        told |= {one.indicator for one in family} or {indicator}
        numbers = [number(one, moment) for one in family or [standing]]
        name = _family_name(indicator) if family else numbers[0].name
        rows.append(Row(name, numbers[0].subject, numbers))
    return rows


def _family(indicator: str, own: dict[str, Standing]) -> list[Standing]:
    """The numbers that share a row with it: two or more of which nobody claims anything."""
    for members in FAMILIES.values():
        if indicator in members:
            alone = [own[name] for name in members if name in own and not own[name].claims]
            return alone if own[indicator] in alone and len(alone) > 1 else []
    return []


def _family_name(indicator: str) -> str:
    if indicator.startswith(AREA):
        return indicator_name(AREA)
    return indicator_name(GFA) if indicator.startswith(GFA) else _("Plots")


def _by_lot(subject: Subject, found: Iterable[Standing], moment: Moment) -> list[Row]:
    """Proposals of each lot of a round in one row."""
    lots = [
        one
        for one in found
        if subject.kind is Kind.ROUND
        and one.subject.kind is Kind.LOT
        and one.subject.row.round_id == subject.pk
    ]
    if not lots:
        return []
    return [
        Row(_("Proposals received, by lot"), subject_name(subject), [number(lot, moment) for lot in lots])
    ]


def number(standing: Standing, moment: Moment) -> Number:
    is_claimed = standing.basis in {Basis.REPORTED, Basis.STATED}
    value = quantity(standing.value, standing.unit) if standing.value is not None else ""
    record = standing.record
    return Number(
        id=standing.figure_id,
        url=proof_url(standing.figure_id, moment),
        name=indicator_name(standing.indicator),
        subject=_subject(standing.subject),
        value=value,
        basis=basis_word(standing.basis),
        gap=gap_words(record, standing.indicator) if record and standing.basis is Basis.PARTIAL else "",
        is_claimed=is_claimed,
        claims=claim_lines(standing, moment),
        conflicts=[conflict_sentence(conflict, standing.unit) for conflict in standing.conflicts],
        state=_state(standing),
    )


def _subject(subject: Subject) -> str:
    """The round or release by name; a park or a phase heads its rows."""
    return subject_name(subject) if subject.kind in {Kind.RELEASE, Kind.ROUND, Kind.LOT} else ""


def _state(standing: Standing) -> str:
    """What tells a number from the others of its row."""
    if standing.subject.kind is Kind.LOT and standing.indicator == PROPOSALS:
        return short_name(standing.subject)
    words = {
        "total": pgettext("of plots or land", "in all"),
        "offered": pgettext("of plots or land", "offered"),
        "remaining": pgettext("of plots or land", "remaining"),
        "awarded": pgettext("of plots or land", "awarded"),
    }
    return words.get(standing.indicator.rpartition("_")[2], words["total"])
