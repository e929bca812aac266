"""Days of a known year, times of the day, spans and quotations as pages say them, in the active language."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import get_language, ngettext, npgettext, pgettext
from django.utils.translation import gettext as _

from parks.windows import speak_day

NOON = time(12)
MIDNIGHT = time(0)
DAYS_IN_A_MONTH = 365.2425 / 12


def language() -> str:
    return get_language() or "en"


def hong_kong(instant: datetime) -> datetime:
    return timezone.localtime(instant, timezone.get_default_timezone())


def day_and_month(day: date, *, short: bool = False, weekday: bool = False) -> str:
    """ "12 March", "Thu 12 Mar" or 3月12日, where the year is plain from what stands around it."""
    words = speak_day(day, "day", language(), short=short, weekday=weekday)
    return words.replace(f" {day.year}", "").replace(f"{day.year}年", "")


def month_and_year(day: date) -> str:
    """ "Oct 2025", 2025年10月: a month where its year is not plain."""
    return speak_day(day, "month", language(), short=True)


def day_near(day: date, year: int, *, short: bool = True, weekday: bool = False) -> str:
    """The day, with its year only if that is another than `year`."""
    if day.year == year:
        return day_and_month(day, short=short, weekday=weekday)
    return speak_day(day, "day", language(), short=short, weekday=weekday)


def has_time(instant: datetime) -> bool:
    """Midnight in Hong Kong is how a day without a time is kept."""
    return hong_kong(instant).time() != MIDNIGHT


def time_of_day(instant: datetime) -> str:
    """ "17:00", "12:00 noon"; nothing where only the day is known."""
    moment = hong_kong(instant)
    if moment.time() == MIDNIGHT:
        return ""
    return _("12:00 noon") if moment.time() == NOON else f"{moment:%H:%M}"


def day_words(day: date) -> str:
    return speak_day(day, "day", language())


def instant_words(instant: datetime) -> str:
    """ "6 November 2025, 12:00 noon", Hong Kong time."""
    day, clock = day_words(hong_kong(instant).date()), time_of_day(instant)
    return _("%(day)s, %(time)s") % {"day": day, "time": clock} if clock else day


def day_and_time(instant: datetime, year: int) -> str:
    """ "30 Apr, noon", as short as it can be said."""
    moment = hong_kong(instant)
    day = day_near(moment.date(), year)
    if moment.time() == MIDNIGHT:
        return day
    clock = _("noon") if moment.time() == NOON else f"{moment:%H:%M}"
    return _("%(day)s, %(time)s") % {"day": day, "time": clock}


def span_of_days(days: int) -> str:
    """ "14 days", "3 months": days up to a month and a half, then the nearest number of months."""
    months = round(days / DAYS_IN_A_MONTH)
    if days < 1.5 * DAYS_IN_A_MONTH and not 28 <= days <= 31:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}


def countdown(day: date, today: date) -> str:
    """ "49 days", "today", "10 days ago". Whole days, never seconds."""
    days = (day - today).days
    if days == 0:
        return _("today")
    if days > 0:
        return npgettext("to go", "%(count)d day", "%(count)d days", days) % {"count": days}
    return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}


def quoted(words: str) -> str:
    """Published words between the quotation marks of the active language."""
    return _("“%(words)s”") % {"words": words}


def listed(parts: Iterable[str]) -> str:
    """ "10 plots, announced 3 times": what is empty is left out."""
    return pgettext("between parts of a caption", ", ").join(filter(None, parts))


def sentences(parts: Iterable[str]) -> str:
    """Sentences after one another; a Chinese full stop needs no space behind it."""
    return (" " if language() == "en" else "").join(filter(None, parts))


def day_after(day: date) -> date:
    return day + timedelta(days=1)
