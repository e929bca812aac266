"""Plots: the list with its filters and map, and everything about one of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parks.models import SAMPLE_PARK, Plot
from portal import selections
from portal.asof import Moment, moment
from portal.drawing.parkmaps import maps, park_map
from portal.sheets.plot import plot_sheet
from portal.sheets.plotlist import caption, columns, groups
from portal.sheets.titleblock import sheet
from portal.sheets.unnamed import fitting, unnamed
from portal.words.titles import other_title


@require_safe
def plot_list(request: HttpRequest) -> HttpResponse:
    asked_for = moment(request)
    selection = selections.plots(request.GET, asked_for)
    page = selection.page(request.GET.get("page", ""))
    asked = selection.form.cleaned_data
    counted = fitting(unnamed(asked_for), asked)
    public = Plot.objects.public()
    sort = asked.get("sort") or ""
    context = {
        "sheet": _sheet(request, asked_for, narrowed=selection.narrowed),
        "form": selection.form,
        "kept": _kept(asked_for),
        "clear_url": _clear_url(asked_for) if selection.narrowed else "",
        "no_real_plot": not public.exclude(park__slug=SAMPLE_PARK).exists(),
        "maps": maps([row.plot for row in page.object_list]),
        "columns": columns(request.GET, sort),
        "groups": groups(page.object_list, counted if page.number == 1 else [], sort),
        "caption": caption(page, public.count(), counted, asked),
        "page": page,
    }
    return render(request, "portal/plot_list.html", context)


def _sheet(request: HttpRequest, asked_for: Moment, *, narrowed: bool) -> dict[str, object]:
    name = _("Plots, filtered") if narrowed else _("Plots")
    return sheet(request, name, asked_for, [("CSV", "plots-csv")])


def _kept(asked_for: Moment) -> list[tuple[str, str]]:
    """The day that the page is asked for stays when its filters change."""
    return [] if asked_for.is_now else [("as_of", asked_for.day.isoformat())]


def _clear_url(asked_for: Moment) -> str:
    return reverse("plots") + ("" if asked_for.is_now else f"?as_of={asked_for.day.isoformat()}")


@require_safe
def plot_detail(request: HttpRequest, park: str, plot: str) -> HttpResponse:
    asked_for = moment(request)
    around = selections.plots({"park": park}, asked_for)
    row = around.one(code=plot)
    if row is None:
        raise Http404
    name = _("Plot %(code)s") % {"code": row.plot.code}
    context = {
        "sheet": sheet(request, name, asked_for, [("CSV", "plots-csv")], only={"park": park, "q": plot}),
        "asked_for": asked_for,
        "row": row,
        "plot": row.plot,
        "other_name": other_title(row.plot, "name"),
        "map": park_map(list(around.queryset), chosen=row.plot),
        "told": plot_sheet(row.plot, asked_for),
    }
    return render(request, "portal/plot_detail.html", context)
