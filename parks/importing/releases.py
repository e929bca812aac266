"""Releases out of the file that /releases.csv writes: new ones, and further announcements of known ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from parks import programme
from parks.importing.book import Book, assign, keep_name, spoken, whole
from parks.importing.report import Progress, Report, no_progress
from parks.importing.table import Columns, Sheet, SheetRow, open_sheet
from parks.models import Park, Phase, Release, ReleaseRevision, Source
from parks.windows import Precision, Window, WindowError, from_limits, iso_day, read, read_iso_day, speak

if TYPE_CHECKING:
    from django.contrib.auth.models import User

COLUMNS = Columns(
    required=("release", "park", "announced_on", "source"),
    optional=(
        "phase", "title", "plots", "window_earliest", "window_latest", "window_precision", "window_text",
        "status", "revised_on", "published",
    ),
    derived=("revisions", "slip_days", "round", "source_url"),
)  # fmt: skip
CANCELLED = "cancelled"


def run(
    data: BinaryIO,
    *,
    by: User | None,
    at: datetime,
    dry_run: bool = False,
    file: str = "",
    progress: Progress = no_progress,
) -> Report:
    """Import releases and what the rows announce of them. Raises ImportRefused.

    The day of the announcement is `revised_on` where it is given, else `announced_on`: the export writes the
    newest day into the one and the first into the other. An announcement that is known already adds nothing.
    """
    sheet = open_sheet(data, COLUMNS, file)
    with whole(dry_run=dry_run):
        report = sheet.report()
        lines = list(_Lookup(sheet, at).lines())
        sheet.stop_if_wrong()
        book = Book(by, at, file)
        for done, line in enumerate(lines, start=1):
            _write(line, book, report)
            progress(done, len(lines))
        sheet.stop_if_wrong()
    return report


@dataclass
class _Line:
    """A row: the release, what changes of it, and the announcement if it is news."""

    row: SheetRow
    release: Release
    known: bool
    announcement: _Announcement | None
    note: str = ""
    changes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Announcement:
    window: Window
    plot_count: int | None
    day: date
    precision: str
    source: Source
    cancelled: bool

    def is_told(self, revision: ReleaseRevision, *, says: frozenset[str], named: int | None) -> bool:
        """Whether the revision says the same, in those columns that the file has.

        The file has the number of `named` plots where the revision says none.
        """
        named = named if revision.plot_count is None else revision.plot_count
        limits = (self.window.earliest, self.window.latest, self.window.precision)
        return (
            limits == (revision.window_earliest, revision.window_latest, revision.window_precision)
            and (self.day, self.precision) == (revision.announced_on, revision.announced_precision)
            and ("window_text" not in says or self.window.text in _words(revision))
            and ("plots" not in says or self.plot_count in (revision.plot_count, named))
            and ("status" not in says or self.cancelled == revision.cancelled)
        )


def _words(revision: ReleaseRevision) -> set[str]:
    """When, in words, in each language: a file is in the language of its page."""
    return {revision.window_text, revision.window_text_zh_hant, revision.window_text_zh_hans}


class _Lookup:
    """The rows as releases, with what the database knows of them."""

    def __init__(self, sheet: Sheet, at: datetime) -> None:
        self.sheet = sheet
        self.at = at
        self.parks = {
            park.slug: park for park in Park.objects.filter(slug__in={row.raw("park") for row in sheet})
        }
        phases = Phase.objects.filter(park__in=self.parks.values())
        self.phases = {(phase.park_id, phase.code): phase for phase in phases}
        self.sources = Source.objects.in_bulk({row.raw("source") for row in sheet}, field_name="code")
        self.releases = {
            release.code: release
            for release in Release.objects.filter(code__in={row.raw("release") for row in sheet})
            .select_related("park", "phase")
            .prefetch_related(
                Prefetch("revisions", ReleaseRevision.objects.in_order().select_related("source")),
                "release_plots",
            )
        }

    def lines(self) -> list[_Line]:
        self.sheet.refuse_repeated(
            "release", ((row.line, row.raw("release")) for row in self.sheet if row.given("release"))
        )
        return [line for row in self.sheet if (line := self._line(row))]

    def _line(self, row: SheetRow) -> _Line | None:
        row.need("release", "park", "source")
        park, phase = self._park(row), self._phase(row)
        source = self.sources.get(row.raw("source"))
        if row.given("source") and source is None:
            row.refuse("source", _("is not the code of a known source; add the source first"))
        known = self.releases.get(row.raw("release"))
        if known and park and known.park_id != park.pk:
            row.refuse(
                "park", _("is another park than before; a release does not move, give a new one a new code")
            )
        title = row.name("title", 300)
        if known is None and not row.given("title"):
            row.refuse("title", _("is empty; a new release needs a title"))
        announcement = self._announcement(row, source, known)
        published = row.truth("published")
        if not row.fine or park is None or announcement is None:
            return None
        release = known or Release(code=row.raw("release"), park=park, published=True)
        values: dict[str, object] = dict(keep_name(release, "title", title))
        if row.has("phase"):
            values["phase"] = phase
        if published is not None:
            values["published"] = published
        changes = assign(release, values, columns={"title_en": "title"})
        told = self._told(announcement, known)
        return _Line(
            row,
            release,
            known is not None,
            None if told else announcement,
            _note(row, announcement, told),
            changes,
        )

    def _park(self, row: SheetRow) -> Park | None:
        park = self.parks.get(row.raw("park"))
        if row.given("park") and park is None:
            row.refuse("park", _("is not a known park; write its short name, as in /releases.csv"))
        return park

    def _phase(self, row: SheetRow) -> Phase | None:
        park = self.parks.get(row.raw("park"))
        if not row.given("phase") or park is None:
            return None
        phase = self.phases.get((park.pk, row.raw("phase")))
        if phase is None:
            row.refuse("phase", _("is not a phase of this park; write its code, or add the phase first"))
        return phase

    def _announcement(
        self, row: SheetRow, source: Source | None, known: Release | None
    ) -> _Announcement | None:
        column = "revised_on" if row.given("revised_on") else "announced_on"
        row.need(column)
        day, precision = row.value(column, read_iso_day, (date.min, "day"))
        if row.fine and iso_day(day, precision) > iso_day(timezone.localtime(self.at).date(), precision):
            row.refuse(column, _("is still to come; write the day on which it was announced"))
        window = read_window(row, day)
        plots = row.whole("plots", minimum=1)
        if source is None or window is None or not row.fine:
            return None
        newest = _newest(known)
        if not row.has("plots") and newest:
            plots = newest.plot_count
        return _Announcement(window, plots, day, precision, source, row.raw("status") == CANCELLED)

    def _told(self, announcement: _Announcement, known: Release | None) -> list[ReleaseRevision]:
        """The announcements that say the same already, whoever said so."""
        if known is None:
            return []
        says, named = self.sheet.columns, len(known.release_plots.all()) or None
        return [
            revision
            for revision in known.revisions.all()
            if announcement.is_told(revision, says=says, named=named)
        ]


def _note(row: SheetRow, announcement: _Announcement, told: Sequence[ReleaseRevision]) -> str:
    """Words for a row that repeats another source: it is no further announcement, but it is not passed over."""
    if not told or announcement.source in [revision.source for revision in told]:
        return ""
    words = _(
        "line %(line)s, source: %(source)s: %(release)s was announced in the same words by %(known)s; the source "
        "stays, since another source alone is no further announcement"
    )
    return words % {
        "line": row.line, "source": announcement.source.code, "release": row.raw("release"),
        "known": told[-1].source.code,
    }  # fmt: skip


def read_window(row: SheetRow, said_on: date) -> Window | None:
    """The window of a row: its limits if they are given, else what its words mean, counted from `said_on`."""
    text = row.text("window_text", 200)
    precision = row.choice("window_precision", [precision.value for precision in Precision])
    earliest, latest = (
        row.value("window_earliest", _full_day, None),
        row.value("window_latest", _full_day, None),
    )
    if not row.fine:
        return None
    try:
        if earliest is None and latest is None and precision != Precision.UNKNOWN:
            return _read_words(row, text, said_on, precision)
        window = (
            Window(earliest, latest, Precision(precision), text)
            if precision
            else from_limits(earliest, latest, text)
        )
        return window if text else Window(earliest, latest, window.precision, speak(window, "en"))
    except WindowError as error:
        column = (
            "window_precision" if precision else "window_earliest" if earliest or latest else "window_text"
        )
        row.refuse(column, str(error))
        return None


def _read_words(row: SheetRow, text: str, said_on: date, precision: str) -> Window | None:
    if not text:
        row.refuse("window_text", _("is empty; say when in words, or give window_earliest and window_latest"))
        return None
    window = read(text, said_on=said_on)
    if precision and precision != window.precision:
        words = _("does not fit the words “%(text)s”, which say %(precision)s; give the limits too")
        row.refuse("window_precision", words % {"text": text, "precision": window.precision.value})
        return None
    return window


def _full_day(text: str) -> date:
    day, precision = read_iso_day(text)
    if precision != "day":
        raise WindowError(_("is not a full day; write it as in 2026-05-01"))
    return day


def _newest(known: Release | None) -> ReleaseRevision | None:
    told = list(known.revisions.all()) if known else []
    return told[-1] if told else None


def _write(line: _Line, book: Book, report: Report) -> None:
    if not line.known or line.changes:
        book.save(line.release)
    if line.note:
        report.notes.append(line.note)
    news = line.announcement
    if news:
        before = _newest(line.release if line.known else None)
        try:
            programme.announce(
                line.release, window=news.window, plot_count=news.plot_count, announced_on=news.day,
                announced_precision=news.precision, source=news.source, by=book.by, cancelled=news.cancelled,
            )  # fmt: skip
        except programme.AnnouncementRefused as refused:
            line.row.refuse("window_text", str(refused))
        line.changes += _further(before, news) if before else []
    report.count(known=line.known, changes=[f"{line.release.code}: {words}" for words in line.changes])


def _further(before: ReleaseRevision, news: _Announcement) -> list[str]:
    """What a further announcement changes, against the one that was newest before it."""
    pairs = {
        "window": (before.window_text, news.window.text),
        "window_earliest": (before.window_earliest, news.window.earliest),
        "window_latest": (before.window_latest, news.window.latest),
        "plots": (before.plot_count, news.plot_count),
        "status": (CANCELLED if before.cancelled else "", CANCELLED if news.cancelled else ""),
        "revised_on": (
            iso_day(before.announced_on, before.announced_precision),
            iso_day(news.day, news.precision),
        ),
    }
    return [f"{name} {spoken(old)} -> {spoken(new)}" for name, (old, new) in pairs.items() if old != new]
