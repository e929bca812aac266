"""changes.csv: changes in, bytes out."""

from collections.abc import Iterable, Iterator

from django.conf import settings

from parks.tabular import Column, csv_lines
from portal.changes import Change

COLUMNS: dict[str, Column[Change]] = {
    "date": lambda change: change.iso_day,
    "kind": lambda change: change.kind.value,
    "park": lambda change: change.park and change.park.code,
    "phase": lambda change: change.phase and change.phase.code,
    "release": lambda change: change.release,
    "round": lambda change: change.round,
    "lot": lambda change: change.lot,
    "plot": lambda change: change.plots,
    "from": lambda change: change.before,
    "to": lambda change: change.after,
    "reason": lambda change: change.reason,
    "source": lambda change: change.said.code,
    "url": lambda change: settings.SITE_URL + change.url,
}


def lines(changes: Iterable[Change]) -> Iterator[bytes]:
    """In the order of the page: newest first."""
    return csv_lines(COLUMNS, changes)
