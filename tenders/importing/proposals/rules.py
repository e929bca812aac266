"""Rows against the database: what the rules refuse, and what would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db.models import F, Prefetch
from django.utils.translation import gettext as _

from parks.importing.book import spoken
from tenders.importing.proposals.lines import CONTENT, ProposalLine
from tenders.importing.proposals.organisations import Organisations
from tenders.lifecycle import sealed_now
from tenders.members import Member, join_members
from tenders.models import Award, Lot, Proposal, ProposalMember, TenderRound
from tenders.statuses import NOT_FOR_LATE, PROPOSAL_MOVES, Decision, ProposalStatus

T = TypeVar("T")
CHUNK = 1000


def chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


@dataclass
class RoundFacts:
    """A round as far as proposals are concerned; nothing may change it until the import is written."""

    round: TenderRound
    sealed: bool
    lots: dict[str, Lot]
    plots: dict[str, set[str]]  # codes of the named plots, by lot
    awarded: dict[int, set[str]]  # lots awarded, by the key of the proposal
    by_key: dict[int, Lot] = field(default_factory=dict)


class Rounds:
    """The rounds that a file names, locked, with lots, plots and awards: four queries."""

    def __init__(self, codes: set[str]) -> None:
        rounds = TenderRound.objects.select_for_update(of=("self",)).filter(code__in=codes).order_by("pk")
        self._facts = {round.code: RoundFacts(round, sealed_now(round), {}, {}, {}) for round in rounds}
        self._by_key = {facts.round.pk: facts for facts in self._facts.values()}
        lots = Lot.objects.filter(round__code__in=self._facts).select_related("round")
        for lot in lots.prefetch_related("lot_plots__plot"):
            facts = self._facts[lot.round.code]
            facts.lots[lot.code] = facts.by_key[lot.pk] = lot
            facts.plots[lot.code] = {link.plot.code for link in lot.lot_plots.all()}
        for award in Award.objects.filter(lot__round__code__in=self._facts).select_related("lot__round"):
            self._facts[award.lot.round.code].awarded.setdefault(award.proposal_id, set()).add(award.lot.code)

    def __iter__(self) -> Iterator[RoundFacts]:
        return iter(self._facts.values())

    def attach(self, proposal: Proposal) -> None:
        """Give a proposal its round and lots from here; one of another round asks the database when it must."""
        facts = self._by_key.get(proposal.round_id)
        if facts is None:
            return
        proposal.round = facts.round
        for asked in proposal.proposal_lots.all():
            asked.lot = facts.by_key[asked.lot_id]

    def get(self, code: str) -> RoundFacts | None:
        return self._facts.get(code)


@dataclass(slots=True)
class Plan:
    """What to write of a line. None leaves the lots or the members as they are."""

    line: ProposalLine
    facts: RoundFacts
    known: Proposal | None
    lots: dict[str, Decimal | None] | None
    members: list[Member] | None
    status: str
    changes: list[str]


def plan(
    lines: Iterable[ProposalLine], rounds: Rounds, organisations: Organisations, *, again: bool = False
) -> Iterator[Plan]:
    """What to write of each line that breaks no rule; every breach is noted at its row.

    `again`: it is about to be written, so what is known is locked and nobody changes it in between.
    """
    for chunk in chunks(lines):
        known = _known_proposals([line.reference for line in chunk if line.reference], rounds, lock=again)
        for line in chunk:
            facts = rounds.get(line.round)
            if facts is None:
                line.row.refuse("round", _("is not a known round; import the rounds first"), line.round)
                continue
            planned = _plan(line, facts, known.get(line.reference), organisations)
            if line.row.fine:
                yield planned


def _known_proposals(references: list[str], rounds: Rounds, *, lock: bool) -> dict[str, Proposal]:
    """Those of the references that are known, with lots and members; rounds and lots are the ones at hand."""
    if not references:
        return {}
    members = ProposalMember.objects.select_related("organisation")
    rows = (
        Proposal.objects.filter(reference__in=references)
        .annotate(proponent_name=F("proponent__registered_name"))
        .prefetch_related("proposal_lots", Prefetch("proposal_members", members))
        .order_by("pk")
    )
    found: dict[str, Proposal] = {
        row.reference: row for row in (rows.select_for_update(of=("self",)) if lock else rows)
    }
    for row in found.values():
        rounds.attach(row)
    return found


def _plan(
    line: ProposalLine, facts: RoundFacts, known: Proposal | None, organisations: Organisations
) -> Plan:
    _check_round(line, facts, known)
    if facts.sealed:
        _leave_out_what_is_empty(line)
    status = line.status or (known.status if known else ProposalStatus.RECEIVED.value)
    planned = Plan(line, facts, known, _lots(line, facts, known), line.members, status, [])
    changes = _changes(planned, organisations)
    _check_lots(planned)
    _check_derived(planned)
    _check_status(planned)
    if facts.sealed:
        _check_sealed(planned, changes)
    _check_received_at(planned)
    if known and known.withdrawn_at and line.received_at > known.withdrawn_at:
        line.row.refuse("received_at", _("is after the proposal was withdrawn; correct the time"))
    planned.changes = [f"{line.name}: {column} {words}" for column, words in changes.items()]
    return planned


# --- what is asked for --------------------------------------------------------------------------------------


def _leave_out_what_is_empty(line: ProposalLine) -> None:
    """In the export of a sealed round the cells of the content are empty; they say nothing."""
    line.lots, line.members = line.lots or None, line.members or None
    line.premiums = line.premiums or None
    line.fields = {column: value for column, value in line.fields.items() if value not in (None, "")}


def _lots(line: ProposalLine, facts: RoundFacts, known: Proposal | None) -> dict[str, Decimal | None] | None:
    """The premium by lot, as it will be; None leaves the lots as they are."""
    if line.lots is None:
        return None
    before = {asked.lot.code: asked.premium_hkd for asked in known.proposal_lots.all()} if known else {}
    given = before if line.premiums is None else line.premiums
    return {lot: given.get(lot) for lot in line.lots}


def _changes(planned: Plan, organisations: Organisations) -> dict[str, str]:
    """What differs from the known proposal, in words by column."""
    line, known = planned.line, planned.known
    if known is None:
        return {}
    pairs: dict[str, tuple[object, object]] = {
        "received_at": (known.received_at, line.received_at),
        "status": (known.status, planned.status),
    }
    pairs |= {column: (getattr(known, column), value) for column, value in line.fields.items()}
    changes = {
        column: f"{spoken(old)} -> {spoken(new)}" for column, (old, new) in pairs.items() if old != new
    }
    if organisations.key(line.proponent) != known.proponent_id:
        changes["proponent"] = f"{_proponent_name(known)} -> {line.proponent}"
    return changes | _changes_of_lots(planned) | _changes_of_members(planned, organisations)


def _changes_of_lots(planned: Plan) -> dict[str, str]:
    before = {asked.lot.code: asked.premium_hkd for asked in _known(planned).proposal_lots.all()}
    after = planned.lots
    if after is None or before == after:
        return {}
    changes = {}
    if set(before) != set(after):
        changes["lots"] = f"{spoken(sorted(before))} -> {spoken(sorted(after))}"
    if premiums := {lot: (before.get(lot), new) for lot, new in after.items() if before.get(lot) != new}:
        changes["premium_hkd"] = ", ".join(
            f"{spoken(old)} -> {spoken(new)} ({lot})" for lot, (old, new) in premiums.items()
        )
    return changes


def _changes_of_members(planned: Plan, organisations: Organisations) -> dict[str, str]:
    if planned.members is None:
        return {}
    rows = _known(planned).proposal_members.all()
    before = {row.organisation_id: row.share_percent for row in rows}
    after = {organisations.key(member.name): member.share for member in planned.members}
    if before == after and len(after) == len(planned.members):
        return {}
    told = join_members(Member(row.organisation.registered_name, row.share_percent) for row in rows)
    return {"members": f"{spoken(told)} -> {spoken(join_members(planned.members))}"}


def _proponent_name(known: Any) -> str:
    """As the query annotates it: an object for each organisation would cost as much as the proposals."""
    name: str = known.proponent_name
    return name


def _known(planned: Plan) -> Proposal:
    if planned.known is None:
        raise TypeError("Only a known proposal can change.")
    return planned.known


# --- rules --------------------------------------------------------------------------------------------------


def _check_round(line: ProposalLine, facts: RoundFacts, known: Proposal | None) -> None:
    if facts.round.decision == Decision.DRAFT:
        line.row.refuse("round", _("is a draft; publish the round before it takes proposals"), line.round)
    if known and known.round_id != facts.round.pk:
        words = _(
            "belongs to round %(round)s; a proposal does not move, leave the reference empty for a new one"
        )
        line.row.refuse("proposal", words % {"round": known.round.code})


def _check_received_at(planned: Plan) -> None:
    """What stands is not judged again."""
    line, known, takes_from = planned.line, planned.known, planned.facts.round.takes_from
    is_new = known is None or known.received_at != line.received_at
    if is_new and takes_from is not None and line.received_at < takes_from:
        words = _("is before the round opened, %(time)s; correct the time, or the round")
        line.row.refuse("received_at", words % {"time": spoken(takes_from)})


def _check_lots(planned: Plan) -> None:
    line, facts = planned.line, planned.facts
    for code in planned.lots or {}:
        if code not in facts.lots:
            words = _("is not a lot of round %(round)s; its lots are %(lots)s")
            line.row.refuse("lots", words % {"round": line.round, "lots": spoken(sorted(facts.lots))}, code)
    receipt = planned.known is not None and not planned.known.proposal_lots.all()
    if not planned.lots and not facts.sealed and not receipt:
        line.row.refuse(
            "lots", _("is empty; name at least one lot of round %(round)s") % {"round": line.round}
        )
    awarded = facts.awarded.get(planned.known.pk, set()) if planned.known else set()
    if planned.lots is not None and (lost := awarded - set(planned.lots)):
        words = _("leaves out %(lots)s, which is awarded to this proposal; keep it")
        line.row.refuse("lots", words % {"lots": spoken(sorted(lost))})


def _check_derived(planned: Plan) -> None:
    """What follows from other columns may be given, but not otherwise than it is."""
    line, facts = planned.line, planned.facts
    if line.plots is not None and planned.lots is not None:
        plots = set().union(*(facts.plots.get(code, set()) for code in planned.lots))
        if set(line.plots) != plots:
            words = _(
                "are not the plots of its lots, which are %(plots)s; correct lots, or leave the cell empty"
            )
            line.row.refuse("plots", words % {"plots": spoken(sorted(plots))})
    late = _is_late(planned)
    if line.late is not None and line.late != late:
        words = _(
            "does not agree with received_at, by which it is %(late)s; correct it, or leave the cell empty"
        )
        line.row.refuse("late", words % {"late": spoken(late)})


def _is_late(planned: Plan) -> bool:
    closes_at = planned.facts.round.closes_at
    return closes_at is not None and planned.line.received_at >= closes_at


def _is_admitted(planned: Plan) -> bool:
    return planned.known is not None and planned.known.admitted_at is not None


def _check_status(planned: Plan) -> None:
    known, new = planned.known, planned.status
    if new in NOT_FOR_LATE and _is_late(planned) and not _is_admitted(planned):
        planned.line.row.refuse(
            "status", _("is not for a proposal that came late; it is kept, but cannot be chosen"), new
        )
    elif new != (known.status if known else ProposalStatus.RECEIVED) and (words := _refused_move(planned)):
        planned.line.row.refuse("status", words, new)


def _refused_move(planned: Plan) -> str:
    """Why a proposal cannot get this status from a file; "" if it can."""
    known, new, round = planned.known, planned.status, planned.facts.round
    if planned.facts.sealed:
        return _("cannot be given before the box is opened; in the admin a proposal can be withdrawn")
    if known and known.status == ProposalStatus.WITHDRAWN:
        return _("comes after the withdrawal, which stands; what is handed in again is a new proposal")
    if known and known.pk in planned.facts.awarded:
        return _("does not fit, for the proposal holds an award; it stays successful")
    if known and new not in PROPOSAL_MOVES[ProposalStatus(known.status)]:
        return _("does not follow from %(status)s, which stands") % {"status": known.status}
    if new == ProposalStatus.SUCCESSFUL:
        return _("needs an award; award the lot in the admin, that makes the proposal successful")
    if new == ProposalStatus.UNSUCCESSFUL and round.decision not in {Decision.AWARDED, Decision.UNSUCCESSFUL}:
        return _("comes with the decision on the round, which is not taken; write received")
    return ""


def _check_sealed(planned: Plan, changes: dict[str, str]) -> None:
    """Until the opening a proposal is its receipt only."""
    row = planned.line.row
    for column in CONTENT:
        if row.given(column) and (planned.known is None or column in {*changes, "plots"}):
            words = _("stays in the box until round %(round)s is opened; leave the cell empty")
            row.refuse(column, words % {"round": planned.line.round})
