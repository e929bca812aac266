"""releases.csv: rows in, bytes out."""

from collections.abc import Iterable, Iterator

from parks.models import ReleaseRevision
from parks.tabular import Column, csv_lines
from parks.windows import iso_day
from portal.exports.rows import ReleaseRow, window_text


def _announced(revision: ReleaseRevision) -> str:
    return iso_day(revision.announced_on, revision.announced_precision)


COLUMNS: dict[str, Column[ReleaseRow]] = {
    "park": lambda row: row.release.park.slug,
    "phase": lambda row: row.release.phase and row.release.phase.code,
    "release": lambda row: row.release.code,
    "title": lambda row: row.release.title,
    "plots": lambda row: row.plots,
    "window_earliest": lambda row: row.release.current.window_earliest,
    "window_latest": lambda row: row.release.current.window_latest,
    "window_precision": lambda row: row.release.current.window_precision,
    "window_text": lambda row: window_text(row.release.current),
    "status": lambda row: row.status,
    "announced_on": lambda row: _announced(row.release.first),
    "revised_on": lambda row: _announced(row.release.current),
    "revisions": lambda row: len(row.release.told),
    "slip_days": lambda row: row.release.slip_days,
    "round": lambda row: [round.code for round in row.rounds],
    "source": lambda row: row.release.current.source.code,
    "source_url": lambda row: row.release.current.source.url,
}


def lines(rows: Iterable[ReleaseRow]) -> Iterator[bytes]:
    """The window and the source are those of the newest announcement; the days are in reduced ISO form."""
    return csv_lines(COLUMNS, rows)
