"""Numbers in sentences: each one a link to its proof with its mark beside it, ready to stand in a translation."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.words.numbers import Number

register = template.Library()


@register.simple_tag
def door(number: Number) -> SafeString:
    """The number alone as a door to its proof, where its mark stands elsewhere."""
    return format_html('<a href="{}" aria-label="{}">{}</a>', number.url, number.spoken, number.text)


@register.simple_tag
def claim(number: Number) -> SafeString:
    """The number as a door to its proof, and its mark on small lines at its right."""
    return format_html(
        '<span class="claim"><a href="{}" aria-label="{}">{}</a>'
        '<small class="mark{}" aria-hidden="true">{}</small></span>',
        number.url,
        number.spoken,
        number.text,
        "" if number.other is None else " is-conflict",
        number.mark,
    )
