"""What both halves of the calendar need: stable names, places, texts in the active language, the ends of days."""

from datetime import date, datetime, time
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.timezone import get_default_timezone

from parks.models import Park, Phase
from portal.entries import Place


def uid(*parts: object) -> str:
    """A name that stays the same for good (RFC 7986, section 5.3), of letters that no calendar changes."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"{'-'.join(quote(str(part), safe='') for part in parts)}@{host}"


def park_place(park: Park) -> Place:
    return Place(park.slug, park.name, park.order, park.is_sample)


def phase_place(phase: Phase | None) -> Place | None:
    return Place(phase.code, phase.name, phase.order) if phase else None


def midnight(day: date) -> datetime:
    """A day as an instant: midnight in Hong Kong says no time."""
    return datetime.combine(day, time.min, get_default_timezone())


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, get_default_timezone())
