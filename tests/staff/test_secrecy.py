"""What came into a shut box, and a lot's reserve, for each role: nowhere in the admin, or everywhere."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from staff import roles
from tenders import lifecycle
from tenders.models import Figure, Lot, Proposal
from tests.factories import (
    hk,
    make_lot,
    make_officer,
    make_organisation,
    make_proposal,
    make_round,
    make_source,
    open_box,
)

pytestmark = pytest.mark.django_db

SECRET, RESERVE = "CANARY Works", "87654321"
PROPOSALS, ROUNDS, LOTS = "/admin/tenders/proposal/", "/admin/tenders/tenderround/", "/admin/tenders/lot/"
SEE_RECEIPTS = {roles.REGISTRAR, roles.AUDITOR}
SEE_RESERVE = {roles.PUBLISHER, roles.AUDITOR}


@pytest.fixture
def sealed():
    return make_round("SEALED-1", sealed=True, closes_at=hk(2030, 1, 1))


@pytest.fixture
def proposal(sealed):
    return make_proposal(sealed, lots=[], proponent=make_organisation(SECRET), received_at=hk(2026, 3, 2, 9))


def enter(client, role):
    user = User.objects.create_user("somebody", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return client


def tells(client, address, *, secret):
    """Whether the page answers, or leads to one that answers, with the secret on it."""
    answer = client.get(address, follow=True)
    body = b"".join(answer) if answer.streaming else answer.content
    return secret.encode() in body


@pytest.mark.parametrize("role", roles.ROLES)
@pytest.mark.parametrize(
    "page",
    [
        "{list}", "{list}?q=CANARY", "{list}?_facets=True", "{list}?round=SEALED-1", "{list}{pk}/change/",
        "{list}{pk}/history/", "{list}{pk}/history/{version}/", "{list}{pk}/delete/", "{list}{pk}/withdraw/",
        "{list}{pk}/shortlist/", "{list}export.csv", "{list}export.csv?round=SEALED-1", "/admin/",
    ],
)  # fmt: skip
def test_shut_box_is_for_who_may_see_receipts(client, proposal, role, page):
    address = page.format(list=PROPOSALS, pk=proposal.pk, version=proposal.history.get().pk)
    enter(client, role)

    told = tells(client, address, secret=SECRET) or tells(client, address, secret=proposal.reference)

    assert not told or role in SEE_RECEIPTS


@pytest.mark.parametrize("role", sorted(SEE_RECEIPTS))
@pytest.mark.parametrize("page", ["{list}", "{list}{pk}/change/", "{list}{pk}/history/", "{list}export.csv"])
def test_who_may_see_receipts_sees_them(client, proposal, role, page):
    enter(client, role)
    assert tells(client, page.format(list=PROPOSALS, pk=proposal.pk), secret=proposal.reference)


def test_export_alone_does_not_open_a_shut_box(client, proposal):
    user = User.objects.create_user("exporter", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="export_proposal"))
    client.force_login(user)
    assert not tells(client, PROPOSALS + "export.csv", secret=proposal.reference)


@pytest.mark.parametrize("role", [roles.OPENING_OFFICER, roles.PUBLISHER])
def test_opened_box_is_for_the_officer_and_the_publisher_too(client, sealed, role):
    opened = make_round("OPENED-1", sealed=True)
    theirs = make_proposal(opened, lots=[])
    open_box(opened)
    enter(client, role)
    assert tells(client, PROPOSALS, secret=theirs.reference)


@pytest.mark.parametrize("role", [roles.OPENING_OFFICER, roles.PUBLISHER])
def test_opening_that_only_began_shows_nothing(client, role):
    begun = make_round("BEGUN-1", sealed=True)
    theirs = make_proposal(begun, lots=[])
    lifecycle.begin_opening(begun, by=make_officer("first"), at=hk(2026, 4, 1))
    enter(client, role)
    assert not tells(client, PROPOSALS, secret=theirs.reference)


@pytest.mark.parametrize("role", [roles.OPENING_OFFICER, roles.PUBLISHER])
def test_list_of_proposals_is_the_same_whatever_is_in_a_shut_box(client, sealed, role):
    enter(client, role)
    empty = with_counts(client)
    for _number in range(3):
        make_proposal(sealed, lots=[])
    assert with_counts(client) == empty


def with_counts(client):
    """How many rows the list has, and every choice of every filter with its count."""
    page = client.get(f"{PROPOSALS}?_facets=True").context["cl"]
    return page.result_count, [
        choice["display"] for spec in page.filter_specs for choice in spec.choices(page)
    ]


QUESTIONS = [
    ROUNDS + "?proposals__isnull=False",
    ROUNDS + "?proposals__channel=counter",
    LOTS + "?proposal_lots__isnull=False",
    LOTS + "?round__proposals__isnull=False",
    "/admin/parks/organisation/?proposals__isnull=False",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_list_answers_a_question_about_what_hangs_on_its_rows(admin_client, proposal, question):
    assert admin_client.get(question).status_code == 400


@pytest.mark.parametrize("role", [roles.OPENING_OFFICER, roles.PUBLISHER])
@pytest.mark.parametrize("page", ["/admin/", ROUNDS + "?todo=reported"])
def test_chores_do_not_tell_whether_a_shut_box_is_empty(client, role, page):
    round = make_round("SEALED-1", sealed=True)
    Figure.objects.create(
        indicator="proposals_received",
        value=3,
        as_of=hk(2026, 4, 1).date(),
        source=make_source(),
        round=round,
    )
    enter(client, role)
    empty = listed(client, page)
    make_proposal(round, lots=[])
    assert listed(client, page) == empty


def listed(client, page):
    context = client.get(page).context
    return (
        list(context["cl"].result_list) if "cl" in context else [item.title for item in context["todo"].items]
    )


# The reserve of a lot -----------------------------------------------------------------------------------------------


@pytest.fixture
def lot():
    lot = make_lot(make_round("OPEN-1", lots=0), "1", reserve_premium_hkd=RESERVE)
    lot.reserve_premium_hkd = "87654321.50"
    lot.save()
    return lot


@pytest.mark.parametrize("role", [roles.REGISTRAR, roles.OPENING_OFFICER, roles.PUBLISHER, roles.AUDITOR])
@pytest.mark.parametrize(
    "page", ["{list}{pk}/change/", "{list}{pk}/history/{version}/", "{list}{pk}/history/"]
)
def test_reserve_is_for_who_may_see_it(client, lot, role, page):
    address = page.format(list=LOTS, pk=lot.pk, version=lot.history.first().pk)
    enter(client, role)
    answer = client.get(address)
    told = any(amount in answer.content.decode() for amount in (RESERVE, "87,654,321"))
    assert (answer.status_code, told) == (200, role in SEE_RESERVE)


@pytest.mark.parametrize("role", [roles.REGISTRAR, roles.PUBLISHER])
def test_reserve_is_not_found_out_by_halves(client, lot, role):
    enter(client, role)
    assert client.get(f"{LOTS}?reserve_premium_hkd__gte=5000000").status_code == 400


def test_saving_without_seeing_the_reserve_leaves_it_alone(client, lot):
    user = User.objects.create_user("half", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.PUBLISHER))
    role = Group.objects.get(name=roles.PUBLISHER)
    role.permissions.remove(*role.permissions.filter(codename="see_reserve"))
    client.force_login(user)
    typed = {
        "title_en": "New title", "reserve_premium_hkd": "1", "stated_plots": "", "buildings": "", "max_gfa_m2": "",
        "lot_plots-TOTAL_FORMS": "0", "lot_plots-INITIAL_FORMS": "0",
    }  # fmt: skip

    client.post(f"{LOTS}{lot.pk}/change/", typed)

    saved = Lot.objects.get()
    assert (saved.title_en, str(saved.reserve_premium_hkd)) == ("New title", "87654321.50")


def test_nothing_of_this_hides_a_proposal_of_a_round_that_is_not_sealed(client):
    open_one = make_proposal(make_round("UNSEALED-1"))
    enter(client, roles.PUBLISHER)
    assert list(client.get(PROPOSALS).context["cl"].result_list) == [Proposal.objects.get(pk=open_one.pk)]
