import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from parks import guards
from parks.models import Organisation, Park, Phase
from portal.backups.tables import LEFT_OUT, MADE_BY_MIGRATE, KeptTable, kept_tables, line_of
from tenders.models import Proposal, ProposalLot
from tests.factories import (
    make_organisation,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_user,
    open_box,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "records.zip"


def fill() -> None:
    """Something in every kind of column, with what differs between databases: text, JSON, money, times, self-references."""
    phase = make_phase("1.2", part_of=make_phase("1"), name_zh_hant='第一期 ‘引號’ \\ " \n')
    make_plot(
        "NT-9",
        phase,
        area_m2=Decimal("12000.50"),
        boundary={
            "type": "Polygon",
            "coordinates": [[[114.1, 22.50], [114.2, 22.5], [114.2, 22.6], [114.1, 22.50]]],
        },
    )
    make_release(said=[("2026", date(2026, 1, 5)), ("Q4 2026", date(2026, 2, 5))])
    round = make_round(lots=2)
    for number in range(3):
        make_proposal(round, investment_hkd=Decimal("1000000.10") * (number + 1), jobs=number)
    open_box(round)
    make_round(reoffer_of=round)
    gone = make_organisation("Gone Ltd")
    gone.delete()


def contents() -> dict[str, list[bytes]]:
    return {table.name: sorted(table.lines()) for table in kept_tables()}


def empty() -> None:
    call_command("flush", interactive=False, verbosity=0)


def run(name, file) -> tuple[str, int]:
    """What a command says, and its exit code."""
    out = StringIO()
    try:
        call_command(name, str(file), stdout=out)
    except CommandError as error:
        return str(error), error.returncode
    return out.getvalue(), 0


def test_what_is_restored_equals_what_was_there(file):
    fill()
    before = contents()
    made, code = run("backup", file)
    empty()
    restored, again = run("restore", file)

    assert (code, again, contents()) == (0, 0, before)
    assert made.splitlines()[:-1] == restored.splitlines()[:-1]
    assert Phase.objects.get(code="1.2").part_of.code == "1"


def test_copy_shows_what_it_holds(file):
    make_park_with_organisations(3)
    said = run("backup", file)[0].splitlines()

    assert [line.split()[:2] for line in said if line.startswith("parks_organisation ")] == [
        ["parks_organisation", "3"]
    ]
    assert (
        said[-1] == f"{file} is made. It holds what nobody may see: keep it as safe as the database itself."
    )


def make_park_with_organisations(count):
    for number in range(count):
        make_organisation(f"Company {number}")


def test_only_its_owner_reads_a_copy_and_nothing_else_is_left(file):
    run("backup", file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_sessions_are_keys_and_stay_out(client, file):
    client.force_login(make_user(is_staff=True))
    run("backup", file)

    names = zipfile.ZipFile(file).namelist()
    assert ("tables/django_session.jsonl" in names, "tables/auth_user.jsonl" in names) == (False, True)
    assert client.session.session_key.encode() not in file.read_bytes()


def test_every_table_is_kept_but_sessions():
    held = {table.name for table in kept_tables()} | LEFT_OUT | {"django_migrations"}

    assert set(connection.introspection.table_names()) - held == set()


def test_taken_name_is_refused_and_kept(file):
    file.write_text("mine")

    assert run("backup", file) == (f"{file} is there already: give another name.", 2)
    assert file.read_text() == "mine"


def test_folder_that_is_not_there_is_named(tmp_path):
    words, code = run("backup", tmp_path / "nowhere" / "records.zip")

    assert (words.partition(":")[0], code) == (
        f"No backup was made, {tmp_path}/nowhere/records.zip cannot be written", 2,
    )  # fmt: skip


def test_full_disk_leaves_no_half_a_copy(file, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    assert run("backup", file) == (
        f"No backup was made, {file} cannot be written: No space left on device.",
        1,
    )
    assert [path.name for path in file.parent.iterdir()] == []


def test_guards_stand_again_after_a_restore(file):
    fill()
    run("backup", file)
    empty()
    run("restore", file)

    assert {guard.name for guard in guards.every_guard()} <= guards.present()
    with pytest.raises(IntegrityError, match="is never deleted"), transaction.atomic():
        Organisation.history.first().delete()


def test_key_of_a_deleted_row_is_not_given_again(file):
    gone = make_organisation("Gone Ltd")
    key = gone.pk
    gone.delete()
    run("backup", file)
    empty()
    run("restore", file)

    assert make_organisation("New Ltd").pk > key


def test_database_with_records_is_refused_and_kept(file):
    make_organisation("Ours Ltd")
    run("backup", file)
    words, code = run("restore", file)

    assert (words, code, Organisation.objects.count()) == (
        "The database has records already (parks_historicalorganisation, parks_organisation). Restore into a new one:"
        " create it, run manage.py migrate, then restore. Nothing was restored.", 1, 1,
    )  # fmt: skip


def rewritten(file, change) -> Path:
    """The backup with one of its parts changed: {name: bytes -> bytes}."""
    other = file.with_name("other.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, lambda data: data)(old.read(name)))
    return other


def said_of_manifest(change):
    def rewrite(data):
        manifest = json.loads(data)
        change(manifest)
        return json.dumps(manifest).encode()

    return rewrite


@pytest.fixture
def made(file) -> Path:
    """A backup of some records; the database is empty again."""
    fill()
    run("backup", file)
    empty()
    return file


DAMAGES = [
    (
        "cut short",
        lambda file: file.write_bytes(file.read_bytes()[:-200]),
        "is no backup, or its end is missing",
    ),
    ("text", lambda file: file.write_text("proposal,round\r\n"), "is no backup, or its end is missing"),
    ("empty", lambda file: file.write_bytes(b""), "is no backup, or its end is missing"),
]


@pytest.mark.parametrize(
    ("damage", "words"), [case[1:] for case in DAMAGES], ids=[case[0] for case in DAMAGES]
)
def test_file_that_is_no_whole_backup_is_refused(made, damage, words):
    damage(made)

    said, code = run("restore", made)

    assert (said, code) == (f"{made} {words}. Nothing was restored.", 1)
    assert Proposal.objects.count() == 0


def test_foreign_zip_is_refused(file):
    with zipfile.ZipFile(file, "w") as other:
        other.writestr("picture.png", b"")

    assert run("restore", file) == (
        f"{file} is no backup of Tenderground that this version reads. Nothing was restored.", 1,
    )  # fmt: skip


def test_flipped_byte_in_the_middle_is_found(made):
    data = bytearray(made.read_bytes())
    start = data.index(b"tables/tenders_proposal.jsonl") + 60
    data[start] ^= 0xFF
    made.write_bytes(data)

    assert run("restore", made) == (
        "The backup is damaged at table tenders_proposal. Nothing was restored.",
        1,
    )
    assert (Proposal.objects.count(), Park.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"".join(data.splitlines(keepends=True)[:-1]),
        lambda data: data.replace(b"1000000.10", b"9000000.10"),
        lambda data: data + data,
    ],
    ids=["a row less", "another amount", "rows twice"],
)
def test_changed_rows_are_found(made, change):
    words, code = run("restore", rewritten(made, {"tables/tenders_proposal.jsonl": change}))

    assert (code, words.endswith("Nothing was restored."), Proposal.objects.count()) == (1, True, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda manifest: manifest["migrations"].append("tenders.9999_later"),
            "The backup is of a newer version (tenders.9999_later). Restore it with that version. Nothing was restored.",
        ),
        (
            lambda manifest: manifest["migrations"].remove("tenders.0001_initial"),
            "The backup is of an older version, without tenders.0001_initial. Restore it with that version, then update"
            " and run manage.py migrate. Nothing was restored.",
        ),
        (
            lambda manifest: manifest["tables"].pop(),
            "The backup has other tables than this version. Nothing was restored.",
        ),
    ],
    ids=["newer", "older", "a table less"],
)
def test_backup_of_another_version_is_refused(made, change, words):
    assert run("restore", rewritten(made, {"manifest.json": said_of_manifest(change)})) == (words, 1)


def test_reference_to_nobody_is_refused_whole(made):
    def orphan(manifest):
        for table in manifest["tables"]:
            if table["name"] == "parks_organisation":
                table.update(rows=0, checksum=f"{0:064x}")

    other = rewritten(
        made,
        {"manifest.json": said_of_manifest(orphan), "tables/parks_organisation.jsonl": lambda _data: b""},
    )
    words, code = run("restore", other)

    assert (words.partition(":")[0], code, Proposal.objects.count(), Park.objects.count()) == (
        "The database cannot take the backup", 1, 0, 0,
    )  # fmt: skip


def test_row_that_the_database_gives_back_otherwise_is_refused_whole(made, monkeypatch):
    """Whatever a database does to a value on its way in, nobody learns of it years later."""
    prepared = KeptTable._prepared

    def shortened(self, line):
        return prepared(self, line.replace(b"Gone Ltd", b"Gone"))

    monkeypatch.setattr(KeptTable, "_prepared", shortened)

    words, code = run("restore", made)

    said = "Table parks_historicalorganisation does not come back as it was. Nothing was restored."
    assert (words, code, Proposal.objects.count()) == (said, 1, 0)


def test_file_that_is_not_there_is_wrong_usage(file):
    assert run("restore", file) == (f"{file} cannot be read: No such file or directory", 2)


def test_copy_made_while_others_write_is_of_one_instant(file):
    """Each proposal is there with its lot and its lines of history, or not at all; and no writer waits for the copy."""
    round = make_round(lots=1)
    proponent = make_organisation()
    done, written = threading.Event(), []

    def register():
        try:
            while not done.is_set():
                with transaction.atomic():
                    written.append(make_proposal(round, proponent=proponent).reference)
        finally:
            connection.close()

    writer = threading.Thread(target=register)
    writer.start()
    copies = []
    try:
        for number in range(5):
            before = len(written)
            copies.append(file.with_name(f"{number}.zip"))
            assert run("backup", copies[-1])[1] == 0
            while len(written) == before:  # the writer goes on
                assert writer.is_alive()
    finally:
        done.set()
        writer.join()

    for copy in copies:
        with zipfile.ZipFile(copy) as archive:
            rows = {name: len(archive.read(f"tables/tenders_{name}.jsonl").splitlines()) for name in PARTS}
        assert set(rows.values()) == {rows["proposal"]}
    empty()
    assert run("restore", copies[-1])[1] == 0
    assert ProposalLot.objects.count() == Proposal.objects.count() == rows["proposal"]


PARTS = ["proposal", "historicalproposal", "proposallot", "historicalproposallot"]


def test_backup_of_one_database_goes_into_the_other(made, tmp_path):
    """A new SQLite database takes what this one (SQLite or PostgreSQL) gave, and gives the same back."""
    other = tmp_path / "other.sqlite3"
    environment = {
        **os.environ, "DATABASE_URL": f"sqlite:///{other}", "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "True",
    }  # fmt: skip

    def manage(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    manage("migrate", "--verbosity", "0")
    restored = manage("restore", str(made))
    again = manage("backup", str(tmp_path / "again.zip"))

    assert restored.splitlines()[:-1] == again.splitlines()[:-1]
    back = run("restore", tmp_path / "again.zip")[0]
    assert back.splitlines()[:-1] == restored.splitlines()[:-1]
    assert restored.splitlines()[:-1] == run("backup", tmp_path / "third.zip")[0].splitlines()[:-1]
    with sqlite3.connect(other) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_keys_of_a_json_value_stand_in_one_order():
    assert line_of(({"b": 1, "a": [None]},)) == b'[{"a":[null],"b":1}]\n'


def test_what_migrate_makes_is_replaced_not_doubled(made):
    run("restore", made)

    with zipfile.ZipFile(made) as archive:
        kept = {name: len(archive.read(f"tables/{name}.jsonl").splitlines()) for name in MADE_BY_MIGRATE}
    assert {
        table.name: table.model._base_manager.count() for table in kept_tables() if table.name in kept
    } == kept
