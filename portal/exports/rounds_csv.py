"""rounds.csv: rows in, bytes out."""

from collections.abc import Iterable, Iterator

from parks.tabular import Column, csv_lines
from parks.windows import iso_day
from portal.exports.rows import RoundRow
from tenders.statistics import RoundCounts

WITHHELD = "withheld"  # why there is no number: it is sealed, or neither recorded nor reported


def _counted_on(counts: RoundCounts) -> str | None:
    return iso_day(counts.as_of, counts.as_of_precision) if counts.as_of else None


COLUMNS: dict[str, Column[RoundRow]] = {
    "round": lambda row: row.round.code,
    "title": lambda row: row.round.title,
    "park": lambda row: row.round.park.slug,
    "phase": lambda row: row.round.phase and row.round.phase.code,
    "kind": lambda row: row.round.kind,
    "method": lambda row: row.round.method,
    "sealed": lambda row: row.round.sealed,
    "disclosure": lambda row: row.round.disclosure,
    "stage": lambda row: row.stage,
    "lots": lambda row: row.counts.lots,
    "plots": lambda row: row.counts.plots,
    "published_at": lambda row: row.round.published_at,
    "opens_at": lambda row: row.opens_at,
    "enquiries_until": lambda row: row.enquiries_until,
    "closes_at": lambda row: row.closes_at,
    "opened_at": lambda row: row.opened_at,
    "proposals": lambda row: row.counts.proposals,
    "proposals_basis": lambda row: WITHHELD if row.counts.proposals is None else row.counts.basis,
    "proposals_as_of": lambda row: _counted_on(row.counts),
    "proponents": lambda row: row.counts.proponents,
    "proposals_per_plot": lambda row: row.counts.per_plot,
    "awards": lambda row: row.counts.awards,
    "source": lambda row: row.source and row.source.code,
    "source_url": lambda row: row.source and row.source.url,
}


def lines(rows: Iterable[RoundRow]) -> Iterator[bytes]:
    """Dates as they were published at the time asked for; numbers of proposals only where public."""
    return csv_lines(COLUMNS, rows)
