"""The pipeline: how many plots, how much land and floor area each phase has in which state, over time; and its file."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import pipeline
from portal.asof import Moment, moment
from portal.exports import pipeline_csv as pipeline_file
from portal.files import csv_response
from portal.sheets.pipeline import course_groups, now_groups, picture, whole_rows
from portal.sheets.titleblock import sheet


@require_safe
def pipeline_detail(request: HttpRequest) -> HttpResponse:
    asked = moment(request)
    found = pipeline.pipeline(request.GET, asked)
    parks = {scope.park.pk for scope in found.scopes}
    context = {
        "sheet": sheet(request, _("Pipeline"), asked, [("CSV", "pipeline-csv")]),
        "form": found.form,
        "kept": [] if asked.is_now else [("as_of", asked.day.isoformat())],
        "clear_url": _clear_url(asked) if found.filters.narrowed else "",
        "measure": found.measure,
        "measures": _measures(request, found.measure),
        "picture": picture(found, asked),
        "groups": now_groups(found.scopes, asked),
        "courses": course_groups(found),
        "wholes": whole_rows(found.claims, asked),
        "bare": [] if found.filters.narrowed else [p for p in found.gathered.parks if p.pk not in parks],
    }
    return render(request, "portal/pipeline_detail.html", context)


@require_safe
def pipeline_csv(request: HttpRequest) -> HttpResponseBase:
    found = pipeline.pipeline(request.GET, moment(request))
    return csv_response(request, "pipeline", pipeline_file.lines(pipeline.rows(found)))


def _clear_url(asked: Moment) -> str:
    return reverse("pipeline") + ("" if asked.is_now else f"?as_of={asked.day.isoformat()}")


def _measures(request: HttpRequest, current: str) -> list[dict[str, object]]:
    """The same page in each measure; the rest of its address stays."""
    found: list[dict[str, object]] = []
    for value, name in pipeline.MEASURES:
        query = request.GET.copy()
        query["measure"] = value
        found.append({"name": name, "url": f"?{query.urlencode()}", "current": value == current})
    return found
