"""What is left of the land, and when it is to be released: the second half of the sentence."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from parks.models import ReleaseRevision
from parks.windows import Precision, Window, speak
from portal.asof import Moment
from portal.sheets.overview import window_phrase
from portal.sheets.press.basis import figure
from portal.sheets.press.phrases import Phrase, Piece, fill
from portal.templatetags.portal import as_published
from portal.words.speech import language
from tenders.ledger import Ledger, Standing
from tenders.ledger.indicators import REMAINING
from tenders.ledger.statements import NOT_OFFERED, to_come
from tenders.subjects import Subject, of_phase


def of_the_rounds_phase(round: Any, book: Ledger, moment: Moment) -> Phrase:
    """Nothing where nobody counts what remains of the phase.

    Plots of a round that has not opened, or came to nothing, are themselves among those that remain.
    """
    if round.phase is None:
        return ()
    others = round.stage_now not in NOT_OFFERED
    return remaining(of_phase(round.phase), book, moment, others=others)


def remaining(land: Subject, book: Ledger, moment: Moment, *, others: bool) -> Phrase:
    """ "the remaining 22 plots will be released in 2026 (announced as “gradually next year”)".

    `others`: the plots are others than those of which the sentence speaks before.
    """
    left = book.number(land, REMAINING)
    if left is None or left.value is None:
        return ()
    if not left.value:
        none = figure(left, moment, words=pgettext("within a sentence", "no plot"))
        return fill(_("%(none)s remains to be released"), none=none)
    release = _announced(land, left, book)
    if not others or release is None:
        words = ngettext(
            "%(number)s plot remains to be released", "%(number)s plots remain to be released", _count(left)
        )
        return fill(words, number=figure(left, moment))
    return _released(release, left, moment)


def _count(left: Standing) -> int:
    return int(left.value or 0)


def _announced(land: Subject, left: Standing, book: Ledger) -> Any:
    """The release that announces just that many plots; of another number it would be another one's date."""
    found = [
        release
        for release in to_come(book.known)
        if release.phase_id == land.pk and (release.current.plot_count or release.named) == left.value
    ]
    return min(found, key=lambda release: (release.current.window_latest is None, release.code), default=None)


def _released(release: Any, left: Standing, moment: Moment) -> Phrase:
    current: ReleaseRevision = release.current
    number, when = figure(left, moment), _window(current.window)
    if not when:
        words = ngettext(
            "the remaining %(number)s plot has no announced date yet",
            "the remaining %(number)s plots have no announced date yet",
            _count(left),
        )
        return fill(words, number=number)
    if current.window_latest is not None and current.window_latest < moment.day:
        words = ngettext(
            "the remaining %(number)s plot was to be released %(when)s",
            "the remaining %(number)s plots were to be released %(when)s",
            _count(left),
        )
    else:
        words = ngettext(
            "the remaining %(number)s plot will be released %(when)s",
            "the remaining %(number)s plots will be released %(when)s",
            _count(left),
        )
    return fill(words, number=number, when=_when(release, when, moment))


def _window(window: Window) -> str:
    """Of "by the end of the year" its end: as a span of months it would not end a sentence."""
    return window_phrase(replace(window, earliest=None) if window.precision is Precision.BY else window)


def _when(release: Any, when: str, moment: Moment) -> Phrase:
    """The year that was meant, and behind it the words as they were published; a link to the announcement."""
    url = reverse("release", args=[release.code])
    if not moment.is_now:
        url += f"?as_of={moment.day.isoformat()}"
    published = as_published(release.current)
    if published == speak(release.current.window, language()):
        return (Piece(when, url),)
    return (Piece(_("%(when)s (announced as %(words)s)") % {"when": when, "words": published}, url),)
