import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff import factors, roles
from staff.models import SecurityEvent
from tests.factories import make_round

pytestmark = pytest.mark.django_db

USERS = "/admin/auth/user/"


def make(name, role=None, **fields):
    user = User.objects.create_user(name, password="a-password-of-before", is_staff=True, **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def administrator(client):
    user = make("boss", roles.ADMINISTRATOR)
    client.force_login(user)
    return user


def save(client, user, **typed):
    stays = {"username": user.username, "is_active": "on", "is_staff": "on"}
    return client.post(f"{USERS}{user.pk}/change/", {**stays, **typed})


def pk_of(role):
    return Group.objects.get(name=role).pk


def log():
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "username", "detail"))


def test_administrator_gives_a_role_and_the_log_says_so(client, administrator):
    clerk = make("clerk")
    save(client, clerk, groups=[pk_of(roles.REGISTRAR)])
    assert [group.name for group in clerk.groups.all()] == [roles.REGISTRAR]
    assert log() == [("account_changed", "boss", "clerk: groups; now active, roles: Registrar")]


def test_administrator_disables_an_account(client, administrator):
    clerk = make("clerk", roles.REGISTRAR)
    client.post(
        f"{USERS}{clerk.pk}/change/",
        {"username": "clerk", "is_staff": "on", "groups": [pk_of(roles.REGISTRAR)]},
    )
    clerk.refresh_from_db()
    assert (clerk.is_active, log()[-1][2]) == (False, "clerk: is_active; now disabled, roles: Registrar")


def test_new_account_is_one_of_staff_and_has_no_role(client, administrator):
    password = {
        "password1": "tall-trees-stand-9",
        "password2": "tall-trees-stand-9",
        "usable_password": "true",
    }
    client.post(
        f"{USERS}add/",
        {"username": "new", **password, "is_superuser": "on", "groups": [pk_of(roles.REGISTRAR)]},
    )
    new = User.objects.get(username="new")
    assert (new.is_staff, new.is_superuser, new.groups.count()) == (True, False, 0)
    assert log() == [("account_added", "boss", "new")]


def test_administrator_makes_no_superuser_and_gives_no_single_permission(client, administrator):
    clerk = make("clerk")
    everything = [permission.pk for permission in Permission.objects.all()]
    save(client, clerk, is_superuser="on", user_permissions=everything)
    clerk.refresh_from_db()
    assert (clerk.is_superuser, clerk.user_permissions.count()) == (False, 0)


def test_administrator_gives_themselves_no_role(client, administrator):
    save(client, administrator, groups=[pk_of(role) for role in roles.ROLES], first_name="B")
    administrator.refresh_from_db()
    assert [group.name for group in administrator.groups.all()] == [roles.ADMINISTRATOR]
    assert (administrator.first_name, administrator.is_active) == ("B", True)


@pytest.mark.parametrize("page", ["change/", "password/", "reset-second-factor/", "delete/"])
def test_administrator_does_nothing_to_a_superuser(client, administrator, page):
    above = make("above", is_superuser=True)
    factors.given_key(above)
    before = User.objects.filter(pk=above.pk).values().get()
    typed = {"username": "above", "password1": "tall-trees-stand-9", "password2": "tall-trees-stand-9"}

    answer = client.post(f"{USERS}{above.pk}/{page}", {**typed, "post": "yes", "usable_password": "true"})

    assert answer.status_code == 403
    assert (User.objects.filter(pk=above.pk).values().get(), factors.has_one(above)) == (before, True)


def test_account_is_not_deleted_but_disabled_in_words(client, administrator):
    clerk = make("clerk")
    answer = client.post(f"{USERS}{clerk.pk}/delete/", {"post": "yes"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "An account is never deleted: what it did stays in its name. Take “active” away instead."
    ]
    assert User.objects.filter(pk=clerk.pk).exists()


def test_password_that_is_set_by_another_is_in_the_log_and_ends_sessions(client, administrator):
    clerk = make("clerk", roles.REGISTRAR)
    theirs = Client()
    theirs.force_login(clerk)
    typed = {"password1": "tall-trees-stand-9", "password2": "tall-trees-stand-9", "usable_password": "true"}

    client.post(f"{USERS}{clerk.pk}/password/", {**typed, "set-password": "Change password"})

    clerk.refresh_from_db()
    assert clerk.check_password("tall-trees-stand-9")
    assert (theirs.get("/admin/").status_code, log()) == (302, [("password_set", "boss", "clerk")])


def test_second_factor_is_reset_with_a_line_in_the_log_and_sessions_end(client, administrator):
    clerk = make("clerk", roles.REGISTRAR)
    theirs = Client()
    theirs.force_login(clerk)
    factors.new_recovery_codes(clerk)

    asked = client.get(f"{USERS}{clerk.pk}/reset-second-factor/")
    assert (asked.status_code, factors.has_one(clerk)) == (200, True)
    client.post(f"{USERS}{clerk.pk}/reset-second-factor/")

    assert (TOTPDevice.objects.filter(user=clerk).count(), StaticDevice.objects.count()) == (0, 0)
    assert (theirs.get("/admin/").status_code, log()) == (302, [("factor_reset", "boss", "clerk")])


def test_button_for_the_reset_stands_where_there_is_something_to_reset(client, administrator):
    clerk = make("clerk")
    page = f"{USERS}{clerk.pk}/change/"
    without = client.get(page).context["moves"]
    factors.given_key(clerk)
    moves = client.get(page).context["moves"]
    assert (without, [str(move["verb"]) for move in moves]) == ([], ["Reset second factor"])


def test_command_resets_a_second_factor(capsys):
    clerk = make("clerk")
    factors.given_key(clerk)
    call_command("reset_second_factor", "clerk")
    assert (factors.has_one(clerk), log()) == (False, [("factor_reset", "", "clerk: by command")])
    with pytest.raises(CommandError, match=r"^There is no account 'nobody'\.$"):
        call_command("reset_second_factor", "nobody")


def test_nobody_reads_a_password_or_a_key(client):
    auditor = make("eye", roles.AUDITOR)
    client.force_login(auditor)
    page = client.get(f"{USERS}{make('clerk').pk}/change/").content.decode()
    assert ("pbkdf2" in page, "md5$" in page, client.get("/admin/otp_totp/totpdevice/").status_code) == (
        False,
        False,
        404,
    )


@pytest.mark.parametrize(
    "question", ["totpdevice__key__startswith=a", "password__startswith=m", "account__stamp=a"]
)
def test_no_question_finds_a_key_out(admin_client, question):
    assert admin_client.get(f"{USERS}?{question}").status_code == 400


# The security log ---------------------------------------------------------------------------------------------------


def test_refusals_exports_and_moves_are_in_the_log(client):
    user = make("all", roles.REGISTRAR)
    user.groups.add(Group.objects.get(name=roles.PUBLISHER))
    client.force_login(user)
    round = make_round("T-1", published=False)

    client.get("/admin/auth/user/")
    client.get("/admin/tenders/proposal/export.csv?round=T-1")
    client.get(f"/admin/tenders/tenderround/{round.pk}/publish/")
    client.post(f"/admin/tenders/tenderround/{round.pk}/publish/")

    assert log() == [
        ("refused", "all", "GET /admin/auth/user/"),
        ("exported", "all", "GET /admin/tenders/proposal/export.csv?round=T-1"),
        ("decided", "all", f"POST /admin/tenders/tenderround/{round.pk}/publish/"),
    ]


def test_database_changes_and_deletes_no_line_of_the_log(at):
    SecurityEvent.objects.create(at=at, kind="logged_in")
    for change in (lambda: SecurityEvent.objects.update(kind="refused"), SecurityEvent.objects.all().delete):
        with (
            pytest.raises(DatabaseError, match=r"A row of staff_securityevent is never"),
            transaction.atomic(),
        ):
            change()
    assert SecurityEvent.objects.get().kind == "logged_in"


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.ADMINISTRATOR])
def test_log_is_read_by_auditor_and_administrator(client, at, role):
    client.force_login(make("eye", role))
    SecurityEvent.objects.create(at=at, kind="login_failed", username="mallory", address="192.0.2.1")
    page = client.get("/admin/staff/securityevent/?q=mallory")
    assert [event.username for event in page.context["cl"].result_list] == ["mallory"]
