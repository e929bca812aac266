"""Bytes of a CSV -> its records, each with the line on which it starts. They are read as they are asked for."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from parks.tabular.problems import Problem, TableRefused

SAVE_AS = "in the spreadsheet choose “Save as”, “CSV UTF-8 (comma delimited)”"
LONGEST_LINE = 4 * 1024 * 1024  # letters; a line is held as a whole, whatever is in it
# A line break that is not CRLF; the two letters that stand for them while a file is read by CRLF alone.
_LONE_BREAK = re.compile(r"\r(?!\n)|(?<!\r)\n")
_LONE_BREAK_BYTES = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_BREAK_BYTES = re.compile(rb"\r\n|\r|\n")
_STAND_INS = {"\n": "\ue00a", "\r": "\ue00d"}
_BREAKS = {letter: line_break for line_break, letter in _STAND_INS.items()}
_SEP_LINE = re.compile(r"sep=,(?:\r\n|\r|\n)", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"
_DECODED_AT_A_TIME = 1024 * 1024


class Record(NamedTuple):
    """The cells of one row, and the line that the editor shows for it."""

    line: int
    cells: list[str]


def refused(message: str, line: int | None = None) -> TableRefused:
    """A refusal of the table as a whole."""
    return TableRefused([Problem(line, None, None, message)])


def check_encoding(data: bytes) -> None:
    """Nothing, if the bytes are text in UTF-8. TableRefused names what the file is instead."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(f"The file is in UTF-16 (“Unicode text”), not UTF-8: {SAVE_AS}.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(f"The file is an old Excel workbook (.xls): save it as .xlsx, or {SAVE_AS}.")
    if not data.strip(b"\0"):
        raise refused(
            "The file holds nothing but NUL bytes, it is damaged: export it again from where it came."
        )
    _refuse_nul(data)
    _refuse_other_encodings(data)


def _refuse_nul(data: bytes) -> None:
    place = data.find(b"\0")
    if place >= 0:
        words = "holds a NUL character: delete it, or export the file again from where it came."
        raise refused(f"The line {words}", _line_at(data, place))


def _refuse_other_encodings(data: bytes) -> None:
    """Decoded piece by piece and let go again: the text of a large file takes up to four times its bytes."""
    start = 0
    while start < len(data):
        end = start + _DECODED_AT_A_TIME
        while end < len(data) and data[end] & 0xC0 == 0x80 and end - start < _DECODED_AT_A_TIME + 4:
            end += 1  # not in the middle of a letter
        try:
            data[start:end].decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"The file is not in UTF-8 (it may be in Big5 or GBK): {SAVE_AS}."
            raise refused(message, _line_at(data, start + error.start)) from error
        start = end


def _line_at(data: bytes, place: int) -> int:
    return sum(1 for _break in _BREAK_BYTES.finditer(data, 0, place)) + 1


def csv_records(data: bytes, max_cell: int) -> Iterator[Record]:
    """The records of a CSV, a first line `sep=,` (Excel's own) left out. Line ends may be CRLF, LF or CR."""
    # newline="": line ends inside quotes stay as they are, and each counts as a line, as in an editor.
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    return _records(_lines(text), max_cell)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        yield line  # cut off, it is refused for a cell that is too long or for too many cells; if not, then here
        if len(line) == LONGEST_LINE:
            raise refused(_too_long(), number)


def _too_long() -> str:
    return f"This line is longer than {LONGEST_LINE:,} characters: is this the right file?"


def _records(lines: Iterator[str], max_cell: int) -> Iterator[Record]:
    first = next(lines, "")
    reader = csv.reader(chain([first], lines), strict=True)
    if _SEP_LINE.fullmatch(first):
        next(reader)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refused(_mend(error, max_cell), line) from error
        yield Record(line, cells)


def has_lone_breaks(data: bytes) -> bool:
    """Whether the first line ends in CRLF, as RFC 4180 asks, while other line breaks stand in the text too."""
    first_break = _BREAK_BYTES.search(data)
    mixed = (
        first_break is not None and first_break[0] == b"\r\n" and _LONE_BREAK_BYTES.search(data) is not None
    )
    return mixed and not any(letter.encode() in data for letter in _BREAKS)


def records_by_crlf(data: bytes, max_cell: int) -> Iterator[Record]:
    """The records where only CRLF ends a row, and other line breaks belong to cells that forgot their quotes."""
    before = 0
    for record in _records(_lines_by_crlf(data), max_cell):
        cells = [re.sub("[\ue00a\ue00d]", lambda found: _BREAKS[found[0]], cell) for cell in record.cells]
        yield Record(record.line + before, cells)
        before += sum(len(_LONE_BREAK.findall(cell)) for cell in cells)


def _lines_by_crlf(data: bytes) -> Iterator[str]:
    start, number = len(_BOM) if data.startswith(_BOM) else 0, 0
    while start < len(data):
        number += 1
        place = data.find(b"\r\n", start)
        end = len(data) if place < 0 else place + 2
        if end - start > LONGEST_LINE:
            raise refused(_too_long(), number)
        yield _LONE_BREAK.sub(lambda found: _STAND_INS[found[0]], data[start:end].decode())
        start = end


def _mend(error: csv.Error, max_cell: int) -> str:
    """The csv module has one class of error and says which in English: these are what a file can bring."""
    said = str(error)
    if "field larger" in said:
        return f"A cell of this line is longer than {max_cell:,} characters: shorten it, or close its quotes."
    if "unexpected end" in said:
        return "A quotation mark opens a cell on this line and none closes it: close it, or delete it."
    return 'The quotation marks of this line do not pair: inside a quoted cell, write " twice.'
