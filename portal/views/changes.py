"""What changed between two days: the page, the same as a file, and the feeds of it and of the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from parks.windows import speak_day
from portal.asof import BadParameter, Moment, moment, read_day
from portal.changes import KIND_CHOICES, KINDS, Asked, Change, changes, last_days
from portal.changes.calendar import KINDS_OF_ENTRIES
from portal.context import TAGS
from portal.exports import changes_csv as csv_file
from portal.exports.changes_atom import Feed, atom
from portal.files import ATOM, csv_response, file_response
from portal.filters import page_of, park_choices, phase_choices
from portal.sheets.titleblock import sheet
from portal.views import calendar
from portal.words.speech import language

PER_PAGE = 100
NEWEST = 50  # entries of a feed that was asked for no days
LONGEST_CODE = 100
CODES = ("park", "phase", "release", "round", "plot")


class ChangesForm(forms.Form):
    """What may be asked of the changes; the codes of one thing are read from the address and kept."""

    park = forms.CharField(label=gettext_lazy("Park"), max_length=LONGEST_CODE, required=False)
    phase = forms.CharField(label=gettext_lazy("Phase"), max_length=LONGEST_CODE, required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("of a change", "Kind"), choices=KIND_CHOICES, required=False)
    since = forms.CharField(label=gettext_lazy("From"), required=False)
    until = forms.CharField(label=pgettext_lazy("of days", "To"), required=False)
    release = forms.CharField(max_length=LONGEST_CODE, required=False, widget=forms.HiddenInput)
    round = forms.CharField(max_length=LONGEST_CODE, required=False, widget=forms.HiddenInput)
    plot = forms.CharField(max_length=LONGEST_CODE, required=False, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Question:
    """What the query string asks for, read and checked; `since` and `until` only as far as they were written."""

    moment: Moment
    narrowed: Asked
    kind: str
    since: date | None
    until: date | None

    @property
    def days(self) -> tuple[date, date]:
        """The days to show: of what was left out, the last 30 up to the moment."""
        since, until = last_days(self.until or self.moment.day)
        return self.since or since, until

    @property
    def between(self) -> Asked:
        since, until = self.days
        return replace(self.narrowed, since=since, until=until)

    def query(self, **more: str) -> str:
        """What was asked, in one order and form whoever asks."""
        asked = {
            **{name: getattr(self.narrowed, name) for name in CODES},
            "kind": self.kind,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "as_of": "" if self.moment.is_now else self.moment.day.isoformat(),
            **more,
        }
        said = urlencode({name: value for name, value in asked.items() if value})
        return f"?{said}" if said else ""


def read(request: HttpRequest) -> Question:
    """Raises BadParameter for a value that cannot be read."""
    asked = moment(request)
    form = ChangesForm(request.GET)
    if not form.is_valid():
        raise BadParameter(_words(form))
    values = form.cleaned_data
    since, until = read_days(values, asked)
    kind: str = values["kind"]
    narrowed = Asked(**{name: values[name] for name in CODES})
    if kind:
        narrowed = replace(narrowed, kinds=KINDS[kind])
    return Question(asked, narrowed, kind, since, until)


def _words(form: forms.Form) -> str:
    if "kind" in form.errors:
        return _("kind must be one of %(names)s.") % {"names": ", ".join(KINDS)}
    return " ".join(f"{name}: {error}" for name, errors in form.errors.items() for error in errors)


def read_days(values: Mapping[str, str], asked: Moment) -> tuple[date | None, date | None]:
    """`since` and `until`, where they were written. Raises BadParameter for days to come, and for reversed ones."""
    since, until = (_read_day(values.get(name, "").strip(), name, asked) for name in ("since", "until"))
    if since is not None and until is not None and since > until:
        raise BadParameter(_("since is later than until: swap them."))
    return since, until


def _read_day(text: str, name: str, asked: Moment) -> date | None:
    if not text:
        return None
    day = read_day(text, name)
    if day > asked.day:
        words = (
            _("%(name)s: %(day)s has not come yet. Ask for today or a day before.")
            if asked.is_now
            else _("%(name)s: %(day)s comes after the day of as_of. Ask for that day or one before.")
        )
        raise BadParameter(words % {"name": name, "day": day})
    return day


# --- the page -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """Changes of one day, or of one month or year of which no more is known."""

    words: str
    iso: str
    changes: list[Change]


@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    asked = read(request)
    since, until = asked.days
    so_far = changes(asked.moment, replace(asked.narrowed, until=until))
    found = [change for change in so_far if change.date >= since]
    page = page_of(found, request.GET.get("page", ""), PER_PAGE)
    narrowed = bool(asked.kind or any(getattr(asked.narrowed, name) for name in CODES))
    files = [("CSV", "changes-csv"), ("Atom", "changes-atom")]
    list_url = reverse("changes") + _day(asked)
    context = {
        "sheet": sheet(request, _("Changes"), asked.moment, files),
        "form": _form(asked),
        "kept": [] if asked.moment.is_now else [("as_of", asked.moment.day.isoformat())],
        "narrowed": narrowed,
        "list_url": list_url,
        "clear_url": list_url if narrowed or asked.since or asked.until else "",
        "page": page,
        "days": _days(list(page.object_list)),
        "since": speak_day(since, "day", language()),
        "until": speak_day(until, "day", language()),
        "newest": _newest(asked, so_far) if not found else None,
        "everything_url": _since(asked, so_far[-1].date) if so_far and so_far[-1].date < since else "",
        "feed_url": reverse("changes-atom") + asked.query(),
    }
    return render(request, "portal/change_list.html", context)


def _form(asked: Question) -> forms.Form:
    """As it was asked, the days that are shown filled in; an empty hidden field would only lengthen the address."""
    since, until = asked.days
    codes = {name: getattr(asked.narrowed, name) for name in CODES}
    initial = codes | {"kind": asked.kind, "since": since.isoformat(), "until": until.isoformat()}
    form = ChangesForm(initial=initial, label_suffix="")
    for name in ("release", "round", "plot"):
        if not codes[name]:
            del form.fields[name]
    for name, choices in (("park", park_choices), ("phase", phase_choices(codes["park"]))):
        form.fields[name].widget = forms.Select(choices=choices())
    for name in ("since", "until"):
        form.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return form


def _days(found: list[Change]) -> list[Day]:
    groups = groupby(found, key=lambda change: (change.date, change.precision))
    return [
        Day(speak_day(day, precision, language(), weekday=precision == "day"), first.iso_day, [first, *rest])
        for (day, precision), group in groups
        for first, *rest in [list(group)]
    ]


def _newest(asked: Question, so_far: list[Change]) -> dict[str, str] | None:
    """Where nothing fell in the days asked for: the last day before them on which anything changed."""
    if not so_far:
        return None
    last = so_far[0]
    return {"words": speak_day(last.date, last.precision, language()), "url": _since(asked, last.date)}


def _since(asked: Question, day: date) -> str:
    return reverse("changes") + asked.query(since=day.isoformat())


def _day(asked: Question) -> str:
    return "" if asked.moment.is_now else f"?as_of={asked.moment.day.isoformat()}"


# --- files ------------------------------------------------------------------------------------------


@require_safe
def changes_csv(request: HttpRequest) -> HttpResponseBase:
    asked = read(request)
    return csv_response(request, "changes", csv_file.lines(changes(asked.moment, asked.between)))


@require_safe
def changes_atom(request: HttpRequest) -> HttpResponseBase:
    """The newest 50, or all of the days asked for."""
    asked = read(request)
    feed = Feed(
        _("Tenderground: changes"),
        _("Every announcement, move, amendment, opening and award, in words."),
        settings.SITE_URL + reverse("changes-atom") + asked.query(),
        settings.SITE_URL + reverse("changes") + asked.query(),
        TAGS[language()],
    )
    return _feed(request, "changes.atom", feed, asked)


@require_safe
def calendar_atom(request: HttpRequest) -> HttpResponseBase:
    """The same for what stands in the calendar, with the calendar's filters; all years, as calendar.ics."""
    dated = calendar.read(request)
    since, until = read_days(request.GET, dated.moment)
    kinds = KINDS_OF_ENTRIES[dated.kind or ""]
    park = dated.park or ""
    asked = Question(dated.moment, Asked(park=park, kinds=kinds), dated.kind or "", since, until)
    on_page = urlencode({name: value for name, value in (("park", park), ("kind", dated.kind)) if value})
    feed = Feed(
        _("Tenderground: changes of the calendar"),
        _("Every announcement, move, amendment, opening and award, in words."),
        settings.SITE_URL + reverse("calendar-atom") + asked.query(),
        settings.SITE_URL + reverse("calendar") + (f"?{on_page}" if on_page else ""),
        TAGS[language()],
    )
    return _feed(request, "calendar.atom", feed, asked)


def _feed(request: HttpRequest, name: str, feed: Feed, asked: Question) -> HttpResponseBase:
    if asked.since or asked.until:
        found = changes(asked.moment, asked.between)
    else:
        found = changes(asked.moment, asked.narrowed)[:NEWEST]
    return file_response(request, name, ATOM, [atom(feed, found)], inline=True)
