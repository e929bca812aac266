import csv
import io
import unicodedata
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from parks.tabular import (
    Problem,
    TableRefused,
    cell,
    csv_lines,
    defuse,
    money,
    number,
    read_table,
    undefuse,
)

KNOWN = ["plot", "name", "area_m2"]


@pytest.fixture(autouse=True)
def _limit_of_a_fresh_process():
    """Other libraries (frictionless) lift this limit for their whole process; a command starts with it."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


SAVE_AS = "in the spreadsheet choose “Save as”, “CSV UTF-8 (comma delimited)”"
# What a reader can be given back: CSV keeps it, trimming and NFC do not touch it, and UTF-8 can say it.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40).filter(
    lambda text: text == unicodedata.normalize("NFC", text.strip())
)
FORMULAS = st.builds("".join, st.lists(st.sampled_from("'=+-@\t\r\n＝＋－＠a\",;"), max_size=8))


def _read(data, **options):
    content = data.encode() if isinstance(data, str) else data
    return read_table(io.BytesIO(content), **{"known": KNOWN, "required": ["plot"]} | options)


def _refusal(data, **options):
    with pytest.raises(TableRefused) as refusal:
        _read(data, **options)
    return str(refusal.value)


def _written(columns, rows):
    return b"".join(csv_lines(columns, rows))


def _workbook(*sheets):
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# Out


def test_csv_is_utf8_with_bom_crlf_and_quotes_where_needed():
    columns = {"plot": lambda row: row[0], "name": lambda row: row[1]}
    rows = [("NT-01", 'A "big", plot'), ("NT-02", "two\nlines")]
    assert _written(columns, rows) == (
        b"\xef\xbb\xbf" + b'plot,name\r\nNT-01,"A ""big"", plot"\r\nNT-02,"two\nlines"\r\n'
    )


def test_csv_without_rows_is_its_header():
    assert _written({"plot": str}, []) == b"\xef\xbb\xbfplot\r\n"


def test_csv_streams_in_chunks_and_asks_for_rows_as_it_goes():
    asked = []
    lines = csv_lines({"n": lambda n: n}, (asked.append(n) or n for n in range(1200)))
    assert next(lines) == b"\xef\xbb\xbfn\r\n"
    assert asked == []
    assert [chunk.count(b"\r\n") for chunk in lines] == [500, 500, 200]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-5, "-5"),
        (Decimal("-5.10"), "-5.10"),
        (Decimal("1E+3"), "1000"),
        (82.2, "82.2"),
        (1e-7, "0.0000001"),
        (date(2026, 3, 30), "2026-03-30"),
        (datetime(2026, 3, 31, 4, 0, tzinfo=UTC), "2026-03-31T12:00:00+08:00"),
        (datetime(2026, 3, 31, 3, 59, 59, 999999, tzinfo=UTC), "2026-03-31T11:59:59.999999+08:00"),
        (["NT-01", "NT-02"], "NT-01;NT-02"),
        ((), ""),
        (("-1", "2"), "'-1;2"),
        ("plain", "plain"),
        ("-5", "'-5"),
        ("＝1+1", "'＝1+1"),
    ],
)
def test_cell_says_a_value_one_way(value, text):
    assert cell(value) == text


def test_time_without_a_zone_is_not_written():
    with pytest.raises(ValueError, match="has no time zone"):
        cell(datetime(2026, 3, 31, 12, 0))  # noqa: DTZ001  the naive time is what is refused


def test_money_has_two_places_and_numbers_no_idle_zeros():
    values = [
        money(Decimal(5)),
        money(None),
        number(Decimal("3200.00")),
        number(Decimal("12000.50")),
        number(100),
    ]
    assert [cell(value) for value in [*values, number(None), number(Decimal("-0.0"))]] == [
        *["5.00", "", "3200", "12000.5", "100", "", "0"],
    ]


@pytest.mark.parametrize("start", list("=+-@\t\r\n＝＋－＠"))
def test_what_a_spreadsheet_would_calculate_gets_a_quote(start):
    assert (defuse(f"{start}1+1"), defuse(f"'{start}1+1")) == (f"'{start}1+1", f"''{start}1+1")


@pytest.mark.parametrize("text", ["", "'", "O'Neil", "'quoted'", "a=1", " =1"])
def test_harmless_text_is_left_alone(text):
    assert (defuse(text), undefuse(text)) == (text, text)


@given(st.text() | FORMULAS)
def test_undefuse_is_the_inverse_of_defuse(text):
    assert undefuse(defuse(text)) == text


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_what_is_written_reads_back(rows):
    data = _written({"plot": lambda row: f"P{row[0]}", "name": lambda row: row[1]}, rows)
    table = _read(data)
    assert [(row.cells["plot"], row.cells["name"]) for row in table.rows] == [
        (unicodedata.normalize("NFC", f"P{plot}"), name) for plot, name in rows
    ]


# In: what is read


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_line_end_is_read_with_and_without_bom(bom, end, last):
    table = _read(bom + end.join([b"plot,name", b"NT-01,x", b"NT-02,y"]) + end * last)
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, {"plot": "NT-01", "name": "x"}),
        (3, {"plot": "NT-02", "name": "y"}),
    ]


def test_columns_may_stand_in_any_order_and_ignored_ones_are_not_read():
    table = _read("name,updated_at,plot\nx,now,NT-01\n", ignored=["updated_at"])
    assert (table.header, table.rows[0].cells) == (["name", "plot"], {"name": "x", "plot": "NT-01"})


def test_lines_are_counted_as_an_editor_shows_them():
    table = _read('plot,name\r\nNT-01,"one\r\ntwo\nthree"\r\n\r\n  \r\nNT-02,x\r\n,\r\n')
    assert ([row.line for row in table.rows], table.skipped) == ([2, 7], [5, 6, 8])


def test_sep_line_of_excel_is_skipped_and_counted():
    assert [row.line for row in _read("sep=,\r\nplot\r\nNT-01\r\n").rows] == [3]


def test_cells_are_trimmed_composed_and_freed_of_the_quote():
    table = _read("plot,name\n NT-01\u3000,\u0065\u0301\nNT-02,'=1+1\nNT-03,''=1\n")
    assert [row.cells["name"] for row in table.rows] == ["é", "=1+1", "'=1"]


def test_reading_leaves_the_limit_of_the_csv_module_as_it_was():
    before = csv.field_size_limit()
    _read("plot\n" + "A" * 100_000 + "\n")
    assert csv.field_size_limit() == before


# In: what is refused, and in which words


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty (0 bytes): choose the file that has the rows."),
        (
            b"\0" * 4096,
            "The file holds nothing but NUL bytes, it is damaged: export it again from where it came.",
        ),
        (
            b"plot\nNT\x0001\n",
            "line 2: The line holds a NUL character: delete it, or export the file again from where it came.",
        ),
        (
            "plot,name\nNT-01,發展\n".encode("big5"),
            f"line 2: The file is not in UTF-8 (it may be in Big5 or GBK): {SAVE_AS}.",
        ),
        ("plot\n".encode("utf-16"), f"The file is in UTF-16 (“Unicode text”), not UTF-8: {SAVE_AS}."),
        (b"\xd0\xcf\x11\xe0", f"The file is an old Excel workbook (.xls): save it as .xlsx, or {SAVE_AS}."),
        (
            b"PK\x03\x04xl/workbook.xml",
            f"The file plots.csv begins like an Excel workbook (.xlsx) but cannot be read as one: {SAVE_AS}.",
        ),
        (
            "\n \n",
            "The file has no rows and no header. The first line names the columns: plot, name, area_m2.",
        ),
        ("plot\r\n", "line 1: The file has a header but no rows: nothing to import."),
        ("name\nx\n", "line 1, plot: is missing: add this column."),
        ("plot,name,plot\na,b,c\n", "line 1, plot: stands 2 times: keep one of them."),
        (
            "plot,colour,size\na,b,c\n",
            "line 1, colour: is not a column here: delete or rename it. The columns are plot, name, area_m2.\n"
            "line 1, size: is not a column here: delete or rename it. The columns are plot, name, area_m2.",
        ),
        ("plot,\na,b\n", "line 1: A column has no name: name it, or delete it."),
        ("plot;name\na;b\n", f"line 1: The columns are parted by semicolons, not commas: {SAVE_AS}."),
        ("plot\tname\na\tb\n", f"line 1: The columns are parted by tabs, not commas: {SAVE_AS}."),
        (
            "地塊,名稱\na,b\n",
            "line 1: The names of the columns are translated (地塊, 名稱): use the English ones, plot, name, area_m2.",
        ),
        (
            "NT-01,x\nNT-02,y\n",
            "line 1: No column is known (NT-01, x): the first line must name the columns, plot, name, area_m2.",
        ),
        (
            'plot,name\na,b\nc,"d\ne,f\n',
            "line 3: A quotation mark opens a cell on this line and none closes it: close it, or delete it.",
        ),
        (
            'plot,name\na,"b"c\n',
            'line 2: The quotation marks of this line do not pair: inside a quoted cell, write " twice.',
        ),
        (
            "plot\n" + "A" * 10_000_000,
            "line 2: A cell of this line is longer than 100,000 characters: shorten it, or close its quotes.",
        ),
    ],
    ids=lambda value: "" if len(value) > 40 else None,
)
def test_bad_table_is_refused_with_the_place_and_the_mend(data, words):
    assert _refusal(data, filename="plots.csv") == words


def test_rows_that_cannot_be_read_are_named_and_the_others_are_there():
    long = "A" * 100_001

    table = _read(f"plot,name\na,b\nc\nd,e,f\n{long},g\nh,i\n")

    assert [(row.line, row.cells["plot"]) for row in table.rows] == [(2, "a"), (6, "h")]
    assert "\n".join(map(str, table.problems)) == (
        "line 3: The row has 1 cells, the header has 2: give the row a cell for each column.\n"
        "line 4: The row has 3 cells, the header has 2: give the row a cell for each column, "
        "and put a cell that holds a comma in quotation marks.\n"
        f"line 5, plot: {'A' * 60}… (100001 characters): is longer than 100,000 characters: shorten it"
    )


def test_file_of_nothing_but_broken_rows_has_problems_and_is_not_called_empty():
    table = _read("plot,name\na\nb\n")

    assert (table.rows, [problem.line for problem in table.problems]) == ([], [2, 3])


def test_file_over_the_limit_is_refused():
    assert _refusal("plot\n" + "A\n" * 1024 * 512, max_bytes=1024 * 1024) == (
        "The file is larger than 1 MB: part it into smaller ones."
    )


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(data):
    try:
        table = _read(data)
        assert table.rows or table.problems
    except TableRefused as refusal:
        assert refusal.problems


# Workbooks


def test_workbook_reads_like_the_csv_of_it():
    rows = [
        ["plot", "name", "area_m2", None],
        ["NT-01", "'=1+1", 500000000.0],
        [None, None, None],
        ["NT-02", datetime(2026, 3, 30, 15, 4, 5), 12000.5],  # noqa: DTZ001  a sheet knows no zones
        ["NT-03", date(2026, 3, 30), True],
        ["NT-04"],
    ]
    table = _read(_workbook(rows, []), filename="plots.csv")
    assert ([(row.line, *row.cells.values()) for row in table.rows], table.skipped, table.notes) == (
        [
            (2, "NT-01", "=1+1", "500000000"),
            (4, "NT-02", "2026-03-30T15:04:05", "12000.5"),
            (5, "NT-03", "2026-03-30", "true"),
            (6, "NT-04", "", ""),
        ],
        [3],
        [],
    )


def test_further_sheets_with_rows_are_named():
    table = _read(_workbook([["plot"], ["NT-01"]], [["plot"], ["NT-02"]]))
    assert (len(table.rows), table.notes) == (1, ["Only the first sheet was read; not read: Sheet1."])


def test_formula_is_refused_by_its_place():
    assert _refusal(_workbook([["plot", "name"], ["NT-01", "=1+1"]])) == (
        "line 2, column B: =1+1: is a formula: paste its value instead"
    )


def test_sheet_of_many_columns_is_refused():
    assert _refusal(_workbook([["plot"], [None] * 1000 + ["x"]])) == (
        "line 2: The sheet is larger than 1,048,576 rows or 1,000 columns."
    )


def test_zip_bomb_is_refused_before_it_is_unpacked():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(129 * 1024 * 1024))
    assert _refusal(buffer.getvalue()) == f"The workbook is larger than 128 MB when unpacked: {SAVE_AS}."


# Problems


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Problem(3, "lots", "NT-99", "no such lot"), "line 3, lots: NT-99: no such lot"),
        (Problem(3, "lots", "", "is needed"), "line 3, lots: (empty): is needed"),
        (Problem(None, None, None, "no rows"), "no rows"),
        (Problem(None, "lots", None, "is missing"), "lots: is missing"),
        (Problem(3, "name", "a\n\u202eb\x00", "bad"), "line 3, name: a\\n\\u202eb\\x00: bad"),
        (Problem(3, "name", "x" * 61, "long"), f"line 3, name: {'x' * 60}… (61 characters): long"),
    ],
)
def test_problem_names_line_column_value_and_mend(problem, words):
    assert str(problem) == words


def test_unquoted_line_breaks_are_data_where_every_row_ends_in_crlf():
    data = b"plot,name\r\nA-1,one\nline\r\nA-2,\r=1+1\r\nA-3,three\r\n"

    table = read_table(io.BytesIO(data), known=["plot", "name"], required=["plot"])

    assert [(row.line, row.cells["name"]) for row in table.rows] == [
        (2, "one\nline"),
        (4, "=1+1"),
        (6, "three"),
    ]
    assert table.notes == [
        "Some cells hold line breaks without quotation marks; rows were taken to end at CRLF."
    ]


def test_a_ragged_row_among_unquoted_line_breaks_is_refused_as_it_was_read_first():
    table = _read(b"plot,name\r\nA-1,one\nline\r\nA-2\r\n")

    assert ([problem.line for problem in table.problems], table.notes) == ([3, 4], [])
