"""Numbers as pages show them: each with the words for how sure we are, and the address of its proof."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.asof import Moment
from portal.words.indicators import indicator_name
from tenders.ledger import Basis, Conflict, Standing
from tenders.models import Figure, TenderRound
from tenders.statistics import RECEIVED, RECORDED, RoundCounts
from tenders.subjects import of_round


@dataclass(frozen=True)
class Number:
    """A value, its mark in words, the value that stands against it if any, where it is proved, what it counts."""

    value: Decimal | int
    mark: str
    url: str
    other: Decimal | None = None
    what: str = ""

    @property
    def text(self) -> str:
        return plain(self.value)

    @property
    def spoken(self) -> str:
        """The name of its link, for those who meet the link without its sentence or its column."""
        words = {"value": self.text, "what": self.what, "mark": self.mark}
        return _("%(value)s (%(what)s, %(mark)s: proof)") % words

    @property
    def count(self) -> int:
        """For the choice of a plural, which wants a whole number."""
        return int(self.value)


def plain(value: Decimal | int) -> str:
    """Digits grouped by thousands, no needless decimals."""
    return f"{Decimal(value).normalize():,f}"


def proof_url(figure_id: str, moment: Moment) -> str:
    """Where a number is proved, on the day that the page shows."""
    query = "" if moment.is_now else f"?as_of={moment.day.isoformat()}"
    return reverse("figure", args=[figure_id]) + query


def told(standing: Standing | None, moment: Moment) -> Number | None:
    """A number of the ledger as a door to its proof; None where nothing of it is known or public.

    The mark says what it rests on, or that another value stands against it.
    """
    if standing is None or standing.value is None:
        return None
    mark = _against(standing.conflicts[0]) if standing.conflicts else basis(standing)
    return Number(
        standing.value,
        mark,
        proof_url(standing.figure_id, moment),
        standing.other,
        indicator_name(standing.indicator),
    )


def basis(standing: Standing) -> str:
    """What the leading value rests on, in a word or two: "recorded", "as reported by two sources"."""
    words = {
        Basis.RECORDED: _("recorded"),
        Basis.PARTIAL: _("recorded so far"),
        Basis.STATED: pgettext("plots", "announced"),
        Basis.REPORTED: _reported(standing),
    }
    return words.get(standing.basis, "")


def _reported(standing: Standing) -> str:
    lead = standing.lead
    figures = [claim for claim in standing.claims if isinstance(claim, Figure)]
    sources = {claim.source_id for claim in figures if lead and claim.value == lead.value}
    if len(sources) < 2:
        return _("as reported")
    words = ngettext("as reported by %(count)s source", "as reported by %(count)s sources", len(sources))
    return words % {"count": in_words(len(sources))}


def _against(conflict: Conflict) -> str:
    value = {"value": plain(conflict.value)}
    if conflict.at_most:
        return _("≠ conflict: another source implies %(value)s at most") % value
    return _("≠ conflict: another source implies %(value)s") % value


def in_words(count: int) -> str:
    """Small numbers as a sentence has them."""
    words = {2: _("two"), 3: _("three"), 4: _("four"), 5: _("five")}
    return words.get(count, str(count))


def proposals(round: TenderRound, counts: RoundCounts, moment: Moment) -> Number | None:
    """How many proposals came in, as far as that is public; None where it is not."""
    if counts.proposals is None:
        return None
    url = proof_url(of_round(round).figure_id(RECEIVED), moment)
    mark = _("recorded") if counts.basis == RECORDED else _("as reported")
    return Number(counts.proposals, mark, url, what=indicator_name(RECEIVED))
