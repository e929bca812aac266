"""Finds what a page or a file shows: the rows that a query string asks for, as they were public at a moment.

A page and its file call the same function here, so they cannot differ. A selection asks a fixed number of
queries for each batch of rows, however many rows the batch has.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Generic, TypeVar

from django import forms
from django.core.paginator import Page
from django.db.models import Count, F, Max, Model, QuerySet

from parks.models import Plot, Release, ReleasePlot, ReleaseRevision
from portal.asof import Moment
from portal.exports.rows import AwardRow, FigureRow, LotRow, PlotRow, ReleaseRow, RoundRow
from portal.filters import (
    AwardFilter,
    FigureFilter,
    Filters,
    LotFilter,
    PlotFilter,
    ReleaseFilter,
    RoundFilter,
    page_of,
)
from portal.words.subjects import park_key, round_code
from tenders.availability import with_availability, with_status
from tenders.claims import headlines
from tenders.disclosure import public_award
from tenders.ledger import Ledger, Standing
from tenders.models import (
    Admission,
    Award,
    Figure,
    Lot,
    LotPlot,
    RoundEvent,
    TenderRound,
    TenderRoundQuerySet,
)
from tenders.statistics import RECORDED, round_counts

BATCH = 500

Object = TypeVar("Object", bound=Model)
Row = TypeVar("Row")
Params = Mapping[str, Any]


@dataclass(frozen=True)
class Selection(Generic[Object, Row]):
    """What the filters leave, and how rows are made of it, a batch at a time."""

    filters: Filters
    make: Callable[[Sequence[Object]], list[Row]]

    @property
    def queryset(self) -> QuerySet[Object]:
        queryset: QuerySet[Object] = self.filters.qs
        return queryset

    @property
    def form(self) -> forms.Form:
        form: forms.Form = self.filters.form
        return form

    @property
    def narrowed(self) -> bool:
        return self.filters.narrowed

    def count(self) -> int:
        return self.queryset.count()

    def page(self, number: str, per_page: int = 50) -> Page[Row]:
        page = page_of(self.queryset, number, per_page)
        page.object_list = self.make(list(page.object_list))
        return page

    def rows(self) -> list[Row]:
        return self.make(list(self.queryset))

    def rows_of(self, objects: Iterable[Object]) -> list[Row]:
        """Rows for objects of this selection's queryset that the caller narrowed further."""
        return self.make(list(objects))

    def one(self, **lookup: object) -> Row | None:
        """The row that the lookup finds, or None: the same for a draft as for what never was."""
        return next(iter(self.make(list(self.queryset.filter(**lookup)[:1]))), None)

    def __iter__(self) -> Iterator[Row]:
        """Every row, a batch in memory at a time."""
        yield from self.stream(self.queryset)

    def stream(self, queryset: QuerySet[Object]) -> Iterator[Row]:
        objects = queryset.iterator(chunk_size=BATCH)
        while batch := list(islice(objects, BATCH)):
            yield from self.make(batch)


# --- the land -----------------------------------------------------------------------------------------------


def plots(params: Params, moment: Moment) -> Selection[Plot, PlotRow]:
    found = with_availability(Plot.objects.public(), moment.at).select_related("park", "phase")
    return Selection(PlotFilter(params, found, moment), lambda batch: _plot_rows(batch, moment))


def _plot_rows(batch: Sequence[Any], moment: Moment) -> list[PlotRow]:
    codes = {plot.release_code for plot in batch if plot.release_code}
    releases = {release.code: release for release in _releases(moment).filter(code__in=codes)}
    codes = {plot.round_code for plot in batch if plot.round_code}
    rounds = {round.code: round for round in _rounds(moment).filter(code__in=codes)}
    return [
        PlotRow(plot, plot.availability, releases.get(plot.release_code), rounds.get(plot.round_code))
        for plot in batch
    ]


def _releases(moment: Moment) -> QuerySet[Release]:
    releases: QuerySet[Release] = Release.objects.public().as_of(moment.day)
    return releases


def releases(params: Params, moment: Moment) -> Selection[Release, ReleaseRow]:
    found = with_status(_releases(moment), moment.at).select_related("park", "phase")
    return Selection(ReleaseFilter(params, found, moment), lambda batch: _release_rows(batch, moment))


def _release_rows(batch: Sequence[Any], moment: Moment) -> list[ReleaseRow]:
    named = dict(
        ReleasePlot.objects.filter(release__in=batch, plot__in=Plot.objects.public())
        .order_by()
        .values("release")
        .annotate(number=Count("pk"))
        .values_list("release", "number")
    )
    rounds: dict[int, list[TenderRound]] = defaultdict(list)
    for round in _rounds(moment).filter(release__in=batch).order_by("code"):
        if round.release_id is not None:
            rounds[round.release_id].append(round)
    return [
        ReleaseRow(
            release=release,
            status=release.status,
            plots=release.current.plot_count or named.get(release.pk),
            named=named.get(release.pk, 0),
            rounds=rounds[release.pk],
        )
        for release in batch
    ]


# --- what is offered ----------------------------------------------------------------------------------------


def _rounds(moment: Moment) -> TenderRoundQuerySet:
    return TenderRound.objects.public(moment.at).with_stage(moment.at)


def rounds(params: Params, moment: Moment) -> Selection[TenderRound, RoundRow]:
    found = (
        _rounds(moment)
        .with_expected(moment.at)
        .select_related("park", "phase", "release", "source", "opening")
        .order_by(F("closing_time").desc(nulls_first=True), "code")
    )
    return Selection(RoundFilter(params, found, moment), lambda batch: _round_rows(batch, moment))


def _round_rows(batch: Sequence[Any], moment: Moment) -> list[RoundRow]:
    counts = round_counts(batch, moment.at, known_at=moment.known_at)
    return [
        RoundRow(
            round=round,
            counts=counts[round.pk],
            stage=round.stage_now,
            opens_at=round.opening_time,
            enquiries_until=round.enquiry_time,
            closes_at=round.closing_time,
            opened_at=_opened_by(round, moment.at),
        )
        for round in batch
    ]


def _opened_by(round: TenderRound, at: datetime) -> datetime | None:
    """When the box was opened, if that was by then. One officer alone has opened nothing."""
    opened_at = round.opening.opened_at if hasattr(round, "opening") else None
    return opened_at if opened_at is not None and opened_at <= at else None


def admissions(row: RoundRow, moment: Moment) -> list[Admission]:
    """What came late to the round and was admitted by then; nothing before its counts are public."""
    if row.counts.basis != RECORDED and row.counts.recorded is None:
        return []
    public = Admission.objects.public(moment.at).filter(proposal__round=row.round)
    return list(public.order_by("admitted_at", "pk"))


def lots(params: Params, moment: Moment) -> Selection[Lot, LotRow]:
    found = (
        Lot.objects.filter(round__in=TenderRound.objects.public(moment.at))
        .select_related("source")
        .order_by("round__code", "code")
    )
    return Selection(LotFilter(params, found, moment), lambda batch: _lot_rows(batch, moment))


def _lot_rows(batch: Sequence[Lot], moment: Moment) -> list[LotRow]:
    found: Iterable[Any] = _rounds(moment).filter(pk__in={lot.round_id for lot in batch})
    rounds = {round.pk: round for round in found}
    counts = round_counts(rounds.values(), moment.at, known_at=moment.known_at)
    plots = _plots_of(batch)
    return [
        LotRow(
            lot=lot,
            round=rounds[lot.round_id],
            stage=rounds[lot.round_id].stage_now,
            plots=plots[lot.pk],
            plot_count=len(plots[lot.pk]) or lot.stated_plots,
            proposals=(counts[lot.round_id].per_lot or {}).get(lot.pk),
        )
        for lot in batch
    ]


def _plots_of(lots: Iterable[Lot]) -> dict[int, list[Plot]]:
    """The public plots of each lot by its key, in order of their codes."""
    plots: dict[int, list[Plot]] = defaultdict(list)
    for named in (
        LotPlot.objects.filter(lot__in=list(lots), plot__in=Plot.objects.public())
        .select_related("plot")
        .order_by("plot__code")
    ):
        plots[named.lot_id].append(named.plot)
    return plots


def awards(params: Params, moment: Moment) -> Selection[Award, AwardRow]:
    """Awards that stand: one that has lapsed by the day is none any more."""
    found = (
        Award.objects.public(moment.at)
        .standing(moment.day)
        .select_related("lot__round__park", "proposal__proponent")
        .order_by("-decided_on", "lot__round__code", "lot__code")
    )
    return Selection(AwardFilter(params, found, moment), lambda batch: _award_rows(batch, moment))


def _award_rows(batch: Sequence[Award], moment: Moment) -> list[AwardRow]:
    plots = _plots_of(award.lot for award in batch)
    rows = []
    for award in batch:
        told = public_award(award, moment.day)
        rows.append(AwardRow(award, plots[award.lot_id], told.proponent, told.premium_hkd, told.signed_on))
    return rows


# --- what was reported --------------------------------------------------------------------------------------


def _figures(moment: Moment) -> QuerySet[Figure]:
    return (
        Figure.objects.public()
        .as_of(moment.day)
        .select_related("park", "phase", "release", "round", "source")
        .in_order()
    )


def figures(params: Params, moment: Moment) -> Selection[Figure, FigureRow]:
    """Every claim that was public, the leading one of each number marked."""
    return Selection(
        FigureFilter(params, _figures(moment), moment), lambda batch: _figure_rows(batch, moment)
    )


def _figure_rows(batch: Sequence[Figure], moment: Moment) -> list[FigureRow]:
    # Among all claims, not among those that the filters left: a filter makes nothing a headline.
    leading = {headline.headline.pk for headline in headlines(_figures(moment))}
    return [FigureRow(figure, figure.pk in leading) for figure in batch]


def numbers(params: Params, moment: Moment, book: Ledger) -> list[Standing]:
    """The numbers of the ledger that the filters ask for, in its order."""
    asked = FigureFilter(params, _figures(moment), moment).form.cleaned_data
    parks = {park.pk: park.slug for park in book.known.parks}
    return [standing for standing in book if _is_asked_for(standing, asked, parks)]


def _is_asked_for(standing: Standing, asked: Mapping[str, str], parks: Mapping[int, str]) -> bool:
    key = park_key(standing.subject)
    facts = {
        "park": parks.get(key, "") if key is not None else "",
        "indicator": standing.indicator,
        "round": round_code(standing.subject),
        "figure": standing.figure_id,
    }
    return all(not asked[name] or asked[name] == value for name, value in facts.items())


# --- all of it ----------------------------------------------------------------------------------------------


def last_change(moment: Moment) -> datetime | None:
    """When a plot, an announcement, a decision or a claim last changed. Four queries."""
    announced = ReleaseRevision.objects.filter(subject__in=Release.objects.public())
    decided = RoundEvent.objects.filter(round__in=TenderRound.objects.public(moment.at))
    newest = [
        Plot.objects.public().aggregate(at=Max("updated_at"))["at"],
        announced.filter(created_at__lte=moment.at).aggregate(at=Max("created_at"))["at"],
        decided.filter(at__lte=moment.at).aggregate(at=Max("at"))["at"],
        Figure.objects.public().aggregate(at=Max("updated_at"))["at"],
    ]
    return max((at for at in newest if at is not None and at <= moment.at), default=None)
