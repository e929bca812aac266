"""Lots out of the file that /lots.csv writes, with the plots that they name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from parks.importing import Book, Columns, Progress, Report, Sheet, SheetRow, no_progress, open_sheet, whole
from parks.importing.book import assign, keep_name
from parks.importing.plots import read_code
from parks.models import Plot
from tenders.models import Lot, LotPlot, TenderRound
from tenders.statuses import LIVE, Decision

if TYPE_CHECKING:
    from django.contrib.auth.models import User

COLUMNS = Columns(
    required=("round", "lot"),
    optional=("title", "plot_count", "plots", "minimum_premium_hkd"),
    derived=("stage", "proposals"),
)
FIELDS = {"title_en": "title", "stated_plots": "plot_count"}


def run(
    data: BinaryIO,
    *,
    by: User | None,
    at: datetime,
    dry_run: bool = False,
    file: str = "",
    progress: Progress = no_progress,
) -> Report:
    """Import lots; a known one (its round and code) is updated where it differs. Raises ImportRefused.

    `plots` are codes of plots of the round's park; without them `plot_count` is what was said of their
    number. In a published round plots may be named, but not taken away; what is added to it after the day of its
    publication is added on the day of the import.
    """
    sheet = open_sheet(data, COLUMNS, file)
    with whole(dry_run=dry_run):
        report = sheet.report()
        lines = _Lookup(sheet).lines()
        sheet.stop_if_wrong()
        _write(lines, Book(by, at, file), report)
        progress(len(sheet), len(sheet))
    return report


@dataclass
class _Line:
    row: SheetRow
    lot: Lot
    known: bool
    plots: (
        dict[str, Plot] | None
    )  # those of the lot from now on, by code; None where the file has no such column
    links: dict[str, LotPlot]  # those of the lot until now, by the code of the plot
    hidden: set[str]  # codes of plots that are not public, so that no file could have named them
    changes: list[str]

    @property
    def gone(self) -> list[str]:
        if self.plots is None:
            return []
        return [code for code in self.links if code not in self.plots and code not in self.hidden]

    @property
    def new(self) -> list[str]:
        return [] if self.plots is None else [code for code in self.plots if code not in self.links]

    @property
    def final(self) -> set[str]:
        return {*self.links, *(self.plots or {})} - set(self.gone)


class _Lookup:
    """The rows as lots, with what the database knows of them and of their plots."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        codes = {row.raw("round") for row in sheet}
        rounds = TenderRound.objects.select_for_update(of=("self",)).filter(code__in=codes).order_by("pk")
        self.rounds = {round.code: round for round in rounds}
        parks = {round.park_id for round in self.rounds.values()}
        self.plots = {(plot.park_id, plot.code): plot for plot in Plot.objects.filter(park__in=parks)}
        self.public = set(Plot.objects.public().filter(park__in=parks).values_list("pk", flat=True))
        lots = Lot.objects.filter(round__in=self.rounds.values()).select_related("round")
        self.lots = {(lot.round_id, lot.code): lot for lot in lots.prefetch_related("lot_plots__plot")}
        live = LotPlot.objects.filter(plot__park__in=parks, lot__round__decision__in=LIVE).select_related(
            "lot__round"
        )
        self.live = {link.plot_id: link.lot.round for link in live}

    def lines(self) -> list[_Line]:
        named = ((row.line, f"{row.raw('round')} {row.raw('lot')}") for row in self.sheet if row.given("lot"))
        self.sheet.refuse_repeated("lot", named)
        lines = [line for row in self.sheet if (line := self._line(row))]
        self._refuse_plots_of_two_lots(lines)
        _refuse_plots_of_two_rounds(lines)
        return lines

    def _line(self, row: SheetRow) -> _Line | None:
        row.need("round", "lot")
        round, code = self.rounds.get(row.raw("round")), read_code(row, "lot")
        if row.given("round") and round is None:
            row.refuse("round", _("is not a known round; import the rounds first"))
        if round is None or not row.fine:
            return None
        known = self.lots.get((round.pk, code))
        lot = known or Lot(round=round, code=code, title_en=code)
        links = {link.plot.code: link for link in known.lot_plots.all()} if known else {}
        plots = self._plots(row, round)
        values = _values(row, lot, plots, len(links))
        hidden = {code for code, link in links.items() if link.plot_id not in self.public}
        line = _Line(row, lot, known is not None, plots, links, hidden, [])
        if line.gone and round.decision != Decision.DRAFT:
            words = _("leaves out %(plots)s; a published round keeps the plots that it named")
            row.refuse("plots", words % {"plots": ", ".join(line.gone)})
        if not row.fine:
            return None
        line.changes += assign(lot, values, columns=FIELDS)
        if line.gone or line.new:
            line.changes.append(f"plots {_joined(links)} -> {_joined(line.final)}")
        return line

    def _plots(self, row: SheetRow, round: TenderRound) -> dict[str, Plot] | None:
        if not row.has("plots"):
            return None
        plots = {}
        for code in row.names("plots"):
            plot = self.plots.get((round.park_id, code))
            if plot is None:
                row.refuse("plots", _("is not a plot of the round's park; import the plots first"), code)
                continue
            other = self.live.get(plot.pk)
            if other and other != round and round.decision in LIVE:
                row.refuse(
                    "plots", _("is in round %(round)s, which is not over") % {"round": other.code}, code
                )
            plots[code] = plot
        return plots

    def _refuse_plots_of_two_lots(self, lines: list[_Line]) -> None:
        """A plot is in one lot of a round: looked at as the round will be once all lines are written."""
        final = {
            (lot.round_id, lot.code): {link.plot.code for link in lot.lot_plots.all()}
            for lot in self.lots.values()
        }
        final |= {(line.lot.round_id, line.lot.code): line.final for line in lines}
        holders: dict[tuple[int, str], list[str]] = {}
        for (round, lot), plots in final.items():
            for plot in plots:
                holders.setdefault((round, plot), []).append(lot)
        for line in lines:
            for plot in line.new:
                others = [lot for lot in holders[line.lot.round_id, plot] if lot != line.lot.code]
                if others:
                    words = _("is in lot %(lot)s of this round too; a plot is in one lot")
                    line.row.refuse("plots", words % {"lot": ", ".join(others)}, plot)


def _refuse_plots_of_two_rounds(lines: list[_Line]) -> None:
    """The file itself may bring a plot into two rounds that are not over."""
    holders: dict[int, set[str]] = {}
    live = [line for line in lines if line.lot.round.decision in LIVE]
    for line in live:
        for plot in (line.plots or {}).values():
            holders.setdefault(plot.pk, set()).add(line.lot.round.code)
    for line in live:
        for code in line.new:
            others = holders[(line.plots or {})[code].pk] - {line.lot.round.code}
            if others:
                words = _("is in round %(round)s of this file too; a plot is in one round until that is over")
                line.row.refuse("plots", words % {"round": ", ".join(sorted(others))}, code)


def _values(row: SheetRow, lot: Lot, plots: dict[str, Plot] | None, named: int) -> dict[str, object]:
    values: dict[str, object] = dict(keep_name(lot, "title", row.name("title", 300)))
    if row.has("minimum_premium_hkd"):
        values["minimum_premium_hkd"] = row.decimal("minimum_premium_hkd")
    count = row.whole("plot_count", minimum=1)
    naming = len(plots) if plots is not None else named
    if not naming and row.has("plot_count"):
        values["stated_plots"] = count
    elif count not in (None, naming, named, lot.stated_plots):
        row.refuse(
            "plot_count", _("does not agree with the %(count)s plots that are named") % {"count": naming}
        )
    return values


def _joined(plots: Iterable[str]) -> str:
    return ";".join(sorted(plots)) or _("(empty)")


def _write(lines: list[_Line], book: Book, report: Report) -> None:
    for line in lines:
        for code in line.gone:
            book.remove(line.links[code])
    new = [line.lot for line in lines if not line.known]
    for lot in new:
        lot.added_on = _news_of(lot.round, book)
    book.add(Lot, new)
    changed = [line.lot for line in lines if line.known and line.changes]
    book.change(Lot, changed, ["title_en", "stated_plots", "minimum_premium_hkd"])
    links = [
        LotPlot(
            lot=line.lot,
            plot=plot,
            live=line.lot.round.decision in LIVE,
            named_on=_news_of(line.lot.round, book),
        )
        for line in lines
        for code, plot in (line.plots or {}).items()
        if code in line.new
    ]
    book.add(LotPlot, links)
    for line in lines:
        report.count(known=line.known, changes=[f"{line.lot}: {words}" for words in line.changes])


def _news_of(round: TenderRound, book: Book) -> date | None:
    """The day of the import where the round was known before; None: public since the round is."""
    published = localdate(round.published_at) if round.published_at else None
    return book.day if book.is_later_than(published, round) else None
