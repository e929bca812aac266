"""Reported figures: every number once, with all that was claimed of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parks.models import Park
from portal import selections
from portal.asof import moment
from portal.sheets.figures import groups
from portal.sheets.titleblock import sheet


@require_safe
def figure_list(request: HttpRequest) -> HttpResponse:
    asked = moment(request)
    selection = selections.figures(request.GET, asked)
    found = selections.figure_headlines(request.GET, asked)
    return render(
        request,
        "portal/figure_list.html",
        {
            "sheet": sheet(request, _("Figures"), asked, [("CSV", "figures-csv")]),
            "form": selection.form,
            "narrowed": selection.narrowed,
            "clear_url": _list_url(request) if selection.narrowed else "",
            "list_url": _list_url(request),
            "kept": _kept(request),
            "groups": groups(found, Park.objects.public()),
            "shown": len(found),
            "claims": sum(len(number.claims) for number in found),
        },
    )


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The day asked for stays when the reader filters."""
    return [("as_of", request.GET["as_of"])] if request.GET.get("as_of") else []


def _list_url(request: HttpRequest) -> str:
    day = request.GET.get("as_of", "")
    return f"{reverse('figures')}?as_of={day}" if day else reverse("figures")
