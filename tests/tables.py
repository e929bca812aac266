"""Files for imports, made of dictionaries."""

import csv
import io

from openpyxl import Workbook


def csv_file(*rows, columns=None) -> io.BytesIO:
    """A CSV with the columns of the first row, or with these."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns or list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def xlsx_file(*rows) -> io.BytesIO:
    book = Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    data = io.BytesIO()
    book.save(data)
    data.seek(0)
    return data


def read_back(lines) -> list[dict[str, str]]:
    """The rows of a file that an export wrote."""
    return list(csv.DictReader(io.StringIO(b"".join(lines).decode("utf-8-sig"), newline="")))


def said(refused) -> list[str]:
    """The problems of a refusal, without the closing line."""
    return [str(problem) for problem in refused.value.problems]
