"""Numbers as pages show them: each with the words for how sure we are, and the address of its proof."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.asof import Moment
from portal.words.indicators import indicator_name
from tenders.claims import Headline
from tenders.models import TenderRound
from tenders.statistics import RECORDED, RoundCounts


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


def claimed(number: Headline, moment: Moment) -> Number:
    """A number that sources report; the mark says how many of them, or that another one contradicts."""
    url = proof_url(number.figure_id, moment)
    what = indicator_name(number.indicator)
    if number.alternatives:
        other = number.alternatives[0].value
        words = _("≠ conflict: another source implies %(value)s") % {"value": plain(other)}
        return Number(number.headline.value, words, url, other, what)
    agreeing = len({claim.source_id for claim in number.claims if claim.value == number.headline.value})
    words = _("as reported")
    if agreeing > 1:
        words = ngettext("as reported by %(count)s source", "as reported by %(count)s sources", agreeing)
        words %= {"count": in_words(agreeing)}
    return Number(number.headline.value, words, url, what=what)


def in_words(count: int) -> str:
    """Small numbers as a sentence has them."""
    words = {2: _("two"), 3: _("three"), 4: _("four"), 5: _("five")}
    return words.get(count, str(count))


def proposals(round: TenderRound, counts: RoundCounts, moment: Moment) -> Number | None:
    """How many proposals came in, as far as that is public; None where it is not."""
    if counts.proposals is None:
        return None
    what = indicator_name("proposals_received")
    if counts.basis == RECORDED:
        url = reverse("round", args=[round.code]) + "#came-in"
        return Number(counts.proposals, _("recorded"), url, what=what)
    assert counts.claim is not None  # noqa: S101  # a reported count is its claim's value
    return Number(counts.proposals, _("as reported"), proof_url(counts.claim.figure_id, moment), what=what)
