"""awards.csv: rows in, bytes out."""

from collections.abc import Iterable, Iterator

from parks.tabular import Column, csv_lines, money
from portal.exports.rows import AwardRow

COLUMNS: dict[str, Column[AwardRow]] = {
    "round": lambda row: row.award.lot.round.code,
    "park": lambda row: row.award.lot.round.park.slug,
    "lot": lambda row: row.award.lot.code,
    "plots": lambda row: [plot.code for plot in row.plots],
    "proponent": lambda row: row.proponent,
    "premium_hkd": lambda row: money(row.premium_hkd),
    "tenure_years": lambda row: row.award.tenure_years,
    "decided_on": lambda row: row.award.decided_on,
    "signed_on": lambda row: row.signed_on,
}


def lines(rows: Iterable[AwardRow]) -> Iterator[bytes]:
    """Proponent and premium only where the round's disclosure publishes them."""
    return csv_lines(COLUMNS, rows)
