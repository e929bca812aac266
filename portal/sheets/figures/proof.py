"""The proof of one number: what it is, who says so, what is recorded, what stands against it, how it went."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from parks.models import DayPrecision, Park, Phase
from parks.windows import speak_day
from portal.asof import Moment
from portal.drawing.steps import Chart
from portal.sheets.figures.claims import ClaimLine, bearing_lines, claim_lines
from portal.sheets.figures.conflicts import Contradiction, conflict_line, contradictions
from portal.sheets.figures.evidence import Evidence, evidence
from portal.sheets.figures.history import StepLine, chart, drawing_words, left_out_words, step_lines
from portal.words.evidence import basis_sentence, gap_words
from portal.words.indicators import COUNTED, claim_words, digits, indicator_name, quantity
from portal.words.speech import day_and_time, language, sentences
from portal.words.subjects import kind_name, park_key, phase_key, subject_name, subject_url
from tenders.ledger import Basis, Course, Ledger, Standing, Statement
from tenders.subjects import Kind, Subject

LONG = 5  # letters of a number from which it is set smaller


@dataclass(frozen=True)
class Sibling:
    """Another number of the same name."""

    name: str
    url: str


@dataclass(frozen=True)
class Proof:
    standing: Standing
    name: str
    subject: str
    subject_url: str
    park: Park | None
    phase: Phase | None
    giant: str
    says: str
    against: list[str]
    basis: str
    conflicts: list[Contradiction]
    claims: list[ClaimLine]
    evidence: Evidence
    steps: list[StepLine]
    chart: Chart | None
    left_out: str
    siblings: list[Sibling]
    of: str  # what `of=` calls it, where another has the same name
    caption: str  # of the drawing

    @property
    def has_own_page(self) -> bool:
        """Whether it is of a release, a round or a lot, which stand in the trail after park and phase."""
        return self.standing.subject.kind in {Kind.RELEASE, Kind.ROUND, Kind.LOT}

    @property
    def is_long(self) -> bool:
        return len(self.giant) >= LONG

    @property
    def is_known(self) -> bool:
        return self.standing.value is not None

    @property
    def title(self) -> str:
        words = {"value": self.giant, "name": self.name}
        return _("%(name)s: %(value)s") % words


def proof(
    standing: Standing, found: Sequence[Standing], book: Ledger, course: Course, moment: Moment
) -> Proof:
    """`found`: all numbers of the name, `standing` among them."""
    own, bearing = claim_lines(standing, moment), bearing_lines(standing, moment)
    claims = sorted([*own, *bearing], key=lambda line: line.claim.as_of, reverse=True)
    park = park_of(standing.subject, book)
    is_said = standing.value is not None
    return Proof(
        standing=standing,
        name=indicator_name(standing.indicator),
        subject=subject_name(standing.subject),
        subject_url=subject_url(standing.subject, park, moment),
        park=park,
        phase=_phase_of(standing.subject, book),
        giant=_giant(standing),
        says=_says(standing, book),
        against=[conflict_line(conflict, standing.unit) for conflict in standing.conflicts]
        if is_said
        else [],
        basis=basis_sentence(standing.basis),
        conflicts=contradictions(standing, book, moment) if is_said else [],
        claims=claims,
        evidence=evidence(standing, book, moment),
        steps=step_lines(course),
        chart=chart(course, standing, moment.day),
        left_out=left_out_words(course),
        siblings=_siblings(standing, found, moment),
        of=names_of(found)[found.index(standing)] if len(found) > 1 else "",
        caption=drawing_words(course, standing),
    )


def park_of(subject: Subject, book: Ledger) -> Park | None:
    """The park that it is of, if that is public."""
    key = park_key(subject)
    return next((park for park in book.known.parks if park.pk == key), None)


def _phase_of(subject: Subject, book: Ledger) -> Phase | None:
    key = phase_key(subject)
    return next((phase for phase in book.known.phases if phase.pk == key), None)


def _giant(standing: Standing) -> str:
    """The number as large as it goes: digits alone where its name says of what."""
    if standing.value is None and standing.basis is Basis.SEALED:
        return _("sealed")
    if standing.value is None:
        return "–" if standing.other is None else digits(standing.other)
    if standing.unit in COUNTED:
        return digits(standing.value)
    return quantity(standing.value, standing.unit)


# --- what stands beside the number --------------------------------------------------------------------------


def _says(standing: Standing, book: Ledger) -> str:
    """ "as reported for December 2025."."""
    match standing.basis:
        case Basis.REPORTED | Basis.STATED:
            return _claimed(standing)
        case Basis.SEALED:
            return _sealed(standing, book)
        case Basis.NOTHING if standing.conflicts:
            return _("implied by what else was said; nobody has said it in so many words.")
        case Basis.NOTHING:
            return _("nobody has said it by this day.")
    record = standing.record
    day = speak_day(record.as_of if record else book.known.day, "day", language())
    if standing.basis is Basis.RECORDED:
        return _("as recorded on %(day)s.") % {"day": day}
    gap = gap_words(record, standing.indicator) if record else ""
    return sentences([_("as far as recorded on %(day)s.") % {"day": day}, gap])


def _claimed(standing: Standing) -> str:
    claim = standing.claims[0]
    words = {
        "day": speak_day(claim.as_of, DayPrecision(claim.as_of_precision), language()),
        "words": claim_words(claim),
    }
    if isinstance(claim, Statement):
        if claim.said_in is None:
            return _("added up from what was announced and awarded by %(day)s.") % words
        if claim.as_of_precision == DayPrecision.DAY:
            return _("as announced on %(day)s.") % words
        return _("as announced in %(day)s.") % words
    if claim.qualifier:
        return _("as reported for %(day)s: %(words)s.") % words
    return _("as reported for %(day)s.") % words


def _sealed(standing: Standing, book: Ledger) -> str:
    """Until when; the same whatever came in."""
    round = next((round for round in book.known.rounds if round.pk == standing.subject.pk), None)
    closes = round.closing_time if round is not None else None
    if round is None or closes is None:
        return _("until the closing time, of which nothing is said so far.")
    when = day_and_time(closes, 0)
    if closes > book.known.at and not round.sealed:
        return _("until the closing time, %(when)s.") % {"when": when}
    if closes > book.known.at:
        return _("until two officers open the box, after the closing time, %(when)s.") % {"when": when}
    return _("until two officers open the box. The round closed on %(when)s.") % {"when": when}


# --- others of the name -------------------------------------------------------------------------------------


def names_of(found: Sequence[Standing]) -> list[str]:
    """What `of=` calls each of them: its kind, with a number from the second of a kind on."""
    names: list[str] = []
    for standing in found:
        kind = standing.subject.kind.value
        before = sum(name.partition("-")[0] == kind for name in names)
        names.append(f"{kind}-{before + 1}" if before else kind)
    return names


def _siblings(standing: Standing, found: Sequence[Standing], moment: Moment) -> list[Sibling]:
    day = "" if moment.is_now else f"&as_of={moment.day.isoformat()}"
    return [
        Sibling(
            _("%(name)s %(of_what)s %(subject)s")
            % {
                "name": indicator_name(other.indicator),
                "of_what": kind_name(other.subject),
                "subject": subject_name(other.subject),
            },
            f"{reverse('figure', args=[other.figure_id])}?of={name}{day}",
        )
        for other, name in zip(found, names_of(found), strict=True)
        if other.key != standing.key
    ]
