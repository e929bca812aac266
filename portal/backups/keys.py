"""The last key that each table gave out: a restored table must not give it again to another row."""

from typing import Any

from django.db import connection

from portal.backups.tables import KeptTable


def last_key(table: KeptTable) -> int | None:
    """The highest key that the table ever gave; None where it gives none."""
    sequence = _sequence(table)
    if sequence is None:
        return None
    if connection.vendor == "sqlite":
        found = _ask("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.name])
        return (int(found[0]) or None) if found else None
    found = _ask(f"SELECT last_value, is_called FROM {sequence}", [])  # noqa: S608  # as the database quotes it
    return int(found[0]) if found and found[1] else None


def go_on_from(table: KeptTable, key: int | None) -> None:
    """Let the next row of the table have a key above this one."""
    sequence = _sequence(table)
    if sequence is None or key is None:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, key])
        else:
            cursor.execute("SELECT setval(%s, %s)", [sequence, key])


def _sequence(table: KeptTable) -> str | None:
    """What gives the table its keys; None where they come from elsewhere."""
    if table.model._meta.auto_field is None:
        return None
    if connection.vendor == "sqlite":
        return table.name
    column = str(table.model._meta.auto_field.column)
    found = _ask("SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(table.name), column])
    return str(found[0]) if found and found[0] else None


def _ask(question: str, parameters: list[str]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
