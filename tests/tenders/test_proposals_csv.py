from decimal import Decimal

import pytest

from tenders import proposals_csv
from tenders.members import Member, join_members, split_members
from tenders.models import LotPlot, Proposal, ProposalLot, ProposalMember
from tests.factories import hk, make_organisation, make_proposal, make_round
from tests.tables import read_back


def export():
    return read_back(proposals_csv.lines(Proposal.objects.with_parts().order_by("reference")))


@pytest.mark.django_db
def test_columns_are_those_of_the_contract():
    assert list(proposals_csv.COLUMNS) == [
        "proposal", "round", "lots", "plots", "proponent", "members", "sector", "investment_hkd", "gfa_m2", "jobs",
        "premium_hkd", "received_at", "channel", "status", "late", "updated_at",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_proposal_is_one_line_with_its_parts_joined():
    round = make_round("R-1", lots=2, plots_each=2)
    proposal = make_proposal(
        round, lots=[], proponent=make_organisation("=Sum Ltd"), reference="P-1", sector="AI", jobs=12,
        investment_hkd=Decimal("5000000"), gfa_m2=Decimal("1200.50"),
    )  # fmt: skip
    first, second = round.lots.order_by("code")
    ProposalLot.objects.create(proposal=proposal, lot=first, preference=2)
    ProposalLot.objects.create(proposal=proposal, lot=second, preference=1, premium_hkd=7)
    ProposalMember.objects.create(proposal=proposal, organisation=make_organisation("A;B"), share_percent=30)
    ProposalMember.objects.create(proposal=proposal, organisation=make_organisation("C (30%)"))

    [line] = export()
    assert line | {"updated_at": ""} == {
        "proposal": "P-1", "round": "R-1", "lots": "2;1",
        "plots": ";".join(sorted(LotPlot.objects.values_list("plot__code", flat=True))),
        "proponent": "'=Sum Ltd", "members": "A\\;B (30%);C \\(30%)", "sector": "AI",
        "investment_hkd": "5000000.00", "gfa_m2": "1200.5", "jobs": "12", "premium_hkd": "7.00;",
        "received_at": "2026-03-30T15:00:00+08:00", "channel": "counter", "status": "received", "late": "false",
        "updated_at": "",
    }  # fmt: skip


@pytest.mark.django_db
def test_received_at_the_closing_time_is_late():
    make_proposal(make_round(), received_at=hk(2026, 3, 31, 12))
    assert export()[0]["late"] == "true"


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_the_export_asks_four_times(rows, django_assert_num_queries):
    round = make_round(lots=2)
    for _ in range(rows):
        proposal = make_proposal(round)
        ProposalMember.objects.create(proposal=proposal, organisation=make_organisation())
    with django_assert_num_queries(5):
        assert len(export()) == rows


@pytest.mark.parametrize(
    ("members", "cell"),
    [
        ([Member("Harbour Ltd", Decimal(60)), Member("Delta", None)], "Harbour Ltd (60%);Delta"),
        ([Member("A;B", Decimal("33.33"))], "A\\;B (33.33%)"),
        ([Member("Back\\slash", None)], "Back\\\\slash"),
        ([Member("Half (50%)", None)], "Half \\(50%)"),
        ([Member("Half (50%)", Decimal(5))], "Half \\(50%) (5%)"),
        ([Member("Ends\\", None), Member("Next", None)], "Ends\\\\;Next"),
        ([Member("(HK) Ltd", None)], "(HK) Ltd"),
        ([Member("甲（30%）有限公司", Decimal(1))], "甲（30%）有限公司 (1%)"),
        ([], ""),
    ],
)
def test_members_go_into_one_cell_and_come_back(members, cell):
    assert join_members(members) == cell
    assert split_members(cell) == members


def test_members_typed_by_hand_need_no_backslash():
    assert split_members(" A\\B ;; C(40%) ") == [Member("A\\B", None), Member("C", Decimal(40))]
