"""The day on which a plot was named: what forms put there, and what the database keeps."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from parks.models import ReleasePlot
from tenders.models import Lot, LotPlot
from tenders.statuses import Decision
from tests.factories import make_lot, make_plot, make_release, make_round
from tests.form_reader import form_of
from tests.past_everything import refused, set_to

pytestmark = pytest.mark.django_db

LONG_AGO = date(2026, 3, 10)


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


def page(row):
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def default(client, row, prefix):
    """What a new row beside it says of its day before anybody types."""
    [formset] = [
        made
        for made in client.get(page(row)).context["inline_admin_formsets"]
        if made.formset.prefix == prefix
    ]
    field = formset.formset.empty_form["named_on"]
    return field.initial


def test_a_release_names_today_once_it_is_published(boss):
    known, draft = make_release("known"), make_release("draft", published=False)
    assert [default(boss, row, "release_plots") for row in (known, draft)] == [timezone.localdate(), None]


def test_a_lot_names_today_once_its_round_is_published(boss):
    known = make_lot(make_round(), "2", plots=0)
    draft = make_lot(make_round(decision=Decision.DRAFT), "2", plots=0)
    assert [default(boss, row, "lot_plots") for row in (known, draft)] == [timezone.localdate(), None]


@pytest.mark.parametrize(
    ("named_on", "published", "left"),
    [(LONG_AGO, True, LONG_AGO), (None, True, None), (None, False, LONG_AGO), ("today", True, LONG_AGO)],
)
def test_a_day_of_naming_that_is_past_stands_in_the_form(boss, named_on, published, left):
    release = make_release(published=published)
    day = timezone.localdate() if named_on == "today" else named_on
    link = ReleasePlot.objects.create(release=release, plot=make_plot(), named_on=day)
    typed = LONG_AGO - timedelta(days=1) if left == named_on else LONG_AGO
    form = form_of(boss.get(page(release))) | {"release_plots-0-named_on": typed.isoformat()}

    assert boss.post(page(release), form).status_code == 302
    link.refresh_from_db()
    assert link.named_on == left


@pytest.mark.parametrize(("decision", "added_on"), [(Decision.PUBLISHED, "today"), (Decision.DRAFT, None)])
def test_a_lot_that_comes_by_form_to_a_published_round_came_today(boss, decision, added_on):
    round = make_round(lots=0, decision=decision)
    boss.post(
        reverse("admin:tenders_lot_add"),
        form_of(boss.get(reverse("admin:tenders_lot_add")))
        | {"round": round.pk, "code": "1", "title_en": "One"},
    )
    beside = form_of(boss.get(page(round))) | {
        "lots-TOTAL_FORMS": "2", "lots-1-code": "2", "lots-1-title_en": "Two", "lots-1-round": round.pk,
    }  # fmt: skip
    boss.post(page(round), beside)

    day = timezone.localdate() if added_on else None
    assert list(Lot.objects.order_by("code").values_list("code", "added_on")) == [("1", day), ("2", day)]


def test_a_release_keeps_the_past_day_and_moves_one_to_come():
    release = make_release()
    past = ReleasePlot.objects.create(release=release, plot=make_plot(), named_on=LONG_AGO)
    coming = timezone.localdate() + timedelta(days=9)
    later = ReleasePlot.objects.create(release=release, plot=make_plot(), named_on=coming)

    for day in (None, LONG_AGO - timedelta(days=1), coming):
        refused(set_to(past, named_on=day), "The day on which a plot was named stands")
    assert set_to(later, named_on=coming - timedelta(days=1))() == 1


@pytest.mark.parametrize(
    ("model", "column", "words"),
    [
        (Lot, "added_on", "The day on which a lot of a published round came stands"),
        (LotPlot, "named_on", "The day on which a plot was named stands"),
    ],
)
def test_a_published_round_keeps_the_days_of_its_lots_and_a_draft_does_not(model, column, words):
    shown, draft = make_round(), make_round(decision=Decision.DRAFT)
    path = "round" if model is Lot else "lot__round"

    refused(set_to(model.objects.get(**{path: shown}), **{column: LONG_AGO}), words)
    assert set_to(model.objects.get(**{path: draft}), **{column: LONG_AGO})() == 1
