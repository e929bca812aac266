"""lots.csv: rows in, bytes out."""

from collections.abc import Iterable, Iterator

from parks.tabular import Column, csv_lines, money
from portal.exports.rows import LotRow

COLUMNS: dict[str, Column[LotRow]] = {
    "round": lambda row: row.round.code,
    "lot": lambda row: row.lot.code,
    "title": lambda row: row.lot.title,
    "plot_count": lambda row: row.plot_count,
    "plots": lambda row: [plot.code for plot in row.plots],
    "minimum_premium_hkd": lambda row: money(row.lot.minimum_premium_hkd),
    "stage": lambda row: row.stage,
    "proposals": lambda row: row.proposals,
}


def lines(rows: Iterable[LotRow]) -> Iterator[bytes]:
    """`stage` is the round's; `proposals` counts those that ask for the lot, where that is public."""
    return csv_lines(COLUMNS, rows)
