"""Where figures, records and counts differ: what the ledger holds against each number, and what only counting shows.

Nothing of a box that is shut: the ledger says nothing of it, and an opening counts once two officers confirmed it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.db.models import F
from django.utils.timezone import localdate

from tenders.ledger import Basis, Claim, Conflict, Law, Ledger, Standing, Statement, Term, ledger
from tenders.ledger.agreement import limits
from tenders.ledger.indicators import (
    ANNOUNCED,
    OFFERED,
    PER_PLOT,
    PLOTS,
    PROPONENTS,
    PROPOSALS,
    UNITS,
    comparable,
)
from tenders.ledger.shapes import Key
from tenders.models import Figure, Opening, Proposal, TenderRound
from tenders.subjects import Kind, Subject, of_lot, of_release, of_round

OF_PROPOSALS = frozenset({PROPOSALS, PROPONENTS, PER_PLOT})


class Why(StrEnum):
    """Which two things ought to be the same. The first five are the ledger's laws."""

    SAME_DAYS = Law.SAME_DAYS
    REMAINDER = Law.REMAINDER
    WITHIN = Law.WITHIN
    PARTS = Law.PARTS
    RECORDS = Law.RECORDS
    NAMES = "names"  # as many plots are named as were counted
    OPENING = "opening"  # what two officers found in the box is what the register has


class Rests(StrEnum):
    """What one of the two values rests on."""

    SAID = "said"
    TERMS = "terms"  # it follows from what else was said
    RECORDED = "recorded"
    NAMED = "named"
    OPENED = "opened"


@dataclass(frozen=True)
class Side:
    """One of two values. `strangers`: how many of the receipts on record the opening's list does not have."""

    value: Decimal
    unit: str
    rests: Rests
    said: tuple[Claim, ...] = ()
    terms: tuple[Term, ...] = ()
    at_most: bool = False
    day: date | None = None
    strangers: int = 0


@dataclass(frozen=True)
class Difference:
    """Of one number: what leads, what stands against it, and why the two cannot both be all there is."""

    why: Why
    subject: Subject
    indicator: str
    leads: Side
    against: Side

    @property
    def key(self) -> Key:
        return (self.subject, self.indicator)

    @property
    def figure_id(self) -> str:
        return self.subject.figure_id(self.indicator)


@dataclass(frozen=True)
class Reconciliation:
    """Every number that has a value, and all differences: by name, made-up parks last."""

    numbers: list[Standing]
    differences: list[Difference]
    made_up: frozenset[int] = frozenset()  # keys of parks

    def is_sample(self, subject: Subject) -> bool:
        return park_of(subject) in self.made_up

    @property
    def total(self) -> int:
        return len({number.key for number in self.numbers} | self._differing)

    @property
    def differing(self) -> int:
        return len(self._differing)

    @property
    def agreeing(self) -> list[Standing]:
        """Numbers that nothing stands against, those that only one side speaks of among them."""
        rest = [number for number in self.numbers if number.key not in self._differing]
        return sorted(rest, key=self._order)

    def _order(self, found: Standing | Difference) -> tuple[bool, str]:
        return (self.is_sample(found.subject), found.figure_id)

    @property
    def _differing(self) -> set[Key]:
        return {found.key for found in self.differences}

    def without_proposals(self) -> "Reconciliation":
        """For those who may not know how many came in."""
        return Reconciliation(
            [number for number in self.numbers if number.indicator not in OF_PROPOSALS],
            [found for found in self.differences if found.indicator not in OF_PROPOSALS],
            self.made_up,
        )


def reconcile(at: datetime, *, park: str | None = None) -> Reconciliation:
    """All that differs as public at `at`, of one park and of none in particular where `park` names it.

    Seventeen queries: the ledger's, the openings and what came in before them.
    """
    book = ledger(at, park=park)
    found = [*_in_the_ledger(book), *_releases(book), *_lots(book), *_openings(book)]
    made_up = frozenset(park.pk for park in book.known.parks if park.is_sample)
    numbers = [number for number in book if number.value is not None]
    unordered = Reconciliation(numbers, found, made_up)
    return replace(unordered, differences=sorted(found, key=unordered._order))


def park_of(subject: Subject) -> int | None:
    """The key of the park that the number speaks of."""
    if subject.kind is Kind.NOWHERE:
        return None
    if subject.kind is Kind.PARK:
        return subject.pk
    row = subject.row.round if subject.kind is Kind.LOT else subject.row
    return int(row.park_id)


def _difference(why: Why, key: Key, leads: Side, against: Side) -> Difference:
    subject, indicator = key
    return Difference(why, subject, indicator, leads, against)


# --- what the ledger holds against a number -----------------------------------------------------------------


def _in_the_ledger(book: Ledger) -> Iterator[Difference]:
    for number in book:
        if number.value is None:
            continue
        leads = leading(number, number.value)
        for conflict in number.conflicts:
            yield _difference(Why(conflict.law), number.key, leads, _against(conflict, number))
        yield from _short(number, leads)


def leading(number: Standing, value: Decimal) -> Side:
    """The side that leads: the newest claim, or the records."""
    if number.lead is not None and number.basis in {Basis.REPORTED, Basis.STATED}:
        return Side(value, number.unit, Rests.SAID, said=(number.lead,))
    return Side(value, number.unit, Rests.RECORDED, day=number.record.as_of if number.record else None)


def _against(conflict: Conflict, number: Standing) -> Side:
    """A bound and a sum have their terms; what is recorded speaks of records alone."""
    if conflict.law is Law.RECORDS and not conflict.saying:
        return _recorded(number, conflict.value)
    rests = Rests.TERMS if conflict.terms else Rests.SAID
    unit = conflict.saying[0].unit if conflict.saying else number.unit
    return Side(
        conflict.value, unit, rests, said=conflict.saying, terms=conflict.terms, at_most=conflict.at_most
    )


def _recorded(number: Standing, value: Decimal) -> Side:
    record = number.record
    unit = record.unit if record is not None else number.unit
    return Side(value, unit, Rests.RECORDED, day=record.as_of if record is not None else None)


def _short(number: Standing, leads: Side) -> Iterator[Difference]:
    """Fewer are on record than a source claims. Where none is, the number is only claimed, and nothing differs."""
    record, lead = number.record, number.lead
    if record is None or record.complete or not record.value or not isinstance(lead, Figure):
        return
    if comparable(lead.value, lead.unit)[1] == record.unit and record.value < limits(lead)[0]:
        yield _difference(Why.RECORDS, number.key, leads, _recorded(number, record.value))


# --- counts against names -----------------------------------------------------------------------------------


def _named(value: int) -> Side:
    return Side(Decimal(value), PLOTS, Rests.NAMED)


def _releases(book: Ledger) -> Iterator[Difference]:
    """A release counts plots in its newest announcement, and names another number of them."""
    for release in book.known.releases:
        count = release.current.plot_count
        number = book.number(of_release(release), ANNOUNCED)
        if number is None or release.current.cancelled or not count or release.named in {0, count}:
            continue
        said = tuple(claim for claim in number.claims if getattr(claim, "said_in", None) == release.current)
        leads = Side(Decimal(count), PLOTS, Rests.SAID, said=said)
        yield _difference(Why.NAMES, number.key, leads, _named(release.named))


def _lots(book: Ledger) -> Iterator[Difference]:
    """A lot counts plots and names another number of them; a round counts plots, and its lots come to others."""
    for round in book.known.rounds:
        lots = book.known.lots.get(round.pk, [])
        for lot in lots:
            if lot.stated_plots and lot.named not in {0, lot.stated_plots}:
                leads = _by_round(round, lot.stated_plots)
                yield _difference(Why.NAMES, (of_lot(lot), OFFERED), leads, _named(lot.named))
        yield from _round(round, [lot.named or lot.stated_plots for lot in lots], book)


def _by_round(round: TenderRound, count: int) -> Side:
    statement = Statement(
        OFFERED, Decimal(count), localdate(round.published_at), source=round.source, said_in=round
    )
    return Side(Decimal(count), PLOTS, Rests.SAID, said=(statement,))


def _round(round: TenderRound, counts: list[int | None], book: Ledger) -> Iterator[Difference]:
    """Only where the ledger does not say so already: it weighs what a round says where not every plot is named."""
    key = (of_round(round), OFFERED)
    known = [count for count in counts if count]
    together = sum(known)
    stated = round.plot_count
    if not known or not stated or together == stated or (len(known) < len(counts) and together < stated):
        return
    number = book.numbers.get(key)
    if number is not None and any(conflict.law is Law.PARTS for conflict in number.conflicts):
        return
    terms = tuple(Term(1, key[0], OFFERED, Decimal(count)) for count in known)
    against = Side(Decimal(together), PLOTS, Rests.TERMS, terms=terms)
    yield _difference(Why.PARTS, key, _by_round(round, stated), against)


# --- what was in the box ------------------------------------------------------------------------------------


def _openings(book: Ledger) -> Iterator[Difference]:
    """What two officers found and listed, against the receipts that say they came before that moment."""
    rounds = {round.pk: round for round in book.known.rounds}
    opened = Opening.objects.filter(round__in=rounds, opened_at__lte=book.known.at).order_by("round__code")
    came = _came_by(opened.values_list("round", flat=True))
    for opening in opened:
        receipts, count = came.get(opening.round_id, set()), opening.proposal_count or 0
        listed = set(opening.references) if opening.references is not None else receipts
        if len(receipts) == count and receipts == listed:
            continue
        day = localdate(opening.opened_at)
        found = Side(Decimal(count), UNITS[PROPOSALS], Rests.OPENED, day=day)
        against = Side(
            Decimal(len(receipts)),
            UNITS[PROPOSALS],
            Rests.RECORDED,
            day=day,
            strangers=len(receipts - listed),
        )
        yield _difference(Why.OPENING, (of_round(rounds[opening.round_id]), PROPOSALS), found, against)


def _came_by(rounds: Iterable[int]) -> dict[int, set[str]]:
    """By round, the references of all that came before its box was open: late and withdrawn ones lay in it too."""
    came: dict[int, set[str]] = {}
    received = Proposal.objects.filter(round__in=rounds, received_at__lte=F("round__opening__opened_at"))
    for round, reference in received.values_list("round", "reference"):
        came.setdefault(round, set()).add(reference)
    return came
