"""The columns of the proposals export, for staff only; import_proposals reads again what it writes."""

from collections.abc import Iterator

from django.db.models import QuerySet

from parks.tabular import Column, csv_lines, money, number
from tenders.members import Member, join_members
from tenders.models import Proposal, ProposalLot


def lots(proposal: Proposal) -> list[ProposalLot]:
    """The lots that it asks for: the preferred first, then by code."""
    return sorted(
        proposal.proposal_lots.all(),
        key=lambda asked: (asked.preference is None, asked.preference or 0, asked.lot.code),
    )


def plots(proposal: Proposal) -> list[str]:
    """The codes of the plots in those lots, where they are named."""
    return sorted(
        {link.plot.code for asked in proposal.proposal_lots.all() for link in asked.lot.lot_plots.all()}
    )


def members(proposal: Proposal) -> str:
    return join_members(
        Member(member.organisation.registered_name, member.share_percent)
        for member in proposal.proposal_members.all()
    )


def premiums(proposal: Proposal) -> str:
    """One amount per lot, in the order of the lots; empty if no lot has one."""
    amounts = [asked.premium_hkd for asked in lots(proposal)]
    if all(amount is None for amount in amounts):
        return ""
    return ";".join("" if amount is None else f"{money(amount):f}" for amount in amounts)


ROWS_AT_A_TIME = 1000

COLUMNS: dict[str, Column[Proposal]] = {
    "proposal": lambda proposal: proposal.reference,
    "round": lambda proposal: proposal.round.code,
    "lots": lambda proposal: [asked.lot.code for asked in lots(proposal)],
    "plots": plots,
    "proponent": lambda proposal: proposal.proponent.registered_name,
    "members": members,
    "sector": lambda proposal: proposal.sector,
    "investment_hkd": lambda proposal: money(proposal.investment_hkd),
    "gfa_m2": lambda proposal: number(proposal.gfa_m2),
    "jobs": lambda proposal: proposal.jobs,
    "premium_hkd": premiums,
    "received_at": lambda proposal: proposal.received_at,
    "channel": lambda proposal: proposal.channel,
    "status": lambda proposal: proposal.status,
    "late": lambda proposal: proposal.late,
    "updated_at": lambda proposal: proposal.updated_at,
}


def lines(proposals: QuerySet[Proposal]) -> Iterator[bytes]:
    """The file in chunks. `proposals` come from `with_parts()`, so that no row asks the database anything."""
    return csv_lines(COLUMNS, proposals.iterator(chunk_size=ROWS_AT_A_TIME))
