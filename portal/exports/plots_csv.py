"""plots.csv: rows in, bytes out."""

from collections.abc import Iterable, Iterator

from parks.tabular import Column, csv_lines, number
from portal.exports.rows import PlotRow, window_text

COLUMNS: dict[str, Column[PlotRow]] = {
    "park": lambda row: row.plot.park.slug,
    "phase": lambda row: row.plot.phase.code,
    "plot": lambda row: row.plot.code,
    "name": lambda row: row.plot.name,
    "area_m2": lambda row: number(row.plot.area_m2),
    "max_gfa_m2": lambda row: number(row.plot.max_gfa_m2),
    "plot_ratio": lambda row: None if row.plot.plot_ratio is None else f"{row.plot.plot_ratio:.2f}",
    "land_use": lambda row: row.plot.land_use,
    "sectors": lambda row: row.plot.sector_list,
    "availability": lambda row: row.availability,
    "release": lambda row: row.release and row.release.code,
    "round": lambda row: row.round and row.round.code,
    "window_earliest": lambda row: row.revision and row.revision.window_earliest,
    "window_latest": lambda row: row.revision and row.revision.window_latest,
    "window_precision": lambda row: row.revision and row.revision.window_precision,
    "window_text": lambda row: row.revision and window_text(row.revision),
    "updated_at": lambda row: row.updated_at,
}


def lines(rows: Iterable[PlotRow]) -> Iterator[bytes]:
    """Areas in m²; the window is that of the plot's release as it was last announced."""
    return csv_lines(COLUMNS, rows)
