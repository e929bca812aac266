"""The press line: the sentence that can be quoted, about a round or a park, on any day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parks.models import Park
from portal.asof import Moment, moment
from portal.context import OWN_NAMES, TAGS
from portal.filters import PressFilter
from portal.sheets.press import Press, leading, of_land, of_round
from portal.sheets.titleblock import sheet
from tenders.ledger import Ledger, ledger
from tenders.models import TenderRound


@require_safe
def press(request: HttpRequest) -> HttpResponse:
    asked = moment(request)
    filters = PressFilter(request.GET, TenderRound.objects.public(asked.at).select_related("park"), asked)
    found = chosen(filters, asked)
    day = "" if asked.is_now else asked.day.isoformat()
    context = {
        "sheet": sheet(request, _("Press line"), asked, [("CSV", "figures-csv")], as_of_url="#filters"),
        "form": filters.form,
        "narrowed": filters.narrowed,
        "list_url": reverse("press") + (f"?as_of={day}" if day else ""),
        "asked": asked,
        "press": found,
        "lines": [(TAGS[line.language], OWN_NAMES[line.language], line) for line in found.lines]
        if found
        else [],
    }
    return render(request, "portal/press.html", context)


def chosen(filters: PressFilter, asked: Moment) -> Press | None:
    """The round that was asked for, or the newest of the park, or of all; None where nothing public fits."""
    values = filters.form.cleaned_data
    if values["round"]:
        round = filters.qs.first()
        return _round(round.pk, ledger(asked.at, park=round.park.slug), asked) if round else None
    if values["park"]:
        park = Park.objects.public().filter(slug=values["park"]).first()
        return _park(park, ledger(asked.at, park=park.slug), asked) if park else None
    book = ledger(asked.at)
    newest = leading(book.known.rounds, book)
    return of_round(newest, book, asked) if newest else None


def _round(pk: int, book: Ledger, asked: Moment) -> Press:
    return of_round(next(round for round in book.known.rounds if round.pk == pk), book, asked)


def _park(park: Park, book: Ledger, asked: Moment) -> Press:
    newest = leading(book.known.rounds, book)
    if newest is None:
        return of_land(park, book, asked)
    others = [round for round in reversed(book.known.rounds) if round.pk != newest.pk]
    return of_round(newest, book, asked, others=others)
