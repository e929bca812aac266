"""Releases: the programme by park, and one release with every announcement of it."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parks.models import Plot, Release, ReleasePlot
from portal import selections
from portal.asof import Moment, moment
from portal.calendar.conflicts import disputed_plots
from portal.calendar.programme import release_entries
from portal.drawing.timeline import draw_told
from portal.entries import Entry
from portal.exports.rows import ReleaseRow
from portal.filters import page_of
from portal.sheets.keeping import kept_by_park
from portal.sheets.releases import certainty, line, lines, proof, said, tellings
from portal.sheets.titleblock import sheet
from portal.words.numbers import Number, told
from portal.words.slippage import outcome, slip_answer
from portal.words.titles import other_title
from tenders.ledger import Ledger, ledger
from tenders.ledger.indicators import ANNOUNCED
from tenders.slippage import courses
from tenders.statuses import RoundKind
from tenders.subjects import of_release

PER_PAGE = 50
ASKING = {RoundKind.EXPRESSION_OF_INTEREST, RoundKind.PREQUALIFICATION}  # they put nothing on the market


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    asked = moment(request)
    selection = selections.releases(request.GET, asked)
    page = page_of(selection.queryset, request.GET.get("page", ""), PER_PAGE)
    disputed = disputed_plots(ledger(asked.at, offers=False))
    shown = lines(selection.rows_of(page.object_list), disputed)
    context = {
        "sheet": sheet(
            request, _("Releases"), asked, [("CSV", "releases-csv"), ("iCalendar", "calendar-ics")]
        ),
        "form": selection.form,
        "narrowed": selection.narrowed,
        "list_url": _list_url(asked),
        "clear_url": _list_url(asked) if selection.narrowed else "",
        "kept": [] if asked.is_now else [("as_of", asked.day.isoformat())],
        "page": page,
        "total": selections.releases({}, asked).count() if selection.narrowed else page.paginator.count,
        "keeping": kept_by_park(asked),
        "parks": [(park, list(group)) for park, group in groupby(shown, key=lambda line: line.release.park)],
    }
    return render(request, "portal/release_list.html", context)


def _list_url(asked: Moment) -> str:
    return reverse("releases") if asked.is_now else f"{reverse('releases')}?as_of={asked.day.isoformat()}"


@require_safe
def release_detail(request: HttpRequest, release: str) -> HttpResponse:
    asked = moment(request)
    row = selections.releases({}, asked).one(code=release)
    if row is None:
        raise Http404
    own = _entry(row, asked)
    book = ledger(asked.at, park=row.release.park.slug, offers=False)
    disputed = disputed_plots(book)
    current = row.release.current
    (course,) = courses([row.release], asked.at)
    actual_day = course.actual.day if course.actual else None
    context = {
        "sheet": _sheet(request, row, asked),
        "row": row,
        "release": row.release,
        "current": current,
        "line": line(row, disputed),
        "other_title": other_title(row.release),
        "said": said(current),
        "certainty": certainty(current),
        "course": course,
        "first_said": said(course.first),
        "first_certainty": certainty(course.first),
        "slip": slip_answer(course),
        "outcome": outcome(course),
        "proof": proof(course),
        "drawing": draw_told(own, actual_day, asked.day, is_now=asked.is_now),
        "only_asked": row.rounds and all(round.kind in ASKING for round in row.rounds),
        "tellings": tellings(row.release.told),
        "plots": _plots(row.release, asked),
        "rounds": row.rounds,
        "number": _number(row, book, asked),
    }
    return render(request, "portal/release_detail.html", context)


def _sheet(request: HttpRequest, row: ReleaseRow, asked: Moment) -> dict[str, object]:
    """Its files hold this release alone, as far as a file can be narrowed to it."""
    code = row.release.code
    day = "" if asked.is_now else f"&as_of={asked.day.isoformat()}"
    files = [
        (_("Releases"), f"{reverse('releases-csv')}?q={code}{day}"),
        (_("Plots"), f"{reverse('plots-csv')}?release={code}{day}"),
    ]
    shown = sheet(request, _("Release %(code)s") % {"code": code}, asked, [])
    return shown | {"files": [{"label": label, "url": url} for label, url in files]}


def _entry(row: ReleaseRow, asked: Moment) -> Entry:
    """The release as the calendar has it."""
    dated = release_entries(asked.day, row.release.park.slug)
    return next(entry for entry in dated if entry.release == row.release.code)


def _plots(release: Release, asked: Moment) -> list[Plot]:
    """The plots that it had named and that are public."""
    named = ReleasePlot.objects.named_by(asked.day).filter(release=release)
    return list(Plot.objects.public().filter(release_plots__in=named).order_by("code"))


def _number(row: ReleaseRow, book: Ledger, asked: Moment) -> Number | None:
    """How many plots it announces, as a door to all that is said and recorded of them."""
    return told(book.number(of_release(row.release), ANNOUNCED), asked)
