"""Which tables are kept, and how a row becomes a line of text that is the same from either database, and back."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

# Sessions are keys to the staff pages: whoever finds a copy must not be logged in by it.
LEFT_OUT = {"django_session"}
# What `migrate` itself writes: in a database that is empty otherwise these are replaced.
MADE_BY_MIGRATE = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
AT_A_TIME = 2000  # rows in memory


@dataclass(frozen=True)
class KeptTable:
    """One table: its model and its columns in their order."""

    model: type[models.Model]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def fields(self) -> "list[models.Field[Any, Any]]":
        """Those that are stored; what the database computes of them it computes again."""
        return [field for field in self.model._meta.local_concrete_fields if not field.generated]

    @cached_property
    def columns(self) -> list[str]:
        return [str(field.column) for field in self.fields]

    def lines(self) -> Iterator[bytes]:
        """Every row as a line, in the order of their keys."""
        rows = self.model._base_manager.order_by("pk").values_list(*(field.attname for field in self.fields))
        for row in rows.iterator(chunk_size=AT_A_TIME):
            yield line_of(row)

    def take(self, lines: Iterator[bytes]) -> None:
        """Insert rows as they were: no stamp is set anew, no history written, no signal sent."""
        names = ", ".join(connection.ops.quote_name(column) for column in self.columns)
        marks = ", ".join(["%s"] * len(self.columns))
        insert = f"INSERT INTO {connection.ops.quote_name(self.name)} ({names}) VALUES ({marks})"  # noqa: S608  # names of ours, quoted
        with connection.cursor() as cursor:
            for batch in batches(lines):
                cursor.executemany(insert, [self._prepared(line) for line in batch])

    def _prepared(self, line: bytes) -> list[Any]:
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(self.fields):
            raise ValueError(f"a row of {self.name} has another number of values than the table has columns")
        return [
            field.get_db_prep_save(value_of(field, value), connection)
            for field, value in zip(self.fields, values, strict=True)
        ]


def kept_tables() -> list[KeptTable]:
    """Every table that holds records, those of other apps (accounts, keys, logs) included, by name."""
    found = apps.get_models(include_auto_created=True)
    kept = [model for model in found if model._meta.managed and not model._meta.proxy]
    tables = [KeptTable(model) for model in kept if model._meta.db_table not in LEFT_OUT]
    return sorted(tables, key=lambda table: table.name)


def batches(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for line in lines:
        batch.append(line)
        if len(batch) == AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch


def line_of(row: tuple[Any, ...]) -> bytes:
    """JSON with sorted keys, since PostgreSQL keeps those of a JSON value in an order of its own."""
    text = json.dumps(row, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    raise TypeError(f"A backup has no form yet for {type(value).__name__}.")


def value_of(field: Any, value: Any) -> Any:
    """What a value of a line is in Python. Raises ValidationError or ValueError for what the column cannot hold."""
    target = field.target_field if field.is_relation else field
    if value is None or isinstance(target, models.JSONField):
        return value
    if isinstance(target, models.BinaryField):
        return base64.b64decode(value, validate=True)
    return target.to_python(value)


class Tally:
    """Counts lines and sums their SHA-256: equal for equal rows, in whatever order a database gives them."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(line).digest(), "big")

    @property
    def checksum(self) -> str:
        return f"{self._sum % 2**256:064x}"


def counted(lines: Iterator[bytes], tally: Tally) -> Iterator[bytes]:
    """The lines, each added to the tally on its way."""
    for line in lines:
        tally.add(line)
        yield line
