"""The moves of a round on its page: done, or refused in words."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from tenders import lifecycle
from tenders.admin.round_moves import ROUND_MOVES
from tenders.models import Award, TenderRound
from tenders.statuses import Decision
from tests.factories import CLOSES, make_proposal, make_round, make_user, open_box

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss")
    client.force_login(user)
    return user


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)  # noqa: TID251 - the page itself reads the clock


def page(round, move):
    return reverse(f"admin:tenders_tenderround_{move}", args=[round.pk])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def open_round(now, **fields):
    dates = {"opens_at": now - timedelta(days=2), "closes_at": now + timedelta(days=30)}
    round = make_round(published=False, decision=Decision.DRAFT, **dates | fields)
    lifecycle.publish(round, by=None, at=now - timedelta(days=3))
    return round


def closed_round(now, **fields):
    return open_round(now, opens_at=now - timedelta(days=2), closes_at=now - timedelta(hours=1), **fields)


def split(name, at):
    local = timezone.localtime(at)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M:%S}"}


def test_publish(client, boss, now):
    round = make_round(decision=Decision.DRAFT, closes_at=now + timedelta(days=9))

    answer = client.post(page(round, "publish"), follow=True)

    round.refresh_from_db()
    assert (round.decision, said(answer)) == (Decision.PUBLISHED, [f"{round.code} is published."])
    assert round.events.get().by == boss


def test_looking_at_a_move_does_nothing(client, boss, now):
    round = make_round(decision=Decision.DRAFT, closes_at=now + timedelta(days=9))

    assert client.get(page(round, "publish")).status_code == 200

    round.refresh_from_db()
    assert round.decision == Decision.DRAFT


def test_published_dates_are_not_in_the_form(client, boss, now):
    round = open_round(now)
    shown = client.get(reverse("admin:tenders_tenderround_change", args=[round.pk]))

    fields = set(shown.context["adminform"].form.fields)

    assert {"opens_at", "enquiries_until", "closes_at", "sealed", "code"} & fields == set()
    assert page(round, "amend") in shown.content.decode()


def test_amend_moves_the_closing_time_with_its_reason(client, boss, now):
    round = open_round(now)
    later = round.closes_at + timedelta(days=14)
    form = {**split("opens_at", round.opens_at), **split("closes_at", later), "reason": "A second visit."}

    answer = client.post(page(round, "amend"), form, follow=True)

    round.refresh_from_db()
    assert (round.closes_at, round.amendments.get().reason) == (later, "A second visit.")
    assert said(answer) == [f"Amendment 1 of {round.code} is published."]


def test_amendment_that_changes_nothing_is_refused_in_words(client, boss, now):
    round = open_round(now)
    form = {**split("opens_at", round.opens_at), **split("closes_at", round.closes_at), "reason": "None."}

    answer = client.post(page(round, "amend"), form)

    assert (answer.status_code, said(answer)) == (200, ["The amendment changes no date."])


def test_box_is_opened_by_two_officers(client, boss, now):
    round = closed_round(now, sealed=True)

    client.post(page(round, "begin-opening"), follow=True)
    refused = client.post(page(round, "confirm-opening"))
    client.force_login(User.objects.create_superuser("second"))
    client.post(page(round, "confirm-opening"))

    round.refresh_from_db()
    assert said(refused) == ["It takes two: the officer who began the opening cannot confirm it."]
    assert (round.decision, round.opening.second_officer.username) == (Decision.OPENED, "second")


def test_award_goes_to_a_proposal_that_asked_for_the_lot(client, boss, now):
    round = make_round("A-1")
    winner = make_proposal(round)
    open_box(round)
    lot, asked = round.lots.get(), winner.proposal_lots.get()
    form = {"decided_on": "2026-04-02", f"lot_{lot.pk}": asked.pk, f"premium_{lot.pk}": "5000000"}

    answer = client.post(page(round, "award"), form, follow=True)

    award = Award.objects.get()
    assert (award.proposal, award.premium_hkd, award.by) == (winner, 5_000_000, boss)
    assert said(answer) == ["1 lot of A-1 is awarded."]


def test_late_proposal_is_not_offered_for_an_award(client, boss):
    round = make_round()
    late = make_proposal(round, received_at=CLOSES)
    open_box(round)
    lot = round.lots.get()
    form = {"decided_on": "2026-04-02", f"lot_{lot.pk}": late.proposal_lots.get().pk}

    client.post(page(round, "award"), form)

    assert not Award.objects.exists()


def test_a_lot_that_no_proposal_in_time_asks_for_says_so(client, boss):
    round = make_round(lots=2)
    asked, free = round.lots.order_by("code")
    make_proposal(round, lots=[asked])
    make_proposal(round, lots=[free], received_at=CLOSES)
    open_box(round)

    fields = client.get(page(round, "award")).context["form"].fields

    assert (fields[f"lot_{asked.pk}"].help_text, fields[f"lot_{free.pk}"].help_text) == (
        "Lot 1",
        "Lot 2 · No proposal in time asks for this lot. Enter the lots on the proposals first.",
    )


def test_award_without_a_choice_is_refused_in_words(client, boss):
    round = make_round()
    open_box(round)

    answer = client.post(page(round, "award"), {"decided_on": "2026-04-02"})

    assert said(answer) == ["Choose a proposal for at least one lot, or declare the round unsuccessful."]


@pytest.mark.parametrize(
    ("move", "decision"), [("cancel", "cancelled"), ("declare-unsuccessful", "unsuccessful")]
)
def test_round_ends_with_a_reason(client, boss, move, decision):
    round = make_round()

    client.post(page(round, move), {"reason": " "})
    without = TenderRound.objects.get().decision
    client.post(page(round, move), {"reason": "Nobody came."})

    round.refresh_from_db()
    assert (without, round.decision) == (Decision.PUBLISHED, decision)


ANYTHING = {
    "reason": "Because.",
    "decided_on": "2026-04-02",
    "closes_at_0": "2099-01-01",
    "closes_at_1": "12:00:00",
}


@pytest.mark.parametrize("decision", ["draft", "published", "opened", "awarded", "unsuccessful", "cancelled"])
@pytest.mark.parametrize("move", [move.name for move in ROUND_MOVES])
def test_every_move_is_done_or_refused_in_words(client, boss, move, decision):
    round = make_round(published=False, decision=Decision.DRAFT)
    if decision != "draft":
        lifecycle.publish(round, by=None, at=CLOSES - timedelta(days=40))
    if decision in {"opened", "awarded"}:
        proposal = make_proposal(round)
        open_box(round)
    if decision == "awarded":
        choice = lifecycle.AwardChoice(round.lots.get(), proposal, CLOSES.date())
        lifecycle.award(round, by=make_user(), at=CLOSES + timedelta(days=2), choices=[choice])
    if decision == "unsuccessful":
        lifecycle.declare_unsuccessful(round, by=None, at=CLOSES, reason="None came.")
    if decision == "cancelled":
        lifecycle.cancel(round, by=None, at=CLOSES, reason="Called off.")

    answers = [
        client.get(page(round, move), follow=True),
        client.post(page(round, move), ANYTHING, follow=True),
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert said(answers[1]) != []


@pytest.mark.parametrize("move", [move.name for move in ROUND_MOVES])
def test_move_needs_its_permission(client, move):
    clerk = make_user("clerk", is_staff=True)
    clerk.user_permissions.set(
        Permission.objects.filter(codename__in=["change_tenderround", "view_tenderround"])
    )
    client.force_login(clerk)
    round = make_round()

    shown = client.get(reverse("admin:tenders_tenderround_change", args=[round.pk]))

    assert shown.context["moves"] == []
    assert client.post(page(round, move), ANYTHING).status_code == 403


def test_published_round_is_not_deleted_and_says_why(client, boss):
    round = make_round("KEPT-1")

    answer = client.post(
        reverse("admin:tenders_tenderround_delete", args=[round.pk]), {"post": "yes"}, follow=True
    )

    assert said(answer) == ["“KEPT-1” was published, and what was published is kept."]


def test_award_is_signed_and_then_lapses(client, boss):
    round = make_round()
    proposal = make_proposal(round)
    open_box(round)
    choice = lifecycle.AwardChoice(round.lots.get(), proposal, CLOSES.date())
    [award] = lifecycle.award(round, by=None, at=CLOSES + timedelta(days=2), choices=[choice])

    client.post(reverse("admin:tenders_award_sign", args=[award.pk]), {"signed_on": "2026-05-01"})
    client.post(
        reverse("admin:tenders_award_lapse", args=[award.pk]),
        {"lapsed_on": "2026-06-01", "reason": "Unpaid."},
    )

    award.refresh_from_db()
    assert (f"{award.signed_on}", f"{award.lapsed_on}") == ("2026-05-01", "2026-06-01")
