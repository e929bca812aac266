from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.utils import timezone

from staff import events
from staff.models import SecurityEvent

pytestmark = pytest.mark.django_db

PASSWORD = "a-password-for-this-test-only"
LOGIN = "/admin/login/"


@pytest.fixture(autouse=True)
def people():
    return [User.objects.create_superuser(name, password=PASSWORD) for name in ("clerk", "other")]


def enter(client, name="clerk", password="wrong", address="192.0.2.1", path=LOGIN, **headers):
    return client.post(path, {"username": name, "password": password}, REMOTE_ADDR=address, **headers)


def fail(client, times, **how):
    return [enter(client, **how).status_code for _try in range(times)]


@pytest.mark.parametrize("language", ["", "/zh-hant", "/zh-hans"])
def test_fifth_failure_of_a_name_at_an_address_locks_the_right_password_out_too(client, language):
    path = language + LOGIN
    assert fail(client, 5, path=path) == [200, 200, 200, 200, 429]
    answer = enter(client, password=PASSWORD, path=path)
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (429, "900", "no-store")
    assert answer["Content-Type"].startswith("text/html")


def test_lockout_is_told_in_words(client):
    fail(client, 5)
    page = enter(client).content.decode()
    assert "There were too many failed logins. Logging in is shut for 15 minutes." in page


def test_colleague_and_other_places_stay_open(client):
    fail(client, 5)
    colleague = enter(client, name="other", password=PASSWORD)
    client.post("/admin/logout/")
    elsewhere = enter(client, password=PASSWORD, address="192.0.2.2")
    assert (colleague.status_code, elsewhere.status_code) == (302, 302)


def test_address_that_tries_many_names_is_locked_out(client):
    found = [enter(client, name=f"name-{number}").status_code for number in range(20)]
    assert found == [200] * 19 + [429]
    assert enter(client, name="other", password=PASSWORD).status_code == 429


def test_name_that_is_tried_from_everywhere_is_locked_at_last(client):
    found = [enter(client, address=f"198.51.100.{number // 4}").status_code for number in range(100)]
    assert found == [200] * 99 + [429]
    assert enter(client, password=PASSWORD, address="203.0.113.9").status_code == 429


def test_lockout_ends_after_a_quarter_of_an_hour_even_if_tried_in_between(client):
    fail(client, 5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))  # noqa: TID251 - axes reads it
    assert fail(client, 3) == [429] * 3
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))  # noqa: TID251
    assert enter(client, password=PASSWORD).status_code == 302


def test_success_forgives_its_own_failures_and_nobody_elses(client):
    fail(client, 3)
    fail(client, 3, name="other")
    enter(client, password=PASSWORD)
    assert list(AccessAttempt.objects.values_list("username", "failures_since_start")) == [("other", 3)]


def test_header_of_a_stranger_gives_no_other_address(client, settings):
    settings.BEHIND_PROXY = False
    found = [enter(client, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").status_code for number in range(5)]
    assert found == [200, 200, 200, 200, 429]


def test_behind_a_proxy_its_own_entry_counts_and_no_other(client, settings):
    settings.BEHIND_PROXY = True
    found = [enter(client, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, 192.0.2.7").status_code for n in range(5)]
    other = enter(client, HTTP_X_FORWARDED_FOR="192.0.2.7, 192.0.2.8")
    assert (found, other.status_code) == ([200, 200, 200, 200, 429], 200)
    assert set(SecurityEvent.objects.values_list("address", flat=True)) == {"192.0.2.7", "192.0.2.8"}


def test_address_that_is_none_stops_nobody_from_logging_in(client, settings):
    settings.BEHIND_PROXY = True
    assert enter(client, password=PASSWORD, HTTP_X_FORWARDED_FOR="<script>").status_code == 302


def test_failures_that_no_longer_count_are_cleared_away_by_the_next_one(client):
    fail(client, 2)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))  # noqa: TID251
    fail(client, 1, name="other")
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["other"]


def test_what_is_tried_while_locked_out_leaves_no_rows(client):
    fail(client, 5)
    before = SecurityEvent.objects.count(), AccessAttempt.objects.get().failures_since_start
    fail(client, 10)
    assert (SecurityEvent.objects.count(), AccessAttempt.objects.get().failures_since_start) == before


def test_log_says_each_failure_and_the_lockout(client):
    fail(client, 5)
    rows = SecurityEvent.objects.order_by("pk").values_list("kind", "username", "user", "address")
    assert list(rows) == [("login_failed", "clerk", None, "192.0.2.1")] * 5 + [
        ("locked_out", "clerk", None, "192.0.2.1")
    ]


def test_flood_of_failures_fills_neither_log_nor_blocks_what_matters(client, monkeypatch, caplog):
    monkeypatch.setattr(events, "MOST_AN_HOUR", 3)
    caplog.set_level("INFO", "tenderground.security")
    for number in range(6):
        enter(client, name=f"name-{number}")
    enter(client, password=PASSWORD)
    kinds = list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["login_failed"] * 3 + ["password_accepted"]
    assert caplog.text.count("login_failed") == 6


@pytest.mark.parametrize("name", ["x" * 10_000, "a\0b", "line\nbreak", "\u202eright", "😀"])
def test_odd_names_are_refused_as_any_other(client, name):
    assert enter(client, name=name).status_code == 200
