"""Parks: the list, and a park's page with its phases, plots, map, programme, figures and rounds."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parks.models import Park, Plot, Release, out_by
from portal import selections
from portal.asof import Moment, moment
from portal.calendar import entries
from portal.calendar.conflicts import disputed_plots
from portal.drawing.parkmaps import park_map
from portal.drawing.timeline import Timeline, timeline
from portal.entries import Entry
from portal.pipeline import pipeline
from portal.sheets.keeping import kept_in
from portal.sheets.overview import Overview, overview
from portal.sheets.park import figure_lines, park_lines, park_sources, phase_lines, programme, reported
from portal.sheets.pipeline import now_groups
from portal.sheets.plotlist import groups, park_caption, plain_columns
from portal.sheets.titleblock import sheet
from portal.sheets.unnamed import fitting, unnamed
from portal.words.titles import other_title


@require_safe
def park_list(request: HttpRequest) -> HttpResponse:
    asked = moment(request)
    parks = Park.objects.public().select_related("manager")
    lines = park_lines(parks, overview(asked), plots_by_phase())
    context = {
        "sheet": sheet(request, _("Parks"), asked, [("CSV", "plots-csv")]),
        "lines": lines,
        "real": sum(not line.park.is_sample for line in lines),
        "made_up": any(line.park.is_sample for line in lines),
    }
    return render(request, "portal/park_list.html", context)


@require_safe
def park_detail(request: HttpRequest, park: str) -> HttpResponse:
    asked = moment(request)
    found = get_object_or_404(Park.objects.public().select_related("manager", "source"), slug=park)
    facts = overview(asked, park)
    context = {
        "sheet": sheet(
            request,
            found.name,
            asked,
            [("CSV", "plots-csv"), ("iCalendar", "calendar-ics")],
            only={"park": park},
        ),
        "park": found,
        "source": out_by(found.source, asked.day),
        "other_name": other_title(found, "name"),
        "year": asked.day.year,
        "changes_since": f"{asked.day.year - 1}-01-01",
        **_land(found, facts, asked),
        **_programme_and_rounds(found, facts, asked),
    }
    context["is_bare"] = not any(context[part] for part in ("phases", "groups", "lines", "rounds", "numbers"))
    return render(request, "portal/park_detail.html", context)


def _land(park: Park, facts: Overview, asked: Moment) -> dict[str, object]:
    plots = selections.plots({"park": park.slug}, asked)
    page = plots.page("")
    balance = pipeline({"park": park.slug}, asked)
    counted = fitting(unnamed(asked, balance.gathered), {"park": park.slug})
    return {
        "phases": phase_lines(park, facts, plots_by_phase()),
        "groups": groups(page.object_list, counted, ""),
        "page": page,
        "columns": plain_columns(),
        "caption": park_caption(page, counted),
        "map": park_map([row.plot for row in page.object_list]),
        "balance": [group for group in now_groups(balance.scopes, asked) if group.rows],
    }


def _programme_and_rounds(park: Park, facts: Overview, asked: Moment) -> dict[str, object]:
    dated = entries(asked.at, asked.day, park=park.slug, language=get_language() or "en")
    disputed = disputed_plots(facts.book)
    lines = programme(park, asked, disputed)
    rounds = selections.rounds({"park": park.slug}, asked).rows()
    numbers = reported(facts.book)
    return {
        "timeline": _drawing(park, dated, disputed, asked),
        "lines": lines,
        "keeping": kept_in(
            park, [line.subject for line in lines if isinstance(line.subject, Release)], asked
        ),
        "rounds": rounds,
        "numbers": figure_lines(park, numbers, asked),
        "sources": park_sources(park, lines, rounds, numbers, asked),
    }


def _drawing(park: Park, dated: list[Entry], disputed: dict[str, int], asked: Moment) -> Timeline | None:
    """The year in which the page is read; nothing where the park has nothing dated in it."""
    words = {
        code: _("≠ another source implies %(count)s") % {"count": count} for code, count in disputed.items()
    }
    year, is_now = asked.day.year, asked.is_now
    drawn = timeline(
        dated, year, asked.day, is_now=is_now, conflicts=words, label=park.name, park_heads=False
    )
    return None if drawn.is_empty else drawn


def plots_by_phase() -> dict[int, int]:
    return dict(Plot.objects.public().order_by().values_list("phase").annotate(Count("pk")))
