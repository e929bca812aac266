"""Rounds: the list of them by park, and one round with all that is public of it."""

from collections.abc import Iterable
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parks.models import Release
from portal import selections
from portal.asof import Moment, moment
from portal.calendar import entries
from portal.drawing.timeline import Timeline, timeline
from portal.entries import Entry
from portal.exports.rows import RoundRow
from portal.filters import page_of
from portal.sheets.round_offer import area_bars, is_plot_each, offer, proposal_bars
from portal.sheets.round_words import (
    admitted,
    asked_for,
    changes,
    dates,
    for_plots,
    not_bids,
    not_public,
    sayings,
    stage_line,
)
from portal.sheets.titleblock import sheet
from portal.words.numbers import proof_url, proposals, told
from portal.words.titles import other_title
from tenders.disclosure import disclosed
from tenders.ledger import ledger
from tenders.ledger.indicators import OFFERED, PER_PLOT, PROPONENTS, PROPOSALS
from tenders.models import Figure, TenderRound
from tenders.statistics import SEALED
from tenders.statuses import Decision, Disclosure, Stage
from tenders.subjects import of_round

PER_PAGE = 50
MOST_YEARS = 3  # of drawings for a round that runs over several


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    asked = moment(request)
    selection = selections.rounds(request.GET, asked)
    in_parks = selection.queryset.order_by(
        "park__order", "park__slug", F("closing_time").desc(nulls_first=True), "code"
    )
    page = page_of(in_parks, request.GET.get("page", ""), PER_PAGE)
    rows = selection.rows_of(page.object_list)
    context = {
        "sheet": sheet(request, _("Rounds"), asked, [("CSV", "rounds-csv"), ("iCalendar", "calendar-ics")]),
        "form": selection.form,
        "narrowed": selection.narrowed,
        "list_url": _list_url(asked),
        "clear_url": _list_url(asked) if selection.narrowed else "",
        "kept": [] if asked.is_now else [("as_of", asked.day.isoformat())],
        "page": page,
        "total": selections.rounds({}, asked).count() if selection.narrowed else page.paginator.count,
        "parks": [
            (park, list(group)) for park, group in groupby(_lines(rows, asked), key=lambda line: line["park"])
        ],
    }
    return render(request, "portal/round_list.html", context)


def _list_url(asked: Moment) -> str:
    return reverse("rounds") if asked.is_now else f"{reverse('rounds')}?as_of={asked.day.isoformat()}"


def _lines(rows: Iterable[RoundRow], asked: Moment) -> list[dict[str, object]]:
    return [
        {
            "park": row.round.park,
            "round": row.round,
            "counts": row.counts,
            "proposals": proposals(row.round, row.counts, asked),
            "asked_for": asked_for(row.round.kind),
            "is_sealed": _is_sealed(row),
        }
        for row in rows
    ]


def _is_sealed(row: RoundRow) -> bool:
    """Whether something may have come in that is not public; before the opening nothing can have."""
    return row.counts.basis == SEALED and row.stage != Stage.UPCOMING


@require_safe
def round_detail(request: HttpRequest, round: str) -> HttpResponse:
    context = round_context(request, round, moment(request))
    if context is None:
        raise Http404
    return render(request, "portal/round_detail.html", context)


def round_context(request: HttpRequest, code: str, asked: Moment) -> dict[str, object] | None:
    """All that the page of a round says at a moment; None where nothing of it is public then."""
    row = selections.rounds({}, asked).one(code=code)
    if row is None:
        return None
    context = {"sheet": _sheet(request, row, asked), "row": row, "round": row.round, "asked": asked}
    context["file_query"] = _file_query(row.round, asked)
    return context | _standing(row, asked) | _offered(row, asked) | _published(row, asked)


def _sheet(request: HttpRequest, row: RoundRow, asked: Moment) -> dict[str, object]:
    """Its files hold this round alone."""
    name = _("Round %(code)s") % {"code": row.round.code}
    shown = sheet(request, name, asked, [])
    query = _file_query(row.round, asked)
    files = [(_("Lots"), reverse("lots-csv") + query)]
    if row.counts.awards:
        files.append((_("Awards"), reverse("awards-csv") + query))
    files.append((_("Figures"), reverse("figures-csv") + query))
    return shown | {"files": [{"label": label, "url": url} for label, url in files]}


def _file_query(round: TenderRound, asked: Moment) -> str:
    day = {} if asked.is_now else {"as_of": asked.day.isoformat()}
    return f"?{urlencode({'round': round.code} | day)}"


def _standing(row: RoundRow, asked: Moment) -> dict[str, object]:
    """Where the round stands: the line under its title, its drawing, its outcome."""
    events = list(row.round.events.filter(at__lte=asked.at))
    outcome = disclosed(row.round, asked.at)
    last = events[-1] if events else None
    called_off = next((event.at for event in events if event.decision == Decision.CANCELLED), None)
    return {
        "other_title": other_title(row.round),
        "stage_line": stage_line(row, events, outcome, asked),
        "timelines": _timelines(row.round, asked),
        "dates": dates(row, asked, called_off),
        "outcome": outcome,
        "outcome_reason": last.reason if last and last.decision != Decision.PUBLISHED else "",
        "tells_names": outcome.rule != Disclosure.TOTALS,
    }


def _timelines(round: TenderRound, asked: Moment) -> list[Timeline]:
    """One drawing a year that has a date of the round."""
    dated = entries(asked.at, asked.day, park=round.park.slug, language=get_language() or "en")
    own = [entry for entry in dated if entry.round == round.code]
    return [
        timeline(own, year, asked.day, is_now=asked.is_now, label=str(year), park_heads=False)
        for year in _years(own)[-MOST_YEARS:]
    ]


def _years(own: Iterable[Entry]) -> list[int]:
    return sorted({entry.day.year for entry in own if entry.day})


def _offered(row: RoundRow, asked: Moment) -> dict[str, object]:
    """What is on offer, what came in for it, and who said so."""
    lots = selections.lots({"round": row.round.code}, asked).rows()
    late = selections.admissions(row, asked)
    book = ledger(asked.at, park=row.round.park.slug, known_at=asked.known_at)
    numbers = {standing.indicator: standing for standing in book if standing.subject == of_round(row.round)}
    claims = [claim for number in numbers.values() for claim in number.claims if isinstance(claim, Figure)]
    release = _release(row.round, asked)
    return {
        "offer": offer(row, lots),
        "area_bars": area_bars(lots),
        "proposal_bars": proposal_bars(row, lots, asked),
        "is_plot_each": is_plot_each(lots),
        "proposals": told(numbers.get(PROPOSALS), asked),
        "proponents": told(numbers.get(PROPONENTS), asked),
        "per_plot": told(numbers.get(PER_PLOT), asked),
        "for_plots": for_plots(row),
        "admitted": admitted(late),
        "not_bids": not_bids(row),
        "plots_url": proof_url(of_round(row.round).figure_id(OFFERED), asked) if row.counts.plots else "",
        "not_public": "" if row.counts.proposals is not None else not_public(row),
        "release": release,
        "sayings": sayings(row, lots, claims, release),
    }


def _release(round: TenderRound, asked: Moment) -> Release | None:
    """The release that the round puts to the market, if it was public by the day."""
    told = Release.objects.public().as_of(asked.day)
    found: Release | None = told.filter(rounds=round.pk).first()
    return found


def _published(row: RoundRow, asked: Moment) -> dict[str, object]:
    """What was published beside the round by the moment."""
    round = row.round
    amendments = round.amendments.filter(published_at__lte=asked.at).order_by("-number")
    relatives = TenderRound.objects.public(asked.at).filter(
        Q(pk=round.reoffer_of_id) | Q(reoffer_of=round.pk)
    )
    related = list(relatives.order_by("code"))
    return {
        "amendments": [(amendment, changes(amendment)) for amendment in amendments],
        "enquiries": list(round.enquiries.public(asked.at)),
        "documents": list(round.documents.public(asked.at)),
        "first_offer": next((other for other in related if other.pk == round.reoffer_of_id), None),
        "reoffers": [other for other in related if other.pk != round.reoffer_of_id],
    }
