"""Offering the land: rounds, lots, proposals, openings, awards, and what was reported of them."""

from tenders.models.correspondence import Document, Enquiry
from tenders.models.figures import Figure
from tenders.models.proposals import Award, Opening, Proposal, ProposalLot, ProposalMember
from tenders.models.rounds import Amendment, Lot, LotPlot, RoundEvent, TenderRound
from tenders.models.uploads import Upload

__all__ = [
    "Amendment",
    "Award",
    "Document",
    "Enquiry",
    "Figure",
    "Lot",
    "LotPlot",
    "Opening",
    "Proposal",
    "ProposalLot",
    "ProposalMember",
    "RoundEvent",
    "TenderRound",
    "Upload",
]
