"""Everything about one plot: the releases that name it, the lots that it was in, what came of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from parks.models import Plot, Release, Source, out_by
from portal import selections
from portal.asof import Moment
from portal.exports.rows import AwardRow, RoundRow
from portal.words.slippage import Slip, slip
from tenders.models import Lot
from tenders.statuses import Stage

OVER = {Stage.AWARDED, Stage.UNSUCCESSFUL, Stage.CANCELLED}


@dataclass(frozen=True)
class Told:
    """A release with its announcements, oldest first, and how far they moved."""

    release: Release
    slip: Slip


@dataclass(frozen=True)
class Offer:
    """A lot that the plot was in. `proposals` asked for it; None where not recorded or not public."""

    lot: Lot
    row: RoundRow
    proposals: int | None
    award: AwardRow | None

    @property
    def is_over(self) -> bool:
        return self.row.stage in OVER


@dataclass(frozen=True)
class PlotSheet:
    releases: list[Told]
    offers: list[Offer]
    sources: list[Source]


def plot_sheet(plot: Plot, moment: Moment) -> PlotSheet:
    """As it was public at `moment`; the same number of queries however much there is."""
    releases = [Told(release, slip(release.told)) for release in _releases(plot, moment)]
    offers = _offers(plot, moment)
    return PlotSheet(releases, offers, sources_of(plot, releases, offers, moment.day))


def _releases(plot: Plot, moment: Moment) -> Iterable[Release]:
    found = Release.objects.public().as_of(moment.day).filter(release_plots__plot=plot)
    return sorted(found, key=lambda release: (release.current.announced_on, release.code), reverse=True)


def _offers(plot: Plot, moment: Moment) -> list[Offer]:
    """Newest round first."""
    selected = selections.rounds({}, moment)
    lots = Lot.objects.filter(lot_plots__plot=plot).select_related("source")
    found = selected.queryset.filter(lots__in=lots).distinct().order_by("-published_at", "code")
    rows = {row.round.pk: row for row in selected.rows_of(found)}
    awards = selections.awards({}, moment)
    of_plot = awards.queryset.filter(lot__lot_plots__plot=plot)
    won = {row.award.lot_id: row for row in awards.rows_of(of_plot)}
    by_round = {lot.round_id: lot for lot in lots}
    return [_offer(by_round[pk], row, won.get(by_round[pk].pk)) for pk, row in rows.items()]


def _offer(lot: Lot, row: RoundRow, award: AwardRow | None) -> Offer:
    return Offer(lot, row, (row.counts.per_lot or {}).get(lot.pk), award)


def sources_of(plot: Plot, releases: Iterable[Told], offers: Iterable[Offer], day: date) -> list[Source]:
    """Each that was out by the end of `day` once, the newest first."""
    said = [revision.source for told in releases for revision in told.release.told]
    offered = [source for offer in offers for source in (offer.row.round.source, offer.lot.source) if source]
    own = [plot.source] if plot.source else []
    return newest_first([*own, *said, *offered], day)


def newest_first(sources: Iterable[Source], day: date) -> list[Source]:
    once = {source.pk: source for source in sources if out_by(source, day)}
    return sorted(once.values(), key=lambda source: (source.published, source.code), reverse=True)
