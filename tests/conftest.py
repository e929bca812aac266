"""What every test may use, and what none may do."""

import os
import shutil
import socket
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client, SimpleTestCase
from django.utils import timezone, translation
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
from hypothesis import HealthCheck, settings

from parks import guards
from staff import sessions
from tests.as_seen import hidden_fields

settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
# They look at what pages say and to whom, which hangs on no database.
PAGES_BY_THE_HUNDRED = {
    "test_leaks",
    "test_staged_lists",
    "test_who_may_what",
    "test_admin_submissions",
    "test_admin_pages",
    "test_hostile_staff",
    "test_secrecy",
}
LOCAL = {"127.0.0.1", "::1", "localhost"}


def pytest_configure():
    django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one


def pytest_unconfigure():
    shutil.rmtree(django_settings.SCRATCH, ignore_errors=True)


def pytest_collection_modifyitems(config, items):
    """What asks no database, and whole pages by the hundred, are tested once, on SQLite, so that all ends in time."""
    if connection.vendor == "sqlite":
        return
    idle = [item for item in items if item.path.stem in PAGES_BY_THE_HUNDRED or not _asks_the_database(item)]
    config.hook.pytest_deselected(items=idle)
    kept = set(items) - set(idle)
    items[:] = [item for item in items if item in kept]


def _asks_the_database(item) -> bool:
    fixtures = {"db", "transactional_db"}
    is_django = getattr(item, "cls", None) is not None and issubclass(item.cls, SimpleTestCase)
    return is_django or bool(item.get_closest_marker("django_db") or fixtures & set(item.fixturenames))


@pytest.fixture
def at() -> datetime:
    """The instant at which a test looks at the world, unless it says another."""
    return datetime(2026, 4, 15, 10, 0, tzinfo=HONG_KONG)


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language active in the thread; the next test begins in English again."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    """A test that asks another machine would depend on it. Sockets of this machine stay open to it."""
    connect = socket.socket.connect

    def connect_here_only(self, address):
        if isinstance(address, tuple) and address[0] not in LOCAL:
            raise OSError(f"Tests may not reach other machines, but this one asked for {address[0]}.")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here_only)
        yield


@pytest.fixture(autouse=True, scope="session")
def _staff_shows_a_second_factor():
    """`client.force_login(user)` and `admin_client` give a member of staff a session after both steps."""
    force_login = Client.force_login

    def force_login_with_both_steps(self, user, backend=None):
        force_login(self, user, backend)
        session = self.session
        sessions.begin(session, user, at=timezone.now())  # noqa: TID251 - the pages read it too
        if user.is_staff:
            device, _made = TOTPDevice.objects.get_or_create(user=user, name="of the test", confirmed=True)
            session[DEVICE_ID_SESSION_KEY] = device.persistent_id
        session.save()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", force_login_with_both_steps)
        yield


@pytest.fixture(autouse=True, scope="session")
def _emptied_in_spite_of_guards():
    """Between tests that commit, the whole database is emptied; its guards stand aside and come back after."""
    operations = type(connection.ops)
    execute = operations.execute_sql_flush

    def flush(self, statements):
        guards.remove(guards.every_guard())
        execute(self, statements)
        guards.install(guards.every_guard())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush)
        yield


@pytest.fixture(autouse=True)
def _forms_come_from_their_page(monkeypatch):
    """A form of the admin that a test posts carries what its page would have given it (see tests/as_seen.py)."""
    post = Client.post

    def post_as_seen(self, path, data=None, *args, **kwargs):
        if isinstance(data, dict) or data is None:
            data = {**hidden_fields(self, path), **(data or {})}
        return post(self, path, data, *args, **kwargs)

    monkeypatch.setattr(Client, "post", post_as_seen)
