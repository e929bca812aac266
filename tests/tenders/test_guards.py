"""What the database itself refuses of rounds and proposals: each guard stands alone here, past every form and verb."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from parks import guards
from parks.windows import Precision
from tenders import lifecycle
from tenders.guards import tenders_guards
from tenders.models import (
    Admission,
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
    admit,
    hk,
    make_officer,
    make_organisation,
    make_proposal,
    make_round,
    make_user,
    open_box,
)

pytestmark = pytest.mark.django_db

AFTER = CLOSES + timedelta(hours=1)
BEFORE = CLOSES - timedelta(microseconds=1)


def refused(act, words):
    """The act is refused by the database, in these words."""
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        act()


def stored(model):
    return list(model.objects.order_by("pk").values())


def set_to(row, **values):
    """As no form and no verb would do it."""
    return lambda: type(row)._base_manager.filter(pk=row.pk).update(**values)


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


# --- the opening ------------------------------------------------------------------------------------------------


def begun(round=None):
    round = round or make_round()
    return Opening.objects.create(round=round, first_officer=make_user("one"), begun_at=AFTER)


def test_opening_begins_after_the_closing_time():
    round, first = make_round(), make_user("one")

    refused(
        lambda: Opening.objects.create(round=round, first_officer=first, begun_at=BEFORE), "has not closed"
    )
    assert Opening.objects.create(round=round, first_officer=first, begun_at=CLOSES).opened_at is None


def test_opening_of_a_round_that_never_closes_or_is_called_off_does_not_begin():
    grant, gone = make_round(kind="direct_grant", closes_at=None), make_round()
    lifecycle.cancel(gone, by=None, at=OPENS, reason="Called off.")

    for round in (grant, gone):
        refused(lambda round=round: begun(round), "has not closed, or it is decided")


def test_opening_is_not_dated_back():
    opening = begun()
    second = {"second_officer": make_user("two"), "proposal_count": 0}

    refused(set_to(opening, begun_at=BEFORE, opened_at=BEFORE, **second), "has not closed|first officer")


def test_opening_does_not_begin_confirmed():
    round = make_round()

    refused(
        lambda: Opening.objects.create(
            round=round, first_officer=make_user("one"), begun_at=AFTER, second_officer=make_user("two"),
            opened_at=AFTER, proposal_count=0,
        ),
        "One officer begins",
    )  # fmt: skip


def test_first_officer_stays_unless_the_account_is_disabled():
    opening, other = begun(), make_user("two")
    refused(set_to(opening, first_officer=other), "Only when the account")
    opening.first_officer.is_active = False
    opening.first_officer.save()
    confirmed = {"second_officer": make_user("three"), "opened_at": AFTER, "proposal_count": 0}

    refused(set_to(opening, first_officer=other, **confirmed), "Only when the account")

    assert set_to(opening, first_officer=other, begun_at=AFTER + timedelta(hours=1))() == 1


def test_opening_stays_with_its_round():
    refused(set_to(begun(), round=make_round()), "stays with what it is about")


def test_begun_opening_is_not_deleted():
    opening = begun()

    refused(lambda: opening.delete(), "never deleted")


@pytest.mark.parametrize(
    "change",
    [
        {"proposal_count": 3},
        {"references": ["FORGED"]},
        {"second_officer": None, "opened_at": None, "proposal_count": None},
        {"opened_at": AFTER + timedelta(days=1)},
        {"begun_at": CLOSES},
    ],
    ids=lambda change: next(iter(change)),
)
def test_confirmed_opening_is_for_ever(change):
    opening = open_box(make_round())
    stood = stored(Opening)

    refused(set_to(opening, **change), "never changed")
    refused(lambda: Opening.objects.filter(pk=opening.pk).delete(), "never deleted")

    assert stored(Opening) == stood


# --- late -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["shortlisted", "successful"])
def test_late_proposal_is_not_chosen(status):
    round = make_round()
    late = make_proposal(round, received_at=CLOSES)
    open_box(round)

    refused(set_to(late, status=status), "never chosen")
    refused(lambda: make_proposal(round, received_at=CLOSES, status=status), "never chosen")

    admit(late)
    assert set_to(late, status=status)() == 1


def test_half_an_admission_chooses_nothing():
    late = make_proposal(make_round(), received_at=CLOSES)
    lifecycle.ask_admission(late, by=make_officer(), at=AFTER, reason="Our clock.")

    refused(set_to(late, status="shortlisted"), "never chosen")


def test_time_of_receipt_is_corrected_with_a_reason():
    proposal = make_proposal(make_round())

    refused(set_to(proposal, received_at=CLOSES), "with a reason")

    assert set_to(proposal, received_at=CLOSES, received_at_reason="Read from the stamp")() == 1


def asked(**fields):
    proposal = fields.pop("proposal", None) or make_proposal(make_round(), received_at=CLOSES)
    fields = {"first_officer": make_user("one"), "asked_at": AFTER, "reason": "Our clock."} | fields
    return Admission.objects.create(proposal=proposal, **fields)


def test_only_what_came_late_is_admitted():
    refused(lambda: asked(proposal=make_proposal(make_round())), "Only what came late")


def test_admission_comes_after_the_closing_time_and_before_the_decision():
    over = make_proposal(make_round(), received_at=CLOSES)
    lifecycle.declare_unsuccessful(over.round, by=None, at=AFTER, reason="Nobody.")

    refused(lambda: asked(asked_at=BEFORE), "has not closed")
    refused(lambda: asked(proposal=over), "it is decided")


def test_admission_begins_with_one_officer_and_names_another():
    refused(
        lambda: asked(second_officer=make_user("two"), admitted_at=AFTER),
        "One officer begins",
    )
    admission = asked()

    refused(
        set_to(admission, second_officer=admission.first_officer, admitted_at=AFTER),
        "admission_needs_two_officers",
    )
    refused(set_to(admission, first_officer=make_user("two")), "Only when the account")
    refused(lambda: admission.delete(), "never deleted")


@pytest.mark.parametrize("change", [{"reason": "Another"}, {"admitted_at": AFTER + timedelta(days=9)}])
def test_confirmed_admission_is_for_ever(change):
    admission = admit(make_proposal(make_round(), received_at=CLOSES))

    refused(set_to(admission, **change), "never changed")
    refused(lambda: admission.delete(), "never deleted")


# --- each guard is needed ---------------------------------------------------------------------------------------


def test_every_guard_of_rounds_and_proposals_is_named_once_and_in_place():
    names = [guard.name for guard in tenders_guards()]

    assert len(set(names)) == len(names)
    assert set(names) <= guards.present()
