"""Releases and milestones as entries: the current window, and all announcements that led to it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from parks.models import Milestone, Release, changed_by, localised
from parks.models.base import FALLBACKS
from parks.models.programme import Revision
from portal.calendar.naming import end_of, midnight, park_place, phase_place, uid
from portal.entries import Entry, Kind, Said, Status
from portal.words.speech import language

TAGS = {"en": "en", "zh_hant": "zh-Hant", "zh_hans": "zh-Hans"}


def release_entries(day: date, park: str | None) -> list[Entry]:
    """Two queries: releases, revisions."""
    releases = Release.objects.public().as_of(day).select_related("park", "phase").with_named(day)
    return [_release(release, day) for release in _in_park(_stamped(releases, day), park)]


def milestone_entries(day: date, park: str | None) -> list[Entry]:
    """Two queries: milestones, revisions."""
    milestones = Milestone.objects.public().as_of(day).select_related("park", "phase")
    return [_milestone(milestone, day) for milestone in _in_park(_stamped(milestones, day), park)]


def _stamped(rows: Any, day: date) -> Any:
    return rows.annotate(changed_at=changed_by(rows.model, end_of(day)))


def _in_park(rows: Any, park: str | None) -> Iterable[Any]:
    chosen: Iterable[Any] = rows.in_park(park) if park else rows
    return chosen


def _release(release: Any, day: date) -> Entry:
    return _entry(
        release,
        Kind.RELEASE,
        day,
        uid=uid("release", release.code),
        url=reverse("release", args=[release.code]),
        release=release.code,
        plots=release.current.plot_count or release.named or None,
    )


def _milestone(milestone: Any, day: date) -> Entry:
    return _entry(
        milestone,
        Kind.MILESTONE,
        day,
        uid=uid("milestone", milestone.park.slug, milestone.code),
        url=f"{reverse('park', args=[milestone.park.slug])}#milestone-{milestone.code}",
        note=milestone.get_kind_display(),
    )


def _entry(row: Any, kind: Kind, day: date, **more: Any) -> Entry:
    current = row.current
    return Entry(
        kind=kind,
        title=row.title,
        subject=row.title,
        action="",
        park=park_place(row.park),
        phase=phase_place(row.phase),
        updated_at=_updated_at(row, current, end_of(day)),
        sequence=len(row.told) - 1,
        status=Status.CANCELLED if current.cancelled else Status.TENTATIVE,
        window=current.window,
        code=row.code,
        said=tuple(_said(revision) for revision in row.told),
        slip_days=row.slip_days,
        announced_on=current.announced_on,
        announced_precision=current.announced_precision,
        source=current.source.publisher,
        cancelled_on=current.announced_on if current.cancelled else None,
        **more,
    )


def _updated_at(row: Any, current: Revision, at: datetime) -> datetime:
    """The newest stamp by `at`; of what was entered only afterwards, the day of its announcement."""
    stamps = [stamp for stamp in (row.changed_at, current.created_at) if stamp and stamp <= at]
    return max(stamps, default=midnight(current.announced_on))


def _said(revision: Revision) -> Said:
    text, tag = _published_words(revision)
    return Said(
        window=revision.window,
        text=text,
        # Marks of quotation only where the page speaks the source's language; elsewhere it is our rendering.
        verbatim=revision.verbatim and revision.source.language == language(),
        announced_on=revision.announced_on,
        announced_precision=revision.announced_precision,
        publisher=localised(revision.source, "publisher"),
        plots=getattr(revision, "plot_count", None),
        language=tag,
    )


def _published_words(revision: Revision) -> tuple[str, str]:
    """The words in the active language or the nearest one that has them, with its tag if it is another."""
    text, suffix = revision.words_in(language())
    is_its_own = suffix in {"", FALLBACKS.get(language(), FALLBACKS["en"])[0]}
    return text, "" if is_its_own else TAGS[suffix]
