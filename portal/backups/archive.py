"""The file: a ZIP with a table of lines for each table, and a manifest that says what must be in them."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zlib import error as zlib_error

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

FORMAT, VERSION = "tenderground-backup", 1
MANIFEST = "manifest.json"


class BackupRefused(Exception):
    """The file or the database is not what it should be; the words say what, and what to do."""


@dataclass(frozen=True)
class Counted:
    """What the manifest says of a table."""

    name: str
    columns: list[str]
    rows: int
    checksum: str
    last_key: int | None


@dataclass(frozen=True)
class Manifest:
    made_at: str
    migrations: list[str]
    tables: list[Counted]
    format: str = FORMAT
    version: int = VERSION

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1)


def part(table: str) -> str:
    """The name of a table's lines in the ZIP."""
    return f"tables/{table}.jsonl"


def applied_migrations() -> list[str]:
    """The state of the database's tables, as a list that two databases can be compared by."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


class Archive:
    """A backup that is read. Raises BackupRefused, in words, for a file that is none or is damaged."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise BackupRefused(
                _("%(file)s is no backup, or its end is missing. Nothing was restored.") % {"file": path}
            ) from error
        try:
            self.manifest = self._manifest(path)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def lines(self, table: str) -> Iterator[bytes]:
        try:
            with self._zip.open(part(table)) as lines:
                yield from lines
        except (zipfile.BadZipFile, KeyError, EOFError, OSError, zlib_error) as error:
            words = _("The backup is damaged at table %(table)s. Nothing was restored.")
            raise BackupRefused(words % {"table": table}) from error

    def _manifest(self, path: Path) -> Manifest:
        try:
            said: dict[str, Any] = json.loads(self._zip.read(MANIFEST))
            if (said.pop("format"), said.pop("version")) != (FORMAT, VERSION):
                raise ValueError
            said["tables"] = [Counted(**table) for table in said["tables"]]
            return Manifest(**said)
        except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, zlib_error) as error:
            words = _("%(file)s is no backup of Tenderground that this version reads. Nothing was restored.")
            raise BackupRefused(words % {"file": path}) from error
