"""Offering the land: rounds, lots, proposals, openings, awards, and what was reported of them."""

from tenders.models.correspondence import Document, Enquiry
from tenders.models.figures import Figure
from tenders.models.lots import Lot, LotPlot
from tenders.models.officers import Admission, Opening
from tenders.models.proposals import Award, Proposal, ProposalLot, ProposalMember
from tenders.models.rounds import Amendment, RoundEvent, TenderRound, TenderRoundQuerySet
from tenders.models.uploads import Upload

__all__ = [
    "Admission",
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
    "TenderRoundQuerySet",
    "Upload",
]
