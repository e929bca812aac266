"""PostgreSQL goes away, hangs, drops its connections and is slow while the real site serves; nobody restarts it."""

import os
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager

import psycopg
import pytest

from scripts import postgres
from tests.faults.officers import ADD, Desk, browser, fill_in
from tests.faults.processes import children, until
from tests.faults.site import Site

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(postgres.binaries() is None, reason="PostgreSQL is not on this machine"),
]

READ = "The records cannot be reached now. Nothing was changed. Try again in a minute."
SENT = "The records cannot be reached now. Nothing was saved. Try again in a minute."
BOUND = 3  # seconds, for /healthz
SLACK = 5  # more, on a machine that does other things as well


@pytest.fixture(scope="module")
def cluster():
    with postgres.cluster() as made:
        yield made


@pytest.fixture(scope="module")
def desk(cluster, tmp_path_factory):
    """A site that serves; a lock is not waited for as long as in production, so that the test is not either."""
    options = urllib.parse.quote("-c lock_timeout=300", safe="")
    site = Site(f"{cluster.address}?options={options}", tmp_path_factory.mktemp("site"))
    try:
        desk = Desk(site.address, **site.run("tests.faults.desk", "prepare"))
        site.start()
        yield desk
    finally:
        site.stop()


def ask(desk, path, opener=None, data=None) -> tuple[int, str, str, float]:
    """Status, words, Retry-After and how long it took."""
    began = time.monotonic()
    try:
        response = (opener or browser(desk)).open(desk.address + path, data, timeout=60)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        text = response.read().decode()
    words = text.partition('role="alert">')[2].partition("</p>")[0] or text.strip()
    return response.status, words, response.headers.get("Retry-After", ""), time.monotonic() - began


def statuses(desk) -> list[int]:
    return [ask(desk, path)[0] for path in ("/healthz", "/plots/", "/plots.csv", ADD)]


def assert_out_of_reach(desk, form):
    """Of a site whose records cannot be reached: its health, a page, files, a staff page, and a form that was open."""
    health, _words, _retry, took = ask(desk, "/healthz")
    assert (health, took < BOUND + SLACK) == (503, True)
    for path in ("/plots/", "/plots.csv", "/calendar.ics", ADD):
        assert ask(desk, path)[:3] == (503, READ, "60")
    assert ask(desk, ADD, *form)[:3] == (503, SENT, "60")


def test_server_that_is_away_and_comes_back(desk, cluster):
    before, form = statuses(desk), fill_in(desk, "away")
    cluster.stop()
    try:
        assert_out_of_reach(desk, form)
    finally:
        cluster.start()
    until(lambda: ask(desk, "/healthz")[0] == 200, "the site is well")

    assert (before, statuses(desk)) == ([200] * 4, [200] * 4)


@contextmanager
def hanging(cluster):
    """Connections are taken and nothing is answered: the processes stand still."""
    standing = [cluster.postmaster, *children(cluster.postmaster)]
    for pid in standing:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in standing:
            os.kill(pid, signal.SIGCONT)


def test_server_that_hangs_and_wakes_up(desk, cluster):
    form = fill_in(desk, "hanging")
    with hanging(cluster):
        assert_out_of_reach(desk, form)

    assert statuses(desk) == [200] * 4


def test_connections_that_were_reset_are_not_noticed(desk, cluster):
    """Each request asks first whether its kept connection still works, and makes a new one if not."""
    assert statuses(desk) == [200] * 4
    with psycopg.connect(cluster.address) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
        )

    assert statuses(desk) == [200] * 4


def test_page_that_waits_for_a_lock_too_long_says_so(desk, cluster):
    with psycopg.connect(cluster.address) as other:
        other.execute("LOCK TABLE parks_plot IN ACCESS EXCLUSIVE MODE")
        locked = ask(desk, "/plots/")[:3]

    assert (locked, statuses(desk)) == ((503, READ, "60"), [200] * 4)
