from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from staff import factors, middleware, roles, sessions

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    user = User.objects.create_user("clerk", password="a-password-of-before", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.REGISTRAR))
    return user


@pytest.fixture
def inside(clerk):
    client = Client()
    client.force_login(clerk)
    return client


@pytest.fixture
def clock(monkeypatch):
    """clock.pass_by(minutes=5): what the middleware reads moves on."""

    class Clock:
        at = timezone.now()  # noqa: TID251 - sessions begin at the real time

        def pass_by(self, **time):
            self.at += timedelta(**time)

        def now(self):
            return self.at

    made = Clock()
    monkeypatch.setattr(middleware.timezone, "now", made.now)
    return made


def is_in(client):
    return client.get("/admin/").status_code == 200


def test_session_lasts_as_long_as_it_is_used(inside, clock):
    for _page in range(5):
        clock.pass_by(minutes=55)
        assert is_in(inside)


def test_session_ends_an_hour_after_its_last_page(inside, clock):
    assert is_in(inside)
    clock.pass_by(minutes=60)
    assert not is_in(inside)


def test_session_ends_ten_hours_after_the_login_however_much_it_is_used(inside, clock):
    for _page in range(11):
        clock.pass_by(minutes=54)
        assert is_in(inside)
    clock.pass_by(minutes=6)
    assert not is_in(inside)


def test_session_that_is_over_is_gone_from_the_server(inside, clock):
    key = inside.session.session_key
    clock.pass_by(hours=2)
    is_in(inside)
    assert not inside.session.exists(key)


def disable(user):
    user.is_active = False
    user.save()


def disable_and_enable(user):
    disable(user)
    user.is_active = True
    user.save()


def set_password(user):
    user.set_password("another-password-now")
    user.save()


def take_role(user):
    user.groups.remove(Group.objects.get(name=roles.REGISTRAR))


def give_role(user):
    user.groups.add(Group.objects.get(name=roles.AUDITOR))


def give_role_from_the_other_side(user):
    Group.objects.get(name=roles.AUDITOR).user_set.add(user)


def take_all_roles(user):
    user.groups.clear()


def empty_the_role(user):
    Group.objects.get(name=roles.REGISTRAR).user_set.clear()


def make_superuser(user):
    user.is_superuser = True
    user.save()


@pytest.mark.parametrize(
    "change",
    [
        disable,
        disable_and_enable,
        set_password,
        take_role,
        give_role,
        give_role_from_the_other_side,
        take_all_roles,
        empty_the_role,
        make_superuser,
        factors.reset,
    ],
)
def test_sessions_end_at_once_when_the_account_changes(clerk, inside, change):
    assert is_in(inside)
    change(User.objects.get(pk=clerk.pk))
    assert not is_in(inside)


def test_sessions_of_others_go_on(inside):
    disable(User.objects.create_user("other", is_staff=True))
    assert is_in(inside)


def test_change_of_a_name_ends_no_session(clerk, inside):
    clerk.first_name = "Ka Yan"
    clerk.save()
    assert is_in(inside)


def test_own_new_password_ends_all_sessions_but_the_one_it_was_given_in(clerk, inside):
    elsewhere = Client()
    elsewhere.force_login(clerk)
    new = {
        "old_password": "a-password-of-before",
        "new_password1": "tall-trees-stand-9",
        "new_password2": "tall-trees-stand-9",
    }

    answer = inside.post("/admin/password_change/", new)

    assert (answer.status_code, is_in(inside), is_in(elsewhere)) == (302, True, False)


def test_session_that_began_otherwise_is_held_to_its_account_from_its_first_page_on(inside, clerk):
    session = inside.session
    del session[sessions.STAMP]
    session.save()

    first = is_in(inside)
    sessions.end_all(clerk)

    assert (first, is_in(inside)) == (True, False)


def test_pages_within_a_minute_write_once(inside, clock, django_assert_num_queries):
    clock.pass_by(minutes=2)
    is_in(inside)
    seen = inside.session[sessions.SEEN]
    clock.pass_by(seconds=30)
    is_in(inside)
    assert inside.session[sessions.SEEN] == seen


def test_second_factor_is_asked_by_the_code_as_users_do(rf, clerk, inside):
    verified, nobody = (
        inside.get("/admin/").wsgi_request.user,
        Client().get("/admin/login/").wsgi_request.user,
    )
    assert (verified.is_verified(), nobody.is_verified()) == (True, False)


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/zh-hant/admin/", "/admin/login/", "/admin/jsi18n/", "/admin/nothing-here/", "/admin"],
)
@pytest.mark.parametrize("somebody", [True, False])
def test_no_cache_keeps_a_staff_page(inside, path, somebody):
    answer = (inside if somebody else Client()).get(path)
    assert answer["Cache-Control"] == "no-store"


def test_no_cache_keeps_a_refusal(inside):
    refused = inside.get("/admin/auth/user/")
    assert (refused.status_code, refused["Cache-Control"]) == (403, "no-store")


def test_staff_see_of_a_public_page_what_the_public_sees(inside, client):
    theirs, ours = client.get("/data/"), inside.get("/data/")
    assert (ours.content, dict(ours.headers), ours.cookies) == (theirs.content, dict(theirs.headers), {})


def test_cookie_of_the_session_is_for_this_site_alone():
    assert (settings.SESSION_COOKIE_SAMESITE, settings.SESSION_COOKIE_HTTPONLY) == ("Strict", True)
