"""Rows -> CSV, as spreadsheets and programs both like it: UTF-8 with BOM, CRLF, RFC 4180."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from parks.tabular.formulas import defuse

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
ROWS_AT_A_TIME = 500
BOM = "\ufeff"

T = TypeVar("T")
Column: TypeAlias = Callable[[T], object]


def csv_lines(columns: Mapping[str, Column[T]], rows: Iterable[T]) -> Iterator[bytes]:
    """The file in chunks, the first is BOM and header; a column is the rule that gives its value."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow(columns)
    yield _taken(buffer)
    rules = list(columns.values())
    remaining = iter(rows)
    while chunk := list(islice(remaining, ROWS_AT_A_TIME)):
        writer.writerows([cell(rule(row)) for rule in rules] for row in chunk)
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    written = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return written


def cell(value: object) -> str:
    """What stands in the file for a value; text that a spreadsheet would calculate is defused.

    None is empty, truth is true or false, numbers are plain digits, days ISO 8601, instants ISO 8601 at
    Hong Kong's +08:00, several values are joined by `;`.
    """
    if isinstance(value, list | tuple):
        return defuse(";".join(map(str, value)))
    plain = _never_a_formula(value)
    return defuse(str(value)) if plain is None else plain


def _never_a_formula(value: object) -> str | None:
    """The text of a value that is no text, such as -5; None for text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return format(Decimal(str(value)), "f")
        case datetime():
            return _instant(value)
        case date():
            return value.isoformat()
    return None


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone: only instants are written.")
    return value.astimezone(HONG_KONG).isoformat()


def money(value: Decimal | int | None) -> Decimal | None:
    """An amount for a cell: always two places."""
    return None if value is None else Decimal(value).quantize(Decimal("0.01"))


def number(value: Decimal | int | float | None) -> Decimal | None:
    """A quantity for a cell, without zeros at the end that say nothing: 3200, 12000.5."""
    if value is None:
        return None
    return Decimal(str(value)).normalize() + 0
