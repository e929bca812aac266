"""A file as rows that can be asked for values. What is wrong with a cell is noted, and reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import BinaryIO, TypeVar

from django.utils.translation import gettext as _

from parks.importing.report import ImportRefused, Report
from parks.tabular import (
    CellError,
    Problem,
    Problems,
    Row,
    Table,
    TableRefused,
    parse_bool,
    parse_decimal,
    parse_instant,
    parse_int,
    parse_list,
    parse_text,
    read_table,
)
from parks.windows import WindowError

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True)
class Columns:
    """The columns that an import knows: those it cannot do without, those it reads, those it passes over."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()


class Sheet:
    """The rows of one file and the problems found in them so far."""

    def __init__(self, table: Table) -> None:
        self.columns = frozenset(table.header)
        self.problems = Problems(table.problems)  # rows that could not be read are not passed over
        self._table = table
        self._places = {name: place for place, name in enumerate(table.header)}

    def __iter__(self) -> Iterator[SheetRow]:
        return map(self.row, self._table.rows)

    def row(self, row: Row) -> SheetRow:
        """A row that can be asked for values. It is made each time, for kept it would be many times its text."""
        return SheetRow(row, self._places, self.problems)

    def __len__(self) -> int:
        return len(self._table.rows)

    def refuse(self, line: int | None, column: str | None, value: str | None, words: str) -> None:
        """Note what is wrong; the import is refused at the next `stop_if_wrong`."""
        self.problems.add(Problem(line, column, value, words))

    def refuse_repeated(self, column: str, lines: Iterable[tuple[int, str]]) -> None:
        """Refuse a name that two lines bring: each of them is named, with the line that brought it first."""
        first: dict[str, int] = {}
        named: set[str] = set()
        for line, name in lines:
            if name not in first:
                first[name] = line
                continue
            words = _("stands in line %(line)s too; give it once")
            if name not in named:
                self.refuse(first[name], column, name, words % {"line": line})
                named.add(name)
            self.refuse(line, column, name, words % {"line": first[name]})

    def report(self) -> Report:
        """An empty report that knows already what of the file was passed over."""
        return Report(skipped_lines=list(self._table.skipped), notes=list(self._table.notes))

    def stop_if_wrong(self) -> None:
        """Raise ImportRefused with every problem so far, those of unreadable rows among them, by line."""
        if self.problems:
            raise ImportRefused(self.problems)


class SheetRow:
    """One row. A reader gives the value of a cell, `blank` for an empty cell or a missing column."""

    __slots__ = ("_found", "_places", "_problems", "_values", "line", "source")

    def __init__(self, row: Row, places: Mapping[str, int], problems: Problems) -> None:
        self.line = row.line
        self.source = row
        self._values = row.values
        self._places = places
        self._problems = problems
        self._found = 0

    @property
    def fine(self) -> bool:
        """Nothing is wrong with the cells read so far."""
        return not self._found

    def has(self, column: str) -> bool:
        """The file has the column, even if the cell is empty."""
        return column in self._places

    def raw(self, column: str) -> str:
        """The cell as it stands in the file, without the spaces around it."""
        place = self._places.get(column)
        return "" if place is None else self._values[place].strip()

    def given(self, column: str) -> bool:
        return bool(self.raw(column))

    def refuse(self, column: str, words: str, value: str | None = None) -> None:
        """Note what is wrong with the cell."""
        self._found += 1
        self._problems.add(Problem(self.line, column, self.raw(column) if value is None else value, words))

    def need(self, *columns: str) -> None:
        """Refuse each of these that is empty."""
        for column in columns:
            if not self.given(column):
                self.refuse(column, _("is empty; it must be given"))

    def value(self, column: str, parse: Callable[[str], T], blank: D) -> T | D:
        """What `parse` makes of the cell; what it cannot read is noted, and `blank` given instead."""
        text = self.raw(column)
        if not text:
            return blank
        try:
            return parse(text)
        except (CellError, WindowError) as error:
            self.refuse(column, str(error))
            return blank

    def text(self, column: str, max_length: int) -> str:
        return self.value(column, partial(parse_text, max_length=max_length), "")

    def name(self, column: str, max_length: int) -> str:
        """Text in one line: tabs, line ends and repeated spaces count as one space."""
        return " ".join(self.text(column, max_length).split())

    def decimal(self, column: str, *, digits: int = 16, minimum: Decimal | int = 0) -> Decimal | None:
        """A number with two places at most, that fits a column of so many digits."""
        return self.value(column, partial(_decimal, digits=digits, minimum=minimum), None)

    def whole(self, column: str, *, minimum: int = 0) -> int | None:
        return self.value(column, partial(parse_int, minimum=minimum), None)

    def truth(self, column: str) -> bool | None:
        return self.value(column, parse_bool, None)

    def instant(self, column: str) -> datetime | None:
        return self.value(column, parse_instant, None)

    def names(self, column: str) -> list[str]:
        """Several values, joined by `;` in the file."""
        return self.value(column, parse_list, list[str]())

    def choice(self, column: str, choices: Iterable[str]) -> str:
        """One of these words, or "" when the cell is empty."""
        text, allowed = self.raw(column), tuple(choices)
        if not text or text in allowed:
            return text
        self.refuse(column, _("is not known; write one of %(words)s") % {"words": ", ".join(allowed)})
        return ""


def _decimal(text: str, *, digits: int, minimum: Decimal | int) -> Decimal:
    value = parse_decimal(text, places=2, minimum=minimum)
    if value.adjusted() >= digits - 2:
        raise CellError(
            _("is too large; %(digits)s digits before the point are the most") % {"digits": digits - 2}
        )
    return value


def open_sheet(data: BinaryIO, columns: Columns, file: str = "") -> Sheet:
    """The rows of a CSV or XLSX file. Raises ImportRefused for a file or a header that cannot be taken.

    Rows that cannot be read are problems of the sheet: the others are looked at before it is refused.
    """
    try:
        table = read_table(
            data,
            known=(*columns.required, *columns.optional),
            required=columns.required,
            ignored=columns.derived,
            filename=file,
        )
    except TableRefused as refused:
        raise ImportRefused(refused.problems) from refused
    return Sheet(table)
