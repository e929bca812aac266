"""Puts a backup into an empty database: all of it, proven equal, or nothing."""

from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from parks import guards
from portal.backups.archive import Archive, BackupRefused, Counted, Manifest, applied_migrations
from portal.backups.keys import go_on_from
from portal.backups.tables import MADE_BY_MIGRATE, KeptTable, Tally, counted, kept_tables


def restore(path: Path) -> list[Counted]:
    """Fill the database from the backup and give what was proven to be in it.

    Raises BackupRefused, having written nothing, for a file or a database that is not fit for it; OSError for a file
    that cannot be read.
    """
    with Archive(path) as archive:
        _compare_states(archive.manifest)
        tables = _match(archive.manifest)
        try:
            with transaction.atomic():
                _refuse_unless_empty()
                _fill(archive, tables)
                _prove(tables)
        except (DatabaseError, ValidationError, ValueError) as error:
            words = _("The database cannot take the backup: %(error)s. Nothing was restored.")
            raise BackupRefused(words % {"error": " ".join(str(error).split())}) from error
    ContentType.objects.clear_cache()
    return archive.manifest.tables


def _compare_states(manifest: Manifest) -> None:
    """A backup goes back into tables of the same form; migrations come after."""
    ours, theirs = set(applied_migrations()), set(manifest.migrations)
    if not ours:
        raise BackupRefused(_("The database has no tables yet. Run manage.py migrate, then restore."))
    if newer := theirs - ours:
        words = _(
            "The backup is of a newer version (%(names)s). Restore it with that version. Nothing was restored."
        )
        raise BackupRefused(words % {"names": _some(newer)})
    if older := ours - theirs:
        words = _(
            "The backup is of an older version, without %(names)s. Restore it with that version, then update and run"
            " manage.py migrate. Nothing was restored."
        )
        raise BackupRefused(words % {"names": _some(older)})


def _some(names: set[str]) -> str:
    shown = sorted(names)
    return ", ".join(shown[:3]) + (" …" if len(shown) > 3 else "")


def _match(manifest: Manifest) -> list[tuple[KeptTable, Counted]]:
    ours = {table.name: table for table in kept_tables()}
    theirs = {table.name: table for table in manifest.tables}
    if {name: table.columns for name, table in ours.items()} != {
        name: table.columns for name, table in theirs.items()
    }:
        raise BackupRefused(_("The backup has other tables than this version. Nothing was restored."))
    return [(ours[name], theirs[name]) for name in ours]


def _refuse_unless_empty() -> None:
    tables = [table for table in kept_tables() if table.name not in MADE_BY_MIGRATE]
    if filled := {table.name for table in tables if table.model._base_manager.exists()}:
        words = _(
            "The database has records already (%(tables)s). Restore into a new one: create it, run manage.py migrate,"
            " then restore. Nothing was restored."
        )
        raise BackupRefused(words % {"tables": _some(filled)})


def _fill(archive: Archive, tables: list[tuple[KeptTable, Counted]]) -> None:
    """Guards judge changes, and this is none: they stand aside, inside the transaction, and are back before its end."""
    every = guards.every_guard()
    guards.remove(every)
    for table, _said in tables:
        if table.name in MADE_BY_MIGRATE:
            table.model._base_manager.all()._raw_delete(
                connection.alias
            )  # nothing cascades: it is all put back
    for table, said in tables:
        tally = Tally()
        table.take(counted(archive.lines(table.name), tally))
        if (tally.rows, tally.checksum) != (said.rows, said.checksum):
            words = _("The backup is damaged at table %(table)s. Nothing was restored.")
            raise BackupRefused(words % {"table": table.name})
        go_on_from(table, said.last_key)
    connection.check_constraints()
    guards.install(every)


def _prove(tables: list[tuple[KeptTable, Counted]]) -> None:
    """Read everything back: what the database now gives is what was counted when the backup was made."""
    for table, said in tables:
        tally = Tally()
        for line in table.lines():
            tally.add(line)
        if (tally.rows, tally.checksum) != (said.rows, said.checksum):
            words = _("Table %(table)s does not come back as it was. Nothing was restored.")
            raise BackupRefused(words % {"table": table.name})
