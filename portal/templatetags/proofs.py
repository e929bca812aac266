"""Numbers in sentences: each one a link to its proof with its mark beside it, ready to stand in a translation."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parks.models import Release
from portal.words.numbers import Number
from tenders.ledger.indicators import ANNOUNCED, OFFERED
from tenders.models import TenderRound
from tenders.subjects import of_release, of_round

register = template.Library()


@register.filter
def offered_proof(round: TenderRound) -> str:
    """Where the number of plots that a round offers is proved; the page leads it to its own day."""
    return reverse("figure", args=[of_round(round).figure_id(OFFERED)])


@register.filter
def announced_proof(release: Release) -> str:
    """Where the number of plots that a release announces is proved; the page leads it to its own day."""
    return reverse("figure", args=[of_release(release).figure_id(ANNOUNCED)])


@register.simple_tag
def door(number: Number) -> SafeString:
    """The number alone as a door to its proof, where its mark stands elsewhere."""
    return format_html('<a href="{}" aria-label="{}">{}</a>', number.url, number.spoken, number.text)


@register.simple_tag
def claim(number: Number) -> SafeString:
    """The number as a door to its proof, and its mark on small lines at its right.

    The link says the mark too; but a mark that names another number is a door of its own.
    """
    mark = format_html('<small class="mark" aria-hidden="true">{}</small>', number.mark)
    if number.other is not None:
        link = '<small class="mark is-conflict"><a href="{}">{}</a></small>'
        mark = format_html(link, number.url, number.mark)
    return format_html('<span class="claim">{}{}</span>', door(number), mark)
