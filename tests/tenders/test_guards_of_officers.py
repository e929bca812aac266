"""What the database itself refuses of openings, late proposals and admissions, past every form and verb."""

from datetime import timedelta

import pytest

from tenders import lifecycle
from tenders.models import (
    Admission,
    Opening,
)
from tests.factories import (
    CLOSES,
    OPENS,
    admit,
    make_officer,
    make_proposal,
    make_round,
    make_user,
    open_box,
)
from tests.past_everything import refused, set_to, stored

pytestmark = pytest.mark.django_db

AFTER = CLOSES + timedelta(hours=1)
BEFORE = CLOSES - timedelta(microseconds=1)


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


def test_begun_opening_is_not_confirmed_once_the_round_is_called_off():
    opening = begun()
    lifecycle.cancel(opening.round, by=None, at=AFTER, reason="Called off.")

    refused(
        set_to(opening, second_officer=make_user("two"), opened_at=AFTER, proposal_count=0), "it is decided"
    )


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


def test_admission_that_was_asked_for_is_not_confirmed_after_the_decision():
    admission = asked()
    lifecycle.declare_unsuccessful(admission.proposal.round, by=None, at=AFTER, reason="Nobody.")

    refused(set_to(admission, second_officer=make_user("two"), admitted_at=AFTER), "it is decided")


def test_admission_stays_with_its_proposal():
    admission = asked()

    refused(set_to(admission, proposal=make_proposal(make_round(), received_at=CLOSES)), "stays with what")


@pytest.mark.parametrize("change", [{"reason": "Another"}, {"admitted_at": AFTER + timedelta(days=9)}])
def test_confirmed_admission_is_for_ever(change):
    admission = admit(make_proposal(make_round(), received_at=CLOSES))

    refused(set_to(admission, **change), "never changed")
    refused(lambda: admission.delete(), "never deleted")
