"""The day that a page or file is asked for: now, or the end of a past day in Hong Kong."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


class BadParameter(Exception):
    """A query parameter that cannot be read; its words go to the reader with a 400."""


@dataclass(frozen=True)
class Moment:
    """An instant to show everything at: `day` in Hong Kong, `at` now or the last microsecond of that day.

    `known_at` is set where the day is still to come, which only staff may ask for: the present, after which nothing
    is known of what comes in.
    """

    at: datetime
    day: date
    is_now: bool
    known_at: datetime | None = None


def moment(request: HttpRequest) -> Moment:
    """Now, or the end of the day in `as_of`. Raises BadParameter for a malformed or future day."""
    return moment_of(request.GET.get("as_of", "").strip(), timezone.now())


def moment_of(text: str, now: datetime) -> Moment:
    """The same for a day as text; none is now."""
    if not text:
        return Moment(now, timezone.localdate(now), is_now=True)
    day = read_day(text, "as_of")
    if day > timezone.localdate(now):
        raise BadParameter(
            _("as_of: %(day)s has not come yet. Ask for today or a day before.") % {"day": day}
        )
    if day == timezone.localdate(now):
        return Moment(now, day, is_now=True)
    return Moment(_last_instant(day), day, is_now=False)


def end_of(text: str, now: datetime) -> Moment:
    """The end of any day, past or to come, in `day`; none is today. Raises BadParameter. For the preview of staff.

    On a past day it is the public's own moment. Today and later a reader would ask for no day: it is now, then.
    """
    day = read_day(text, "day") if text else timezone.localdate(now)
    if day.year > LATEST_YEAR:
        raise BadParameter(_("day: ask for one up to %(year)s.") % {"year": LATEST_YEAR})
    if day < timezone.localdate(now):
        return moment_of(text, now)
    return Moment(_last_instant(day), day, is_now=True, known_at=now)


def _last_instant(day: date) -> datetime:
    return datetime.combine(day, time.max, timezone.get_default_timezone())


def read_day(text: str, name: str) -> date:
    """The day that the parameter `name` gives as text. Raises BadParameter for a malformed one."""
    words = _("%(name)s must be a day such as 2025-12-31, from %(year)s on.") % {
        "name": name,
        "year": EARLIEST_YEAR,
    }
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise BadParameter(words)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadParameter(words) from error
    if day.year < EARLIEST_YEAR:
        raise BadParameter(words)
    return day
