"""Where a source contradicts the number of plots that a release announces."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from portal.entries import Entry, Kind
from tenders.claims import REMAINING, headlines
from tenders.models import Figure


def disputed_plots(entries: Iterable[Entry], day: date) -> dict[str, int]:
    """By release code, the number that stands against the announced one. One query.

    A release is disputed when the number it announces is the headline of the plots that remain in its phase.
    """
    figures = Figure.objects.public().as_of(day).filter(release=None)
    related = figures.select_related("park", "phase", "release", "round", "source")
    against: dict[tuple[str, str, Decimal], int] = {}
    for number in headlines(related):
        lead = number.headline
        if number.indicator == REMAINING and number.alternatives and lead.park and lead.phase:
            against[lead.park.slug, lead.phase.code, lead.value] = int(number.alternatives[0].value)
    return {
        entry.release: against[key]
        for entry in entries
        if entry.kind == Kind.RELEASE and entry.phase and entry.plots
        if (key := (entry.park.code, entry.phase.code, Decimal(entry.plots))) in against
    }
