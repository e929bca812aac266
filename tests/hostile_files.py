"""Files as they come from damaged discs, foreign spreadsheets and people with intentions: made of one good row.

Each maker takes a row and gives bytes. What a file may do is said by the tests, not here.
"""

import csv
import io
import zipfile

from openpyxl import Workbook

from tests.tables import csv_file


def plain(*rows) -> bytes:
    return csv_file(*rows).getvalue()


def text(*rows) -> str:
    return plain(*rows).decode()


def with_line_ends(end, *rows) -> bytes:
    return text(*rows).replace("\r\n", end).encode()


def with_bom(*rows) -> bytes:
    return b"\xef\xbb\xbf" + plain(*rows)


def reversed_columns(*rows) -> bytes:
    return csv_file(*rows, columns=list(reversed(rows[0]))).getvalue()


def with_blank_lines(row, other) -> bytes:
    header, first, second, _end = text(row, other).split("\r\n")
    return "\r\n".join([header, first, "", "  ", second, "," * (len(row) - 1), ""]).encode()


def with_sep_line(*rows) -> bytes:
    return b"sep=,\r\n" + plain(*rows)


def in_encoding(name, *rows) -> bytes:
    return text(*rows).encode(name)


def with_nul(row) -> bytes:
    header, rest = text(row).split("\r\n", 1)
    return f"{header}\r\n{rest[:3]}\0{rest[3:]}".encode()


def with_doubled_column(row, column) -> bytes:
    header, cells, _end = text(row).split("\r\n")
    return f"{header},{column}\r\n{cells},x\r\n".encode()


def with_column(row, column, value="x") -> bytes:
    return plain(row | {column: value})


def with_short_row(row, other) -> bytes:
    header, first, second, _end = text(row, other).split("\r\n")
    cut = next(csv.reader([second]))[:3]
    return "\r\n".join([header, first, ",".join(f'"{cell}"' for cell in cut), ""]).encode()


def with_open_quote(row, other) -> bytes:
    """The third line opens a quotation mark, and nothing closes it."""
    header, first, second, _end = text(row, other).split("\r\n")
    return "\r\n".join([header, first, f'"{second.replace(chr(34), "")}', first, ""]).encode()


def with_semicolons(*rows) -> bytes:
    return text(*rows).replace(";", "/").replace(",", ";").encode()


def with_translated_header(*rows) -> bytes:
    _header, rest = text(*rows).split("\r\n", 1)
    return ("建議書,輪次" + "," * (len(rows[0]) - 2) + "\r\n" + rest).encode()


def header_only(row) -> bytes:
    return text(row).split("\r\n")[0].encode() + b"\r\n"


def renamed_workbook() -> bytes:
    return b"PK\x03\x04" + bytes(range(64)) + b"xl/workbook.xml"


def bomb() -> bytes:
    """Some kilobytes that are 200 MB when they are unpacked."""
    data = io.BytesIO()
    with (
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/workbook.xml", "w") as inside,
    ):
        for _ in range(200):
            inside.write(bytes(1024 * 1024))
    return data.getvalue()


def formula_workbook(row) -> bytes:
    book = Workbook()
    book.active.append(list(row))
    book.active.append(["=1+1", *list(row.values())[1:]])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
