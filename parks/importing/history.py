"""Writes the history of many rows at once, as django-simple-history would write it of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connections, models, router

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NEW, CHANGED = "+", "~"
KEYS_AT_A_TIME = 500  # SQLite takes 999 parameters in any build


def keep(
    model: type[models.Model],
    rows: Sequence[models.Model],
    kind: str,
    *,
    by: User | None,
    at: datetime,
    reason: str,
) -> None:
    """A version of each of these rows as it now stands in the database.

    The database copies its own rows: sending fifty thousand rows to it a second time, as objects, took longer
    than all the rest of an import.
    """
    remaining = iter([row.pk for row in rows])
    connection = connections[router.db_for_write(model)]
    while keys := list(islice(remaining, KEYS_AT_A_TIME)):
        statement, values = _statement(model, connection, {
            "history_type": kind, "history_date": at, "history_change_reason": reason, "history_user": by and by.pk,
        })  # fmt: skip
        places = ", ".join(["%s"] * len(keys))
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} IN ({places}) ORDER BY 1", [*values, *keys])


def _statement(
    model: type[models.Model], connection: Any, version: dict[str, object]
) -> tuple[str, list[Any]]:
    """INSERT ... SELECT of the tracked columns and the version's own, up to the condition on the key."""
    history: Any = model.history.model  # type: ignore[attr-defined]  # every row of ours is Stamped
    name = connection.ops.quote_name
    fields = [history._meta.get_field(field.name) for field in history.tracked_fields]
    fields = [field for field in fields if not field.generated]
    fields.sort(key=lambda field: field.name != model._meta.pk.name)  # the key goes first
    columns = [name(field.column) for field in fields]
    own = [history._meta.get_field(field) for field in version]
    values = [
        field.get_db_prep_save(value, connection) for field, value in zip(own, version.values(), strict=True)
    ]
    into = ", ".join([*columns, *(name(field.column) for field in own)])
    chosen = ", ".join([*columns, *(["%s"] * len(own))])
    table, key = name(model._meta.db_table), name(model._meta.pk.column)
    return (
        f"INSERT INTO {name(history._meta.db_table)} ({into}) SELECT {chosen} FROM {table} WHERE {key}",  # noqa: S608  names of our own tables
        values,
    )
