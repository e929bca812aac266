"""How far a release moved from its first announcement, in words that claim no more than is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.models.programme import Revision
from parks.windows import Precision, Window, narrows, slip_days, speak
from portal.words.speech import language, span_of_days


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


def slip(told: Sequence[Revision]) -> Slip:
    """From the first announcement to the newest of `told`, which is in order and not empty."""
    first, now = told[0].window, told[-1].window
    if len(told) == 1:
        return Slip(None, "", _("Announced once; it has not moved."))
    days = slip_days(first, now)
    if days is None:
        return Slip(None, "", _cannot_be_said(first, now))
    if days > 0:
        words = _moved(_("Slipped %(span)s"), days, first, now)
        return Slip(days, _later(days, _steps(told)), words, _counting_rule(first, now))
    if days < 0:
        short = _("%(span)s earlier") % {"span": span_of_days(-days)}
        words = _moved(_("Brought forward %(span)s"), days, first, now)
        return Slip(days, short, words, _counting_rule(first, now))
    return Slip(0, "", _stayed(first, now))


def _steps(told: Sequence[Revision]) -> int:
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


def _cannot_be_said(first: Window, now: Window) -> str:
    if now.precision is Precision.UNKNOWN:
        if first.precision is Precision.UNKNOWN:
            return _("Not dated so far.")
        return _("It was dated once and is not any more; how far it moved cannot be said.")
    if first.precision is Precision.UNKNOWN:
        return _("The first announcement had no date, so there is nothing that it could have slipped from.")
    return _("The first and the newest window have no limit in common; how far it moved cannot be said.")
