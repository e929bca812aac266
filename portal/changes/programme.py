"""What changed of the programme: releases and milestones announced, moved, counted anew, called off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.models import Milestone, Release
from parks.models.programme import Revision
from parks.windows import Precision, narrows, slip_days, speak
from portal.asof import Moment
from portal.changes.asked import Asked
from portal.changes.change import Change, ChangeKind, iso_window
from portal.changes.places import of_source, on_land
from portal.words.speech import language, quoted, span_of_days


@dataclass(frozen=True)
class _Kinds:
    announced: ChangeKind
    revised: ChangeKind
    repeated: ChangeKind
    cancelled: ChangeKind


RELEASE = _Kinds(
    ChangeKind.RELEASE_ANNOUNCED,
    ChangeKind.RELEASE_REVISED,
    ChangeKind.RELEASE_REPEATED,
    ChangeKind.RELEASE_CANCELLED,
)
MILESTONE = _Kinds(
    ChangeKind.MILESTONE_ANNOUNCED,
    ChangeKind.MILESTONE_REVISED,
    ChangeKind.MILESTONE_REPEATED,
    ChangeKind.MILESTONE_CANCELLED,
)


def release_changes(moment: Moment, asked: Asked) -> Iterator[Change]:
    """Two queries: releases, revisions."""
    releases = Release.objects.public().as_of(moment.day)
    if asked.release:
        releases = releases.filter(code=asked.release)
    for release in _of_land(releases, asked):
        url = reverse("release", args=[release.code])
        yield from _Subject(release, RELEASE, ("release", release.code), url, release.code).changes()


def milestone_changes(moment: Moment, asked: Asked) -> Iterator[Change]:
    """Two queries: milestones, revisions."""
    for milestone in _of_land(Milestone.objects.public().as_of(moment.day), asked):
        park = milestone.park.slug
        url = f"{reverse('park', args=[park])}#milestone-{milestone.code}"
        yield from _Subject(milestone, MILESTONE, ("milestone", park, milestone.code), url).changes()


def _of_land(rows: Any, asked: Asked) -> Iterable[Any]:
    chosen = rows.in_park(asked.park) if asked.park else rows
    found: Iterable[Any] = chosen.select_related("park", "phase__part_of")
    return found


@dataclass(frozen=True)
class _Subject:
    """A release or a milestone, `told` in order."""

    row: Any
    kinds: _Kinds
    name: tuple[str, ...]
    url: str
    release: str = ""

    def changes(self) -> Iterator[Change]:
        yield self._announced(self.row.told[0])
        for before, after in pairwise(self.row.told):
            yield from self._step(before, after)

    def _announced(self, revision: Revision) -> Change:
        after = iso_window(revision.window)
        if revision.cancelled:
            return self._change(revision, self.kinds.cancelled, "window", _("Called off"), after=after)
        words = {"when": when(revision)}
        count = getattr(revision, "plot_count", None)
        said = _("Announced: %(when)s") % words
        if count:
            said = ngettext(
                "%(count)d plot announced: %(when)s", "%(count)d plots announced: %(when)s", count
            )
            said %= {"count": count} | words
        return self._change(revision, self.kinds.announced, "window", said, after=after)

    def _step(self, before: Revision, after: Revision) -> Iterator[Change]:
        """What one announcement changed of the one before it; each thing is a change of its own."""
        if after.cancelled and not before.cancelled:
            old = iso_window(before.window)
            yield self._change(after, self.kinds.cancelled, "window", _("Called off"), before=old)
            return
        moved, counted = _window_moved(before, after), _count_moved(before, after)
        if moved:
            yield self._change(
                after,
                self.kinds.revised,
                "window",
                moved,
                before=iso_window(before.window),
                after=iso_window(after.window),
                is_slip=(slip_days(before.window, after.window) or 0) > 0,
            )
        if counted:
            old, new = (str(getattr(said, "plot_count", None) or "") for said in (before, after))
            kind = ChangeKind.RELEASE_PLOTS_CHANGED
            yield self._change(after, kind, "plots", counted, before=old, after=new)
        if not moved and not counted:
            limits = iso_window(after.window)
            words = _("Said again: %(when)s") % {"when": when(after)}
            yield self._change(after, self.kinds.repeated, "window", words, before=limits, after=limits)

    def _change(self, revision: Revision, kind: ChangeKind, what: str, words: str, **more: Any) -> Change:
        return Change(
            key=(*self.name, "revision", str(revision.number), what),
            kind=kind,
            date=revision.announced_on,
            precision=revision.announced_precision,
            subject=self.row.title,
            words=words,
            url=self.url,
            release=self.release,
            reason=revision.reason,
            said=of_source(revision.source),
            **on_land(self.row.park, self.row.phase),
            **more,
        )


def when(revision: Revision) -> str:
    """The limits, and the words as published where the page speaks the source's own language and they differ."""
    limits = speak(revision.window, language())
    words = revision.words_in(language())[0]
    if not revision.verbatim or revision.source.language != language() or words == limits:
        return limits
    return _("%(limits)s, %(words)s") % {"limits": limits, "words": quoted(words)}


def _window_moved(before: Revision, after: Revision) -> str:
    """How the window changed in words; nothing where its limits stand."""
    old, new = before.window, after.window
    words = {"old": when(before), "new": when(after)}
    if before.cancelled and not after.cancelled:
        return _("On again: %(new)s") % words
    if (old.earliest, old.latest, old.precision) == (new.earliest, new.latest, new.precision):
        return ""
    if old.precision is Precision.UNKNOWN:
        return _("First dated: %(new)s") % words
    if new.precision is Precision.UNKNOWN:
        return _("Not dated any more, was %(old)s") % words
    return _moved(slip_days(old, new), words, narrower=narrows(old, new))


def _moved(days: int | None, words: dict[str, str], *, narrower: bool) -> str:
    if days:
        said = (
            _("Slipped %(span)s: from %(old)s to %(new)s")
            if days > 0
            else _("Brought forward %(span)s: from %(old)s to %(new)s")
        )
        return said % (words | {"span": span_of_days(abs(days))})
    if narrower:
        return _("Date became clearer: %(new)s, was %(old)s") % words
    return _("Window changed from %(old)s to %(new)s") % words


def _count_moved(before: Revision, after: Revision) -> str:
    old, new = getattr(before, "plot_count", None), getattr(after, "plot_count", None)
    words = {"old": old, "new": new}
    if old == new:
        return ""
    if old is None:
        return _("Number of plots said: %(new)d") % words
    if new is None:
        return _("Number of plots not said any more, was %(old)d") % words
    return _("Number of plots changed from %(old)d to %(new)d") % words
