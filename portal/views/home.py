"""The home page: the headline with its proofs, next dates, open rounds, the programme."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.asof import Moment, moment
from portal.calendar import entries
from portal.calendar.conflicts import disputed_plots
from portal.drawing.timeline import Timeline, timeline
from portal.entries import OF_ROUNDS, Entry, Kind
from portal.sheets.agenda import DateRow, row
from portal.sheets.overview import Lead, Overview, lead, overview, phase_rows
from portal.sheets.titleblock import sheet
from portal.words.speech import hong_kong
from tenders.models import Amendment
from tenders.statuses import Stage

NEXT_DATES = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    asked = moment(request)
    facts = overview(asked)
    dated = entries(asked.at, asked.day, language=get_language() or "en")
    newest = lead(facts)
    context = {
        "moment": asked,
        "sheet": sheet(request, _("Home"), asked, [("CSV", "figures-csv"), ("iCalendar", "calendar-ics")]),
        "lead": newest,
        "parks": phase_rows(facts),
        "next_dates": rows(next_dates(dated, asked), asked),
        "some_time": rows(some_time(dated, asked), asked),
        "timeline": drawing(facts, newest, dated, asked),
        **open_rounds(facts),
    }
    return render(request, "portal/home.html", context)


def rows(found: list[Entry], asked: Moment) -> list[DateRow]:
    return [row(entry, asked.at, asked.day, asked.day.year) for entry in found]


def drawing(facts: Overview, newest: Lead | None, dated: list[Entry], asked: Moment) -> Timeline | None:
    """The year of the phase that the headline speaks of."""
    if newest is None or newest.round.phase is None:
        return None
    place = (newest.round.park.slug, newest.round.phase.code)
    own = [entry for entry in dated if entry.phase and (entry.park.code, entry.phase.code) == place]
    words = {
        code: _("≠ another source implies %(count)s") % {"count": count}
        for code, count in disputed_plots(facts.book).items()
    }
    return timeline(
        own, asked.day.year, asked.day, is_now=asked.is_now, conflicts=words,
        label=newest.round.park.name, park_heads=False,
    )  # fmt: skip


def next_dates(dated: list[Entry], asked: Moment) -> list[Entry]:
    """What has a day, from now on; samples only where real dates leave room for them."""
    coming = [entry for entry in dated if entry.day and not entry.is_cancelled and _is_coming(entry, asked)]
    coming.sort(key=lambda entry: (entry.day or asked.day, entry.uid))
    return sorted(sorted(coming, key=lambda entry: entry.is_sample)[:NEXT_DATES], key=coming.index)


def _is_coming(entry: Entry, asked: Moment) -> bool:
    if entry.instant is not None and not entry.all_day:
        return entry.instant > asked.at
    return entry.day is not None and entry.day >= asked.day


def some_time(dated: list[Entry], asked: Moment) -> list[Entry]:
    """What may fall in the rest of this year on a day that nobody knows; real parks first."""
    year_end = asked.day.replace(month=12, day=31)
    vague = [
        entry
        for entry in dated
        if entry.kind not in OF_ROUNDS
        and not entry.day
        and not entry.is_cancelled
        and entry.falls_in(asked.day, year_end)
        and _has_a_limit_in(asked.day.year, entry)
    ]
    return sorted(vague, key=lambda entry: (entry.is_sample, entry.kind != Kind.RELEASE, entry.order))[
        :NEXT_DATES
    ]


def _has_a_limit_in(year: int, entry: Entry) -> bool:
    """ "By 2030" may fall in any year before, and is news in none of them."""
    return any(limit is not None and limit.year == year for limit in (entry.earliest, entry.latest))


def open_rounds(facts: Overview) -> dict[str, object]:
    """Open ones, real ones first, the soonest to close first; and the last real one that closed, if none is."""
    opened = [round for round in facts.rounds if round.stage_now == Stage.OPEN]
    opened.sort(
        key=lambda round: (round.park.is_sample, round.closing_time is None, round.closing_time, round.code)
    )
    past = [round for round in facts.rounds if not round.park.is_sample and _has_closed(round, facts.moment)]
    past.sort(key=lambda round: round.closing_time, reverse=True)
    first = opened[0] if opened else None
    return {
        "open_rounds": opened,
        "days_to_go": days_to_go(first, facts.moment) if first else None,
        "amendment": _first_move(first, facts.moment) if first else None,
        "counts": facts.counts[first.pk] if first else None,
        "no_real_round": not any(not round.park.is_sample for round in opened),
        "last_round": past[0] if past else None,
    }


def _first_move(round: Any, asked: Moment) -> Amendment | None:
    """The amendment that first moved the closing time, if it was published by then."""
    moves: QuerySet[Amendment] = round.amendments.filter(
        closes_at_before__isnull=False, published_at__lte=asked.at
    )
    return moves.first()


def _has_closed(round: Any, asked: Moment) -> bool:
    return round.closing_time is not None and round.closing_time <= asked.at


def days_to_go(round: Any, asked: Moment) -> int | None:
    """Whole days to the closing time's day in Hong Kong; None where no closing time was said."""
    return None if round.closing_time is None else (hong_kong(round.closing_time).date() - asked.day).days
