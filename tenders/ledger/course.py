"""How one number went: what led, and what stood against it, on each day on which that can have changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import localdate

from parks.models import Release, ReleasePlot
from tenders.ledger.agreement import end_of_day, first_day
from tenders.ledger.book import Ledger, ledger_of, remainder_of
from tenders.ledger.facts import Facts, facts
from tenders.ledger.indicators import LOTS_AWARDED, PER_PLOT, PROPONENTS, PROPOSALS
from tenders.ledger.shapes import Basis, Claim, Conflict, Key, Standing
from tenders.models import Admission, Award, LotPlot, Proposal, RoundEvent, TenderRound
from tenders.subjects import Kind, Subject, of_round

OF_OFFERS = {PROPOSALS, PROPONENTS, PER_PLOT, LOTS_AWARDED}
MOST_DAYS = 12  # of one course; each asks the whole ledger of that day


@dataclass(frozen=True)
class Step:
    """From `day` on the number was `value`. Where only a month or a year is known, it may have been since `since`.

    `other` stood against it then; `value` None: nobody had said it, and `other` is what follows from the rest.
    """

    day: date
    since: date
    value: Decimal | None
    unit: str
    basis: Basis
    claim: Claim | None
    other: Decimal | None
    against: Conflict | None


@dataclass(frozen=True)
class Course:
    """Oldest first. `left_out`: how many earlier days on which it may have changed were not asked."""

    steps: list[Step]
    left_out: int


def course(key: Key, book: Ledger, *, park: str | None) -> Course:
    """Of one number of `book`, up to its day. For each of at most MOST_DAYS days as few queries as it takes.

    That is eight, one more for named plots, six more for what came in; and four for the days themselves.
    """
    offers, land = _needs(key, book)
    days = sorted(day for day in _days(key, book) if day <= book.known.day)
    steps: list[Step] = []
    for day in days[-MOST_DAYS:]:
        at = min(end_of_day(day), book.known.at)
        step = _step(key, ledger_of(facts(at, park=park, offers=offers, land=land)), day)
        if step is not None and (not steps or _differs(steps[-1], step)):
            steps.append(step)
    return Course(steps, max(len(days) - MOST_DAYS, 0))


def _needs(key: Key, book: Ledger) -> tuple[bool, bool]:
    """Whether it depends on what came in, and on named plots: not before any is named, and plots have no day."""
    subject, indicator = key
    standing = book.numbers.get(key)
    has_records = standing is not None and standing.record is not None
    of_land = indicator not in OF_OFFERS and subject.kind in {Kind.PARK, Kind.PHASE}
    return indicator in OF_OFFERS, has_records and of_land


def _step(key: Key, book: Ledger, day: date) -> Step | None:
    standing = book.numbers.get(key)
    if standing is None or standing.value is None:
        rest = remainder_of(book, key)
        if rest is None:
            return None
        return Step(day, day, None, "plots", Basis.NOTHING, None, rest.value, rest)
    against = standing.conflicts[0] if standing.conflicts else None
    claim = standing.lead if standing.basis in {Basis.REPORTED, Basis.STATED} else None
    since = first_day(claim) if claim is not None and claim.as_of == day else day
    return Step(day, since, standing.value, standing.unit, standing.basis, claim, standing.other, against)


def _differs(before: Step, after: Step) -> bool:
    seen = [(step.value, step.unit, step.basis, step.claim, step.other) for step in (before, after)]
    return seen[0] != seen[1]


# --- days ---------------------------------------------------------------------------------------------------


def _days(key: Key, book: Ledger) -> set[date]:
    """Days on which something happened that the number can depend on."""
    subject, indicator = key
    rounds = [round for round in book.known.rounds if _is_round_of(round, subject)]
    bearing = {subject, *(of_round(round) for round in rounds)}
    said = [day for standing in book if standing.subject in bearing for day in _said_on(standing)]
    if subject.kind is Kind.NOWHERE:
        return set(said)
    if indicator in {
        PROPOSALS,
        PROPONENTS,
        PER_PLOT,
    }:  # of what came in nothing is known before it is counted
        counted = [day for round in rounds if (day := _counted_since(round, book.known)) is not None]
        return {*said, *counted, *_acts_of(rounds, book.known)}
    releases = [release for release in book.known.releases if _is_of_land(release, subject)]
    told = [revision.announced_on for release in releases for revision in release.told]
    named = _named_on(rounds, releases)
    return {*said, *told, *named, *_dates_of(rounds), *_acts_of(rounds, book.known)}


def _named_on(rounds: list[TenderRound], releases: list[Release]) -> Iterable[date]:
    """Days on which plots were named, or lots added, after their release or round was public."""
    offered = LotPlot.objects.filter(lot__round__in=rounds).values_list("named_on", "lot__added_on")
    announced = ReleasePlot.objects.filter(release__in=releases).values_list("named_on", flat=True)
    days = [*announced, *(day for pair in offered for day in pair)]
    return {day for day in days if day is not None}


def _is_round_of(round: TenderRound, subject: Subject) -> bool:
    if subject.kind is Kind.ROUND:
        return round.pk == subject.pk
    if subject.kind is Kind.LOT:
        return bool(round.pk == subject.row.round_id)
    if subject.kind is Kind.RELEASE:
        return round.release_id == subject.pk
    return _is_of_land(round, subject)


def _is_of_land(row: TenderRound | Release, subject: Subject) -> bool:
    """Of the park; of the phase, or of one that it is part of or that is part of it."""
    if subject.kind is Kind.PARK:
        return row.park_id == subject.pk
    if subject.kind is not Kind.PHASE or row.phase is None:
        return False
    return subject.pk in {row.phase_id, row.phase.part_of_id} or row.phase_id == subject.row.part_of_id


def _said_on(standing: Standing) -> Iterable[date]:
    """From when a claim is known: the later of the day that it speaks of and its publication."""
    for claim in standing.claims:
        yield max(claim.as_of, claim.source.published) if claim.source else claim.as_of


def _dates_of(rounds: Iterable[TenderRound]) -> Iterable[date]:
    for round in rounds:
        for instant in (round.published_at, round.opening_time, round.closing_time):  # type: ignore[attr-defined]  # with_stage annotates them
            if instant is not None:
                yield localdate(instant)


def _acts_of(rounds: list[TenderRound], known: Facts) -> Iterable[date]:
    """Decisions and awards; and, of boxes that are open, what was withdrawn and admitted since."""
    keys, at = [round.pk for round in rounds], known.at
    events = RoundEvent.objects.filter(round__in=keys, at__lte=at)
    yield from (localdate(event) for event in events.values_list("at", flat=True))
    for award in Award.objects.public(at).filter(lot__round__in=keys):
        yield localdate(award.decided_at)
        if award.lapsed_on is not None:
            yield award.lapsed_on
    # Not before: how many days there were on which somebody withdrew would tell of a shut box.
    since = {round.pk: day for round in rounds if (day := _counted_since(round, known)) is not None}
    gone = Proposal.objects.filter(round__in=since, withdrawn_at__lte=at)
    admitted = Admission.objects.public(at).filter(proposal__round__in=since)
    acts = [
        *gone.values_list("round", "withdrawn_at"),
        *admitted.values_list("proposal__round", "admitted_at"),
    ]
    yield from (localdate(act) for key, act in acts if act and localdate(act) >= since[key])


def _counted_since(round: TenderRound, known: Facts) -> date | None:
    """The day from which its counts are public: of the opening, or of the closing time if it is not sealed."""
    counts = known.of(round)
    if counts.opened:
        return counts.as_of
    closes: datetime | None = round.closing_time  # type: ignore[attr-defined]  # with_stage annotates it
    if round.sealed or closes is None or closes > known.at:
        return None
    return localdate(closes)
