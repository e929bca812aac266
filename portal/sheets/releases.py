"""A release as its page and the programme show it: every announcement in words, how far it moved, when it came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from parks.models import ReleaseRevision
from parks.windows import Precision, speak_day
from portal.exports.rows import ReleaseRow
from portal.words.slippage import Slip, changes, moved, signed_days, slip
from portal.words.speech import language
from tenders.slippage import Course, Outcome, move


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
    """One announcement, and in words how it differs from the one before it and from the first."""

    revision: ReleaseRevision
    since_before: list[str]
    since_first: str
    is_later: bool  # than the one before


@dataclass(frozen=True)
class ProofLine:
    """A subtraction: what it tells, from which day to which, and what it comes to."""

    what: str
    start: date
    end: date
    days: str


def lines(rows: Iterable[ReleaseRow], disputed: dict[str, int]) -> list[ReleaseLine]:
    return [line(row, disputed) for row in rows]


def line(row: ReleaseRow, disputed: dict[str, int]) -> ReleaseLine:
    told: Sequence[ReleaseRevision] = row.release.told
    return ReleaseLine(row, slip(told), disputed.get(row.release.code))


def tellings(told: Sequence[ReleaseRevision]) -> list[Telling]:
    """Every announcement, the first at the top, with what it changed."""
    first = told[0]
    found = [Telling(first, [], "", False)]
    for before, after in pairwise(told):
        step = move(before.window, after.window)
        whole = moved(move(first.window, after.window)) if before is not first else ""
        found.append(Telling(after, changes(before, after), whole, (step.slip or 0) > 0))
    return found


def proof(course: Course) -> list[ProofLine]:
    """What the days of a slip, and those of a release that came early or late, are made of."""
    lines = [] if course.now.cancelled else _proof_of_move(course)
    if course.off_by is not None and course.days_off is not None:
        start, end = course.off_by
        lines.append(ProofLine(_missed(course.outcome), start, end, signed_days(course.days_off)))
    return lines


def _proof_of_move(course: Course) -> list[ProofLine]:
    found, first, now = course.move, course.first.window, course.now.window
    lines = []
    if found.counted is not None and len(course.told) > 1:
        by_earliest = first.earliest is not None and now.earliest is not None
        rule = _("Slip, by the rule: earliest day to earliest day")
        what = rule if by_earliest else _("Slip, by the rule: latest day to latest day")
        lines.append(ProofLine(what, *found.counted, signed_days(found.slip or 0)))
    if found.is_inside or found.least == found.most or found.least is None or found.most is None:
        return lines
    if first.earliest and first.latest and now.earliest and now.latest:
        least, most = (
            _("Least that fits: latest day to earliest day"),
            _("Most that fits: earliest day to latest day"),
        )
        lines.append(ProofLine(least, first.latest, now.earliest, signed_days(found.least)))
        lines.append(ProofLine(most, first.earliest, now.latest, signed_days(found.most)))
    return lines


def _missed(outcome: Outcome) -> str:
    return {
        Outcome.BEFORE: _("Actual day, before the first day of the first window"),
        Outcome.AFTER: _("Actual day, after the last day of the first window"),
        Outcome.OVERDUE: _("Not come by this day, after the last day of the first window"),
    }[outcome]


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
