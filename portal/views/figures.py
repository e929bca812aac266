"""Numbers: all that the ledger knows, and the proof of one."""

import re
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import selections
from portal.asof import BadParameter, Moment, moment
from portal.sheets.figures import groups, names_of, park_of, proof
from portal.sheets.titleblock import sheet
from tenders.ledger import Ledger, Standing, course, ledger
from tenders.subjects import Kind

OF = re.compile(rf"({'|'.join(kind.value for kind in Kind)})(-[2-9])?")


@require_safe
def figure_list(request: HttpRequest) -> HttpResponse:
    asked = moment(request)
    selection = selections.figures(request.GET, asked)
    book = ledger(asked.at, known_at=asked.known_at)
    found = selections.numbers(request.GET, asked, book)
    return render(
        request,
        "portal/figure_list.html",
        {
            "sheet": sheet(request, _("Figures"), asked, [("CSV", "figures-csv")]),
            "form": selection.form,
            "narrowed": selection.narrowed,
            "clear_url": _list_url(asked) if selection.narrowed else "",
            "list_url": _list_url(asked),
            "kept": [] if asked.is_now else [("as_of", asked.day.isoformat())],
            "groups": groups(found, book, asked),
            "shown": len(found),
            "claims": sum(len(number.claims) for number in found),
        },
    )


def _list_url(asked: Moment) -> str:
    return reverse("figures") + _query(asked)


def _query(asked: Moment, **more: str) -> str:
    day = {} if asked.is_now else {"as_of": asked.day.isoformat()}
    query = urlencode(more | day)
    return f"?{query}" if query else ""


@require_safe
def figure_detail(request: HttpRequest, figure: str) -> HttpResponse:
    asked = moment(request)
    book = ledger(asked.at, known_at=asked.known_at)
    found = book.called(figure)
    standing = _chosen(found, request.GET.get("of", ""))
    if standing is None:
        raise Http404
    shown = proof(standing, found, book, course(standing.key, book, park=_park(standing, book)), asked)
    block = sheet(request, _("Figure %(id)s") % {"id": figure}, asked, [])
    files = [{"label": "CSV", "url": reverse("figures-csv") + _query(asked, figure=figure)}]
    return render(
        request,
        "portal/figure_detail.html",
        {
            "sheet": block | {"files": files},
            "proof": shown,
            "list_url": _list_url(asked),
            "day_query": _query(asked),
        },
    )


def _chosen(found: list[Standing], name: str) -> Standing | None:
    """The number of the name that `of` asks for, the first where it asks for none."""
    if not name:
        return next(iter(found), None)
    if not OF.fullmatch(name):
        kinds = _(", ").join(kind.value for kind in Kind)
        raise BadParameter(_("of: write one of %(kinds)s.") % {"kinds": kinds})
    return dict(zip(names_of(found), found, strict=True)).get(name)


def _park(standing: Standing, book: Ledger) -> str | None:
    """The park whose rows the number can depend on."""
    park = park_of(standing.subject, book)
    return park.slug if park is not None else None
