"""changes.atom and calendar.atom: changes in, RFC 4287 out. No clock is read: the same changes, the same bytes."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from portal.changes import Change
from portal.words.speech import listed, quoted

AUTHOR = "Tenderground"
# The year in which the names begin (RFC 4151): it stays, whatever year it is.
NAMED_SINCE = "2026"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 has no place for (section 2.2), though a database keeps it.
UNWRITABLE = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


@dataclass(frozen=True)
class Feed:
    """What stands above the entries. Addresses are absolute; `url` is the feed's own, `page` shows the same."""

    title: str
    subtitle: str
    url: str
    page: str
    language: str  # a tag of BCP 47


class _Atom(Atom1Feed):
    """Django's, but for a feed without entries: that was never updated, and certainly not now."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NEVER


def atom(feed: Feed, changes: Iterable[Change]) -> bytes:
    """One feed with an entry a change, in their order. Its id is its address, theirs name the change for good."""
    made = _Atom(
        title=_writable(feed.title),
        link=feed.page,
        description="",
        subtitle=_writable(feed.subtitle),
        language=feed.language,
        author_name=AUTHOR,
        author_link=settings.SITE_URL,
        feed_url=feed.url,
        feed_guid=feed.url,
    )
    for change in changes:
        made.add_item(
            title=_writable(change.title),
            link=settings.SITE_URL + change.url,
            description=_writable(_summary(change)),
            unique_id=tag(change),
            pubdate=change.updated,
            updateddate=change.updated,
            categories=[change.kind.value],
        )
    written = io.StringIO()
    made.write(written, "utf-8")
    return written.getvalue().encode("utf-8") + b"\n"


def tag(change: Change) -> str:
    """The same in every feed, language and version (RFC 4151)."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{NAMED_SINCE}:changes/{'/'.join(quote(part, safe='') for part in change.key)}"


def _summary(change: Change) -> str:
    """HTML: what changed, why, where, who said so."""
    land = listed(place.name for place in (change.park, change.phase) if place)
    facts = [
        change.words,
        change.reason and _("Reason: %(reason)s") % {"reason": quoted(change.reason)},
        land,
        change.said.publisher and _("Source: %(publisher)s") % {"publisher": change.said.publisher},
        _("Made up, to show how it works.") if change.is_sample else "",
    ]
    return "".join(f"<p>{escape(fact)}</p>" for fact in facts if fact)


def _writable(text: str) -> str:
    return UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
