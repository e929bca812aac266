"""calendar.csv: entries in, bytes out."""

from collections.abc import Iterable, Iterator

from django.conf import settings

from parks.tabular import Column, csv_lines
from portal.entries import PUBLISHED_KINDS, Entry

COLUMNS: dict[str, Column[Entry]] = {
    "uid": lambda entry: entry.uid,
    "kind": lambda entry: entry.kind.value,
    "title": lambda entry: entry.title,
    "park": lambda entry: entry.park.code,
    "phase": lambda entry: entry.phase and entry.phase.code,
    "release": lambda entry: entry.release,
    "round": lambda entry: entry.round,
    "starts": lambda entry: entry.starts,
    "ends": lambda entry: entry.ends,
    "all_day": lambda entry: entry.all_day,
    "precision": lambda entry: entry.precision,
    "status": lambda entry: entry.status.value,
    "url": lambda entry: settings.SITE_URL + entry.url,
    "updated_at": lambda entry: entry.updated_at,
}


def lines(entries: Iterable[Entry]) -> Iterator[bytes]:
    """`ends` is the last day that it may be, inclusive; empty where no end was said. Only kinds of the contract."""
    return csv_lines(COLUMNS, (entry for entry in entries if entry.kind in PUBLISHED_KINDS))
