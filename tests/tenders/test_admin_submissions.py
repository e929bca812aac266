"""A button pressed twice makes one row, and leads to it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from parks.admin import submissions
from parks.admin.submissions import ONCE, new_token
from parks.models import Organisation, Park, Submission
from tenders.models import Amendment, Proposal
from tests.factories import make_organisation, make_park, make_phase, make_round, make_source
from tests.form_reader import form_of

pytestmark = pytest.mark.django_db


def staff(name="ann"):
    client = Client()
    client.force_login(User.objects.get_or_create(username=name, is_superuser=True, is_staff=True)[0])
    return client


@pytest.fixture
def ann(db):
    return staff()


def add(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def addable():
    """Every model with a form to add one, except those that Django brings itself."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True)
    return [
        model
        for model, modeladmin in admin.site._registry.items()
        if not type(modeladmin).__module__.startswith("django.") and modeladmin.has_add_permission(request)
    ]


def announced():
    return {
        "revisions-2-0-window_text": "2027",
        "revisions-2-0-announced_on": "2026-01-05",
        "revisions-2-0-source": make_source().pk,
    }


PASSWORD = "a-password-for-this-test-only"

# What a person types to add one of each.
TYPED = {
    "parks.organisation": lambda: {"name_en": "Acme"},
    "parks.source": lambda: {
        "code": "s", "publisher_en": "P", "title_en": "T", "published": "2026", "language": "en",
    },
    "parks.park": lambda: {"slug": "new", "name_en": "New park"},
    "parks.phase": lambda: {"park": make_park().pk, "code": "new", "name_en": "New phase"},
    "parks.plot": lambda: {"phase": make_phase().pk, "code": "new"},
    "parks.release": lambda: {"code": "new", "title_en": "R", "park": make_park().pk, **announced()},
    "parks.milestone": lambda: {
        "code": "new", "title_en": "M", "kind": "policy", "park": make_park().pk, **announced(),
    },
    "tenders.tenderround": lambda: {"code": "N-1", "title_en": "T", "park": make_park().pk, "kind": "tender"},
    "tenders.lot": lambda: {"round": make_round(published=False).pk, "code": "new", "title_en": "L"},
    "tenders.enquiry": lambda: {"round": make_round().pk, "asked_on": "2026-03-02", "question": "?"},
    "tenders.document": lambda: {"round": make_round().pk, "title_en": "D", "url": "https://example.org/d"},
    "tenders.figure": lambda: {
        "indicator": "plots_offered", "value": "1", "unit": "plots", "as_of": "2026", "source": make_source().pk,
        "park": make_park().pk,
    },
    "tenders.proposal": lambda: {
        "round": make_round(sealed=True).pk, "proponent": make_organisation("Acme").pk,
        "received_at_0": "2026-03-30", "received_at_1": "15:00:00", "received_at_reason": "Box at the gate",
        "channel": "counter",
    },
    "auth.user": lambda: {"username": "new", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"},
}  # fmt: skip


def typed(model):
    return TYPED[model._meta.label_lower]()


def said(answer):
    return [str(message) for message in answer.context["messages"]]


ADDABLE = pytest.mark.parametrize("model", addable(), ids=lambda model: model._meta.label_lower)


@ADDABLE
def test_form_of_every_model_sent_twice_makes_one_row_and_leads_to_it(ann, model):
    values = typed(model)
    form = form_of(ann.get(add(model))) | values
    before = model._default_manager.count()

    first = ann.post(add(model), form)
    second = ann.post(add(model), form, follow=True)

    row = model._default_manager.order_by("-pk").first()
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
    assert (first.status_code, model._default_manager.count()) == (302, before + 1)
    assert second.redirect_chain == [(page, 302)]
    assert said(second)[-1].endswith(f", and not a second time: {row}")
    assert LogEntry.objects.filter(object_id=str(row.pk)).count() == 1


@ADDABLE
@pytest.mark.parametrize("token", ["", "forged", "of somebody else", "old"])
def test_form_of_every_model_without_a_token_comes_back_as_it_was_filled(ann, model, token, monkeypatch):
    values = typed(model)
    form = form_of(ann.get(add(model))) | values
    if token == "of somebody else":
        token = new_token(User.objects.create_user("eve"))
    elif token == "old":
        token = form[ONCE]
        monkeypatch.setattr(submissions, "TAKEN_FOR", timedelta(seconds=-1))
    before = model._default_manager.count()

    refused = ann.post(add(model), form | {ONCE: token})
    monkeypatch.undo()
    held = model._default_manager.count()
    # A browser is given no password back, so it is typed again.
    again = {name: value for name, value in values.items() if "password" in name}
    saved = ann.post(add(model), form_of(refused) | again)

    assert "Not saved: the form is too old" in refused.content.decode()
    assert (held, saved.status_code, model._default_manager.count()) == (before, 302, before + 1)


def test_form_with_an_error_keeps_its_token(ann):
    form = form_of(ann.get(add(Park))) | {"slug": "new"}

    answer = ann.post(add(Park), form)
    ann.post(add(Park), form_of(answer) | {"name_en": "New park"})

    assert form_of(answer)[ONCE] == form[ONCE]
    assert Park.objects.get().name_en == "New park"
    assert Submission.objects.get().made == "New park"


@pytest.mark.parametrize("button", ["_addanother", "_continue"])
def test_other_buttons_make_one_row_as_well(ann, button):
    form = form_of(ann.get(add(Organisation))) | {"name_en": "Acme", button: "1"}

    first = ann.post(add(Organisation), form, follow=True)
    ann.post(add(Organisation), form)

    assert Organisation.objects.count() == 1
    assert form_of(first).get(ONCE) != form[ONCE]


def test_window_of_a_related_row_closes_on_the_same_row_twice(ann):
    form = form_of(ann.get(add(Organisation) + "?_popup=1")) | {"name_en": "Acme"}

    first = ann.post(add(Organisation), form)
    second = ann.post(add(Organisation), form)

    assert Organisation.objects.count() == 1
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.context["popup_response_data"] == second.context["popup_response_data"]


def test_two_forms_with_the_same_in_them_make_two_rows(ann):
    values = typed(Proposal)

    for _ in range(2):
        ann.post(add(Proposal), form_of(ann.get(add(Proposal))) | values)

    assert Proposal.objects.count() == 2


def test_move_sent_twice_is_made_once(ann):
    now = timezone.now()  # noqa: TID251 - the page itself reads the clock
    round = make_round("R-1", closes_at=now + timedelta(days=9))
    page = reverse("admin:tenders_tenderround_amend", args=[round.pk])
    later = timezone.localtime(now + timedelta(days=20))
    form = form_of(ann.get(page)) | {"closes_at_0": f"{later:%Y-%m-%d}", "reason": "A visit."}

    ann.post(page, form)
    second = ann.post(page, form, follow=True)

    assert Amendment.objects.count() == 1
    assert said(second)[-1].endswith(", and not a second time: Amendment 1 of R-1 is published.")


def test_file_confirmed_twice_is_imported_once(ann):
    make_round("T-1")
    text = "round,lots,proponent,received_at\nT-1,1,Acme Limited,2026-03-30T15:00:00+08:00\n"
    page = "/admin/tenders/proposal/import/"
    tried = ann.post(page, {"file": SimpleUploadedFile("p.csv", text.encode())})
    form = form_of(tried)

    ann.post(page, form)
    second = ann.post(page, form, follow=True)

    assert Proposal.objects.count() == 1
    assert said(second)[-1].startswith("For your second click: p.csv was imported already")


def test_old_tokens_are_cleared_away_with_the_next_one(ann):
    at = timezone.now()  # noqa: TID251 - the page itself reads the clock
    user = User.objects.get()
    for number, age in enumerate([timedelta(days=3), timedelta(days=9), timedelta(hours=47)]):
        Submission.objects.create(token=str(number), by=user, at=at - age)

    ann.post(add(Organisation), form_of(ann.get(add(Organisation))) | {"name_en": "Acme"})

    assert set(Submission.objects.values_list("made", flat=True)) == {"", "Acme"}
    assert Submission.objects.count() == 2


def test_row_and_token_are_written_together_or_not_at_all(ann, monkeypatch):
    form = form_of(ann.get(add(Organisation))) | {"name_en": "Acme"}
    monkeypatch.setattr(LogEntry.objects, "log_actions", None)  # what comes last fails
    ann.raise_request_exception = False

    answer = ann.post(add(Organisation), form)
    monkeypatch.undo()

    assert answer.status_code == 500
    assert (Organisation.objects.count(), Organisation.history.count(), Submission.objects.count()) == (
        0,
        0,
        0,
    )
    assert ann.post(add(Organisation), form).status_code == 302


@pytest.mark.parametrize(
    ("typed_in", "words"),
    [
        ({"name_en": "Acme"}, "There is an organisation of that name already."),
        ({}, "An organisation has a name in at least one language."),
    ],
)
def test_organisation_is_entered_once_and_with_a_name(ann, typed_in, words):
    make_organisation("Acme")

    answer = ann.post(add(Organisation), form_of(ann.get(add(Organisation))) | typed_in)

    assert words in answer.content.decode()
    assert Organisation.objects.count() == 1


def test_what_only_the_database_sees_is_refused_in_words_and_what_was_typed_stays(ann, monkeypatch):
    form = form_of(ann.get(add(Organisation))) | {"name_en": "Acme", "identifier": "typed"}
    monkeypatch.setattr(Organisation, "clean", lambda row: None)
    make_organisation("Acme")  # somebody was faster

    answer = ann.post(add(Organisation), form)

    assert said(answer)[0].startswith("The database refuses this: ")
    assert form_of(answer)["identifier"] == ["typed"]
    assert (Organisation.objects.count(), Submission.objects.count()) == (1, 0)


# At the same moment ---------------------------------------------------------------------------------------------


def at_once(*tasks):
    """Run the tasks in threads of their own; what each returned."""

    def run(task):
        try:
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result() for future in [pool.submit(run, task) for task in tasks]]


@pytest.mark.django_db(transaction=True)
def test_button_pressed_twice_at_once_makes_one_row():
    client, twin = staff(), staff()
    form = form_of(client.get(add(Proposal))) | typed(Proposal)

    answers = at_once(
        *[lambda one=one: one.post(add(Proposal), form) for one in (client, twin, staff(), staff())]
    )

    assert [answer.status_code for answer in answers] == [302] * 4
    assert Proposal.objects.count() == 1
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_at_once_make_one_row_and_no_error_page():
    clients = [staff("ann"), staff("bob")]
    forms = [form_of(client.get(add(Organisation))) | {"name_en": "Acme"} for client in clients]

    answers = at_once(
        *[
            lambda one=one, form=form: one.post(add(Organisation), form)
            for one, form in zip(clients, forms, strict=True)
        ]
    )

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert Organisation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_wins_and_the_other_is_told():
    park = make_park()
    page = reverse("admin:parks_park_change", args=[park.pk])
    clients = {name: staff(name) for name in ("ann", "bob")}

    for turn in range(5):
        forms = {
            name: form_of(one.get(page)) | {"name_en": f"{name} {turn}"} for name, one in clients.items()
        }
        answers = at_once(
            *[lambda one=one, form=forms[name]: one.post(page, form) for name, one in clients.items()]
        )

        [told] = [answer for answer in answers if answer.status_code == 200]
        [field] = told.context["conflict"].fields
        park.refresh_from_db()
        assert sorted(answer.status_code for answer in answers) == [200, 302]
        assert {field.now, field.typed} == {f"ann {turn}", f"bob {turn}"}
        assert field.now == park.name_en
    assert park.history.count() == 6
