import errno
import sqlite3
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from parks.models import Organisation, Plot
from portal import outages
from portal.postgresql.base import OutcomeUnknown
from tests.as_seen import hidden_fields
from tests.factories import make_organisation, make_park, make_plot, make_user

READ = "The records cannot be reached now. Nothing was changed. Try again in a minute."
SENT = "The records cannot be reached now. Nothing was saved. Try again in a minute."
MAYBE = "What you sent may have been saved all the same: look before you send it again."
FULL = "There is no room left to write anything. Tell whoever looks after the server. Nothing was saved."
ADD = "/admin/parks/organisation/add/"
COMPANY = {"name_en": "Newcomer Ltd"}
PARKS = "/admin/parks/park/"
PAGES = [
    "/",
    "/plots/",
    "/calendar/",
    "/zh-hant/rounds/",
    "/parks/hsitp/",
    "/rounds/R-1/",
    "/admin/",
    "/admin/login/x/",
]
FILES = ["/plots.csv", "/calendar.ics", "/zh-hans/figures.csv", "/sitemap.xml"]
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own fault")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own fault")


@pytest.fixture
def staff(transactional_db) -> Client:
    """Logged in, by a form of which nothing is left in a transaction: what is committed is committed."""
    client = Client(raise_request_exception=False)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def typed(client) -> dict[str, str]:
    """The form as it was filled in while everything was well, its token included."""
    return hidden_fields(client, ADD) | COMPANY


def send(client, form):
    """As a browser does, which does not look at the page again."""
    return client.generic("POST", ADD, urlencode(form), "application/x-www-form-urlencoded")


def publish(client, save):
    """A button of a list, which saves otherwise than it should: no form stands in front of it."""
    park = make_park("known", published=False)
    with patch("parks.models.Park.save", save):
        return client.post(PARKS, {"action": "publish", "_selected_action": park.pk})


@contextmanager
def away(error=OperationalError):
    """The database is away; yields how often it was asked."""
    asked = []

    def refuse(self, *_arguments, **_options):
        asked.append(self)
        raise error("could not connect to server")

    with patch.object(BaseDatabaseWrapper, "_cursor", refuse):
        yield asked


def said(response) -> tuple[int, str]:
    """The status and the words of a page (in its alert) or of a file (all of it)."""
    text = response.content.decode()
    if 'role="alert">' in text:
        text = text.partition('role="alert">')[2].partition("</p>")[0]
    return response.status_code, text.strip()


def names() -> list[str]:
    return sorted(Organisation.objects.values_list("name_en", flat=True))


@pytest.mark.parametrize("path", [path for path in PAGES if "/admin/" not in path])
def test_page_says_that_the_records_cannot_be_reached_and_asks_no_more(client, path):
    with away() as asked:
        response = client.get(path)

    words = said(response)
    assert (words[0], len(asked), response["Retry-After"], response["Cache-Control"]) == (
        503,
        1,
        "60",
        "no-store",
    )
    assert response["Content-Type"] == "text/html; charset=utf-8"
    if not path.startswith("/zh"):
        assert words == (503, READ)


@pytest.mark.parametrize("path", FILES)
def test_file_says_it_in_plain_text(client, path):
    with away() as asked:
        response = client.get(path)

    answer = (
        response.status_code,
        response["Content-Type"],
        response["Retry-After"],
        response["Cache-Control"],
    )
    assert answer == (503, "text/plain; charset=utf-8", "60", "no-store")
    assert (len(asked), b"<" in response.content) == (1, False)


@pytest.mark.parametrize("path", ["/admin/", ADD, "/admin/tenders/proposal/", "/plots/", "/nowhere/"])
def test_who_is_logged_in_is_not_asked_again(staff, path):
    """The session and the account are read from the database too, by pages, menus and the page not found."""
    with away() as asked:
        response = staff.get(path)

    assert (said(response), len(asked)) == ((503, READ), 1) if path.startswith(("/admin", "/plots")) else (
        (response.status_code, len(asked)) in {(404, 0), (503, 1)}, True,
    )  # fmt: skip


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_what_was_sent_is_said_not_to_be_saved(staff, error):
    form = typed(staff)
    with away(error):
        response = send(staff, form)

    assert (said(response), names()) == ((503, SENT), [])


def test_site_works_again_without_a_restart(staff):
    form = typed(staff)
    with away():
        first = staff.get("/plots/").status_code, send(staff, form).status_code
    then = staff.get("/plots/").status_code, staff.post(ADD, COMPANY).status_code

    assert (first, then, names()) == ((503, 503), (200, 302), ["Newcomer Ltd"])


@pytest.mark.parametrize(
    ("path", "words"),
    [("/zh-hant/plots/", "zh-hant"), ("/zh-hans/plots/", "zh-hans"), ("/plots/", "en")],
)
def test_page_is_in_the_readers_language(client, path, words):
    with away():
        page = client.get(path).content.decode()

    assert f'<html lang="{words}">' in page


def test_saved_and_then_lost_is_not_said_to_be_unsaved(staff):
    """The form is committed; the page that should say so cannot be made."""
    from_committed = OperationalError("gone")
    with patch("parks.admin.publications.OrganisationAdmin.changeform_view", _save_then(from_committed)):
        response = staff.post(ADD, COMPANY)

    assert (said(response), names()) == (
        (503, f"The records cannot be reached now. {MAYBE}"),
        ["Newcomer Ltd"],
    )


def _save_then(error):
    def view(*_arguments, **_options):
        with transaction.atomic():
            make_organisation("Newcomer Ltd")
        raise error

    return view


def test_commit_whose_answer_was_lost_is_not_said_to_be_unsaved(staff):
    with patch.object(
        BaseDatabaseWrapper, "_commit", side_effect=OutcomeUnknown("server closed the connection")
    ):
        response = staff.post(ADD, COMPANY)

    assert said(response) == (503, f"The records cannot be reached now. {MAYBE}")


def test_lost_commit_is_remembered_when_the_database_then_stays_away(staff):
    """Django connects anew after it, and what it raises is that nobody is there: found by the drill of kills."""
    gone = OperationalError("the database system is in recovery mode")
    with (
        patch.object(
            BaseDatabaseWrapper, "_commit", side_effect=OutcomeUnknown("server closed the connection")
        ),
        patch.object(BaseDatabaseWrapper, "_rollback", side_effect=gone),
        patch.object(BaseDatabaseWrapper, "connect", side_effect=gone),
    ):
        response = staff.post(ADD, COMPANY)

    assert said(response) == (503, f"The records cannot be reached now. {MAYBE}")


def test_session_that_cannot_be_kept_after_a_save_is_not_said_to_have_undone_it(staff, settings):
    """Outside the views, where only the site's handler500 hears of it."""
    settings.SESSION_SAVE_EVERY_REQUEST = True
    with patch("django.contrib.sessions.backends.db.SessionStore.save", side_effect=OperationalError("gone")):
        page, form = staff.get(ADD), staff.post(ADD, COMPANY)

    assert said(page) == (503, READ)
    assert (said(form), names()) == ((503, f"The records cannot be reached now. {MAYBE}"), ["Newcomer Ltd"])


def test_fault_of_a_statement_is_no_outage(staff):
    """It would be answered “try again in a minute” for ever."""

    def view(*_arguments, **_options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    with patch("parks.admin.publications.OrganisationAdmin.get_queryset", view):
        response = staff.get("/admin/parks/organisation/")

    assert response.status_code == 500


# --- The database refuses ------------------------------------------------------------------------------------------


def _raise_after(error):
    def save(*_arguments, **_options):
        raise error

    return save


def test_guard_that_refuses_a_form_is_heard(staff):
    company = make_organisation("Known Ltd")
    company.save()
    kept = company.history.last()

    def rewrite(*_arguments, **_options):
        kept.name_en = "Other Ltd"
        kept.save()

    response = publish(staff, rewrite)

    words = "The database refuses this: A row of parks_historicalorganisation is never changed. Nothing was saved."
    assert (said(response), response["Cache-Control"], names()) == ((409, words), "no-store", ["Known Ltd"])


def test_constraint_that_refuses_a_form_is_named(staff):
    def wrong(*_arguments, **_options):
        Plot.objects.filter(pk=plot.pk).update(area_m2=-1)

    plot = make_plot()

    response = publish(staff, wrong)

    words = "The database refuses this: plot area is positive. Nothing was saved."
    assert (said(response), names()) == ((409, words), [])


def test_other_refusals_say_no_column_and_no_value(staff):
    secret = IntegrityError("UNIQUE constraint failed: tenders_proposal.reference")
    response = publish(staff, _raise_after(secret))

    words = "The database refuses this: it does not fit what is recorded by now. Nothing was saved."
    assert said(response) == (409, words)


# --- No room ---------------------------------------------------------------------------------------------------------


@on_sqlite
def test_full_disk_says_not_saved_and_keeps_what_was(staff):
    for number in range(20):
        assert staff.post(ADD, {"name_en": f"Company {number}"}).status_code == 302
    acknowledged = names()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
    told = [
        said(staff.post(ADD, {"name_en": f"{number} {'X' * 290}", "website": f"https://{'x' * 60}.hk/"}))
        for number in range(40)  # until the pages that are there are full
    ]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count=1073741823")

    said_saved = [f"{number} {'X' * 290}" for number, words in enumerate(told) if words == (302, "")]
    assert set(told) - {(302, "")} == {(503, FULL)}
    assert names() == sorted([*acknowledged, *said_saved])
    assert staff.post(ADD, COMPANY).status_code == 302


@on_postgresql
def test_full_disk_of_postgresql_says_not_saved(staff):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON parks_historicalorganisation FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    try:
        response = staff.post(ADD, COMPANY)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "DROP TRIGGER full_disk ON parks_historicalorganisation; DROP FUNCTION full_disk()"
            )

    assert (said(response), names()) == ((503, FULL), [])
    assert staff.post(ADD, COMPANY).status_code == 302


def full_file(**_options):
    return Path("/dev/full").open("w+b", buffering=0)


@pytest.mark.django_db
def test_file_that_finds_no_room_to_wait_in_is_said_to_be_missing(client, monkeypatch):
    monkeypatch.setattr("portal.files.IN_MEMORY", 1)
    monkeypatch.setattr(tempfile, "TemporaryFile", full_file)
    make_plot()

    response = client.get("/plots.csv")

    words = (
        "There is no room left to write anything. Tell whoever looks after the server. Nothing was changed."
    )
    assert (said(response), response["Content-Type"]) == ((503, words), "text/plain; charset=utf-8")


def test_other_faults_of_files_are_no_outage():
    assert [outages.is_outage(OSError(number, "")) for number in (errno.ENOSPC, errno.ENOENT)] == [
        True,
        False,
    ]


# --- Locked ----------------------------------------------------------------------------------------------------------


@on_sqlite
def test_locked_database_says_not_saved_once_the_wait_is_over(staff):
    connection.ensure_connection()
    connection.connection.execute("PRAGMA busy_timeout=50")  # instead of 20 seconds
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        response = staff.post(ADD, COMPANY)
        page = staff.get("/plots/").status_code
    finally:
        other.close()

    assert (said(response), page, names()) == ((503, SENT), 200, [])
    assert staff.post(ADD, COMPANY).status_code == 302
