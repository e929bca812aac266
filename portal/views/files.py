"""The CSV files: each is the page of its name, with the same query string, as rows to keep."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from portal import selections
from portal.asof import moment
from portal.exports import awards_csv as awards_file
from portal.exports import figures_csv as figures_file
from portal.exports import lots_csv as lots_file
from portal.exports import plots_csv as plots_file
from portal.exports import releases_csv as releases_file
from portal.exports import rounds_csv as rounds_file
from portal.files import csv_response


@require_safe
def plots_csv(request: HttpRequest) -> HttpResponseBase:
    return csv_response(request, "plots", plots_file.lines(selections.plots(request.GET, moment(request))))


@require_safe
def releases_csv(request: HttpRequest) -> HttpResponseBase:
    return csv_response(
        request, "releases", releases_file.lines(selections.releases(request.GET, moment(request)))
    )


@require_safe
def rounds_csv(request: HttpRequest) -> HttpResponseBase:
    return csv_response(request, "rounds", rounds_file.lines(selections.rounds(request.GET, moment(request))))


@require_safe
def lots_csv(request: HttpRequest) -> HttpResponseBase:
    return csv_response(request, "lots", lots_file.lines(selections.lots(request.GET, moment(request))))


@require_safe
def awards_csv(request: HttpRequest) -> HttpResponseBase:
    return csv_response(request, "awards", awards_file.lines(selections.awards(request.GET, moment(request))))


@require_safe
def figures_csv(request: HttpRequest) -> HttpResponseBase:
    return csv_response(
        request, "figures", figures_file.lines(selections.figures(request.GET, moment(request)))
    )
