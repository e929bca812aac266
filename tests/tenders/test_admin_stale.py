"""Moves and actions on an older state than the one that stands: shown what changed, or left alone, before they are done."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from parks.admin.versions import SEEN
from parks.models import Park, Release
from tenders import lifecycle
from tenders.models import Enquiry, TenderRound
from tests.factories import make_lot, make_park, make_release, make_round
from tests.form_reader import form_of
from tests.tenders.two_people import page, staff, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db):
    return staff("ann")


@pytest.fixture
def bob(db):
    return staff("bob")


# Moves ----------------------------------------------------------------------------------------------------------


def test_move_on_an_older_state_shows_what_changed_before_it_is_made(ann, bob):
    now = timezone.now()  # noqa: TID251 - the page itself reads the clock
    round = make_round(opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=9))
    asked = form_of(ann.get(page(round, "cancel"))) | {"reason": "No land."}
    later = now + timedelta(days=30)
    bobs = User.objects.get(username="bob")
    lifecycle.amend(round, by=bobs, at=now, reason="A second visit.", closes_at=later)

    answer = ann.post(page(round, "cancel"), asked)
    before = TenderRound.objects.get().decision
    ann.post(page(round, "cancel"), form_of(answer))

    [field] = answer.context["conflict"].fields
    assert (field.label, field.saved.by, field.saved.reason) == (
        "Closes at",
        "Bob",
        "Amendment 1: A second visit.",
    )
    assert form_of(answer)["reason"] == ["No land."]
    assert (before, TenderRound.objects.get().decision) == ("published", "cancelled")


def test_move_tells_of_rows_beside_the_round(ann):
    round = make_round(closes_at=timezone.now() + timedelta(days=9))  # noqa: TID251 - the page reads the clock
    asked = form_of(ann.get(page(round, "cancel"))) | {"reason": "No land."}
    make_lot(round, "new")

    answer = ann.post(page(round, "cancel"), asked)

    rows = [(row.what, row.row, row.event) for row in answer.context["conflict"].rows]
    assert rows == [("Lot", f"{round.code} new", "was added")]


@pytest.mark.parametrize("missing", ["_seen", "_once"])
def test_move_without_its_hidden_fields_is_refused_in_words(ann, missing):
    round = make_round(closes_at=timezone.now() + timedelta(days=9))  # noqa: TID251 - the page reads the clock

    answer = ann.post(page(round, "cancel"), {"reason": "No land.", missing: ""})

    assert "Not saved: this form does not say what you saw" in words(answer)
    assert TenderRound.objects.get().decision == "published"


# Actions --------------------------------------------------------------------------------------------------------

PARKS = "/admin/parks/park/"


def test_action_leaves_a_row_that_changed_since_the_list_was_shown(ann, bob):
    changed, same = (make_park(slug, published=False) for slug in ("changed", "same"))
    chosen = {
        "action": "publish",
        "_selected_action": [changed.pk, same.pk],
        SEEN: form_of(ann.get(PARKS))[SEEN],
    }
    bob.post(page(changed), form_of(bob.get(page(changed))) | {"name_en": "Bob's name"})

    answer = ann.post(PARKS, chosen, follow=True)

    said = [str(message) for message in answer.context["messages"]]
    assert said[0].startswith("“Bob's name” was left as it is: Bob saved it at ")
    assert said[1] == "1 entry is public now."
    assert set(Park.objects.filter(published=True)) == {same}


@pytest.mark.parametrize("seen", ["", "forged"])
def test_action_without_what_was_seen_does_nothing(ann, seen):
    park = make_park(published=False)

    answer = ann.post(PARKS, {"action": "publish", "_selected_action": [park.pk], SEEN: seen}, follow=True)

    said = [str(message) for message in answer.context["messages"]]
    assert said == ["This list does not say what you saw of it. Nothing was done: choose again."]
    assert not Park.objects.filter(published=True).exists()


def test_publishing_again_from_the_same_list_publishes_once(ann):
    round = make_round()
    enquiry = Enquiry.objects.create(round=round, number=1, asked_on="2026-03-02", question="?", answer="!")
    chosen = {"action": "publish_now", "_selected_action": [enquiry.pk]}
    chosen[SEEN] = form_of(ann.get("/admin/tenders/enquiry/"))[SEEN]

    for _ in range(2):
        ann.post("/admin/tenders/enquiry/", chosen)

    assert enquiry.history.count() == 2


def test_entry_is_not_made_out_of_another_one(ann):
    release = make_release()

    answer = ann.post(page(release), form_of(ann.get(page(release))) | {"_saveasnew": "1"}, follow=True)

    said = [str(message) for message in answer.context["messages"]]
    assert said == ["An entry is not made out of another one. Nothing was saved."]
    assert Release.objects.count() == 1
