"""The title block of a page: what it is called, as it stood when, its newest source, and its files to take away."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parks.models import Milestone, MilestoneRevision, Park, Release, ReleaseRevision, Source
from parks.windows import speak_day
from portal.asof import Moment
from tenders.models import Figure, TenderRound


def sheet(
    request: HttpRequest, name: str, moment: Moment, files: list[tuple[str, str]], *, as_of_url: str = "#as-of",
    only: dict[str, str] | None = None,
) -> dict[str, object]:  # fmt: skip
    """`files` are (label, url name) pairs; their addresses carry the page's own query string.

    `only` is what a page about one thing adds to it: {"park": "hsitp"}.
    """
    language = get_language() or "en"
    asked = request.GET.copy()
    for parameter, value in (only or {}).items():
        asked[parameter] = value
    query = asked.urlencode()
    suffix = f"?{query}" if query else ""
    return {
        "name": name,
        "as_of_text": speak_day(moment.day, "day", language),
        "as_of": moment.day.isoformat(),
        "as_of_url": as_of_url,
        "is_now": moment.is_now,
        "newest_source": newest_source(moment, language),
        "files": [{"label": label, "url": reverse(url_name) + suffix} for label, url_name in files],
    }


def newest_source(moment: Moment, language: str) -> str:
    """Publisher and day of the newest publication known on that day, made-up ones left aside. One query."""
    known = Source.objects.exclude(code__startswith="sample").filter(published__lte=moment.day)
    source = known.filter(_speaks_of_what_is_public(moment)).first()
    if source is None:
        return _("none yet")
    return _("%(publisher)s, %(day)s") % {
        "publisher": source.publisher,
        "day": speak_day(source.published, source.published_precision, language),
    }


def _speaks_of_what_is_public(moment: Moment) -> Q:
    """A source that only drafts name is as much a secret as they are."""
    releases = ReleaseRevision.objects.announced_by(moment.day).filter(subject__in=Release.objects.public())
    milestones = MilestoneRevision.objects.announced_by(moment.day).filter(
        subject__in=Milestone.objects.public()
    )
    found: Q = Q()
    for rows in (
        Figure.objects.public().as_of(moment.day),
        releases,
        milestones,
        TenderRound.objects.public(moment.at),
        Park.objects.public(),
    ):
        found |= Q(Exists(rows.filter(source=OuterRef("pk"))))
    return found
