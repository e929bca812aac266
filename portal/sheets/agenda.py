"""Entries as lines of a list: when, what, where, and how many days are left."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from parks.windows import speak
from portal.entries import Entry, Kind
from portal.words.speech import countdown, day_near, hong_kong, language, span_of_days, time_of_day


@dataclass(frozen=True)
class DateRow:
    """One line. `iso` is the day for machines, empty where none is known; `due` marks a closing time."""

    entry: Entry
    title: str
    when: str
    place: str
    beneath: str = ""
    iso: str = ""
    due: bool = False
    countdown: str = ""
    struck: bool = False
    slip: str = ""
    slipped_from: str = ""
    day: date | None = None


def date_rows(entries: Iterable[Entry], at: datetime, today: date, year: int) -> list[DateRow]:
    """What has a day, in order; a closing time that was moved stands struck on its former days too."""
    rows = [
        row
        for entry in entries
        if entry.day
        for row in [*_former_rows(entry, year), _dated(entry, at, today, year)]
    ]
    return sorted(rows, key=lambda row: (row.day or today, list(Kind).index(row.entry.kind), row.entry.uid))


def window_rows(entries: Iterable[Entry]) -> list[DateRow]:
    """What may come on a day that nobody knows, and what is not dated, in order."""
    return [_windowed(entry) for entry in entries if not entry.day]


def row(entry: Entry, at: datetime, today: date, year: int) -> DateRow:
    """The line of one entry, whatever it knows of its day."""
    return _dated(entry, at, today, year) if entry.day else _windowed(entry)


def _dated(entry: Entry, at: datetime, today: date, year: int) -> DateRow:
    day = entry.day or today
    closes = entry.kind == Kind.CLOSES
    return DateRow(
        entry=entry,
        title=entry.action or entry.subject,
        when=_weekday_and_day(day, year),
        place=_place(entry),
        beneath=time_of_day(entry.instant) if entry.instant else _unless_it_is_the_day(entry),
        iso=_iso(entry, day),
        due=closes and not entry.is_cancelled,
        countdown="" if entry.is_cancelled else _left(entry, day, at, today),
        struck=entry.is_cancelled,
        slip=_("moved %(span)s") % {"span": span_of_days(entry.slip_days or 0)}
        if closes and _is_later(entry)
        else "",
        day=day,
    )


def _former_rows(entry: Entry, year: int) -> list[DateRow]:
    now = day_near(entry.day, year, short=False) if entry.day else ""
    base = DateRow(
        entry, entry.action or entry.subject, "", _("moved to %(day)s") % {"day": now}, struck=True
    )
    rows = []
    for former in entry.formers:
        day = hong_kong(former.instant).date()
        when = _weekday_and_day(day, year)
        rows.append(
            replace(base, when=when, beneath=time_of_day(former.instant), iso=day.isoformat(), day=day)
        )
    return rows


def _windowed(entry: Entry) -> DateRow:
    spoken = speak(entry.window, language()) if entry.window else ""
    slipped = _is_later(entry) and entry.said
    return DateRow(
        entry=entry,
        title=entry.action or entry.subject,
        when=spoken[:1].upper() + spoken[1:],
        place=_place(entry),
        beneath=entry.words,
        struck=entry.is_cancelled,
        slip=_("slipped %(span)s") % {"span": span_of_days(entry.slip_days or 0)} if slipped else "",
        slipped_from=_("from %(words)s") % {"words": entry.said[0].words} if slipped else "",
    )


def _is_later(entry: Entry) -> bool:
    return entry.slip_days is not None and entry.slip_days > 0 and not entry.is_cancelled


def _weekday_and_day(day: date, year: int) -> str:
    return day_near(day, year, weekday=True)


def _unless_it_is_the_day(entry: Entry) -> str:
    """The words as published, where they say more than the day beside them."""
    said = entry.said[-1] if entry.said else None
    return entry.words if said and said.verbatim else ""


def _iso(entry: Entry, day: date) -> str:
    return day.isoformat() if entry.all_day or entry.instant is None else hong_kong(entry.instant).isoformat()


def _left(entry: Entry, day: date, at: datetime, today: date) -> str:
    """Days to go; of a closing time, on its last day the hour, and from then on that it is closed."""
    if entry.kind != Kind.CLOSES or entry.instant is None:
        return countdown(day, today)
    if at >= entry.instant:
        return _("Closed")
    if day == today:
        return _("today, %(time)s") % {"time": time_of_day(entry.instant)}
    return countdown(day, today)


def _place(entry: Entry) -> str:
    """Which round, or which park and phase."""
    if entry.note and entry.kind in {Kind.AMENDED, Kind.AWARD}:
        return entry.note
    if entry.round:
        return _("%(subject)s, %(park)s") % {"subject": entry.subject, "park": entry.park.name}
    if entry.phase:
        return _("%(park)s, %(phase)s") % {"park": entry.park.name, "phase": entry.phase.name}
    return entry.park.name
