"""The release calendar: a year, a month or a list of what is dated, and the same as files."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parks.models import Park
from parks.windows import speak_day
from portal.asof import BadParameter, Moment, moment
from portal.calendar import KINDS, entries
from portal.calendar.conflicts import disputed_plots
from portal.drawing.timeline import strip, timeline
from portal.entries import ROUND, Entry, Kind, Place
from portal.exports import calendar_csv as csv_file
from portal.exports import calendar_ics as ics_file
from portal.files import CALENDAR, csv_response, file_response
from portal.sheets.agenda import DateRow, date_rows, window_rows
from portal.sheets.monthgrid import weekdays, weeks
from portal.sheets.titleblock import sheet
from tenders.ledger import ledger

FIRST_YEAR, LAST_YEAR = 1990, 2100
VIEWS = {"year": gettext_lazy("Year"), "month": gettext_lazy("Month"), "agenda": gettext_lazy("Agenda")}
CHOICES = [
    ("", gettext_lazy("Everything")),
    (Kind.RELEASE.value, gettext_lazy("Releases")),
    (ROUND, gettext_lazy("Rounds")),
    (Kind.MILESTONE.value, gettext_lazy("Milestones")),
]


@dataclass(frozen=True)
class Asked:
    """What the query string asks for, read and checked."""

    moment: Moment
    view: str
    first: date  # of the month, or of the year
    last: date
    park: str | None
    kind: str | None
    is_bounded: bool  # the query string names a year or month


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    asked = read(request)
    dated = _entries(asked)
    shape = {"year": _year, "month": _month, "agenda": _agenda}[asked.view]
    context = _around(request, asked) | shape(asked, dated)
    return render(request, f"portal/calendar_{asked.view}.html", context)


@require_safe
def calendar_csv(request: HttpRequest) -> HttpResponseBase:
    asked = read(request)
    dated = _entries(asked)
    if asked.is_bounded:
        dated = [entry for entry in dated if entry.falls_in(asked.first, asked.last)]
    return csv_response(request, "calendar", csv_file.lines(dated))


@require_safe
def calendar_ics(request: HttpRequest) -> HttpResponseBase:
    """All years, whatever year the page shows: who subscribes wants next year's dates too."""
    asked = read(request)
    name = _("Tenderground: release calendar")
    url = settings.SITE_URL + reverse("calendar")
    body = ics_file.calendar(_entries(asked), name=name, url=url, language=_language())
    return file_response(request, "calendar.ics", CALENDAR, [body])


def read(request: HttpRequest) -> Asked:
    """Raises BadParameter for a value that cannot be read."""
    asked = moment(request)
    view = request.GET.get("view", "").strip() or "year"
    if view not in VIEWS:
        raise BadParameter(_("view must be one of %(names)s.") % {"names": ", ".join(VIEWS)})
    kind = request.GET.get("kind", "").strip() or None
    if kind is not None and kind not in KINDS:
        raise BadParameter(_("kind must be one of %(names)s.") % {"names": ", ".join(KINDS)})
    park = request.GET.get("park", "").strip() or None
    if park is not None and not re.fullmatch(r"[-a-zA-Z0-9_]{1,60}", park):
        raise BadParameter(_("park must be the short name of a park, such as hsitp."))
    first, last, is_bounded = _span(request, view, asked.day)
    return Asked(asked, view, first, last, park, kind, is_bounded)


def _span(request: HttpRequest, view: str, today: date) -> tuple[date, date, bool]:
    year, month = _year_asked(request), _month_asked(request)
    if month is not None and (view == "month" or year is None):
        if view == "month":
            return month, _end_of_month(month), True
        year = month.year
    shown = year or today.year
    if view == "month":
        first = date(shown, today.month if shown == today.year else 1, 1)
        return first, _end_of_month(first), year is not None
    return date(shown, 1, 1), date(shown, 12, 31), year is not None


def _year_asked(request: HttpRequest) -> int | None:
    text = request.GET.get("year", "").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise BadParameter(_("year must be a year from 1990 to 2100, such as 2026."))
    return int(text)


def _month_asked(request: HttpRequest) -> date | None:
    text = request.GET.get("month", "").strip()
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise BadParameter(_("month must be a month from 1990 to 2100, such as 2026-03."))
    return date(int(found[1]), int(found[2]), 1)


def _end_of_month(first: date) -> date:
    return _next_month(first) - timedelta(days=1)


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _entries(asked: Asked) -> list[Entry]:
    return entries(asked.moment.at, asked.moment.day, park=asked.park, kind=asked.kind, language=_language())


def _language() -> str:
    return get_language() or "en"


class CalendarForm(forms.Form):
    """What the page can be narrowed to."""

    park = forms.ChoiceField(label=gettext_lazy("Park"), required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("of an entry", "Kind"), choices=CHOICES, required=False)
    as_of = forms.DateField(
        label=gettext_lazy("As it stood on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _around(request: HttpRequest, asked: Asked) -> dict[str, object]:
    """What all three views have: heading, title block, form, and the way to the views and years beside."""
    heading, name = _titles(asked)
    files = [("CSV", "calendar-csv"), ("iCalendar", "calendar-ics"), ("Atom", "calendar-atom")]
    form = CalendarForm(
        initial={"park": asked.park or "", "kind": asked.kind or "", "as_of": asked.moment.day},
        label_suffix="",
    )
    parks = [("", _("All parks")), *((park.slug, park.name) for park in Park.objects.public())]
    form.fields["park"].choices = parks  # type: ignore[attr-defined]  # it is a ChoiceField
    return {
        "sheet": sheet(request, name, asked.moment, files, as_of_url="#id_as_of"),
        "heading": heading,
        "asked": asked,
        "form": form,
        "kept": [(key, request.GET[key]) for key in ("view", "year", "month") if request.GET.get(key)],
        "is_filtered": bool(asked.park or asked.kind),
        "everything_url": _address(request, park=None, kind=None),
        "views": [
            {"name": name, "url": _address(request, **_to_view(asked, view)), "current": view == asked.view}
            for view, name in VIEWS.items()
        ],
        "steps": _steps(request, asked),
    }


def _titles(asked: Asked) -> tuple[str, str]:
    """The heading, and how the title block calls the sheet."""
    year = asked.first.year
    if asked.view == "month":
        month = speak_day(asked.first, "month", _language())
        return month, _("Calendar, %(month)s") % {"month": month}
    if asked.view == "agenda":
        return _("Agenda %(year)s") % {"year": year}, _("Calendar, agenda")
    return _("Release calendar %(year)s") % {"year": year}, _("Calendar, year %(year)s") % {"year": year}


def _to_view(asked: Asked, view: str) -> dict[str, str | None]:
    """The parameters that lead from the shown days to the same days in another view."""
    year = str(asked.first.year)
    if view != "month":
        return {"view": view, "year": year, "month": None}
    if asked.view == "month":
        return {"view": view, "month": f"{asked.first:%Y-%m}", "year": None}
    day = asked.moment.day
    return {
        "view": view,
        "month": f"{day:%Y-%m}" if day.year == asked.first.year else f"{year}-01",
        "year": None,
    }


def _steps(request: HttpRequest, asked: Asked) -> list[dict[str, str]]:
    """One back and one ahead, as far as the calendar goes."""
    if asked.view == "month":
        targets = [(asked.first - timedelta(days=1)).replace(day=1), _next_month(asked.first)]
        labels = [_month_label(target, asked.first) for target in targets]
        changes: list[dict[str, str | None]] = [
            {"month": f"{target:%Y-%m}", "year": None} for target in targets
        ]
    else:
        targets = [date(asked.first.year + step, 1, 1) for step in (-1, 1)]
        labels = [str(target.year) for target in targets]
        changes = [{"year": label, "month": None} for label in labels]
    return [
        {"rel": rel, "label": label, "url": _address(request, **change)}
        for rel, target, label, change in zip(("prev", "next"), targets, labels, changes, strict=True)
        if FIRST_YEAR <= target.year <= LAST_YEAR
    ]


def _month_label(target: date, shown: date) -> str:
    name = speak_day(target, "month", _language())
    return (
        name
        if target.year != shown.year
        else name.replace(f" {shown.year}", "").replace(f"{shown.year}年", "")
    )


def _address(request: HttpRequest, **changes: str | None) -> str:
    """This page with some parameters changed (None: without them), all others kept."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


def _year(asked: Asked, dated: list[Entry]) -> dict[str, object]:
    disputed = disputed_plots(ledger(asked.moment.at, offers=False))
    words = {
        code: _("≠ another source implies %(count)s") % {"count": count} for code, count in disputed.items()
    }
    parks = [] if asked.park or asked.kind else [_place(park) for park in Park.objects.public()]
    drawn = timeline(
        dated, asked.first.year, asked.moment.day, is_now=asked.moment.is_now, parks=parks, conflicts=words
    )
    return {"timeline": drawn, "disputed": disputed, "year": asked.first.year}


def _place(park: Park) -> Place:
    return Place(park.slug, park.name, park.order, park.is_sample)


def _month(asked: Asked, dated: list[Entry]) -> dict[str, object]:
    rows = _date_rows(asked, dated)
    today = asked.moment.day
    vague = [entry for entry in dated if not entry.day and not entry.is_cancelled]
    strips = [strip(entry, asked.first, asked.last, today) for entry in vague]
    return {
        "strips": [drawn for drawn in strips if drawn],
        "weeks": weeks(asked.first, today, rows),
        "weekdays": weekdays(),
        "rows": [row for row in rows if row.day and asked.first <= row.day <= asked.last],
        "month_name": _month_label(asked.first, asked.first),
    }


def _agenda(asked: Asked, dated: list[Entry]) -> dict[str, object]:
    rows = [row for row in _date_rows(asked, dated) if row.day and asked.first <= row.day <= asked.last]
    today = asked.moment.day
    windows = [entry for entry in dated if not entry.day and _is_expected(entry, asked)]
    return {
        "months": _by_month(rows, today),
        "windows": window_rows(windows),
        "today_words": speak_day(today, "day", _language(), weekday=True)
        if today.year == asked.first.year
        else "",
        "today_label": _("Today") if asked.moment.is_now else _("As of"),
    }


def _is_expected(entry: Entry, asked: Asked) -> bool:
    """May come in the year; of the programme, also what was said by then and is to come or not dated."""
    if entry.falls_in(asked.first, asked.last) and (
        entry.earliest or (entry.latest or asked.last) <= asked.last
    ):
        return True
    said_by_then = entry.announced_on is not None and entry.announced_on <= asked.last
    still_to_come = (entry.earliest or entry.latest or date.max) > asked.last
    return not entry.round and said_by_then and still_to_come


def _by_month(rows: list[DateRow], today: date) -> list[dict[str, object]]:
    """Rows under their months; today's mark is before the first to come, or after the last that is over."""
    coming = next((row for row in rows if row.day and row.day >= today), None)
    over = [row for row in rows if row.day and row.day < today]
    last = over[-1] if over else None
    is_after = last is not None and (
        coming is None or _month_of(coming) not in {_month_of(last), _of_month(today)}
    )
    return [
        {
            "name": speak_day(group[0].day or today, "month", _language()),
            "rows": group,
            "today_before": None if is_after else coming,
            "today_after": last if is_after else None,
        }
        for group in (list(rows) for _month, rows in groupby(rows, key=_month_of))
    ]


def _month_of(row: DateRow) -> tuple[int, int]:
    return _of_month(row.day) if row.day else (0, 0)


def _of_month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _date_rows(asked: Asked, dated: list[Entry]) -> list[DateRow]:
    return date_rows(dated, asked.moment.at, asked.moment.day, asked.first.year)
