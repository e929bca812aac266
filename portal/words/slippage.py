"""How a release kept to its first announcement, in words that claim no more than `tenders.slippage` found."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.models import ReleaseRevision
from parks.windows import Precision, Window, narrows, slip_days, speak
from portal.words.speech import language, span_of_days
from tenders.slippage import Course, Move, Outcome, Unsaid, move


@dataclass(frozen=True)
class Slip:
    """`short` fits a column and is empty where there is nothing to say; `full` is a sentence.

    `rule` says how days were counted between windows that are no days.
    """

    days: int | None
    short: str
    full: str
    rule: str = ""

    @property
    def is_later(self) -> bool:
        return self.days is not None and self.days > 0


def slip(told: Sequence[Any]) -> Slip:
    """From the first announcement to the newest of `told`, which is in order and not empty."""
    first, now = told[0].window, told[-1].window
    if len(told) == 1:
        return Slip(None, "", _("Announced once; it has not moved."))
    days = slip_days(first, now)
    if days is None:
        return Slip(None, "", why_unsaid(move(first, now).unsaid))
    if days > 0:
        words = _moved(_("Slipped %(span)s"), days, first, now)
        return Slip(days, _later(days, _steps(told)), words, _counting_rule(first, now))
    if days < 0:
        short = _("%(span)s earlier") % {"span": span_of_days(-days)}
        words = _moved(_("Brought forward %(span)s"), days, first, now)
        return Slip(days, short, words, _counting_rule(first, now))
    return Slip(0, "", _stayed(first, now))


def _steps(told: Sequence[Any]) -> int:
    return sum((slip_days(before.window, after.window) or 0) > 0 for before, after in pairwise(told))


def _later(days: int, steps: int) -> str:
    span = span_of_days(days)
    if steps < 2:
        return span
    return ngettext("%(span)s in %(count)d step", "%(span)s in %(count)d steps", steps) % {
        "span": span,
        "count": steps,
    }


def _moved(verb: str, days: int, first: Window, now: Window) -> str:
    said = verb % {"span": span_of_days(abs(days))}
    words = {"said": said, "first": speak(first, language()), "now": speak(now, language())}
    return _("%(said)s: from “%(first)s” to “%(now)s”.") % words


def _counting_rule(first: Window, now: Window) -> str:
    exact = [window.precision is Precision.DAY for window in (first, now)]
    if all(exact):
        return ""
    by_earliest = first.earliest is not None and now.earliest is not None
    if any(exact):
        return (
            _("Only one of them is a day; counted from earliest day to earliest day.")
            if by_earliest
            else _("Only one of them is a day; counted from latest day to latest day.")
        )
    return (
        _("Neither is a day; counted from earliest day to earliest day.")
        if by_earliest
        else _("Neither is a day; counted from latest day to latest day.")
    )


def _stayed(first: Window, now: Window) -> str:
    if narrows(first, now):
        words = {"first": speak(first, language()), "now": speak(now, language())}
        return _("Not slipped: “%(now)s” lies within “%(first)s”, the date has only become clearer.") % words
    if (first.earliest, first.latest) == (now.earliest, now.latest):
        return _("Not slipped so far.")
    return _widened(first, now)


def _widened(first: Window, now: Window) -> str:
    """The earliest day stands while the latest one moved: that is neither a slip nor nothing."""
    if first.latest is not None and now.latest is not None:
        span = span_of_days(abs((now.latest - first.latest).days))
        return _("The earliest day stands; the latest day moved by %(span)s.") % {"span": span}
    return _("The earliest day stands; no latest day is said any more.")


def why_unsaid(unsaid: Unsaid | None) -> str:
    """A sentence; nothing where it can be said."""
    match unsaid:
        case None:
            return ""
        case Unsaid.NEVER_DATED:
            return _("Not dated so far.")
        case Unsaid.NO_LONGER_DATED:
            return _("It was dated once and is not any more; how far it moved cannot be said.")
        case Unsaid.FIRST_UNDATED:
            return _(
                "The first announcement had no date, so there is nothing that it could have slipped from."
            )
    return _("The first and the newest window have no limit in common; how far it moved cannot be said.")


def in_days(days: int) -> str:
    """A number of days, never rounded to months: what a proof is made of."""
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def signed_days(days: int) -> str:
    """ "92 days later", "31 days earlier", "0 days"."""
    if days == 0:
        return in_days(0)
    words = {"days": in_days(abs(days))}
    return _("%(days)s later") % words if days > 0 else _("%(days)s earlier") % words


def days_of_median(days: Decimal) -> str:
    """The same for a median, which may lie half a day between two."""
    if days == int(days):
        return signed_days(int(days))
    words = {"days": _("%(count)s days") % {"count": abs(days)}}
    return _("%(days)s later") % words if days > 0 else _("%(days)s earlier") % words


def between(found: Move) -> str:
    """What else fits the two windows: "1 to 180 days later"; nothing where one number alone fits, or none is known."""
    if found.least is None or found.most is None or found.least == found.most:
        return ""
    if found.least >= 0:
        return _("%(least)s to %(most)s later") % {"least": found.least, "most": in_days(found.most)}
    if found.most <= 0:
        return _("%(least)s to %(most)s earlier") % {"least": -found.most, "most": in_days(-found.least)}
    words = {"earlier": in_days(-found.least), "later": in_days(found.most)}
    return _("anything from %(earlier)s earlier to %(later)s later") % words


def moved(found: Move) -> str:
    """What one announcement did to the window of another, in a few words."""
    if found.unsaid:
        return _moved_unsaid(found.unsaid)
    if (found.first.earliest, found.first.latest) == (found.now.earliest, found.now.latest):
        return _("the same window")
    if found.is_inside:
        return _("clearer, inside the window said before")
    if found.slip == 0:
        return _("vaguer, around the window said before")
    return signed_days(found.slip or 0)


def _moved_unsaid(unsaid: Unsaid) -> str:
    return {
        Unsaid.NEVER_DATED: _("still not dated"),
        Unsaid.FIRST_UNDATED: _("dated for the first time"),
        Unsaid.NO_LONGER_DATED: _("no longer dated"),
        Unsaid.NOTHING_IN_COMMON: _("another limit; how far it moved cannot be said"),
    }[unsaid]


def changes(before: ReleaseRevision, after: ReleaseRevision) -> list[str]:
    """What an announcement says otherwise than an earlier one: the window always, all else where it differs."""
    said = [moved(move(before.window, after.window))]
    if before.plot_count != after.plot_count:
        said.append(_plots_changed(before.plot_count, after.plot_count))
    if before.cancelled != after.cancelled:
        said.append(_("called off") if after.cancelled else _("no longer called off"))
    if before.source.publisher != after.source.publisher:
        said.append(_("said by another publisher"))
    return said


def _plots_changed(before: int | None, after: int | None) -> str:
    if after is None:
        return _("number of plots not said any more")
    words = ngettext("%(count)d plot", "%(count)d plots", after) % {"count": after}
    if before is None:
        return _("%(plots)s, a number for the first time") % {"plots": words}
    return _("%(plots)s instead of %(before)d") % {"plots": words, "before": before}


def outcome(course: Course) -> str:
    """How the release stands to its first window: "came inside the first window", "not come, 55 days over"."""
    days = abs(course.days_off or 0)
    match course.outcome:
        case Outcome.INSIDE:
            return _("came inside the first window")
        case Outcome.BEFORE:
            return _("came %(days)s before the first window") % {"days": in_days(days)}
        case Outcome.AFTER:
            return _("came %(days)s after the first window") % {"days": in_days(days)}
        case Outcome.OVERDUE:
            return _("not come; the first window was over %(days)s ago") % {"days": in_days(days)}
        case Outcome.CALLED_OFF:
            return _("called off before it came")
        case Outcome.WAITING:
            return _("not come; the first window is not over")
    return unmeasured(course.first.window)


def unmeasured(first: Window) -> str:
    """Why there is nothing to hold the release's coming against."""
    if first.precision is Precision.UNKNOWN:
        return _("cannot be held against the first window, which was not dated")
    return _("cannot be held against the first window, which has no last day")


@dataclass(frozen=True)
class Answer:
    """What is said in large letters, and what belongs to it in small ones."""

    words: str
    note: str = ""
    is_later: bool = False


def slip_answer(course: Course) -> Answer:
    """How far the release moved, as the page of it answers first."""
    found, said = course.move, slip(course.told)
    if course.now.cancelled:
        return Answer(_("called off"))
    if found.unsaid is not None:
        return Answer(_("cannot be said"), why_unsaid(found.unsaid))
    if len(course.told) == 1:
        return Answer(_("none so far"), _("announced once"))
    fitting = between(found)
    note = _("%(range)s fit both windows") % {"range": fitting} if fitting else ""
    if said.days:
        return Answer(said.short, note, said.is_later)
    if found.is_inside:
        return Answer(_("none"), _("the newest window lies inside the first"))
    return Answer(_("none by the rule"), note or moved(found))
