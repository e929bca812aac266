"""What was published or received, or is needed, is not deleted: by the admin in words, by the database at all."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.urls import reverse

from parks.models import Organisation, Plot, Release
from tenders import lifecycle
from tenders.models import Document, Enquiry, Figure
from tests.factories import (
    CLOSES,
    hk,
    make_lot,
    make_milestone,
    make_organisation,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
    make_user,
    open_box,
)
from tests.form_reader import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss")
    client.force_login(user)
    return user


def page(row, name):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def an_award():
    round = make_round("A-1")
    proposal = make_proposal(round)
    open_box(round)
    choice = lifecycle.AwardChoice(lot=round.lots.get(), proposal=proposal, decided_on=CLOSES.date())
    return lifecycle.award(round, by=make_user(), at=CLOSES, choices=[choice])[0]


def an_enquiry(round, published_at):
    asked = {"asked_on": date(2026, 3, 2), "question": "?", "answer": "!"}
    return Enquiry.objects.create(round=round, number=1, published_at=published_at, **asked)


def a_document(round, published_at):
    return Document.objects.create(
        round=round, title_en="Conditions", url="https://example.org/c", published_at=published_at
    )


def a_figure():
    return Figure.objects.create(
        park=make_park(),
        indicator="plots_offered",
        value=1,
        unit="plots",
        as_of=date(2026, 1, 1),
        source=make_source(),
    )


REFERRED, PUBLISHED = "is kept: other entries refer to it.", "is published, and what was published is kept."
WAS_PUBLISHED = "was published, and what was published is kept."

# What is kept, how it comes about, and the words that say why.
KEPT = {
    "published park": (make_park, PUBLISHED),
    "published phase": (make_phase, PUBLISHED),
    "published plot": (make_plot, PUBLISHED),
    "published release": (make_release, PUBLISHED),
    "published milestone": (make_milestone, PUBLISHED),
    "release with announcements": (lambda: make_release(published=False), REFERRED),
    "organisation with a proposal": (lambda: make_proposal(make_round()).proponent, REFERRED),
    "source of an announcement": (lambda: make_release().revisions.get().source, REFERRED),
    "park with a phase": (lambda: make_phase(park=make_park("draft", published=False)).park, REFERRED),
    "published round": (make_round, WAS_PUBLISHED),
    "lot of a published round": (lambda: make_round().lots.get(), WAS_PUBLISHED),
    "draft round with lots": (lambda: make_round(published=False), REFERRED),
    "published enquiry": (lambda: an_enquiry(make_round(), hk(2026, 3, 3)), WAS_PUBLISHED),
    "published document": (lambda: a_document(make_round(), hk(2026, 3, 3)), WAS_PUBLISHED),
    "public figure": (a_figure, "A figure that is public is kept."),
    "proposal": (lambda: make_proposal(make_round()), "A proposal that was received is kept."),
    "award": (an_award, "An award is kept."),
}


@pytest.mark.parametrize("what", KEPT)
def test_what_is_kept_is_refused_in_words_and_stays(client, boss, what):
    make, why = KEPT[what]
    row = make()

    answer = client.post(page(row, "delete"), {"post": "yes"}, follow=True)

    assert why in said(answer)[0]
    assert type(row)._default_manager.filter(pk=row.pk).exists()
    assert not row.history.filter(history_type="-").exists()


@pytest.mark.parametrize("what", KEPT)
def test_what_is_kept_offers_no_button_to_delete_it(client, boss, what):
    row = KEPT[what][0]()

    assert page(row, "delete") not in client.get(page(row, "change")).content.decode()


GOES = {
    "unused organisation": make_organisation,
    "unused source": make_source,
    "unpublished plot": lambda: make_plot(published=False),
    "draft round": lambda: make_round(published=False, lots=0),
    "lot of a draft round": lambda: make_round(published=False).lots.get(),
    "enquiry that nobody saw": lambda: an_enquiry(make_round(), None),
    "document that nobody saw": lambda: a_document(make_round(), None),
}


@pytest.mark.parametrize("what", GOES)
def test_what_nobody_saw_and_nothing_needs_is_deleted_with_its_last_line_of_history(client, boss, what):
    row = GOES[what]()
    history = type(row).history

    client.post(page(row, "delete"), {"post": "yes"})

    last = history.filter(id=row.pk).first()
    assert not type(row)._default_manager.filter(pk=row.pk).exists()
    assert (last.history_type, last.history_user, last.history_change_reason) == (
        "-",
        boss,
        "Deleted by form",
    )


@pytest.mark.parametrize("seen", ["older", ""])
def test_what_was_changed_since_it_was_looked_at_is_looked_at_again(client, boss, seen):
    company = make_organisation("Acme")
    form = form_of(client.get(page(company, "delete"))) | ({} if seen else {"_seen": ""})
    if seen:
        company.name_en = "Acme Limited"
        company.save()

    answer = client.post(page(company, "delete"), form, follow=True)
    told, there = said(answer), Organisation.objects.filter(pk=company.pk).exists()
    client.post(page(company, "delete"), form_of(answer) | {"_why": "Entered twice"})

    assert told == [f"“{company}” is not as it was when you were asked, or the form is too old. Look again."]
    assert there
    assert Organisation.history.first().history_change_reason == "Entered twice"
    assert not Organisation.objects.exists()


# By the database ------------------------------------------------------------------------------------------------

# Rows that only other rows keep are not here: foreign keys refuse those.
GUARDED = [
    what
    for what in KEPT
    if what.startswith("published") or what in {"lot of a published round", "proposal", "award"}
]


def delete_by_sql(row: Model) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{row._meta.db_table}" WHERE id = %s', [row.pk])


def bare(what):
    """The row without anything else that needs it, so that nothing but its guard can refuse."""
    makers = {
        "published release": lambda: Release.objects.create(
            code="r", title_en="R", park=make_park(), published=True
        ),
        "published round": lambda: make_round(lots=0, kind="direct_grant", closes_at=None),
        "lot of a published round": lambda: make_lot(make_round(lots=0), plots=0),
        "proposal": lambda: make_proposal(make_round(), lots=[]),
    }
    return makers.get(what, KEPT[what][0])()


@pytest.mark.parametrize("what", GUARDED)
def test_database_refuses_as_well(what):
    row = bare(what)

    with pytest.raises(IntegrityError, match=r"kept\b"):
        delete_by_sql(row)

    assert type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("what", GUARDED)
def test_database_refuses_a_queryset_as_well(what):
    row = bare(what)

    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).delete()

    assert type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("make", [make_release, make_milestone])
@pytest.mark.parametrize(
    "order", ["DELETE FROM {table} WHERE id = %s", "UPDATE {table} SET reason = 'x' WHERE id = %s"]
)
def test_database_keeps_every_announcement_as_it_was_said(make, order):
    said_so = make().revisions.get()

    with pytest.raises(IntegrityError, match="is never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(order.format(table=said_so._meta.db_table), [said_so.pk])

    assert type(said_so).objects.get().reason == ""


def test_database_keeps_the_plots_of_a_published_lot():
    link = make_round().lots.get().lot_plots.get()

    with pytest.raises(IntegrityError, match=r"kept\b"):
        delete_by_sql(link)

    assert link.lot.plots.count() == 1


def test_database_lets_go_what_is_hidden_first():
    plot = make_plot()
    Plot.objects.filter(pk=plot.pk).update(published=False)

    plot.delete()

    assert not Plot.objects.exists()


# By hand-made requests ------------------------------------------------------------------------------------------


def test_row_beside_that_is_kept_is_not_deleted_with_the_form(client, boss):
    round = make_round(published=False, lots=0)
    document = a_document(round, hk(2026, 3, 3))
    form = form_of(client.get(page(round, "change"))) | {"documents-0-DELETE": "on", "title_en": "Typed"}

    answer = client.post(page(round, "change"), form)

    assert answer.context["conflict"].kept == (
        f"“{document}” was published, and what was published is kept.",
    )
    assert form_of(answer)["title_en"] == ["Typed"]
    assert Document.objects.get() == document


@pytest.mark.parametrize("name", ["lots", "documents"])
def test_rows_of_a_published_round_are_not_deleted_by_a_hand_made_request(client, boss, name):
    round = make_round()
    a_document(round, hk(2026, 3, 3))
    form = form_of(client.get(page(round, "change"))) | {f"{name}-0-DELETE": "on"}

    client.post(page(round, "change"), form)

    assert getattr(round, name).count() == 1


def test_plots_of_a_published_lot_are_not_deleted_by_a_hand_made_request(client, boss):
    lot = make_round().lots.get()
    link = lot.lot_plots.get()
    form = form_of(client.get(page(lot, "change")))
    form |= {
        "lot_plots-0-DELETE": "on",
        "lot_plots-0-id": link.pk,
        "lot_plots-INITIAL_FORMS": 1,
        "lot_plots-TOTAL_FORMS": 1,
    }

    client.post(page(lot, "change"), form)

    assert lot.plots.count() == 1


EVERY_LIST = [model for model in admin.site._registry if model._meta.app_label in {"parks", "tenders"}]


@pytest.mark.parametrize("model", EVERY_LIST, ids=lambda model: model._meta.label_lower)
def test_several_are_not_deleted_at_once_from_any_list(client, boss, model):
    an_award()
    make_release()
    make_milestone()
    before = {one: one._base_manager.count() for one in EVERY_LIST}
    keys = list(model._base_manager.values_list("pk", flat=True))
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    client.post(address, {"action": "delete_selected", "_selected_action": keys, "post": "yes"})

    assert {one: one._base_manager.count() for one in EVERY_LIST} == before


def test_officer_who_took_part_is_not_deleted():
    officer = an_award().by

    with pytest.raises(IntegrityError), transaction.atomic():
        officer.delete()
