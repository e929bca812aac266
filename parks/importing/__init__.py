"""Takes plots and releases out of a file, all or nothing. What every import shares is in the other modules.

`table` is the file as rows that can be asked for values, `book` writes rows with their history, `report` says
what was done or what stands against it; `plots` and `releases` are an import each, with one function `run`.
"""

from parks.importing.book import Book, whole
from parks.importing.report import ImportRefused, Progress, Report, no_progress
from parks.importing.table import Columns, Sheet, SheetRow, open_sheet

__all__ = [
    "Book",
    "Columns",
    "ImportRefused",
    "Progress",
    "Report",
    "Sheet",
    "SheetRow",
    "no_progress",
    "open_sheet",
    "whole",
]
