"""Writes a backup while the site serves: everything as it stood at one instant, whole or not at all."""

import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from portal.backups.archive import MANIFEST, Counted, Manifest, applied_migrations, part
from portal.backups.keys import last_key
from portal.backups.tables import KeptTable, Tally, counted, kept_tables


def write(path: Path, *, at: datetime) -> list[Counted]:
    """Make the backup `path`, readable by its owner only, and give what is in it.

    It has its name only once it is whole and on the disk. Raises FileExistsError, or another OSError.
    """
    if path.exists():
        raise FileExistsError(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            tables = _fill(file, at)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        _sync_folder(path.parent)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    return tables


def _fill(file: object, at: datetime) -> list[Counted]:
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,  # type: ignore[call-overload]  # its stubs take no plain object
        one_instant(),
    ):
        tables = [_write_table(archive, table) for table in kept_tables()]
        manifest = Manifest(at.isoformat(), applied_migrations(), tables)
        archive.writestr(MANIFEST, manifest.text())
    return tables


def _write_table(archive: zipfile.ZipFile, table: KeptTable) -> Counted:
    tally = Tally()
    with archive.open(part(table.name), "w", force_zip64=True) as lines:
        for line in counted(table.lines(), tally):
            lines.write(line)
    return Counted(table.name, table.columns, tally.rows, tally.checksum, last_key(table))


@contextmanager
def one_instant() -> Iterator[None]:
    """Whatever is read inside stands as it did at the first read, and nobody who writes has to wait for it."""
    if connection.vendor == "sqlite":
        # Not transaction.atomic(): ours begin IMMEDIATE, which would keep every writer out until the end.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
