"""calendar.ics: entries in, RFC 5545 out. No clock is read, so the same entries are the same bytes."""

from collections.abc import Iterable
from datetime import UTC, date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from parks.windows import Precision, Window, speak
from portal.entries import Entry, Status

PRODID = "-//Tenderground//Calendar//EN"
ASK_AGAIN_AFTER = timedelta(hours=12)


def calendar(entries: Iterable[Entry], *, name: str, url: str, language: str) -> bytes:
    """One VCALENDAR. Entries without any day have no place in it; calendar.csv has them."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)  # RFC 7986; the X- names are for the many programs that know only those
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("url", url)
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for entry in entries:
        if entry.starts or entry.ends:
            calendar.add_component(_event(entry, language))
    return bytes(calendar.to_ical())


def _event(entry: Entry, language: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.updated_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", entry.updated_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("summary", _summary(entry, language))
    event.add("status", entry.status.value.upper())
    event.add("url", settings.SITE_URL + entry.url)
    event.add("categories", [str(entry.kind.label)])
    event.add("location", entry.park.name)
    event.add("description", _description(entry))
    _place(event, entry)
    return event


def _place(event: Event, entry: Entry) -> None:
    """Deadlines are instants in UTC, short windows spans of days, DTEND exclusive; vaguer ones one day."""
    event.add("transp", "TRANSPARENT" if entry.all_day else "OPAQUE")
    if not entry.all_day and entry.instant is not None:
        event.add("dtstart", entry.instant.astimezone(UTC))
        return
    first, last = _days(entry)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))


def _days(entry: Entry) -> tuple[date, date]:
    first = entry.earliest or entry.latest
    if first is None:
        raise ValueError(f"{entry.uid} has no day to stand on.")
    return (first, entry.latest or first) if entry.is_brief else (first, first)


def _summary(entry: Entry, language: str) -> str:
    window = entry.window
    if window is None or entry.is_brief:
        return entry.title
    return _("%(title)s (%(when)s)") % {"title": entry.title, "when": _not_a_day(window, language)}


def _not_a_day(window: Window, language: str) -> str:
    """ "2026, exact date not announced"; "by the end of 2030" says so itself."""
    spoken = speak(window, language)
    if window.precision is Precision.BY:
        return spoken
    return _("%(when)s, exact date not announced") % {"when": spoken}


def _description(entry: Entry) -> str:
    facts = [entry.words, entry.note, entry.source]
    if entry.status is Status.CANCELLED:
        facts.insert(0, _("Cancelled"))
    if entry.is_sample:
        facts.append(_("Made up, to show how it works."))
    return "\n".join(filter(None, facts))
