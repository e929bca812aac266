"""Rounds out of the file that /rounds.csv writes: drafts, and published ones through lifecycle.publish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.importing import Book, Columns, Progress, Report, Sheet, SheetRow, no_progress, open_sheet, whole
from parks.importing.book import assign, check, keep_name, spoken
from parks.models import Park, Phase, Source
from tenders import lifecycle
from tenders.models import TenderRound
from tenders.statuses import Decision, Disclosure, Method, RoundKind

if TYPE_CHECKING:
    from django.contrib.auth.models import User

COLUMNS = Columns(
    required=("round", "title", "park", "kind"),
    optional=(
        "phase", "method", "sealed", "disclosure", "plots", "published_at", "opens_at", "enquiries_until",
        "closes_at", "source",
    ),
    derived=(
        "stage", "lots", "opened_at", "proposals", "proposals_basis", "proposals_as_of", "proponents",
        "proposals_per_plot", "awards", "source_url",
    ),
)  # fmt: skip
FIELDS = {"title_en": "title", "plot_count": "plots", "code": "round"}
DATES = ("opens_at", "enquiries_until", "closes_at")
# What the public relied on when the round was published.
FIXED = {
    "kind": gettext_lazy("was published with another kind; a published round keeps its kind"),
    "method": gettext_lazy("was published with another method; a published round keeps its method"),
    "sealed": gettext_lazy(
        "is not what was published; whether a round is sealed is fixed at its publication"
    ),
    "disclosure": gettext_lazy("is not what was published; the disclosure is fixed at the publication"),
}
DAYS_UNTIL_STAGED = 90


def run(
    data: BinaryIO,
    *,
    by: User | None,
    at: datetime,
    dry_run: bool = False,
    file: str = "",
    progress: Progress = no_progress,
) -> Report:
    """Import rounds. With `published_at` a round is published at that time, without it a new one is a draft.

    `plots` is how many are on offer, and is read only where no lot says it. Raises ImportRefused; for a
    published round whose dates differ too, since that is an amendment.
    """
    sheet = open_sheet(data, COLUMNS, file)
    with whole(dry_run=dry_run):
        report = sheet.report()
        lines = _Lookup(sheet, at).lines()
        sheet.stop_if_wrong()
        book = Book(by, at, file)
        for done, line in enumerate(lines, start=1):
            _write(line, book, report)
            progress(done, len(lines))
        sheet.stop_if_wrong()
    return report


@dataclass
class _Line:
    row: SheetRow
    round: TenderRound
    known: bool
    published_at: datetime | None  # to be published then
    changes: list[str]


class _Lookup:
    """The rows as rounds, with what the database knows of them."""

    def __init__(self, sheet: Sheet, at: datetime) -> None:
        self.sheet = sheet
        self.at = at
        self.parks = {
            park.slug: park for park in Park.objects.filter(slug__in={row.raw("park") for row in sheet})
        }
        phases = Phase.objects.filter(park__in=self.parks.values()).select_related("park")
        self.phases = {(phase.park.slug, phase.code): phase for phase in phases}
        self.sources = Source.objects.in_bulk({row.raw("source") for row in sheet}, field_name="code")
        codes = {row.raw("round") for row in sheet}
        known = TenderRound.objects.select_for_update(of=("self",)).filter(code__in=codes).order_by("pk")
        self.rounds = {round.code: round for round in known.prefetch_related("lots")}

    def lines(self) -> list[_Line]:
        self.sheet.refuse_repeated(
            "round", ((row.line, row.raw("round")) for row in self.sheet if row.given("round"))
        )
        return [line for row in self.sheet if (line := self._line(row))]

    def _line(self, row: SheetRow) -> _Line | None:
        row.need("round", "title", "park", "kind")
        code = row.name("round", 40)
        known = self.rounds.get(code)
        values = self._values(row, known)
        title, published_at = row.name("title", 300), self._published_at(row, known)
        if not row.fine:
            return None
        if known and known.decision != Decision.DRAFT:
            _refuse_what_is_fixed(row, known, values)
        round = known or TenderRound(code=code)
        values |= _days_until_staged(round, values)
        changes = assign(round, values | keep_name(round, "title", title), columns=FIELDS)
        if changes:
            check(round, row.refuse, columns=FIELDS, besides={"reoffer_of", "release"})
        return _Line(row, round, known is not None, published_at, changes) if row.fine else None

    def _values(self, row: SheetRow, known: TenderRound | None) -> dict[str, object]:
        """What the row says of a round. A column that is not there says nothing, nor does an empty word."""
        values: dict[str, object] = {
            "park": self._park(row, known),
            "kind": row.choice("kind", RoundKind.values),
        }
        if row.has("phase"):
            values["phase"] = self._phase(row)
        words = {
            "method": row.choice("method", Method.values) or None,
            "disclosure": row.choice("disclosure", Disclosure.values) or None,
            "sealed": row.truth("sealed"),
            "source": self._source(row),
            "plot_count": None if known and known.lots.all() else row.whole("plots", minimum=1),
        }
        values |= {name: value for name, value in words.items() if value is not None}
        return values | {name: row.instant(name) for name in DATES if row.has(name)}

    def _park(self, row: SheetRow, known: TenderRound | None) -> Park | None:
        park = self.parks.get(row.raw("park"))
        if row.given("park") and park is None:
            row.refuse("park", _("is not a known park; write its short name, as in /rounds.csv"))
        if park and known and known.park_id != park.pk:
            row.refuse(
                "park", _("is another park than before; a round does not move, give a new one a new code")
            )
        return park

    def _phase(self, row: SheetRow) -> Phase | None:
        phase = self.phases.get((row.raw("park"), row.raw("phase")))
        if row.given("phase") and phase is None:
            row.refuse("phase", _("is not a phase of this park; write its code, or add the phase first"))
        return phase

    def _source(self, row: SheetRow) -> Source | None:
        source = self.sources.get(row.raw("source"))
        if row.given("source") and source is None:
            row.refuse("source", _("is not the code of a known source; add the source first"))
        return source

    def _published_at(self, row: SheetRow, known: TenderRound | None) -> datetime | None:
        """When to publish; None for a draft, and for a round that is published already."""
        published_at = row.instant("published_at")
        if published_at is None:
            return None
        if published_at > self.at:
            row.refuse("published_at", _("is still to come; leave it empty and publish the draft on the day"))
        if known is None or known.published_at is None:
            return published_at
        if known.published_at != published_at:
            words = _("is not when the round was published, %(time)s; that cannot be changed")
            row.refuse("published_at", words % {"time": spoken(known.published_at)})
        return None


def _refuse_what_is_fixed(row: SheetRow, known: TenderRound, values: dict[str, object]) -> None:
    for name in DATES:
        if name in values and values[name] != getattr(known, name):
            words = _(
                "is not what was published, %(time)s; that is an amendment: amend the round, with a reason"
            )
            row.refuse(name, words % {"time": spoken(getattr(known, name))})
    for name, fixed in FIXED.items():
        if name in values and values[name] != getattr(known, name):
            row.refuse(name, str(fixed))


def _days_until_staged(round: TenderRound, values: dict[str, object]) -> dict[str, object]:
    """Staged disclosure needs a number of days, for which the file has no column."""
    if values.get("disclosure", round.disclosure) != Disclosure.STAGED:
        return {"disclosure_days": None}
    return {"disclosure_days": round.disclosure_days or DAYS_UNTIL_STAGED}


def _write(line: _Line, book: Book, report: Report) -> None:
    if not line.known or line.changes:
        book.save(line.round)
    if not line.known and line.round.disclosure == Disclosure.STAGED:
        words = _(
            "%(round)s: losing amounts are published %(days)s days after the award; the admin can change it."
        )
        report.notes.append(words % {"round": line.round.code, "days": line.round.disclosure_days})
    if line.published_at:
        try:
            lifecycle.publish(line.round, by=book.by, at=line.published_at)
        except lifecycle.MoveRefused as refused:
            line.row.refuse("published_at", str(refused))
        line.changes.append(f"published_at {spoken(None)} -> {spoken(line.published_at)}")
    report.count(known=line.known, changes=[f"{line.round.code}: {words}" for words in line.changes])
