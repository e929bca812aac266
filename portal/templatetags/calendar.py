"""Entries in cells of a table: the words as published, what was said before, the slip, when last said."""

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _

from parks.windows import speak, speak_day
from portal.entries import Entry, Kind
from portal.words.speech import day_and_time, day_near, hong_kong, language, span_of_days

register = template.Library()


@register.filter
def item(mapping: Mapping[str, object], key: str) -> object:
    return mapping.get(key)


@register.filter
def as_published(entry: Entry) -> str:
    """The words of the source, or the hour of a round's date; a dash where only the day is known."""
    if entry.instant is not None:
        return day_and_time(entry.instant, hong_kong(entry.instant).year)
    if entry.words:
        return entry.words
    return speak(entry.window, language()) if entry.window and entry.day is None else "–"


@register.filter
def formerly(entry: Entry) -> list[str]:
    """All that was said before, oldest first: what ghosts and dashed flags show in the drawing."""
    pairs = zip(entry.earlier, entry.said[1:], strict=True)
    said = [_("was %(words)s") % {"words": past.words} for past, after in pairs if past.words != after.words]
    times = [former.instant for former in entry.formers]
    return said + [_("was %(words)s") % {"words": day_and_time(time, hong_kong(time).year)} for time in times]


@register.filter
def slip(entry: Entry) -> str:
    days = 0 if entry.is_cancelled else entry.slip_days or 0
    if days < 0:
        return _("%(span)s sooner") % {"span": span_of_days(-days)}
    return span_of_days(days) if days else "–"


@register.filter
def slip_proof(entry: Entry) -> str:
    """Where on the entry's page the slip is proved; nothing where none is told, or its table is the proof."""
    if entry.is_cancelled or not entry.slip_days:
        return ""
    if entry.kind == Kind.RELEASE:
        return "#slip"
    return "#amendments" if entry.round else ""


@register.filter
def last_said(entry: Entry) -> str:
    if entry.announced_on is None:
        return "–"
    if entry.announced_precision != "day":
        return speak_day(entry.announced_on, entry.announced_precision, language(), short=True)
    return day_near(entry.announced_on, 0)
