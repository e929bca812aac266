"""A file of CSV or XLSX -> a table of known columns, its whole rows and the broken ones; or why it is refused."""

import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import SEEK_END
from typing import BinaryIO

from parks.tabular.formulas import undefuse
from parks.tabular.problems import Problem, Problems, TableRefused, visible
from parks.tabular.records import (
    SAVE_AS,
    Record,
    check_encoding,
    csv_records,
    has_lone_breaks,
    records_by_crlf,
    refused,
)
from parks.tabular.workbook import MAGIC, MOST_COLUMNS, MOST_ROWS, workbook_records

MEBIBYTE = 1024 * 1024
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


MOST_SKIPPED_NAMED = 11  # ten are named to people; the eleventh says that there are more
REMEMBERED = 512  # values of a column: a code or a word that many rows share is held once


class Row:
    """One row; `line` is where the spreadsheet or the editor shows it. Each column has a cell.

    The names of the columns are the table's own, so that a row is little more than its text.
    """

    __slots__ = ("line", "names", "values")

    def __init__(self, line: int, names: tuple[str, ...], values: tuple[str, ...]) -> None:
        self.line = line
        self.names = names
        self.values = values

    @property
    def cells(self) -> dict[str, str]:
        """The text by column."""
        return dict(zip(self.names, self.values, strict=True))


@dataclass
class Table:
    """What was read. `skipped` are the first lines of blank rows, `notes` say in words what else was left out.

    `problems` are of rows that could not be read; these are not among `rows`, and a caller that finds any
    writes nothing: it reads on only to name what is wrong in the other rows as well.
    """

    header: list[str]
    rows: list[Row]
    skipped: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)


@dataclass(frozen=True)
class _Columns:
    known: Collection[str]
    required: Collection[str]
    ignored: Collection[str]


def read_table(
    data: BinaryIO,
    *,
    known: Collection[str],
    required: Collection[str],
    ignored: Collection[str] = (),
    max_bytes: int = 64 * MEBIBYTE,
    max_cell: int = 100_000,
    filename: str = "",
) -> Table:
    """The table in `data`, with the problems of single rows; TableRefused where there is no table to speak of.

    `known` columns may stand in any order, `required` ones must be there, `ignored` ones may be there and are
    not read. The bytes decide between CSV and XLSX, not the `filename`, which is only for the words. Cells
    are trimmed, freed of the quote that our exports put before formulas, and in NFC. `max_cell` cannot exceed
    the limit of the csv module (131,072 characters unless the process changed it), which is left as it is.
    """
    content = _content(data, max_bytes)
    columns = _Columns(known, required, ignored)
    if not content.startswith(MAGIC):
        check_encoding(content)
        return _csv_table(content, columns, max_cell)
    notes: list[str] = []
    not_values = Problems()
    table = _table(workbook_records(content, filename, not_values, notes), columns, max_cell, pad=True)
    if not_values:
        raise TableRefused(not_values)
    table.notes += notes
    return table


def _content(data: BinaryIO, max_bytes: int) -> bytes:
    """The bytes; a file that is too large is not read first."""
    size = data.seek(0, SEEK_END) if data.seekable() else 0
    if data.seekable():
        data.seek(0)
    content = data.read(max_bytes + 1) if size <= max_bytes else b""
    if max(size, len(content)) > max_bytes:
        raise refused(f"The file is larger than {max_bytes // MEBIBYTE} MB: part it into smaller ones.")
    if not content:
        raise refused("The file is empty (0 bytes): choose the file that has the rows.")
    return content


def _csv_table(content: bytes, columns: _Columns, max_cell: int) -> Table:
    """As RFC 4180 has it; if rows are ragged then, and all fit when only CRLF ends them, as that reading has it."""
    try:
        table = _table(csv_records(content, max_cell), columns, max_cell, pad=False)
    except TableRefused:
        if other := _table_by_crlf(content, columns, max_cell):
            return other
        raise
    return (table.problems and _table_by_crlf(content, columns, max_cell)) or table


def _table_by_crlf(content: bytes, columns: _Columns, max_cell: int) -> Table | None:
    """The reading in which only CRLF ends a row, where the text may be meant so and nothing is wrong then."""
    if not has_lone_breaks(content):
        return None
    try:
        table = _table(records_by_crlf(content, max_cell), columns, max_cell, pad=False)
    except TableRefused:
        return None
    table.notes.append("Some cells hold line breaks without quotation marks; rows were taken to end at CRLF.")
    return None if table.problems else table


def _table(records: Iterator[Record], columns: _Columns, max_cell: int, *, pad: bool) -> Table:
    """`pad`: a sheet leaves out the empty cells at the end of a row, a CSV may not."""
    skipped: list[int] = []
    first = _next_filled(records, skipped)
    if first is None:
        raise refused(
            f"The file has no rows and no header. The first line names the columns: {_names(columns.known)}."
        )
    header = _header(first, columns)
    body = _Body(header, columns, max_cell)
    while record := _next_filled(records, skipped):
        body.take(
            record.line, record.cells + [""] * (len(header) - len(record.cells)) if pad else record.cells
        )
    if not body.rows and not body.problems:
        raise refused("The file has a header but no rows: nothing to import.", first.line)
    return Table(list(body.names), body.rows, skipped, problems=body.problems)


def _next_filled(records: Iterator[Record], skipped: list[int]) -> Record | None:
    for record in records:
        if record.line > MOST_ROWS:
            raise refused(f"The file has more than {MOST_ROWS:,} lines: part it into smaller ones.")
        if any(map(str.strip, record.cells)):
            return record
        if len(skipped) < MOST_SKIPPED_NAMED:
            skipped.append(record.line)
    return None


def _header(first: Record, columns: _Columns) -> list[str]:
    if len(first.cells) > MOST_COLUMNS:
        words = f"The header has {len(first.cells):,} columns; {MOST_COLUMNS:,} are the most."
        raise refused(words, first.line)
    header = [_cleaned(name) for name in first.cells]
    if problems := _header_problems(header, first.line, columns):
        raise TableRefused(problems)
    return header


class _Body:
    """The rows below a header, as they are taken one by one."""

    def __init__(self, header: list[str], columns: _Columns, max_cell: int) -> None:
        self.rows: list[Row] = []
        self.problems = Problems()
        self.names = tuple(name for name in header if name not in columns.ignored)
        self._header = header
        self._max_cell = max_cell
        self._readers: list[tuple[int, Callable[[str], str]]] = [
            (place, lru_cache(REMEMBERED)(_cleaned))
            for place, name in enumerate(header)
            if name not in columns.ignored
        ]

    def take(self, line: int, cells: list[str]) -> None:
        if found := _row_problems(line, cells, self._header, self._max_cell):
            self.problems.extend(found)
            return
        values = tuple([clean(cells[place]) for place, clean in self._readers])
        self.rows.append(Row(line, self.names, values))


def _cleaned(text: str) -> str:
    """Trimmed before the quote is taken off: what our own export protects is then kept as it was."""
    text = undefuse(text.strip())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _row_problems(line: int, cells: list[str], header: list[str], max_cell: int) -> list[Problem]:
    if len(cells) != len(header):
        words = f"has {len(cells)} cells, the header has {len(header)}: give the row a cell for each column"
        hint = ", and put a cell that holds a comma in quotation marks" if len(cells) > len(header) else ""
        return [Problem(line, None, None, f"The row {words}{hint}.")]
    if max(map(len, cells)) <= max_cell:
        return []
    return [
        Problem(line, name, text, f"is longer than {max_cell:,} characters: shorten it")
        for name, text in zip(header, cells, strict=True)
        if len(text) > max_cell
    ]


def _header_problems(header: list[str], line: int, columns: _Columns) -> list[Problem]:
    allowed = {*columns.known, *columns.required, *columns.ignored}
    if not allowed.intersection(header):
        return [Problem(line, None, None, _not_our_header(header, columns.known))]
    problems = []
    for name in dict.fromkeys(header):
        if not name:
            problems.append(Problem(line, None, None, "A column has no name: name it, or delete it."))
        elif name not in allowed:
            words = f"is not a column here: delete or rename it. The columns are {_names(columns.known)}."
            problems.append(Problem(line, name, None, words))
        elif header.count(name) > 1:
            problems.append(
                Problem(line, name, None, f"stands {header.count(name)} times: keep one of them.")
            )
    missing = [name for name in columns.required if name not in header]
    return problems + [Problem(line, name, None, "is missing: add this column.") for name in missing]


def _not_our_header(header: list[str], known: Collection[str]) -> str:
    """Why not one name of the header is known: the wrong delimiter, another language, or no header at all."""
    names = _names(known)
    for delimiter, called in _OTHER_DELIMITERS.items():
        if len(header) == 1 and delimiter in header[0]:
            return f"The columns are parted by {called}, not commas: {SAVE_AS}."
    found = visible(", ".join(header))
    if any("\u4e00" <= letter <= "\u9fff" for name in header for letter in name):
        return f"The names of the columns are translated ({found}): use the English ones, {names}."
    return f"No column is known ({found}): the first line must name the columns, {names}."


def _names(columns: Collection[str]) -> str:
    return ", ".join(columns)
