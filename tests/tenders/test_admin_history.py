"""The history of an entry as staff read it: field by field, in words, with the rows beside it."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from parks.models import Release
from tenders import lifecycle
from tests.factories import (
    hk,
    make_organisation,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
)
from tests.form_reader import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss")
    client.force_login(user)
    return user


def history_of(client, row):
    page = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_history", args=[row.pk])
    return client.get(page)


def told(answer):
    return [
        (line.row, line.event, line.by, line.reason, [(c.label, c.before, c.after) for c in line.changes])
        for line in answer.context["page_obj"]
    ]


def test_history_page_says_field_by_field_what_changed_in_words(client, boss):
    phase = make_phase("1", name_en="Old name")
    whole = make_phase("whole")
    page = reverse("admin:parks_phase_change", args=[phase.pk])
    form = form_of(client.get(page)) | {"name_en": "New name", "part_of": whole.pk, "_why": "As gazetted"}
    form.pop("published")
    client.post(page, form)

    newest, first = told(history_of(client, phase))

    assert newest == (
        "", "Changed", "boss", "As gazetted",
        [("Name (English)", "Old name", "New name"), ("Part of", "(empty)", "hsitp whole"), ("Published", "Yes", "No")],
    )  # fmt: skip
    assert ("Park", "(empty)", "Park hsitp") in first[4]


def test_history_page_has_the_rows_beside_the_entry_and_those_that_are_gone(client, boss):
    release, plot = make_release(), make_plot("NT-77")
    link = release.release_plots.create(plot=plot)
    link.delete()

    lines = told(history_of(client, release))

    assert [(row, event) for row, event, *_rest in lines] == [
        (f"Plot of a release “{release.code} NT-77”", "Deleted"),
        (f"Plot of a release “{release.code} NT-77”", "Added"),
        ("", "Added"),
    ]


def test_history_page_shows_a_long_text_whole(client, boss):
    park = make_park(summary_en="Long. " * 300)

    assert ("Long. " * 300).strip() in history_of(client, park).content.decode()


def test_history_page_of_what_was_deleted_still_answers(client, boss):
    company = make_organisation("Gone Limited")
    key = company.pk
    company.delete()
    company.pk = key

    assert [event for _row, event, *_rest in told(history_of(client, company))] == ["Deleted", "Added"]


def test_history_page_of_nothing_is_a_404(client, boss):
    assert history_of(client, Release(pk=987)).status_code == 404


def test_choice_and_money_are_said_in_words(client, boss):
    proposal = make_proposal(make_round(), investment_hkd=Decimal("5000000"))
    lifecycle.withdraw(proposal, by=boss, at=hk(2026, 3, 31))

    lines = told(history_of(client, proposal))

    assert ("Status", "Received", "Withdrawn") in lines[0][4]
    assert ("Investment, HKD", "(empty)", "5,000,000.00") in lines[-1][4]


def test_entry_as_it_was_can_be_looked_at_from_its_history(client, boss):
    park = make_park(name_en="Old name")
    park.name_en = "New name"
    park.save()
    first = park.history.last()
    page = reverse("admin:parks_park_simple_history", args=[park.pk, first.pk])

    shown = client.get(page).content.decode()

    assert page in history_of(client, park).content.decode()
    assert 'value="Old name"' in shown
    assert "_seen" not in shown
