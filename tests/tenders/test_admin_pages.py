"""Every page of every model, and what a list costs."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from tenders import lifecycle
from tenders.models import Amendment, Document, Enquiry, Figure
from tests.factories import (
    CLOSES,
    OPENS,
    admit,
    hk,
    make_milestone,
    make_officer,
    make_organisation,
    make_proposal,
    make_release,
    make_round,
    make_source,
    make_user,
    open_box,
)

pytestmark = pytest.mark.django_db

OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in {"parks", "tenders"}),
    key=lambda model: model._meta.label_lower,
)
NAMES = [model._meta.label_lower for model in OURS]

# What each list asks: session and user, the count, the rows, what the rows need, its filters' choices, and where
# it has actions, how far the history goes.
QUERIES = {
    "parks.milestone": 7,
    "parks.milestonerevision": 7,
    "parks.organisation": 4,
    "parks.park": 5,
    "parks.phase": 6,
    "parks.plot": 8,
    "parks.release": 7,
    "parks.releaserevision": 7,
    "parks.source": 7,
    "tenders.admission": 7,
    "tenders.amendment": 7,
    "tenders.award": 7,
    "tenders.document": 7,
    "tenders.enquiry": 8,
    "tenders.figure": 8,
    "tenders.lot": 6,
    "tenders.opening": 7,
    "tenders.proposal": 9,
    "tenders.roundevent": 7,
    "tenders.tenderround": 7,
}


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss")
    client.force_login(user)
    return user


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def make_a_row_of_everything(number):
    """One more row of every model."""
    source = make_source(f"source-{number}")
    make_release()
    make_milestone()
    round = make_round(f"T-{number}")
    make_organisation()
    proposal = make_proposal(round)
    Amendment.objects.create(
        round=round,
        number=1,
        published_at=OPENS,
        reason="Visit added.",
        closes_at_before=CLOSES - timedelta(days=1),
        closes_at_after=CLOSES,
        by=make_user(),
    )
    Enquiry.objects.create(round=round, number=1, asked_on=hk(2026, 3, 2).date(), question="How high?")
    Document.objects.create(round=round, title_en="Conditions", url="https://example.org/c.pdf")
    Figure.objects.create(
        round=round, indicator="plots_offered", value=number, unit="plots", as_of=OPENS.date(), source=source
    )
    open_box(round)
    admit(make_proposal(round, received_at=CLOSES))
    choice = lifecycle.AwardChoice(lot=round.lots.get(), proposal=proposal, decided_on=CLOSES.date())
    lifecycle.award(round, by=make_user(), at=CLOSES + timedelta(days=1), choices=[choice])


@pytest.mark.parametrize("model", OURS, ids=NAMES)
def test_list_and_page_for_a_new_one_answer(client, boss, rf, model):
    request = rf.get("/")
    request.user = boss

    answers = [client.get(page(model, "changelist")).status_code]
    if admin.site.get_model_admin(model).has_add_permission(request):
        answers.append(client.get(page(model, "add")).status_code)

    assert set(answers) == {200}


@pytest.mark.parametrize("model", OURS, ids=NAMES)
def test_page_of_a_row_its_history_and_its_deletion_answer(client, boss, model):
    make_a_row_of_everything(1)
    row = model._default_manager.first()

    assert client.get(page(model, "change", row.pk)).status_code == 200
    assert client.get(page(model, "history", row.pk)).status_code == 200
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code in {302, 403}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", OURS, ids=NAMES)
def test_list_asks_as_often_for_one_row_as_for_three(client, boss, django_assert_num_queries, model, rows):
    for number in range(rows):
        make_a_row_of_everything(number)
    client.get(page(model, "changelist"))  # content types are looked up once for all

    with django_assert_num_queries(QUERIES[model._meta.label_lower]):
        answer = client.get(page(model, "changelist"))

    assert answer.status_code == 200


def test_rows_that_are_written_elsewhere_cannot_be_added_on_the_page_of_their_round(client, boss):
    answer = client.get(reverse("admin:tenders_tenderround_change", args=[make_round().pk]))

    room = {found.formset.prefix: found.formset.max_num for found in answer.context["inline_admin_formsets"]}
    assert {name: room[name] for name in ("amendments", "opening", "events")} == dict.fromkeys(
        ("amendments", "opening", "events"), 0
    )


def test_each_half_of_a_time_says_which_it_is(client, boss):
    page_of_a_new_round = client.get(reverse("admin:tenders_tenderround_add")).content.decode()

    for half in ("Closes at: date", "Closes at: time"):
        assert page_of_a_new_round.count(f'aria-label="{half}"') == 1


def test_a_refused_form_is_read_out(client, boss):
    cancel = reverse("admin:tenders_tenderround_cancel", args=[make_round().pk])

    refused = client.post(cancel, {})

    assert refused.context["form"].errors
    assert '<p class="errornote" role="alert">' in refused.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_first_page_asks_as_often_for_one_row_as_for_three(client, boss, django_assert_num_queries, rows):
    for number in range(rows):
        make_a_row_of_everything(number)
    client.get(reverse("admin:index"))

    with django_assert_num_queries(28):
        client.get(reverse("admin:index"))


def test_search_works_in_every_list(client, boss):
    make_a_row_of_everything(1)

    answers = {model: client.get(page(model, "changelist"), {"q": "1"}).status_code for model in OURS}

    assert set(answers.values()) == {200}


def test_every_choice_of_every_filter_answers(client, boss):
    make_a_row_of_everything(1)
    for model in OURS:
        listing = client.get(page(model, "changelist")).context["cl"]
        for spec in listing.filter_specs:
            for choice in spec.choices(listing):
                address = page(model, "changelist") + choice["query_string"]
                assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("prefix", ["", "/zh-hant", "/zh-hans"])
def test_admin_speaks_three_languages(client, boss, prefix):
    assert client.get(f"{prefix}/admin/").status_code == 200


def test_first_page_names_no_number_of_a_sealed_round(client, boss):
    now = timezone.now()  # noqa: TID251 - the page itself reads the clock
    round = make_round(
        "SEALED-1", sealed=True, opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=30)
    )
    before = client.get(reverse("admin:index")).context["todo"]
    for _ in range(7):
        make_proposal(round, lots=[], received_at=now - timedelta(hours=1))
    after = client.get(reverse("admin:index")).context["todo"]

    assert after == before
    assert [sealed.code for sealed in after.sealed] == ["SEALED-1"]


def test_first_page_puts_the_late_thing_first(client, boss):
    now = timezone.now()  # noqa: TID251 - the page itself reads the clock
    make_round("SOON-1", sealed=True, opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=3))
    make_round("LATE-1", sealed=True, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=2))

    items = client.get(reverse("admin:index")).context["round_items"]

    assert [(item.title, item.late) for item in items] == [
        ("Closed and not opened", True),
        ("Closing this week", False),
    ]


def make_claim(round, value, day="2026-04-01", **fields):
    return Figure.objects.create(
        round=round, indicator="proposals_received", value=value, unit="proposals", as_of=day,
        source=make_source(**fields),
    )  # fmt: skip


def chores(client, round):
    """The titles of what is to do about a round; nothing of the land that it came with."""
    items = client.get(reverse("admin:index")).context["todo"].items
    return [(item.section, item.title) for item in items if round.code in item.words]


@pytest.mark.parametrize(
    ("recorded", "chore"),
    [
        (0, ("facts", "Proposals reported, none recorded")),
        (2, ("facts", "Proposals reported, 2 recorded")),
        (3, ("rounds", "Closed and not opened")),
    ],
)
def test_round_known_from_reports_waits_for_records_until_all_are_there(client, boss, recorded, chore):
    round = make_round("TOLD-1")
    make_claim(round, 3)
    make_claim(round, 9, "2026-03-01", code="older")
    for _ in range(recorded):
        make_proposal(round)

    assert chores(client, round) == [chore]


def test_sealed_round_with_a_receipt_is_a_box_to_open_whatever_is_reported(client, boss):
    round = make_round("BOX-1", sealed=True)
    make_claim(round, 3)
    make_proposal(round, lots=[])

    assert chores(client, round) == [("rounds", "Closed and not opened")]


def test_opening_that_has_begun_waits_for_its_second_officer_whatever_is_reported(client, boss):
    round = make_round("TOLD-1")
    make_claim(round, 3)
    make_proposal(round)
    lifecycle.begin_opening(round, by=make_officer(), at=CLOSES + timedelta(hours=1))

    assert ("rounds", "Opening waits for a second officer") in chores(client, round)


def test_after_the_opening_proposals_without_a_lot_wait(client, boss):
    round = make_round("OPEN-1", sealed=True)
    for number in range(4):
        proposal = make_proposal(round, lots=[])
        if number == 3:
            lifecycle.withdraw(proposal, by=None, at=CLOSES, reason="")
    before = chores(client, round)
    open_box(round)
    make_proposal(round)

    [item] = [i for i in client.get(reverse("admin:index")).context["todo"].items if "lot yet" in i.title]

    assert before == [("rounds", "Closed and not opened")]
    assert item.title == "3 proposals have no lot yet"
    assert len(client.get(item.url).context["cl"].result_list) == 3
