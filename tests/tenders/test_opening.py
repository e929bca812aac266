"""Opening the box takes two people: what one account might try, and what two leave behind."""

import copy
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tenders import lifecycle
from tenders.lifecycle import MoveRefused
from tenders.models import Opening, RoundEvent, TenderRound
from tests.factories import CLOSES, make_officer, make_proposal, make_round, make_user, open_box

AFTER = CLOSES + timedelta(hours=1)
LIST = "/admin/tenders/opening/"


def page(round, move):
    return f"/admin/tenders/tenderround/{round.pk}/{move}/"


def begun(round, name="one", **fields):
    """The opening, begun by somebody who is staff and a superuser unless said otherwise."""
    first = make_officer(name, is_staff=True, is_superuser=True, **fields)
    lifecycle.begin_opening(round, by=first, at=AFTER)
    return first


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


# --- ten ways, and more, in which one account might open the box -------------------------------------------------


def confirm_what_one_began(round):
    first = begun(round)
    lifecycle.confirm_opening(round, by=first, at=AFTER)


def confirm_in_a_second_browser(round):
    first = begun(round)
    logged_in(first).post(page(round, "confirm-opening"))


def say_in_the_form_who_the_officers_are(round):
    first, other = begun(round), make_officer("other")
    forged = {"first_officer": other.pk, "second_officer": other.pk, "by": other.pk, "user": other.pk}
    logged_in(first).post(page(round, "confirm-opening"), forged)


def add_an_opening_by_its_own_form(round):
    boss, other = make_officer("boss", is_staff=True, is_superuser=True), make_officer("other")
    forged = {"round": round.pk, "first_officer": boss.pk, "second_officer": other.pk, "proposal_count": 0}
    times = {
        "begun_at_0": "2026-04-01",
        "begun_at_1": "10:00",
        "opened_at_0": "2026-04-01",
        "opened_at_1": "11:00",
    }
    logged_in(boss).post(f"{LIST}add/", forged | times)


def change_the_opening_by_its_own_form(round):
    first, other = begun(round), make_officer("other")
    opening = Opening.objects.get()
    forged = {
        "second_officer": other.pk,
        "opened_at_0": "2026-04-01",
        "opened_at_1": "11:00",
        "proposal_count": 0,
    }
    logged_in(first).post(
        f"{LIST}{opening.pk}/change/", {"round": round.pk, "first_officer": first.pk} | forged
    )
    logged_in(first).post(
        f"/admin/tenders/tenderround/{round.pk}/change/",
        {"opening-TOTAL_FORMS": 1, "opening-INITIAL_FORMS": 1, "opening-0-id": opening.pk, "opening-0-round": round.pk}
        | {f"opening-0-{name}": value for name, value in forged.items()},
    )  # fmt: skip


def use_an_action_of_a_list(round):
    first = begun(round)
    for name in ("confirm-opening_selected", "confirm_opening_selected", "delete_selected"):
        chosen = {
            "action": name,
            "_selected_action": [Opening.objects.get().pk],
            "post": "yes",
            "confirmed": "yes",
        }
        logged_in(first).post(LIST, chosen)
        logged_in(first).post("/admin/tenders/tenderround/", chosen | {"_selected_action": [round.pk]})


def submit_both_steps_at_once(round):
    """From eight windows of the same account."""
    first = make_officer("one", is_staff=True, is_superuser=True)

    def submit(window, move):
        try:
            window.post(page(round, move))
        finally:
            connection.close()

    windows = [logged_in(first) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(submit, windows, ["begin-opening", "confirm-opening"] * 4))


def begin_and_confirm_at_once_by_the_verbs(round):
    first = make_officer("one")

    def attempt(verb):
        try:
            verb(round, by=first, at=AFTER)
        except MoveRefused:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attempt, [lifecycle.begin_opening, lifecycle.confirm_opening] * 4))


def change_ones_name(round):
    first = begun(round)
    User.objects.filter(pk=first.pk).update(username="two", first_name="Somebody", last_name="Else")
    logged_in(User.objects.get(pk=first.pk)).post(page(round, "confirm-opening"))


def confirm_with_a_stale_copy_of_a_disabled_account(round):
    begun(round)
    second = make_officer("two")
    stale = copy.copy(second)
    User.objects.filter(pk=second.pk).update(is_active=False)
    lifecycle.confirm_opening(round, by=stale, at=AFTER)


def confirm_with_a_copy_that_lost_its_permission(round):
    begun(round)
    second = make_officer("two")
    stale = copy.copy(second)
    assert stale.has_perm("tenders.open_box")
    second.user_permissions.clear()
    lifecycle.confirm_opening(round, by=stale, at=AFTER)


def confirm_with_an_account_made_up_in_memory(round):
    first = begun(round)
    double = User(username="two", is_active=True, is_superuser=True)
    double.pk = first.pk
    lifecycle.confirm_opening(round, by=double, at=AFTER)


def begin_anew_under_another_name_and_confirm_oneself(round):
    begun(round)
    second = make_officer("two")
    lifecycle.begin_opening(round, by=second, at=AFTER)


def write_to_the_table(round):
    first, other = begun(round), make_officer("other")
    confirmed = {"second_officer": first, "opened_at": AFTER, "proposal_count": 0}
    with pytest.raises(IntegrityError):
        Opening.objects.filter(round=round).update(**confirmed)
    Opening.objects.filter(round=round).update(first_officer=other, **confirmed)


def move_the_round_past_its_opening(round):
    begun(round)
    TenderRound.objects.filter(pk=round.pk).update(decision="opened")


WAYS = [
    confirm_what_one_began,
    confirm_in_a_second_browser,
    say_in_the_form_who_the_officers_are,
    add_an_opening_by_its_own_form,
    change_the_opening_by_its_own_form,
    use_an_action_of_a_list,
    submit_both_steps_at_once,
    begin_and_confirm_at_once_by_the_verbs,
    change_ones_name,
    confirm_with_a_stale_copy_of_a_disabled_account,
    confirm_with_a_copy_that_lost_its_permission,
    confirm_with_an_account_made_up_in_memory,
    begin_anew_under_another_name_and_confirm_oneself,
    write_to_the_table,
    move_the_round_past_its_opening,
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_one_account_does_not_open_the_box_by(way):
    round = make_round(sealed=True)
    receipt = make_proposal(round)

    try:
        way(round)
    except (MoveRefused, IntegrityError) as refusal:
        assert str(refusal)

    round.refresh_from_db()
    assert (round.decision, lifecycle.sealed_now(round)) == ("published", True)
    assert not Opening.objects.filter(opened_at__isnull=False).exists()
    assert not RoundEvent.objects.filter(decision="opened").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(receipt).objects.update(sector="Read")


@pytest.mark.django_db
def test_a_file_of_rounds_opens_none(tmp_path, capsys):
    round = make_round("R-1", sealed=True)
    file = tmp_path / "rounds.csv"
    file.write_text(
        "round,title,park,kind,stage,opened_at\nR-1,Tender,hsitp,tender,evaluating,2026-04-01T12:00:00Z\n"
    )

    try:
        call_command("import_rounds", str(file))
    except (CommandError, SystemExit):
        capsys.readouterr()

    round.refresh_from_db()
    assert (round.decision, Opening.objects.count()) == ("published", 0)


# --- what two officers do ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["begin", "confirm"])
def test_only_officers_take_part(step):
    round, stranger = make_round(), make_user("stranger")
    if step == "confirm":
        lifecycle.begin_opening(round, by=make_officer("one"), at=AFTER)
    verb = lifecycle.begin_opening if step == "begin" else lifecycle.confirm_opening

    with pytest.raises(MoveRefused, match="stranger does not have the permission"):
        verb(round, by=stranger, at=AFTER)

    assert not Opening.objects.filter(opened_at__isnull=False).exists()


@pytest.mark.django_db
def test_first_officer_who_lost_the_permission_lends_no_hand():
    round, first = make_round(), make_officer("one")
    lifecycle.begin_opening(round, by=first, at=AFTER)
    first.user_permissions.clear()

    with pytest.raises(MoveRefused, match="one, who began this, no longer has the permission"):
        lifecycle.confirm_opening(round, by=make_officer("two"), at=AFTER)


@pytest.mark.django_db
def test_opening_of_a_disabled_account_is_begun_anew_and_then_confirmed_by_a_third():
    round, first, second, third = make_round(), *(make_officer(name) for name in ("one", "two", "three"))
    lifecycle.begin_opening(round, by=first, at=AFTER)
    User.objects.filter(pk=first.pk).update(is_active=False)
    with pytest.raises(MoveRefused, match="The account one, which began this, is disabled"):
        lifecycle.confirm_opening(round, by=second, at=AFTER)

    lifecycle.begin_opening(round, by=second, at=AFTER + timedelta(hours=1))
    with pytest.raises(MoveRefused, match="takes two"):
        lifecycle.confirm_opening(round, by=second, at=AFTER + timedelta(hours=2))
    opening = lifecycle.confirm_opening(round, by=third, at=AFTER + timedelta(hours=2))

    assert (opening.first_officer, opening.second_officer) == (second, third)
    officers = opening.history.order_by("history_id").values_list("first_officer__username", flat=True)
    assert list(officers) == ["one", "two", "two"]


def offered(client, round):
    moves = client.get(f"/admin/tenders/tenderround/{round.pk}/change/").context["moves"]
    return [move["url"].split("/")[-2] for move in moves]


@pytest.mark.django_db
def test_staff_are_offered_to_begin_anew_once_the_account_is_disabled(client):
    round = make_round()
    first = begun(round)
    client.force_login(make_officer("two", is_staff=True, is_superuser=True))
    before = offered(client, round)

    User.objects.filter(pk=first.pk).update(is_active=False)

    assert ("begin-opening" in before, "confirm-opening" in before) == (False, True)
    assert "begin-opening" in offered(client, round)


@pytest.mark.django_db
def test_record_tells_when_who_how_many_and_which(client):
    round = make_round("R-1", sealed=True)
    references = sorted(make_proposal(round).reference for _ in range(2))
    opening = open_box(round)
    client.force_login(User.objects.create_superuser("boss"))

    told = client.get(f"{LIST}{opening.pk}/record/").content.decode()
    pages = [f"/admin/tenders/tenderround/{round.pk}/change/", f"{LIST}{opening.pk}/change/"]

    link = f'href="{LIST}{opening.pk}/record/"'
    assert [link in client.get(page).content.decode() for page in pages] == [True, True]
    for words in ("2026-03-31 13:00:00", "officer-1", "officer-2", "<dd><b>2</b></dd>", *references):
        assert told.count(words) >= 1, words


@pytest.mark.django_db
def test_there_is_no_record_of_an_opening_that_only_began(client):
    begun(make_round(sealed=True))
    client.force_login(User.objects.create_superuser("boss"))

    assert client.get(f"{LIST}{Opening.objects.get().pk}/record/").status_code == 404
