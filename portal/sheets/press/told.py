"""What one sentence is about: a round or the land of a park, the ledger of the day, and when it was decided."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.asof import Moment
from portal.sheets.press.basis import figure
from portal.sheets.press.phrases import Phrase, fill, joined
from tenders.ledger import Ledger, Standing


@dataclass(frozen=True)
class Told:
    """A round as `tenders.ledger` knows it, with the day on which its last decision was taken."""

    round: Any  # a TenderRound from with_stage
    book: Ledger
    moment: Moment
    decided: date | None

    @property
    def sealed(self) -> bool:
        """Whether something may have come in that is not public."""
        return self.book.known.counts[self.round.pk].basis == "sealed"


def plots_words(standing: Standing, moment: Moment) -> Phrase:
    """ "10 plots", the number a link to its proof."""
    words = ngettext("%(number)s plot", "%(number)s plots", int(standing.value or 0))
    return fill(words, number=figure(standing, moment))


def one_sentence(clauses: Iterable[Phrase]) -> Phrase:
    """Clauses that could each stand alone, as one sentence. English begins it with a capital: "About 22 …"."""
    first, *rest = joined(_("; "), clauses)
    capital = replace(first, text=first.text[:1].upper() + first.text[1:])
    return (capital, *rest, *fill(pgettext("end of a sentence", ".")))
