"""The to-do page and the filter of figures say what the ledger says: no more conflicts than the pages, and no fewer."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tenders.ledger import ledger
from tenders.models import Figure
from tests.factories import hk, make_park, make_phase, make_release, make_source, make_user

pytestmark = pytest.mark.django_db

NOW = hk(2026, 6, 1, 10)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def reader(client):
    user = make_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_figure"))
    client.force_login(user)
    return client


def claim(indicator, value, source="gazette", phase=None, day=date(2026, 1, 31)):
    phase = phase or make_phase()
    return Figure.objects.create(
        park=phase.park, phase=phase, indicator=indicator, value=value, unit="plots", as_of=day,
        source=make_source(source),
    )  # fmt: skip


def conflicts_of(client):
    items = client.get(reverse("admin:index")).context["fact_items"]
    return [(item.title, item.url, item.sample) for item in items]


def test_the_first_page_names_each_number_that_the_ledger_has_in_conflict(reader):
    claim("plots_total", 22)
    make_release("ten", plot_count=10, phase=make_phase())
    make_release("rest", plot_count=13, phase=make_phase())
    claim("area", 1, phase=make_phase(park=make_park("sample")))
    claim("area", 2, "other", phase=make_phase(park=make_park("sample")))

    found = conflicts_of(reader)

    page = reverse("reconcile")
    assert sorted(found) == [
        ("Area: 1 or 2", f"{page}#sample-1-area", True),
        ("Plots remaining: 23 or 22", f"{page}#hsitp-1-plots-remaining", False),
        ("Plots total: 22 or 23", f"{page}#hsitp-1-plots-total", False),
    ]
    assert {url.partition("#")[2] for _title, url, _sample in found} == {
        number.figure_id for number in ledger(NOW) if number.conflicts
    }


def test_claims_that_no_public_page_knows_are_in_no_conflict(reader):
    draft = make_phase("2", published=False)
    claim("plots_total", 22, phase=draft)
    claim("plots_total", 20, "other", phase=draft)

    assert conflicts_of(reader) == []


def test_the_filter_finds_the_claims_on_both_sides_and_those_that_imply_another(reader):
    involved = [claim("plots_total", 22), claim("plots_offered", 10), claim("plots_remaining", 22)]
    claim("area", 5)

    listing = reader.get(reverse("admin:tenders_figure_changelist"), {"conflict": "yes"}).context["cl"]

    assert {figure.pk for figure in listing.queryset} == {figure.pk for figure in involved}
