"""The day that a page is asked for, kept by its links: who reads a past day stays in it from link to link."""

import re
from urllib.parse import parse_qs, urlsplit

from django import template
from django.conf import settings
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import escape

register = template.Library()

# A link within the site: its path and query, and what it leads to on the page.
LINK = re.compile(r'(?<= href=")(/[^/"#][^"#]*|/)(#[^"]*)?(?=")')


class KeepDay(template.Node):
    """Whatever stands between the tags, its links within the site led to the page's own day if that is a past one."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        html = self.nodelist.render(context)
        sheet = context.get("sheet") or {}
        if sheet.get("is_now", True):
            return html
        return LINK.sub(lambda link: on_day(link[1], sheet["as_of"]) + (link[2] or ""), html)


def on_day(link: str, day: str) -> str:
    """`/rounds/?park=hsitp` with `as_of` behind, as an attribute holds it; what says a day itself keeps that."""
    address = urlsplit(link.replace("&amp;", "&"))
    is_file = link.startswith(settings.STATIC_URL)
    if is_file or "as_of" in parse_qs(address.query):
        return link
    return f"{link}{'&amp;' if address.query else '?'}as_of={escape(day)}"


@register.tag
def keepday(parser: Parser, _token: Token) -> KeepDay:
    """`{% keepday %}…{% endkeepday %}` around what a page shows; relies on its `sheet`."""
    nodelist = parser.parse(("endkeepday",))
    parser.delete_first_token()
    return KeepDay(nodelist)
