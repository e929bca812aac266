"""pipeline.csv: rows in, bytes out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from parks.models import Park, Phase
from parks.tabular import Column, csv_lines, number
from parks.windows import iso_day
from tenders.balance import Gap, Step, Tally

GAP = "gap"  # where a row says by how much the states add up to another number than a source's


@dataclass(frozen=True)
class BalanceRow:
    """A phase's plots in one state from a day on, or the gap between all its states and what is said of the whole."""

    step: Step
    park: Park
    phase: Phase | None
    state: str
    tally: Tally | None = None
    gap: Gap | None = None


def _of(row: BalanceRow, name: str) -> int | None:
    """A number of plots; nothing in the row of a gap."""
    return getattr(row.tally, name) if row.tally is not None else None


def _area(row: BalanceRow, name: str) -> Decimal | None:
    """Square metres; nothing where none is known."""
    known: Decimal | None = getattr(row.tally, name) if row.tally is not None else None
    return number(known)


def _gap(row: BalanceRow) -> int | None:
    """0 once a gap has closed."""
    if row.state != GAP:
        return None
    return row.gap.difference if row.gap else 0


COLUMNS: dict[str, Column[BalanceRow]] = {
    "date": lambda row: iso_day(row.step.day, row.step.precision) if row.step.day else None,
    "park": lambda row: row.park.slug,
    "phase": lambda row: row.phase and row.phase.code,
    "state": lambda row: row.state,
    "plots_named": lambda row: _of(row, "named"),
    "plots_counted": lambda row: _of(row, "counted"),
    "area_m2": lambda row: _area(row, "area_known"),
    "area_unknown_plots": lambda row: _of(row, "area_unknown"),
    "max_gfa_m2": lambda row: _area(row, "gfa_known"),
    "gfa_unknown_plots": lambda row: _of(row, "gfa_unknown"),
    "counted_gfa_m2": lambda row: _area(row, "counted_gfa_known"),
    "counted_gfa_unknown_plots": lambda row: _of(row, "counted_gfa_unknown"),
    "plots_in_all": lambda row: row.gap and row.gap.in_all,
    "gap_plots": _gap,
    "source": lambda row: row.gap and row.gap.claim.source.code,
}


def lines(rows: Iterable[BalanceRow]) -> Iterator[bytes]:
    """Named and counted plots in columns of their own; an area that nobody knows is empty, never 0."""
    return csv_lines(COLUMNS, rows)
