"""The day that a page or file is asked for: now, or the end of a past day in Hong Kong."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

EARLIEST_YEAR = 1990


class BadParameter(Exception):
    """A query parameter that cannot be read; its words go to the reader with a 400."""


@dataclass(frozen=True)
class Moment:
    """An instant to show everything at: `day` in Hong Kong, `at` now or the last microsecond of that day."""

    at: datetime
    day: date
    is_now: bool


def moment(request: HttpRequest) -> Moment:
    """Now, or the end of the day in `as_of`. Raises BadParameter for a malformed or future day."""
    return moment_of(request.GET.get("as_of", "").strip(), timezone.now())


def moment_of(text: str, now: datetime) -> Moment:
    """The same for a day as text; none is now."""
    if not text:
        return Moment(now, timezone.localdate(now), is_now=True)
    day = _day(text)
    if day > timezone.localdate(now):
        raise BadParameter(
            _("as_of: %(day)s has not come yet. Ask for today or a day before.") % {"day": day}
        )
    if day == timezone.localdate(now):
        return Moment(now, day, is_now=True)
    return Moment(datetime.combine(day, time.max, timezone.get_default_timezone()), day, is_now=False)


def _day(text: str) -> date:
    words = _("as_of must be a day such as 2025-12-31, from %(year)s on.") % {"year": EARLIEST_YEAR}
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise BadParameter(words)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadParameter(words) from error
    if day.year < EARLIEST_YEAR:
        raise BadParameter(words)
    return day
