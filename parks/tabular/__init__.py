"""Rows of CSV and XLSX, in and out. Knows no model and no Django; every app may use it.

`writing` makes CSV, `reading` takes CSV (`records`) and XLSX (`workbook`), `cells` are the strict readers of
single cells, `problems` says what is wrong and how to mend it, `formulas` disarms text that a spreadsheet
would calculate.
"""

from parks.tabular.cells import (
    CellError,
    parse_bool,
    parse_code,
    parse_decimal,
    parse_instant,
    parse_int,
    parse_list,
    parse_text,
)
from parks.tabular.formulas import defuse, undefuse
from parks.tabular.problems import MOST_KEPT, Problem, Problems, TableRefused
from parks.tabular.reading import Row, Table, read_table
from parks.tabular.writing import Column, cell, csv_lines, money, number

__all__ = [
    "MOST_KEPT",
    "CellError",
    "Column",
    "Problem",
    "Problems",
    "Row",
    "Table",
    "TableRefused",
    "cell",
    "csv_lines",
    "defuse",
    "money",
    "number",
    "parse_bool",
    "parse_code",
    "parse_decimal",
    "parse_instant",
    "parse_int",
    "parse_list",
    "parse_text",
    "read_table",
    "undefuse",
]
