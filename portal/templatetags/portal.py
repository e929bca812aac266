"""Filters of the templates: values as a page says them, in the active language. No queries, no markup."""

import re
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from parks.models import localised
from parks.models.programme import Revision
from parks.terms import term as in_the_readers_language
from parks.windows import Window, speak, speak_day
from portal.words.speech import day_and_time, hong_kong, language, quoted, time_of_day
from tenders.availability import Availability
from tenders.statuses import Stage

register = template.Library()

HAN = re.compile(r"[\u3400-\u9fff]")
ANY_YEAR = 0  # so that the year is always said


@register.filter
def local(row: object, field: str) -> str:
    """`{{ lot|local:"title" }}`: the text in the active language, else in the nearest one that has it."""
    return localised(row, field)


@register.filter
def tongue(text: str) -> str:
    """The BCP 47 tag of what staff typed in one language only: Chinese if it has a Chinese character."""
    if not HAN.search(text):
        return "en"
    return {"zh-hans": "zh-Hans"}.get(language(), "zh-Hant")


@register.filter
def spoken(window: Window | None) -> str:
    """The limits of a window in plain words; nothing for no window."""
    return speak(window, language()) if window else ""


@register.filter
def as_published(revision: Revision | None) -> str:
    """When, as the source said it: quoted only where the page speaks the source's own language.

    Elsewhere it is our rendering, without marks: the stored one, or what the limits say.
    """
    if revision is None:
        return ""
    active = language()
    if revision.verbatim and revision.source.language == active:
        return quoted(_own_words(revision, active))
    return _own_words(revision, active) or speak(revision.window, active)


def _own_words(revision: Revision, active: str) -> str:
    field = "window_text" if active == "en" else f"window_text_{active.replace('-', '_')}"
    words: str = getattr(revision, field, "")
    return words


@register.filter
def day_text(day: date | None, precision: str = "day") -> str:
    """A day as far as it is known: "24 September 2025", "December 2025", "2024"."""
    return speak_day(day, precision, language()) if day else ""


@register.filter
def short_day(day: date | None, precision: str = "day") -> str:
    """The same for a narrow column: "24 Sep 2025"."""
    return speak_day(day, precision, language(), short=True) if day else ""


@register.filter
def hk_day(instant: datetime | None) -> date | None:
    """The day in Hong Kong on which it happened."""
    return hong_kong(instant).date() if instant else None


@register.filter
def clock(instant: datetime | None) -> str:
    """ "12:00 noon", Hong Kong time; nothing where only the day is known."""
    return time_of_day(instant) if instant else ""


@register.filter
def instant_text(instant: datetime | None) -> str:
    """ "Thu 30 April 2026, 12:00 noon", Hong Kong time; the day alone where no time was said."""
    if instant is None:
        return ""
    day = speak_day(hong_kong(instant).date(), "day", language(), weekday=True)
    clock = time_of_day(instant)
    return _("%(day)s, %(time)s") % {"day": day, "time": clock} if clock else day


@register.filter
def short_instant(instant: datetime | None) -> str:
    """ "30 Apr 2026, noon" for a narrow column."""
    return day_and_time(instant, ANY_YEAR) if instant else ""


@register.filter
def number(value: Decimal | float | int | None) -> str:
    """117,000: grouped by thousands, without needless decimals; nothing for None."""
    return "" if value is None else f"{Decimal(str(value)).normalize():,f}"


@register.filter
def ratio(value: float | None) -> str:
    """5.0 or 5.83: one decimal always, two where they say something."""
    if value is None:
        return ""
    text = f"{value:.2f}"
    return text[:-1] if text.endswith("0") else text


@register.filter
def money(amount: Decimal | int | None) -> str:
    """HK$1,250,000; nothing for None."""
    return "" if amount is None else _("HK$%(amount)s") % {"amount": number(amount)}


@register.filter
def term(text: str) -> str:
    """A common word for land use or sector, however it was typed, in the active language."""
    return in_the_readers_language(text)


@register.filter
def availability_label(value: str) -> str:
    return str(Availability(value).label)


@register.filter
def stage_label(value: str) -> str:
    return str(Stage(value).label)
