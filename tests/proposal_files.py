"""Proposals as rows of a file, taken, refused and written again: what the tests of their import share."""

import pytest

from parks.importing import ImportRefused
from parks.models import Organisation
from tenders import proposals_csv
from tenders.importing import proposals
from tenders.models import Proposal, ProposalLot, ProposalMember
from tests.tables import read_back, said

ROW = {
    "proposal": "P-0001", "round": "R-1", "lots": "1;2", "proponent": "示例發展有限公司",
    "received_at": "2026-03-30T15:04:05+08:00", "status": "received", "sector": "I&T",
    "investment_hkd": "500000000", "gfa_m2": "12000.5",
}  # fmt: skip


def row(number=1, **cells):
    return ROW | {"proposal": f"P-{number:04d}", "proponent": f"Company {number}"} | cells


def take(data, at, **options):
    return proposals.run(data, by=options.pop("by", None), at=at, **options)


def refused(data, at, **options):
    before = Proposal.objects.count()
    with pytest.raises(ImportRefused) as error:
        take(data, at, **options)
    assert Proposal.objects.count() == before
    return said(error)


def exported():
    return read_back(proposals_csv.lines(Proposal.objects.with_parts().order_by("reference")))


def history():
    return [model.history.count() for model in (Proposal, ProposalLot, ProposalMember, Organisation)]
