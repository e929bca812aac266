"""Where a source contradicts the number of plots that a release announces."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from portal.entries import Entry, Kind
from tenders.claims import against_remaining, headlines
from tenders.models import Figure


def disputed_plots(entries: Iterable[Entry], day: date) -> dict[str, int]:
    """By release code, the number that stands against the announced one. One query.

    See tenders.claims.against_remaining.
    """
    figures = Figure.objects.public().as_of(day)
    related = figures.select_related("park", "phase", "release", "round", "source")
    against = against_remaining(headlines(related))
    return {
        entry.release: int(against[key])
        for entry in entries
        if entry.kind == Kind.RELEASE and entry.phase and entry.plots
        if (key := (entry.park.code, entry.phase.code, Decimal(entry.plots))) in against
    }
