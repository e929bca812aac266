"""Writes what was planned: organisations first, then new proposals, then changes of known ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from parks.importing import Book
from tenders.importing.proposals.organisations import Organisations
from tenders.importing.proposals.rules import Plan, chunks
from tenders.models import Proposal, ProposalLot, ProposalMember
from tenders.references import new_reference
from tenders.statuses import ProposalStatus

LONGEST_REASON = 300  # as a proposal keeps it
FIELDS = [
    "proponent",
    "sector",
    "investment_hkd",
    "gfa_m2",
    "jobs",
    "received_at",
    "received_at_reason",
    "channel",
    "status",
    "withdrawn_at",
]


def write(
    plans: Iterator[Plan], organisations: Organisations, book: Book, progress: Callable[[int], None]
) -> None:
    """Write new and changed proposals with their lots and members, a thousand at a time.

    The organisations are there already. `progress` is told how many rows are written.
    """
    for chunk in chunks(plans):
        _add([planned for planned in chunk if planned.known is None], organisations, book)
        _change([planned for planned in chunk if planned.known is not None], organisations, book)
        progress(len(chunk))


def names(planned: Plan) -> list[str]:
    """Whom it names: the proponent and the members."""
    return [planned.line.proponent, *(member.name for member in planned.members or [])]


def _add(plans: list[Plan], organisations: Organisations, book: Book) -> None:
    proposals = book.add(
        Proposal, [_filled(_new(planned), planned, organisations, book) for planned in plans]
    )
    pairs = list(zip(proposals, plans, strict=True))
    book.add(ProposalLot, list(chain.from_iterable(_new_lots(row, planned, set()) for row, planned in pairs)))
    members = (_new_members(row, planned, organisations, set()) for row, planned in pairs)
    book.add(ProposalMember, list(chain.from_iterable(members)))


def _new(planned: Plan) -> Proposal:
    return Proposal(round_id=planned.facts.round.pk, reference=planned.line.reference or new_reference())


def _filled(proposal: Proposal, planned: Plan, organisations: Organisations, book: Book) -> Proposal:
    line = planned.line
    for name, value in line.fields.items():
        setattr(proposal, name, value)
    proposal.proponent_id = _key(line.proponent, organisations)
    if planned.known is None or proposal.received_at != line.received_at:
        proposal.received_at, proposal.received_at_reason = line.received_at, _said_by(book)
    if planned.status == ProposalStatus.WITHDRAWN and proposal.withdrawn_at is None:
        proposal.withdrawn_at = book.at
    proposal.status = planned.status
    return proposal


def _said_by(book: Book) -> str:
    """Why the time is not the server's."""
    return book.reason[:LONGEST_REASON]


def _key(name: str, organisations: Organisations) -> int:
    key = organisations.key(name)
    if key is None:
        raise LookupError(f"{name} was to be made before its proposals.")
    return key


def _new_lots(proposal: Proposal, planned: Plan, known: set[str]) -> Iterable[ProposalLot]:
    return (
        ProposalLot(proposal_id=proposal.pk, lot_id=planned.facts.lots[code].pk, premium_hkd=premium)
        for code, premium in (planned.lots or {}).items()
        if code not in known
    )


def _new_members(
    proposal: Proposal, planned: Plan, organisations: Organisations, known: set[int]
) -> Iterable[ProposalMember]:
    for member in planned.members or []:
        key = _key(member.name, organisations)
        if key not in known:
            yield ProposalMember(proposal_id=proposal.pk, organisation_id=key, share_percent=member.share)


def _change(plans: list[Plan], organisations: Organisations, book: Book) -> None:
    changed = [(planned.known, planned) for planned in plans if planned.known is not None]
    book.change(Proposal, [_filled(row, planned, organisations, book) for row, planned in changed], FIELDS)
    for proposal, planned in changed:
        _change_lots(proposal, planned, book)
        _change_members(proposal, planned, organisations, book)


def _change_lots(proposal: Proposal, planned: Plan, book: Book) -> None:
    if planned.lots is None:
        return
    known = {asked.lot.code: asked for asked in proposal.proposal_lots.all()}
    for code in known.keys() - planned.lots.keys():
        book.remove(known[code])
    book.add(ProposalLot, list(_new_lots(proposal, planned, set(known))))
    moved = [
        asked
        for code, asked in known.items()
        if code in planned.lots and asked.premium_hkd != planned.lots[code]
    ]
    for asked in moved:
        asked.premium_hkd = planned.lots[asked.lot.code]
    book.change(ProposalLot, moved, ["premium_hkd"])


def _change_members(proposal: Proposal, planned: Plan, organisations: Organisations, book: Book) -> None:
    if planned.members is None:
        return
    known = {member.organisation_id: member for member in proposal.proposal_members.all()}
    shares = {_key(member.name, organisations): member.share for member in planned.members}
    for key in known.keys() - shares.keys():
        book.remove(known[key])
    book.add(ProposalMember, list(_new_members(proposal, planned, organisations, set(known))))
    moved = [member for key, member in known.items() if key in shares and member.share_percent != shares[key]]
    for member in moved:
        member.share_percent = shares[member.organisation_id]
    book.change(ProposalMember, moved, ["share_percent"])
