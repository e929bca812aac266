"""Bytes of an XLSX workbook -> the records of its first sheet, as the text that a CSV of it would hold."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal

from openpyxl import load_workbook
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.workbook import Workbook

from parks.tabular.problems import Problem, TableRefused, visible
from parks.tabular.records import SAVE_AS, Record, refused

MAGIC = b"PK\x03\x04"
# A zip bomb is small until it is unpacked; a sheet of 100,000 full rows is about 100 MB.
MOST_UNPACKED = 128 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 1_048_576, 1_000


def workbook_records(data: bytes, filename: str) -> tuple[list[Record], list[str]]:
    """The records of the first sheet, and notes on what was left out; or TableRefused."""
    try:
        _refuse_bomb(data)
        # data_only=False: a formula shows as one and is refused; its stored value may be stale or missing.
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            return _first_sheet(book), _notes(book)
        finally:
            book.close()
    except TableRefused:
        raise
    # A damaged workbook raises almost anything inside openpyxl, and it is always the file's fault.
    except Exception as error:
        called = f"The file {visible(filename)}".rstrip()
        words = "begins like an Excel workbook (.xlsx) but cannot be read as one"
        raise refused(f"{called} {words}: {SAVE_AS}.") from error


def _refuse_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            size = MOST_UNPACKED // 1024**2
            raise refused(f"The workbook is larger than {size} MB when unpacked: {SAVE_AS}.")


def _first_sheet(book: Workbook) -> list[Record]:
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # the size that a file claims may be wrong by a million rows
    records: list[Record] = []
    problems: list[Problem] = []
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        if line > MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise refused(f"The sheet is larger than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns.", line)
        problems += _not_values(line, cells)
        records.append(Record(line, _without_empty_end(_text(cell.value) for cell in cells)))
    if problems:
        raise TableRefused(problems)
    while records and not records[-1].cells:
        records.pop()
    return records


def _notes(book: Workbook) -> list[str]:
    for sheet in book.worksheets[1:]:
        sheet.reset_dimensions()
    more = [sheet.title for sheet in book.worksheets[1:] if next(_filled(sheet.values), None)]
    return [f"Only the first sheet was read; not read: {', '.join(more)}."] if more else []


def _filled(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    for line, row in enumerate(rows):
        if line >= MOST_ROWS:
            return
        if any(value is not None for value in row):
            yield row


def _not_values(line: int, cells: Iterable[ReadOnlyCell | EmptyCell]) -> list[Problem]:
    words = {
        "f": "is a formula: paste its value instead",
        "e": "is an error of the spreadsheet: write the value",
    }
    return [
        Problem(line, f"column {cell.column_letter}", str(cell.value), words[cell.data_type])
        for cell in cells
        if cell.data_type in words
    ]


def _without_empty_end(texts: Iterable[str]) -> list[str]:
    cells = list(texts)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
        case datetime():
            return value.date().isoformat() if value.time() == time.min else value.isoformat()
        case date():
            return value.isoformat()
    return str(value)
