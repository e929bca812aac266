"""Everything about one plot: its life, the record of its land, the lots that it was in, and who said so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from parks.models import Phase, Plot, Release, Source, out_by
from parks.terms import term
from parks.windows import speak_day
from portal import selections
from portal.asof import Moment
from portal.drawing.lifelane import LifeLane, Mark, life_lane, words_of
from portal.exports.rows import RoundRow
from portal.sheets.biography import Event, Offer, Told, biography
from portal.words.numbers import plain
from portal.words.speech import day_near, language
from tenders.disclosure import public_award
from tenders.models import Amendment, Award, LotPlot, RoundEvent, TenderRound


@dataclass(frozen=True)
class Record:
    """A fact of the land. `text` is empty where nobody published it; `source` where nobody is named for it."""

    label: str
    text: str
    source: Source | None
    note: str = ""
    links: tuple[str, ...] = ()  # sectors, each with the plots that share it

    @property
    def is_known(self) -> bool:
        return bool(self.text or self.links)


@dataclass(frozen=True)
class PlotSheet:
    events: list[Event]
    lane: LifeLane | None
    land: list[Record]
    offers: list[Offer]
    sources: list[Source]


def plot_sheet(plot: Plot, moment: Moment) -> PlotSheet:
    """As it was public at `moment`; the same number of queries however long its life."""
    releases = _releases(plot, moment)
    offers = _offers(plot, moment)
    events = biography(releases, offers, moment)
    lane = life_lane([_mark(event, moment.day.year) for event in events], moment.day, is_now=moment.is_now)
    return PlotSheet(
        events, lane, land(plot, moment.day), offers[::-1], _sources(plot, releases, offers, moment.day)
    )


def _releases(plot: Plot, moment: Moment) -> list[Told]:
    named: Any = Release.objects.public().as_of(moment.day).naming(plot, moment.day)
    return [
        Told(release, release.named_on) for release in named.annotate(named_on=F("release_plots__named_on"))
    ]


# --- rounds -------------------------------------------------------------------------------------------------------


def _offers(plot: Plot, moment: Moment) -> list[Offer]:
    """In the order in which the rounds came. Besides the rounds themselves five queries."""
    selected = selections.rounds({}, moment)
    rounds: Any = selected.queryset
    found = rounds.naming(plot, moment.day).distinct().order_by("published_at", "code")
    rows = {row.round.pk: row for row in selected.rows_of(found)}
    named = LotPlot.objects.named_by(moment.day).filter(plot=plot, lot__round__in=rows)
    links = {link.lot.round_id: link for link in named.select_related("lot__source")}
    beside = selections.plots_of([link.lot for link in links.values()], moment)
    amendments = _by_round(
        Amendment.objects.filter(round__in=rows, published_at__lte=moment.at).order_by("round", "number")
    )
    decisions = _by_round(
        RoundEvent.objects.filter(round__in=rows, at__lte=moment.at).order_by("round", "at", "pk")
    )
    awards = Award.objects.public(moment.at).naming(plot, moment.day)
    won = {award.lot_id: award for award in awards.select_related("lot__round", "proposal__proponent")}
    return [
        _offer(
            links[pk],
            row,
            beside=[other for other in beside[links[pk].lot_id] if other.pk != plot.pk],
            amendments=amendments.get(pk, []),
            decisions=decisions.get(pk, []),
            award=won.get(links[pk].lot_id),
            rows=rows,
            moment=moment,
        )
        for pk, row in rows.items()
    ]


def _by_round(rows: Iterable[Any]) -> dict[int, list[Any]]:
    return {round_id: list(group) for round_id, group in groupby(rows, key=lambda row: row.round_id)}


def _offer(
    link: LotPlot,
    row: RoundRow,
    *,
    beside: list[Plot],
    amendments: list[Amendment],
    decisions: list[RoundEvent],
    award: Award | None,
    rows: dict[int, RoundRow],
    moment: Moment,
) -> Offer:
    before = rows.get(row.round.reoffer_of_id) if row.round.reoffer_of_id else None
    again: TenderRound | None = before.round if before else None
    return Offer(
        lot=link.lot,
        row=row,
        proposals=(row.counts.per_lot or {}).get(link.lot_id),
        named_on=max(filter(None, [link.named_on, link.lot.added_on]), default=None),
        others=beside,
        amendments=amendments,
        decisions=decisions,
        award=award,
        told=public_award(award, moment.day) if award else None,
        again=again,
    )


def _mark(event: Event, year: int) -> Mark:
    """As the drawing of a life has it; days of `year` need not say it."""
    near = event.precision == "day"
    day = day_near(event.day, year) if near else speak_day(event.day, event.precision, language(), short=True)
    return Mark(
        event.deed.value,
        event.day,
        words_of(event.short, day),
        event.short,
        group=event.group,
        instant=event.instant,
        former=event.former,
        is_due=event.is_due,
        is_struck=event.is_struck,
    )


# --- land ---------------------------------------------------------------------------------------------------------


def land(plot: Plot, day: date) -> list[Record]:
    """Its record, each fact with the source of it, if that was out by the end of `day`."""
    phase: Phase = plot.phase
    source = out_by(plot.source, day)
    ratio = plot.plot_ratio
    return [
        Record(_("Phase"), phase.name, out_by(phase.source, day)),
        Record(_("Area"), _square_metres(plot.area_m2), source),
        Record(_("Maximum floor area"), _square_metres(plot.max_gfa_m2), source),
        Record(
            _("Plot ratio"),
            "" if ratio is None else _ratio(ratio),
            None,
            _("maximum floor area to area, worked out here") if ratio is not None else "",
        ),
        Record(_("Land use"), term(plot.land_use) if plot.land_use else "", source),
        Record(_("Sectors"), "", source, links=tuple(plot.sector_list)),
        Record(_("Boundary"), _("drawn on the map") if plot.boundary else "", source),
    ]


def _square_metres(area: Any) -> str:
    return "" if area is None else _("%(number)s m²") % {"number": plain(area)}


def _ratio(ratio: float) -> str:
    """One decimal always, two where they say something."""
    text = f"{ratio:.2f}"
    return text[:-1] if text.endswith("0") else text


# --- sources ------------------------------------------------------------------------------------------------------


def _sources(plot: Plot, releases: Iterable[Told], offers: Iterable[Offer], day: date) -> list[Source]:
    """Each once, the newest first."""
    said = [revision.source for told in releases for revision in told.revisions]
    offered = [source for offer in offers for source in (offer.round.source, offer.lot.source) if source]
    own = [source for source in (plot.source, plot.phase.source) if source]
    return newest_first([*own, *said, *offered], day)


def newest_first(sources: Iterable[Source], day: date) -> list[Source]:
    once = {source.pk: source for source in sources if out_by(source, day)}
    return sorted(once.values(), key=lambda source: (source.published, source.code), reverse=True)
