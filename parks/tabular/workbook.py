"""Bytes of an XLSX workbook -> the records of its first sheet, as the text that a CSV of it would hold."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal

from openpyxl import load_workbook
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.workbook import Workbook

from parks.tabular.problems import Problem, Problems, TableRefused, visible
from parks.tabular.records import SAVE_AS, Record, refused

MAGIC = b"PK\x03\x04"
# A zip bomb is small until it is unpacked; a sheet of 100,000 full rows is about 100 MB.
MOST_UNPACKED = 128 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 1_048_576, 1_000


def workbook_records(data: bytes, filename: str, not_values: Problems, notes: list[str]) -> Iterator[Record]:
    """The records of the first sheet, one by one as they are asked for; or TableRefused.

    Cells that hold no value but a formula are put into `not_values`, what was left out into `notes`: both are
    complete when the last record is taken.
    """
    try:
        _refuse_bomb(data)
        # data_only=False: a formula shows as one and is refused; its stored value may be stale or missing.
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            yield from _first_sheet(book, not_values)
            notes += _notes(book)
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


def _first_sheet(book: Workbook, not_values: Problems) -> Iterator[Record]:
    """Every row down to the last one that is not empty."""
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # the size that a file claims may be wrong by a million rows
    empty: range | list[int] = []  # the lines that were empty and may be the last
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        if line > MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise refused(f"The sheet is larger than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns.", line)
        not_values.extend(_not_values(line, cells))
        texts = _without_empty_end(_text(cell.value) for cell in cells)
        if not texts:
            empty = range(empty[0] if empty else line, line + 1)
            continue
        yield from (Record(skipped, []) for skipped in empty)
        empty = []
        yield Record(line, texts)


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
