"""figures.csv: rows in, bytes out."""

from collections.abc import Iterable, Iterator

from parks.tabular import Column, csv_lines, number
from parks.windows import iso_day
from portal.exports.rows import FigureRow

COLUMNS: dict[str, Column[FigureRow]] = {
    "figure": lambda row: row.figure.figure_id,
    "park": lambda row: row.figure.park and row.figure.park.slug,
    "phase": lambda row: row.figure.phase and row.figure.phase.code,
    "release": lambda row: row.figure.release and row.figure.release.code,
    "round": lambda row: row.figure.round and row.figure.round.code,
    "indicator": lambda row: row.figure.indicator,
    "qualifier": lambda row: row.figure.qualifier,
    "value": lambda row: number(row.figure.value),
    "unit": lambda row: row.figure.unit,
    "as_of": lambda row: iso_day(row.figure.as_of, row.figure.as_of_precision),
    "as_of_precision": lambda row: row.figure.as_of_precision,
    "publisher": lambda row: row.figure.source.publisher,
    "source": lambda row: row.figure.source.code,
    "source_url": lambda row: row.figure.source.url,
    "headline": lambda row: row.headline,
}


def lines(rows: Iterable[FigureRow]) -> Iterator[bytes]:
    """One row a claim; `headline` marks the one that leads among those about the same number."""
    return csv_lines(COLUMNS, rows)
