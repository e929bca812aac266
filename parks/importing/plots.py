"""Plots out of the file that /plots.csv writes: new ones, and changes of known ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO

from django.db.models import Min
from django.utils.translation import gettext as _

from parks.importing.book import Book, assign, keep_name, whole
from parks.importing.report import Progress, Report, no_progress
from parks.importing.table import Columns, Sheet, SheetRow, open_sheet
from parks.models import Park, Phase, Plot, Release, ReleasePlot

if TYPE_CHECKING:
    from django.contrib.auth.models import User

COLUMNS = Columns(
    required=("park", "phase", "plot"),
    optional=("name", "area_m2", "max_gfa_m2", "land_use", "sectors", "release", "published"),
    derived=(
        "plot_ratio", "availability", "round", "window_earliest", "window_latest", "window_precision",
        "window_text", "updated_at",
    ),
)  # fmt: skip
FIELDS = {"name_en": "name"}


def run(
    data: BinaryIO,
    *,
    by: User | None,
    at: datetime,
    dry_run: bool = False,
    file: str = "",
    progress: Progress = no_progress,
) -> Report:
    """Import plots; a known one (its park and code) is updated where it differs. Raises ImportRefused.

    Plots are linked to the releases that the row names; links that it does not name stay, since the file
    shows only the newest one. A release that was announced before names them on the day of the import.
    """
    sheet = open_sheet(data, COLUMNS, file)
    with whole(dry_run=dry_run):
        report = sheet.report()
        lines = list(_Lookup(sheet).plots())
        sheet.stop_if_wrong()
        _write(lines, Book(by, at, file), report)
        progress(len(sheet), len(sheet))
    return report


@dataclass
class _Line:
    plot: Plot
    known: bool
    releases: list[Release]  # to be linked anew
    changes: list[str]


class _Lookup:
    """The rows as plots, with what the database knows of them."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.parks = {
            park.slug: park for park in Park.objects.filter(slug__in={row.raw("park") for row in sheet})
        }
        parks = list(self.parks.values())
        self.phases = {(phase.park_id, phase.code): phase for phase in Phase.objects.filter(park__in=parks)}
        self.plots_known = {
            (plot.park_id, plot.code): plot
            for plot in Plot.objects.filter(park__in=parks).select_related("phase")
        }
        releases = Release.objects.filter(park__in=parks).annotate(since=Min("revisions__announced_on"))
        self.releases = {release.code: release for release in releases}
        self.linked = set(
            ReleasePlot.objects.filter(plot__park__in=parks).values_list("release_id", "plot_id")
        )

    def plots(self) -> list[_Line]:
        self.sheet.refuse_repeated(
            "plot",
            ((row.line, f"{row.raw('park')} {row.raw('plot')}") for row in self.sheet if row.given("plot")),
        )
        return [line for row in self.sheet if (line := self._line(row))]

    def _line(self, row: SheetRow) -> _Line | None:
        row.need("park", "phase", "plot")
        park = self.parks.get(row.raw("park"))
        if row.given("park") and park is None:
            row.refuse("park", _("is not a known park; write its short name, as in /plots.csv"))
        code = read_code(row, "plot")
        phase = self.phases.get((park.pk, row.raw("phase"))) if park else None
        if park and row.given("phase") and phase is None:
            row.refuse("phase", _("is not a phase of this park; write its code, or add the phase first"))
        name, values = row.name("name", 300), _values(row)
        releases = [
            release for name in row.names("release") if park and (release := self._release(row, park, name))
        ]
        if not row.fine or park is None or phase is None:
            return None
        known = self.plots_known.get((park.pk, code))
        plot = known or Plot(park=park, phase=phase, code=code, published=True)
        values = {"phase": phase, **keep_name(plot, "name", name), **values}
        if "sectors" in values and values["sectors"] == ";".join(plot.sector_list):
            del values["sectors"]  # the same list, spaced otherwise
        changes = assign(plot, values, columns=FIELDS)
        new = [release for release in releases if (release.pk, plot.pk) not in self.linked]
        return _Line(plot, known is not None, new, changes + [f"release + {release.code}" for release in new])

    def _release(self, row: SheetRow, park: Park, code: str) -> Release | None:
        release = self.releases.get(code)
        if release is None:
            row.refuse("release", _("is not a release of this park; import the releases first"), code)
        return release


def _values(row: SheetRow) -> dict[str, object]:
    """What the row says of a plot. A missing column says nothing; an empty cell says “none”."""
    values: dict[str, object] = {}
    for column in ("area_m2", "max_gfa_m2"):
        if row.has(column):
            values[column] = row.decimal(column, digits=12)
            if values[column] == 0:
                row.refuse(column, _("is zero; write the area, or leave the cell empty"))
    if row.has("land_use"):
        values["land_use"] = row.text("land_use", 200)
    if row.has("sectors"):
        values["sectors"] = ";".join(
            part for part in map(str.strip, row.text("sectors", 300).split(";")) if part
        )
    if (published := row.truth("published")) is not None:
        values["published"] = published
    return values


def read_code(row: SheetRow, column: str) -> str:
    """A code that can stand in a list of codes: 40 characters at most, and no `;`."""
    code = row.name(column, 40)
    if ";" in code:
        row.refuse(column, _("holds a “;”, which parts one code from the next; write the code without it"))
    return code


def _write(lines: list[_Line], book: Book, report: Report) -> None:
    book.add(Plot, [line.plot for line in lines if not line.known])
    changed = [line.plot for line in lines if line.known and line.changes]
    book.change(
        Plot, changed, ["phase", "name_en", "area_m2", "max_gfa_m2", "land_use", "sectors", "published"]
    )
    book.add(
        ReleasePlot,
        [
            ReleasePlot(release=release, plot=line.plot, named_on=_named_on(release, book))
            for line in lines
            for release in line.releases
        ],
    )
    for line in lines:
        report.count(known=line.known, changes=[f"{line.plot.code}: {words}" for words in line.changes])


def _named_on(release: Release, book: Book) -> date | None:
    """The day of the import where the release was known before; None: named from its first announcement on."""
    since: date | None = release.since if release.published else None  # type: ignore[attr-defined]  # annotated above
    return book.day if book.is_later_than(since, release) else None
