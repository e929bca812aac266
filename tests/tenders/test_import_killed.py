"""An import that is killed in the middle has written nothing, and the next one works."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from parks.models import Organisation
from tenders.models import Proposal, ProposalLot
from tests.factories import make_round
from tests.proposal_files import row
from tests.tables import csv_file

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
ROWS = 4000
PATIENCE = 60


@pytest.fixture
def file(tmp_path):
    make_round("R-1", lots=2)
    path = tmp_path / "proposals.csv"
    path.write_bytes(csv_file(*[row(number) for number in range(ROWS)]).getvalue())
    return path


def database_url():
    """The database of this test, as another process finds it."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    folder = settings["HOST"].replace("/", "%2F")
    return f"postgres://{settings['USER']}@{folder}:{settings['PORT']}/{settings['NAME']}"


@contextmanager
def importing(path):
    """The command at work, with a terminal for its errors; yields the process and what is read from there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "manage.py", "import_proposals", str(path)]
    environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=theirs, text=True
    )
    os.close(theirs)
    try:
        yield process, ours
    finally:
        process.kill()
        process.communicate()
        os.close(ours)


def read_until(terminal, pattern):
    """What stands on the terminal once the pattern does; the bar is drawn while the transaction is open."""
    text, until = "", time.monotonic() + PATIENCE
    while time.monotonic() < until and not re.search(pattern, text):
        text += read(terminal)
    assert re.search(pattern, text), text
    return text


def read(terminal):
    try:
        return os.read(terminal, 4096).decode()
    except OSError:  # Linux says so when the other end of a terminal is closed
        return ""


def stored():
    return [model.objects.count() for model in (Proposal, ProposalLot, Organisation)] + [
        model.history.count() for model in (Proposal, ProposalLot, Organisation)
    ]


def test_killed_in_the_middle_nothing_is_written_and_the_next_run_stores_all(file):
    with importing(file) as (process, terminal):
        read_until(terminal, r" [12]000/4000")
        process.send_signal(signal.SIGKILL)
        code = process.wait(PATIENCE)
    after_the_kill = stored()
    with importing(file) as (process, terminal):
        bar = read_until(terminal, r" 4000/4000")
        said, _ = process.communicate(timeout=PATIENCE)

    assert (code, after_the_kill) == (-signal.SIGKILL, [0, 0, 0, 0, 0, 0])
    assert (said.splitlines()[0], stored()) == (
        "4000 new, 0 changed, 0 unchanged.", [4000, 8000, 4000, 4000, 8000, 4000],
    )  # fmt: skip
    assert [line.strip() for line in bar.split("\r") if line.strip()] == [
        f"[{'#' * (30 * done // 4000)}{'.' * (30 - 30 * done // 4000)}] {done}/4000"
        for done in (0, 1000, 2000, 3000, 4000)
    ]


@pytest.fixture
def _interruptible():
    """Started in the background, this process ignores Ctrl-C, and so would the one that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_stopped_by_its_user_it_says_so_and_has_written_nothing(file):
    with importing(file) as (process, terminal):
        read_until(terminal, r" [12]000/4000")
        process.send_signal(signal.SIGINT)
        words = read_until(terminal, r"Stopped.*\n")
        said, _ = process.communicate(timeout=PATIENCE)

    assert words.splitlines()[-1] == "Stopped: nothing was written."
    assert (process.returncode, said, stored()) == (130, "", [0, 0, 0, 0, 0, 0])
