"""What the database itself refuses of rounds and proposals: each guard stands alone here, past every form and verb."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from parks import guards
from parks.windows import Precision
from tenders import lifecycle
from tenders.guards import tenders_guards
from tenders.models import (
    Amendment,
    Opening,
    Proposal,
    ProposalLot,
    ProposalMember,
    TenderRound,
)
from tenders.statuses import MOVES, PROPOSAL_MOVES, Decision, ProposalStatus
from tests.factories import (
    CLOSES,
    OPENS,
    hk,
    make_officer,
    make_organisation,
    make_proposal,
    make_round,
    make_user,
    open_box,
)
from tests.past_everything import refused, set_to, stored

pytestmark = pytest.mark.django_db

AFTER = CLOSES + timedelta(hours=1)
BEFORE = CLOSES - timedelta(microseconds=1)


# --- sealing ----------------------------------------------------------------------------------------------------


CONTENT = {
    "sector": "Biotech",
    "summary": "Labs",
    "investment_hkd": Decimal(1),
    "gfa_m2": Decimal(1),
    "jobs": 0,
}


@pytest.fixture
def receipt():
    return make_proposal(make_round("S-1", sealed=True, lots=2))


@pytest.mark.parametrize("column", CONTENT)
def test_content_enters_no_shut_box(receipt, column):
    stood = stored(Proposal)
    new = {"round": receipt.round, "proponent": receipt.proponent, "received_at": OPENS}

    refused(set_to(receipt, **{column: CONTENT[column]}), "its receipt only")
    refused(lambda: Proposal.objects.create(**new, **{column: CONTENT[column]}), "its receipt only")

    assert stored(Proposal) == stood
    open_box(receipt.round)
    assert set_to(receipt, **{column: CONTENT[column]})() == 1


@pytest.mark.parametrize("status", ["rejected", "shortlisted", "successful", "unsuccessful"])
def test_nothing_is_judged_in_a_shut_box(receipt, status):
    new = {"round": receipt.round, "proponent": receipt.proponent, "received_at": OPENS}

    refused(set_to(receipt, status=status), "its receipt only")
    refused(lambda: Proposal.objects.create(**new, status=status), "its receipt only")

    assert [row["status"] for row in stored(Proposal)] == ["received"]
    open_box(receipt.round)
    assert set_to(receipt, status=status)() == 1


def test_lots_and_members_enter_no_shut_box(receipt):
    partner, lot = make_organisation(), receipt.round.lots.first()

    refused(lambda: ProposalLot.objects.create(proposal=receipt, lot=lot), "its receipt only")
    refused(lambda: ProposalMember.objects.create(proposal=receipt, organisation=partner), "its receipt only")

    assert (ProposalLot.objects.count(), ProposalMember.objects.count()) == (0, 0)


def test_lots_and_members_of_another_proposal_do_not_move_into_a_shut_box(receipt):
    other = make_proposal(make_round("O-1"))
    member = ProposalMember.objects.create(proposal=other, organisation=make_organisation())

    refused(set_to(other.proposal_lots.get(), proposal=receipt), "its receipt only")
    refused(set_to(member, proposal=receipt), "its receipt only")

    assert (receipt.proposal_lots.count(), receipt.proposal_members.count()) == (0, 0)


def test_a_box_that_one_officer_began_to_open_is_shut(receipt):
    lifecycle.begin_opening(receipt.round, by=make_officer(), at=AFTER)

    refused(set_to(receipt, sector="Biotech"), "its receipt only")


def test_a_withdrawal_is_part_of_the_receipt(receipt):
    lifecycle.withdraw(receipt, by=None, at=BEFORE)

    assert Proposal.objects.get().status == "withdrawn"


@pytest.mark.parametrize("new", ProposalStatus)
@pytest.mark.parametrize("now", ProposalStatus)
def test_proposals_go_by_the_table(now, new):
    proposal = make_proposal(make_round())
    dated = {"withdrawn_at": AFTER if now == "withdrawn" else None}
    set_to(proposal, status=now, **dated)()
    move = set_to(proposal, status=new, withdrawn_at=AFTER if new == "withdrawn" else None)

    if new in PROPOSAL_MOVES[now] or new == now:
        assert move() == 1
    else:
        refused(move, "No move leads a proposal|it was withdrawn stands")
        assert Proposal.objects.get().status == now


def test_withdrawal_keeps_its_time():
    proposal = make_proposal(make_round())
    lifecycle.withdraw(proposal, by=None, at=BEFORE)

    refused(set_to(proposal, withdrawn_at=AFTER), "it was withdrawn stands")


def test_proposal_never_moves_to_another_round(receipt):
    refused(set_to(receipt, round=make_round("O-1")), "stays in its round")

    assert Proposal.objects.get().round == receipt.round


def test_draft_takes_no_proposals():
    draft = make_round(decision=Decision.DRAFT)

    refused(lambda: make_proposal(draft, lots=[]), "takes no proposals")


# --- rounds -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule", [{"sealed": False}, {"disclosure": "full"}, {"disclosure": "staged", "disclosure_days": 3}]
)
def test_published_round_keeps_its_rules(rule):
    round = make_round(sealed=True)

    refused(set_to(round, **rule), "fixed once a round is published")

    assert set_to(make_round(sealed=True, decision=Decision.DRAFT), **rule)() == 1


def test_published_round_keeps_its_day():
    refused(set_to(make_round(), published_at=OPENS), "day of publication stands")


def test_round_begins_as_a_draft():
    park = make_round().park

    refused(
        lambda: TenderRound.objects.create(
            code="P-1", park=park, kind="tender", decision="published", published_at=OPENS, closes_at=CLOSES
        ),
        "begins as a draft",
    )


def reached(decision):
    round = make_round(published=False)
    if decision != Decision.DRAFT:
        lifecycle.publish(round, by=None, at=OPENS)
    if decision in {Decision.OPENED, Decision.AWARDED}:
        open_box(round)
    if decision not in {Decision.DRAFT, Decision.PUBLISHED, Decision.OPENED}:
        set_to(round, decision=decision)()
    return round


@pytest.mark.parametrize("new", Decision)
@pytest.mark.parametrize("now", Decision)
def test_decisions_go_by_the_table(now, new):
    round = reached(now)
    if new == Decision.OPENED and now == Decision.PUBLISHED:
        Opening.objects.create(round=round, first_officer=make_user("one"), begun_at=AFTER)
        Opening.objects.update(second_officer=make_user("two"), opened_at=AFTER, proposal_count=0)
    day = None if new == Decision.DRAFT else TenderRound.objects.get().published_at or OPENS
    move = set_to(round, decision=new, published_at=day)

    if new in MOVES[now] or new == now:
        assert move() == 1
    else:
        refused(move, "No decision leads|day of publication|by two officers")
        assert TenderRound.objects.get().decision == now


def test_round_is_not_opened_without_two_officers():
    round = make_round()
    refused(set_to(round, decision="opened"), "not opened by two officers")
    lifecycle.begin_opening(round, by=make_officer(), at=AFTER)

    refused(set_to(round, decision="opened"), "not opened by two officers")

    assert TenderRound.objects.get().decision == Decision.PUBLISHED


# --- published dates --------------------------------------------------------------------------------------------


LATER = CLOSES + timedelta(days=14)
MOVED = {
    "closes_at": {"closes_at": LATER},
    "opens_at": {"opens_at": OPENS + timedelta(hours=1)},
    "enquiries_until": {"enquiries_until": CLOSES},
    "briefing_on": {"briefing_on": date(2026, 3, 12)},
    "decision_window": {
        "decision_earliest": date(2026, 7, 1),
        "decision_latest": date(2026, 9, 30),
        "decision_precision": Precision.QUARTER.value,
        "decision_text": "Q3 2026",
    },
}


def amendment(round, number=1, **dates):
    before = {f"{name}_before": getattr(round, name) for name in dates}
    after = {f"{name}_after": value for name, value in dates.items()}
    return Amendment.objects.create(
        round=round, number=number, published_at=hk(2026, 2, 28), reason="Asked for", **before, **after
    )


@pytest.mark.parametrize("dates", MOVED.values(), ids=MOVED)
def test_published_date_moves_by_an_amendment_that_says_so_and_no_other_way(dates):
    round = make_round()
    refused(set_to(round, **dates), "moves by amendment only")
    amendment(round, **dates)

    assert set_to(round, **dates)() == 1


@pytest.mark.parametrize("name", ["closes_at", "opens_at"])
def test_published_date_does_not_vanish(name):
    refused(set_to(make_round(), **{name: None}), "moves by amendment only")


def test_old_amendment_moves_nothing_again():
    round = make_round()
    for number, day in enumerate([LATER, LATER + timedelta(days=1)], start=1):
        amendment(round, number, closes_at=day)
        set_to(round, closes_at=day)()
        round.refresh_from_db()

    refused(set_to(round, closes_at=LATER), "moves by amendment only")
    refused(set_to(round, closes_at=CLOSES), "moves by amendment only")


def test_amendment_of_another_round_or_another_date_moves_nothing():
    round, other = make_round(), make_round()
    amendment(other, closes_at=LATER)
    refused(set_to(round, closes_at=LATER), "moves by amendment only")
    amendment(round, closes_at=LATER + timedelta(days=1))

    refused(set_to(round, closes_at=LATER), "moves by amendment only")


def test_draft_is_dated_at_will():
    draft = make_round(decision=Decision.DRAFT)

    assert set_to(draft, closes_at=LATER, briefing_on=date(2026, 3, 2))() == 1


# --- each guard is needed ---------------------------------------------------------------------------------------


def test_every_guard_of_rounds_and_proposals_is_named_once_and_in_place():
    names = [guard.name for guard in tenders_guards()]

    assert len(set(names)) == len(names)
    assert set(names) <= guards.present()
