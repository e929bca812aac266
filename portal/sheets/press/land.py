"""A park of which no round is public, in clauses: how many plots it has, and what is to come of its phases."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from parks.models import Park
from portal.asof import Moment
from portal.sheets.press.phrases import Phrase, Piece, fill
from portal.sheets.press.remainder import remaining
from portal.sheets.press.told import plots_words
from tenders.ledger import Ledger
from tenders.ledger.indicators import TOTAL
from tenders.subjects import of_park, of_phase


def clauses(park: Park, book: Ledger, moment: Moment) -> list[Phrase]:
    place = _place(park, moment)
    total = book.number(of_park(park), TOTAL)
    first = fill(_("No round of %(place)s has been published"), place=place)
    if total is None or not total.value:
        return [first, remaining(of_park(park), book, moment, others=False)]
    whole = fill(_("it has %(plots)s in all"), plots=plots_words(total, moment))
    return [first, whole, remaining(of_park(park), book, moment, others=False)]


def _place(park: Park, moment: Moment) -> Phrase:
    day = "" if moment.is_now else f"?as_of={moment.day.isoformat()}"
    return (Piece(park.name, reverse("park", args=[park.slug]) + day),)


def phases(book: Ledger, moment: Moment) -> Iterator[Phrase]:
    """Of each phase of which a number is known, what remains."""
    for phase in book.known.phases:
        left = remaining(of_phase(phase), book, moment, others=False)
        if left:
            yield fill(_("%(phase)s: %(words)s"), phase=phase.name, words=left)
