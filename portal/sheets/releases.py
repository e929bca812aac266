"""A release as its page and the programme show it: every announcement in words, and how far it moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from parks.models import ReleaseRevision
from parks.windows import Precision, speak_day
from portal.entries import Entry
from portal.exports.rows import ReleaseRow
from portal.words.slippage import Slip, slip
from portal.words.speech import language


@dataclass(frozen=True)
class ReleaseLine:
    """A line of the programme. `other` is the number of plots that stands against the announced one."""

    row: ReleaseRow
    slip: Slip
    other: int | None

    @property
    def release(self) -> Any:
        return self.row.release


@dataclass(frozen=True)
class Telling:
    """One announcement, and how it differs from the one before it."""

    revision: ReleaseRevision
    moved: Slip | None


def lines(rows: Iterable[ReleaseRow], disputed: dict[str, int]) -> list[ReleaseLine]:
    return [line(row, disputed) for row in rows]


def line(row: ReleaseRow, disputed: dict[str, int]) -> ReleaseLine:
    told: Sequence[ReleaseRevision] = row.release.told
    return ReleaseLine(row, slip(told), disputed.get(row.release.code))


def tellings(told: Sequence[ReleaseRevision]) -> list[Telling]:
    """Every announcement with the step from the one before, newest first."""
    steps = [None, *(slip(pair) for pair in pairwise(told))]
    return [Telling(revision, step) for revision, step in zip(told, steps, strict=True)][::-1]


def said(revision: ReleaseRevision) -> str:
    """ "said in December 2025 by Wen Wei Po", with the day where it is known."""
    day = speak_day(revision.announced_on, revision.announced_precision, language())
    words = {"day": day, "publisher": revision.source.publisher}
    if revision.announced_precision == "day":
        return _("said on %(day)s by %(publisher)s") % words
    return _("said in %(day)s by %(publisher)s") % words


def certainty(revision: ReleaseRevision) -> str:
    """What the words come to as days: "1 January 2026 to 31 December 2026, no day known"."""
    window = revision.window
    first = speak_day(window.earliest, "day", language()) if window.earliest else ""
    last = speak_day(window.latest, "day", language()) if window.latest else ""
    if window.precision is Precision.UNKNOWN:
        return _("not dated")
    if window.precision is Precision.DAY:
        return first
    if not last:
        return _("from %(first)s on, no end said") % {"first": first}
    if not first:
        return _("by %(last)s, no day known") % {"last": last}
    return _("%(first)s to %(last)s, no day known") % {"first": first, "last": last}


def years(dated: Iterable[Entry], today: date) -> list[int]:
    """The years worth drawing: this one if the window can fall in it, else that of its first day."""
    entries = list(dated)
    limits = [day for entry in entries for day in (entry.earliest, entry.latest) if day]
    falling = any(
        entry.falls_in(today.replace(month=1, day=1), today.replace(month=12, day=31)) for entry in entries
    )
    if falling or not limits:
        return [today.year]
    return [min(limits).year]
