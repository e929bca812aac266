"""Reported numbers out of the file that /figures.csv writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.importing import Book, Columns, Progress, Report, Sheet, SheetRow, no_progress, open_sheet, whole
from parks.importing.book import assign, check
from parks.models import DayPrecision, Park, Phase, Release, Source
from parks.windows import iso_day, read_iso_day
from tenders.models import Figure, TenderRound

if TYPE_CHECKING:
    from django.contrib.auth.models import User

COLUMNS = Columns(
    required=("indicator", "value", "unit", "as_of", "source"),
    optional=("park", "phase", "release", "round", "qualifier", "as_of_precision"),
    derived=("figure", "publisher", "source_url", "headline"),
)
SUBJECTS = {
    "park": gettext_lazy("is not a known park; write its short name, as in /figures.csv"),
    "phase": gettext_lazy("is not a phase of this park; write its code, or add the phase first"),
    "release": gettext_lazy("is not a known release; import the releases first"),
    "round": gettext_lazy("is not a known round; import the rounds first"),
}
Subject: TypeAlias = dict[str, Any]
Identity: TypeAlias = tuple[object, ...]


def run(
    data: BinaryIO,
    *,
    by: User | None,
    at: datetime,
    dry_run: bool = False,
    file: str = "",
    progress: Progress = no_progress,
) -> Report:
    """Import figures. A source says a figure once: subject, indicator, day and source tell which one it is.

    Raises ImportRefused. What another source says of the same day is a further claim and stands beside it.
    """
    sheet = open_sheet(data, COLUMNS, file)
    with whole(dry_run=dry_run):
        report = sheet.report()
        lines = _Lookup(sheet).lines()
        sheet.stop_if_wrong()
        book = Book(by, at, file)
        book.add(Figure, [line.figure for line in lines if not line.known])
        changed = [line.figure for line in lines if line.known and line.changes]
        book.change(Figure, changed, ["value", "unit", "qualifier"])
        for line in lines:
            report.count(known=line.known, changes=[f"{line.name}: {words}" for words in line.changes])
        progress(len(sheet), len(sheet))
    return report


@dataclass
class _Line:
    figure: Figure
    known: bool
    name: str
    changes: list[str]


class _Lookup:
    """The rows as figures, with what the database knows of them."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        asked = {column: {row.raw(column) for row in sheet} for column in (*SUBJECTS, "source")}
        self.subjects: dict[str, dict[Any, Any]] = {
            "park": Park.objects.in_bulk(asked["park"], field_name="slug"),
            "phase": {
                (phase.park.slug, phase.code): phase
                for phase in Phase.objects.filter(park__slug__in=asked["park"]).select_related("park")
            },
            "release": Release.objects.in_bulk(asked["release"], field_name="code"),
            "round": TenderRound.objects.in_bulk(asked["round"], field_name="code"),
        }
        self.sources = Source.objects.in_bulk(asked["source"], field_name="code")
        said = Figure.objects.filter(source__in=self.sources.values())
        self.figures = {_identity(figure): figure for figure in said}

    def lines(self) -> list[_Line]:
        return [line for row in self.sheet if (line := self._line(row))]

    def _line(self, row: SheetRow) -> _Line | None:
        row.need("indicator", "value", "unit", "as_of", "source")
        source = self.sources.get(row.raw("source"))
        if row.given("source") and source is None:
            row.refuse("source", _("is not the code of a known source; add the source first"))
        subject = self._subject(row)
        day, precision = _day(row)
        values = {
            "value": row.decimal("value", digits=18, minimum=-(10**15)),
            "unit": row.name("unit", 40),
            "qualifier": row.name("qualifier", 40),
        }
        indicator = row.name("indicator", 60)
        if not row.fine or source is None:
            return None
        new = Figure(indicator=indicator, as_of=day, as_of_precision=precision, source=source, **subject)
        known = self.figures.get(_identity(new))
        figure = known or new
        changes = assign(figure, values, columns={})
        if changes:
            check(figure, row.refuse, columns={})
        if not known:
            self.figures[_identity(figure)] = figure
        elif known.pk is None:
            row.refuse(
                "indicator", _("is said twice in this file by the same source for the same day; give it once")
            )
        return _Line(figure, known is not None, f"{figure.figure_id} {row.raw('as_of')}", changes)

    def _subject(self, row: SheetRow) -> Subject:
        """Whom the number is about; a phase is known by its park."""
        subject: Subject = {}
        for column, words in SUBJECTS.items():
            key: object = (row.raw("park"), row.raw("phase")) if column == "phase" else row.raw(column)
            subject[column] = self.subjects[column].get(key) if row.given(column) else None
            if row.given(column) and subject[column] is None:
                row.refuse(column, str(words))
        return subject


def _day(row: SheetRow) -> tuple[date, str]:
    """The last day that it may be, and how much of it is known."""
    day, precision = row.value("as_of", read_iso_day, (date.min, DayPrecision.DAY.value))
    said = row.choice("as_of_precision", DayPrecision.values)
    if said and row.fine and said != precision:
        words = _("does not agree with as_of, which is a %(precision)s; write %(day)s as far as it is known")
        row.refuse("as_of_precision", words % {"precision": precision, "day": iso_day(day, said)})
    return day, precision


def _identity(figure: Figure) -> Identity:
    return (
        figure.park_id, figure.phase_id, figure.release_id, figure.round_id, figure.indicator,
        figure.as_of, figure.as_of_precision, figure.source_id,
    )  # fmt: skip
