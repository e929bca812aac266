"""Two people on one page: the second is told whose newer values stand, and loses nothing that was typed."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.test import RequestFactory
from django.utils import timezone

from parks.admin.editing import CarefulEdits
from parks.admin.versions import SEEN
from parks.models import Phase, ReleasePlot
from tenders import lifecycle
from tenders.models import Lot, TenderRound
from tests.factories import make_lot, make_park, make_phase, make_plot, make_release, make_round
from tests.form_reader import form_of
from tests.tenders.test_admin_pages import make_a_row_of_everything
from tests.tenders.two_people import page, staff, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db):
    return staff("ann")


@pytest.fixture
def bob(db):
    return staff("bob")


def editable():
    """Every model with a form to change it. Accounts keep no history; they have a test of their own below."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True)
    return [
        model
        for model, modeladmin in admin.site._registry.items()
        if modeladmin.has_change_permission(request) and hasattr(model, "history")
    ]


EDITABLE = pytest.mark.parametrize("model", editable(), ids=lambda model: model._meta.label_lower)


def told(answer):
    """What the page says of each field: its label, what stands now, and whose choice it is."""
    return [
        (field.label, field.now, field.typed, field.outcome) for field in answer.context["conflict"].fields
    ]


@EDITABLE
def test_form_of_every_model_is_refused_on_a_newer_version(ann, bob, model):
    make_a_row_of_everything(1)
    row = model._default_manager.first()
    seen = form_of(ann.get(page(row)))
    first = bob.post(page(row), form_of(bob.get(page(row))) | {"_why": "Bob was first"})
    stood = model._default_manager.filter(pk=row.pk).values().get()
    lines = model.history.count()

    second = ann.post(page(row), seen)

    assert (first.status_code, second.status_code) == (302, 200)
    assert "Not saved: somebody saved a newer version" in words(second)
    assert "Saved by Bob" in words(second)
    assert "Bob was first" in words(second)
    assert model._default_manager.filter(pk=row.pk).values().get() == stood
    assert model.history.count() == lines


@EDITABLE
def test_form_of_every_model_is_saved_knowingly_from_the_page_that_told(ann, bob, model):
    make_a_row_of_everything(1)
    row = model._default_manager.first()
    seen = form_of(ann.get(page(row)))
    bob.post(page(row), form_of(bob.get(page(row))))

    again = ann.post(page(row), form_of(ann.post(page(row), seen)) | {"_why": "I looked"})

    newest = row.history.first()
    assert again.status_code == 302
    assert (newest.history_user.username, newest.history_change_reason) == ("ann", "I looked")


@EDITABLE
@pytest.mark.parametrize("version", ["", "forged", "of another row"])
def test_form_of_every_model_without_the_version_is_refused(ann, model, version):
    make_a_row_of_everything(1)
    make_a_row_of_everything(2)
    make_phase("other", make_park("other"))
    row, other = model._default_manager.order_by("pk")[:2]
    form = form_of(ann.get(page(row)))
    form[SEEN] = form_of(ann.get(page(other)))[SEEN] if version == "of another row" else version
    lines = model.history.count()

    answer = ann.post(page(row), form)

    assert "Not saved: this form does not say what you saw" in words(answer)
    assert model.history.count() == lines


def test_field_that_both_changed_shows_both_values_and_whose_they_are(ann, bob):
    park = make_park(name_en="Old name")
    mine = form_of(ann.get(page(park))) | {"name_en": "Ann's name"}
    bob.post(page(park), form_of(bob.get(page(park))) | {"name_en": "Bob's name", "_why": "As gazetted"})

    answer = ann.post(page(park), mine)

    [field] = answer.context["conflict"].fields
    assert (field.label, field.now, field.typed, field.outcome) == (
        "Name (English)",
        "Bob's name",
        "Ann's name",
        "yours",
    )
    assert (field.saved.by, field.saved.reason) == ("Bob", "As gazetted")
    assert form_of(answer)["name_en"] == ["Ann's name"]
    assert "now stands</span> <strong>Bob&#x27;s name</strong>" in words(answer)
    assert "you typed</span> <strong>Ann&#x27;s name</strong>" in words(answer)


def test_field_that_only_the_other_changed_is_told_and_kept_as_it_stands_now(ann, bob):
    park = make_park(name_en="Old name", order=1)
    mine = form_of(ann.get(page(park))) | {"name_en": "Ann's name"}
    bob.post(page(park), form_of(bob.get(page(park))) | {"order": "7"})

    answer = ann.post(page(park), mine)
    ann.post(page(park), form_of(answer))

    park.refresh_from_db()
    assert told(answer) == [("Order", "7", "1", "theirs")]
    assert (park.name_en, park.order) == ("Ann's name", 7)


def test_unticked_box_and_a_reference_are_told_in_words(ann, bob):
    whole = make_phase("whole")
    phase = make_phase("part")
    mine = form_of(ann.get(page(phase))) | {"name_en": "Batch"}
    theirs = form_of(bob.get(page(phase))) | {"part_of": whole.pk}
    theirs.pop("published")
    bob.post(page(phase), theirs)

    answer = ann.post(page(phase), mine)

    assert told(answer) == [
        ("Part of", "hsitp whole", "(empty)", "theirs"),
        ("Published", "No", "Yes", "theirs"),
    ]
    assert "published" not in form_of(answer)


def test_three_people_are_each_named(ann, bob):
    park, eve = make_park(), staff("eve")
    mine = form_of(ann.get(page(park))) | {"focus_en": "Ann's focus"}
    bob.post(page(park), form_of(bob.get(page(park))) | {"name_en": "Bob's name"})
    eve.post(page(park), form_of(eve.get(page(park))) | {"focus_en": "Eve's focus"})

    answer = ann.post(page(park), mine)

    assert {field.label: field.saved.by for field in answer.context["conflict"].fields} == {
        "Name (English)": "Bob",
        "Focus (English)": "Eve",
    }
    assert [saved.by for saved in answer.context["conflict"].saves] == ["Eve", "Bob"]


def test_what_is_saved_while_the_telling_page_is_read_is_told_again(ann, bob):
    park = make_park()
    mine = form_of(ann.get(page(park))) | {"name_en": "Ann's name"}
    bob.post(page(park), form_of(bob.get(page(park))) | {"name_en": "Bob's name"})
    read = form_of(ann.post(page(park), mine))
    bob.post(page(park), form_of(bob.get(page(park))) | {"name_en": "Bob's second name"})

    answer = ann.post(page(park), read)

    park.refresh_from_db()
    assert told(answer) == [("Name (English)", "Bob's second name", "Ann's name", "yours")]
    assert park.name_en == "Bob's second name"


def test_change_from_elsewhere_counts_as_well(ann):
    round = make_round(published=False, lots=0)
    mine = form_of(ann.get(page(round))) | {"title_en": "Ann's title"}
    lifecycle.publish(round, by=None, at=timezone.now())  # noqa: TID251 - as the page does

    answer = ann.post(page(round), mine)

    labels = [
        (field.label, field.now) for field in answer.context["conflict"].fields if field.label == "Decision"
    ]
    assert labels == [("Decision", "published")]
    assert TenderRound.objects.get().title_en == "Tender"


def test_row_that_the_other_added_is_told_and_not_lost(ann, bob):
    park = make_park()
    make_phase("1", park)
    mine = form_of(ann.get(page(park))) | {"phases-0-name_en": "Ann's phase"}
    make_phase("0", park)

    answer = ann.post(page(park), mine)
    ann.post(page(park), form_of(answer))

    [row] = answer.context["conflict"].rows
    assert (row.row, row.event) == ("hsitp 0", "was added")
    names = Phase.objects.order_by("code").values_list("code", "name_en")
    assert list(names) == [("0", "Phase 0"), ("1", "Ann's phase")]


def test_row_that_the_other_changed_is_told_field_by_field(ann, bob):
    round = make_round(published=False)
    lot = round.lots.get()
    mine = form_of(ann.get(page(round))) | {"lots-0-title_en": "Ann's lot"}
    bob.post(page(lot), form_of(bob.get(page(lot))) | {"title_en": "Bob's lot", "stated_plots": "4"})

    answer = ann.post(page(round), mine)
    ann.post(page(round), form_of(answer))

    [row] = answer.context["conflict"].rows
    assert [(field.label, field.now, field.typed, field.outcome) for field in row.fields] == [
        ("Title (English)", "Bob's lot", "Ann's lot", "yours"),
        ("Plots, if not named", "4", "(empty)", "theirs"),
    ]
    assert Lot.objects.values_list("title_en", "stated_plots").get() == ("Ann's lot", 4)


@pytest.mark.parametrize(("typed", "left"), [({}, []), ({"release_plots-0-plot": "other"}, ["other"])])
def test_row_that_the_other_deleted_is_told_and_what_was_typed_is_kept(ann, bob, typed, left):
    release = make_release()
    plot, other, third = make_plot("gone"), make_plot("other"), make_plot("third")
    for one in (plot, third):
        ReleasePlot.objects.create(release=release, plot=one)
    typed = dict.fromkeys(typed, other.pk)
    mine = form_of(ann.get(page(release))) | typed
    theirs = form_of(bob.get(page(release))) | {"release_plots-0-DELETE": "on"}
    assert bob.post(page(release), theirs).status_code == 302

    answer = ann.post(page(release), mine)
    saved = ann.post(page(release), form_of(answer))

    [row] = answer.context["conflict"].rows
    assert (row.event, row.saved.by, row.kept) == ("was deleted", "Bob", bool(typed))
    assert saved.status_code == 302
    codes = release.plots.order_by("code").values_list("code", flat=True)
    assert list(codes) == [*left, "third"]


def test_new_row_that_was_typed_is_kept(ann, bob):
    round = make_round(published=False)
    mine = form_of(ann.get(page(round)))
    mine |= {"lots-TOTAL_FORMS": "2", "lots-1-code": "X", "lots-1-title_en": "Typed lot", "lots-1-id": ""}
    make_lot(round, "9")

    answer = ann.post(page(round), mine)
    ann.post(page(round), form_of(answer))

    codes = round.lots.order_by("code").values_list("code", flat=True)
    assert list(codes) == ["1", "9", "X"]


def test_two_new_rows_of_the_same_code_are_refused_in_words(ann):
    round = make_round(published=False)
    mine = form_of(ann.get(page(round)))
    mine |= {"lots-TOTAL_FORMS": "2", "lots-1-code": "9", "lots-1-title_en": "Typed lot", "lots-1-id": ""}
    make_lot(round, "9")
    told_first = form_of(ann.post(page(round), mine))

    answer = ann.post(page(round), told_first)

    assert answer.status_code == 200
    assert "Please correct the duplicate values below." in words(answer)
    assert round.lots.count() == 2


def test_error_in_what_was_typed_does_not_hide_the_telling(ann, bob):
    park = make_park()
    mine = form_of(ann.get(page(park))) | {"name_en": "", "longitude": "far"}
    bob.post(page(park), form_of(bob.get(page(park))) | {"name_en": "Bob's name"})

    answer = ann.post(page(park), mine)

    assert told(answer) == [("Name (English)", "Bob's name", "(empty)", "yours")]
    assert form_of(answer)["longitude"] == ["far"]


def test_secret_is_not_told_on_a_page_that_does_not_show_it(ann, bob):
    round = make_round(published=False)
    lot = round.lots.get()
    mine = form_of(ann.get(page(round)))
    bob.post(page(lot), form_of(bob.get(page(lot))) | {"reserve_premium_hkd": "77000123"})

    answer = ann.post(page(round), mine)

    assert answer.context["conflict"].rows[0].fields == []
    assert "77000123" not in answer.content.decode()
    assert "77,000,123" not in answer.content.decode()


def test_errors_of_a_form_on_the_newest_version_are_the_usual_ones(ann):
    park = make_park()

    answer = ann.post(page(park), form_of(ann.get(page(park))) | {"name_en": ""})

    assert answer.context["conflict"] is None
    assert "This field is required." in words(answer)


def test_page_to_look_at_without_a_form_has_no_version(client):
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_park"))
    client.force_login(reader)

    assert SEEN not in form_of(client.get(page(make_park())))


def test_account_keeps_no_history_and_is_held_against_what_was_seen_as_well(ann, bob):
    clerk = User.objects.create_user("clerk", first_name="Old", is_staff=True)
    seen = form_of(ann.get(page(clerk)))
    bob.post(page(clerk), form_of(bob.get(page(clerk))) | {"first_name": "Bob's"})

    told = ann.post(page(clerk), seen | {"first_name": "Ann's"})
    again = ann.post(page(clerk), form_of(told))

    [field] = told.context["conflict"].fields
    assert (field.now, field.typed, again.status_code) == ("Bob's", "Ann's", 302)
    assert User.objects.get(username="clerk").first_name == "Ann's"


def test_every_page_that_changes_something_is_careful():
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True)
    pages = [one for one in admin.site._registry.values() if one.has_change_permission(request)]

    assert [type(one).__name__ for one in pages if not isinstance(one, CarefulEdits)] == []
