"""History says who, what, when and why, one line a changed row, whoever writes; and all of it or nothing."""

import io
from collections import Counter
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from parks.guards import kept_models
from parks.importing import plots as plots_file
from parks.importing import releases as releases_file
from parks.models import Park
from tenders import lifecycle
from tenders.importing import figures as figures_file
from tenders.importing import lots as lots_file
from tenders.importing import proposals as proposals_file
from tenders.importing import rounds as rounds_file
from tenders.lifecycle import AwardChoice
from tenders.models import Document, Enquiry
from tests.factories import (
    CLOSES,
    OPENS,
    make_officer,
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
from tests.tables import csv_file

pytestmark = pytest.mark.django_db

WITH_HISTORY = [model for label in ("parks", "tenders") for model in kept_models(label)]
STAMPS = {"updated_at", "created_at"}


class Watch:
    """What is written while it looks: the rows that differ, and the new lines of history."""

    def __init__(self):
        self.rows, self.newest = rows(), {model: newest(model) for model in WITH_HISTORY}

    def lines(self):
        return [
            line
            for model in WITH_HISTORY
            for line in model.history.filter(history_id__gt=self.newest[model]).select_related("history_user")
        ]

    def changed(self):
        now = rows()
        return {key for key in now.keys() | self.rows.keys() if now.get(key) != self.rows.get(key)}


def rows():
    return {
        (model, row["id"]): {name: value for name, value in row.items() if name not in STAMPS}
        for model in WITH_HISTORY
        for row in model._base_manager.values()
    }


def newest(model):
    line = model.history.order_by("-history_id").first()
    return line.history_id if line else 0


def assert_told(watch, *, by, reason):
    """One line a changed row, each by this person and for this reason."""
    lines = watch.lines()
    assert Counter((line.instance_type, line.id) for line in lines) == Counter(watch.changed())
    assert {(line.history_user, line.history_change_reason) for line in lines} == {(by, reason)}


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss")
    client.force_login(user)
    return user


# Verbs ----------------------------------------------------------------------------------------------------------

AFTER = CLOSES + timedelta(hours=2)


def published(by):
    lifecycle.publish(make_round(published=False, lots=2), by=by, at=OPENS)


def opened():
    round = make_round(lots=1)
    proposals = [make_proposal(round), make_proposal(round)]
    open_box(round)
    return round, proposals


def awarded(by):
    round, proposals = opened()
    choice = AwardChoice(lot=round.lots.get(), proposal=proposals[0], decided_on=CLOSES.date())
    return lifecycle.award(round, by=by, at=AFTER, choices=[choice])[0]


# A verb: what has to be there first, what is done, and what history says of it.
VERBS = {
    "publish": (
        lambda: make_round(published=False, lots=2),
        lambda round, by: lifecycle.publish(round, by=by, at=OPENS),
        "published",
    ),
    "amend": (
        make_round,
        lambda round, by: lifecycle.amend(
            round, by=by, at=OPENS, reason="A visit.", closes_at=CLOSES + timedelta(days=1)
        ),
        "Amendment 1: A visit.",
    ),
    "cancel": (
        make_round,
        lambda round, by: lifecycle.cancel(round, by=by, at=OPENS, reason="No land. " * 40),
        ("cancelled: " + "No land. " * 40).strip(),
    ),
    "declare unsuccessful": (
        make_round,
        lambda round, by: lifecycle.declare_unsuccessful(round, by=by, at=AFTER, reason="Nobody."),
        "unsuccessful: Nobody.",
    ),
    "shortlist": (
        lambda: opened()[1][0],
        lambda proposal, by: lifecycle.shortlist(proposal, by=by, at=AFTER),
        "Shortlisted",
    ),
    "reject": (
        lambda: opened()[1][0],
        lambda proposal, by: lifecycle.reject(proposal, by=by, at=AFTER, reason="Incomplete."),
        "Rejected: Incomplete.",
    ),
    "withdraw": (
        lambda: make_proposal(make_round()),
        lambda proposal, by: lifecycle.withdraw(proposal, by=by, at=AFTER),
        "Withdrawn",
    ),
    "sign": (
        lambda: awarded(make_user()),
        lambda award, by: lifecycle.sign(award, by=by, signed_on=date(2026, 5, 1)),
        "Signature recorded",
    ),
    "lapse": (
        lambda: awarded(make_user()),
        lambda award, by: lifecycle.lapse(award, by=by, lapsed_on=date(2026, 5, 1), reason="No money."),
        "Lapsed: No money.",
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_verb_says_who_and_why_of_every_row_it_changes(verb):
    prepare, do, reason = VERBS[verb]
    row, officer = prepare(), make_user("clerk")
    watch = Watch()

    do(row, officer)

    assert_told(watch, by=officer, reason=reason)


def test_second_officer_who_opens_is_named():
    round = make_round()
    lifecycle.begin_opening(round, by=make_officer("first"), at=AFTER)
    watch = Watch()

    lifecycle.confirm_opening(round, by=make_officer("second"), at=AFTER)

    by = {line.history_user.username for line in watch.lines()}
    reasons = {line.history_change_reason for line in watch.lines()}
    assert (by, reasons) == ({"second"}, {"Opening confirmed", "opened"})


def test_award_says_who_and_why_of_the_round_the_winner_and_the_losers():
    round, proposals = opened()
    choice = AwardChoice(lot=round.lots.get(), proposal=proposals[0], decided_on=CLOSES.date())
    watch, officer = Watch(), make_user("clerk")

    lifecycle.award(round, by=officer, at=AFTER, choices=[choice])

    lines = watch.lines()
    assert Counter((line.instance_type, line.id) for line in lines) == Counter(watch.changed())
    assert {line.history_user for line in lines} == {officer}
    assert {line.history_change_reason for line in lines} == {"awarded", "Award"}


# Files ----------------------------------------------------------------------------------------------------------


def land():
    make_phase("1")
    make_source("gazette")
    make_plot("NT-01", phase=make_phase("1"))
    make_round("R-1", lots=1)


FILES = {
    "plots": (
        plots_file,
        [{"park": "hsitp", "phase": "1", "plot": f"NEW-{n}", "area_m2": "5", "release": ""} for n in range(2)]
        + [{"park": "hsitp", "phase": "1", "plot": "NT-01", "area_m2": "7", "release": ""}],
    ),
    "releases": (
        releases_file,
        [
            {"release": "r", "park": "hsitp", "title": "R", "window_text": "2027", "announced_on": "2025-12", "source": "gazette"}
        ],
    ),
    "rounds": (rounds_file, [{"round": "R-2", "title": "Tender", "park": "hsitp", "kind": "tender"}]),
    "lots": (lots_file, [{"round": "R-1", "lot": "9", "title": "Package", "plots": "NT-01"}]),
    "figures": (
        figures_file,
        [
            {"park": "hsitp", "indicator": "plots_remaining", "value": "22", "unit": "plots", "as_of": "2025-12", "source": "gazette"}
        ],
    ),
    "proposals": (
        proposals_file,
        [{"round": "R-1", "lots": "1", "proponent": f"Company {n}", "received_at": "2026-03-30T15:00:00+08:00"} for n in range(3)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_import_says_who_and_which_file_of_every_row_it_writes(name, at):
    importer, lines = FILES[name]
    land()
    officer, watch = make_user("clerk"), Watch()

    importer.run(csv_file(*lines), by=officer, at=at, file=f"{name}.csv")

    assert len(watch.changed()) >= len(lines)
    assert_told(watch, by=officer, reason=f"Import of {name}.csv")


@pytest.mark.parametrize("name", FILES)
def test_import_that_fails_at_its_end_leaves_neither_rows_nor_history(name, at):
    importer, lines = FILES[name]
    land()
    watch = Watch()

    importer.run(csv_file(*lines), by=make_user("clerk"), at=at, file=f"{name}.csv", dry_run=True)

    assert (watch.lines(), watch.changed()) == ([], set())


def test_seed_says_so_wherever_no_verb_speaks():
    watch = Watch()

    call_command("seed", "--sample", verbosity=0, stdout=io.StringIO())

    lines = watch.lines()
    assert {(line.instance_type, line.id) for line in lines} == watch.changed()
    assert [line for line in lines if not line.history_change_reason] == []
    assert {line.history_change_reason for line in lines if line.history_type == "+"} == {
        "Seed",
        "awarded",
        "Opening begun",
    }


# Pages ----------------------------------------------------------------------------------------------------------


def test_form_says_why_of_the_entry_and_of_the_rows_beside_it(client, boss):
    park = make_park()
    make_phase("1", park)
    page = reverse("admin:parks_park_change", args=[park.pk])
    form = form_of(client.get(page)) | {
        "name_en": "New name",
        "phases-0-name_en": "New phase",
        "_why": "As gazetted",
    }
    watch = Watch()

    client.post(page, form)

    assert len(watch.changed()) == 2
    assert_told(watch, by=boss, reason="As gazetted")


def test_form_without_a_reason_says_that_it_was_a_form(client, boss):
    release, plot = make_release(), make_plot()
    page = reverse("admin:parks_release_change", args=[release.pk])
    form = form_of(client.get(page)) | {
        "release_plots-TOTAL_FORMS": "1",
        "release_plots-0-plot": plot.pk,
        "title_en": "T",
    }
    watch = Watch()

    client.post(page, form)

    assert len(watch.changed()) == 2
    assert_told(watch, by=boss, reason="Changed by form")


def test_form_to_add_one_says_that_it_was_added_by_form(client, boss):
    watch = Watch()

    client.post(reverse("admin:parks_organisation_add"), {"name_en": "Acme"})

    assert_told(watch, by=boss, reason="Added by form")


@pytest.mark.parametrize(
    ("action", "reason"), [("publish", "Published."), ("unpublish", "Hidden from the public.")]
)
def test_action_says_who_and_why(client, boss, action, reason):
    chosen = [make_park(slug, published=action == "unpublish").pk for slug in ("a", "b")]
    watch = Watch()

    client.post(reverse("admin:parks_park_changelist"), {"action": action, "_selected_action": chosen})

    assert len(watch.changed()) == 2
    assert_told(watch, by=boss, reason=reason)


@pytest.mark.parametrize("model", [Enquiry, Document])
def test_action_that_publishes_at_once_says_who_and_why(client, boss, model):
    round = make_round()
    rows = {
        Enquiry: {"number": 1, "asked_on": date(2026, 3, 2), "question": "?", "answer": "!"},
        Document: {"title_en": "D", "url": "https://example.org/d"},
    }
    row = model.objects.create(round=round, **rows[model])
    address = reverse(f"admin:tenders_{model._meta.model_name}_changelist")
    watch = Watch()

    client.post(address, {"action": "publish_now", "_selected_action": [row.pk]})

    assert_told(watch, by=boss, reason="Published.")


def test_bulk_move_says_who_and_why_of_each_row(client, boss):
    _round, proposals = opened()
    chosen = {"action": "reject_selected", "_selected_action": [proposal.pk for proposal in proposals]}
    watch = Watch()

    client.post(
        reverse("admin:tenders_proposal_changelist"), {**chosen, "confirmed": "yes", "reason": "Incomplete."}
    )

    assert len(watch.changed()) == 2
    assert_told(watch, by=boss, reason="Rejected: Incomplete.")


def test_action_that_fails_half_way_leaves_neither_rows_nor_history(client, boss, monkeypatch):
    chosen = [make_park(slug, published=False).pk for slug in ("a", "b")]
    watch, save = Watch(), Park.save

    def save_one(park, *args, **kwargs):
        if Park.objects.filter(published=True).exists():
            raise OSError("The disk is full.")
        save(park, *args, **kwargs)

    monkeypatch.setattr(Park, "save", save_one)
    client.raise_request_exception = False
    client.post(reverse("admin:parks_park_changelist"), {"action": "publish", "_selected_action": chosen})

    assert (watch.lines(), watch.changed()) == ([], set())


def test_move_that_cannot_be_logged_is_not_made(client, boss, monkeypatch):
    round = make_round(closes_at=timezone.now() + timedelta(days=9))  # noqa: TID251 - the page reads the clock
    watch = Watch()
    monkeypatch.setattr("django.contrib.admin.models.LogEntryManager.log_actions", None)
    client.raise_request_exception = False

    client.post(reverse("admin:tenders_tenderround_cancel", args=[round.pk]), {"reason": "No land."})

    assert (watch.lines(), watch.changed()) == ([], set())
