"""Proposals out of the file that staff export.

`lines` reads the rows, `rules` holds them against the database, `organisations` finds who is named, `writing`
writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.importing import Book, Progress, Report, Sheet, no_progress, open_sheet, whole
from tenders.importing.proposals.lines import COLUMNS, COLUMNS_OF_ONE_ROUND, Reader
from tenders.importing.proposals.organisations import Organisations
from tenders.importing.proposals.rules import Plan, Rounds, plan
from tenders.importing.proposals.writing import names, write

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from parks.tabular import Row

__all__ = ["COLUMNS", "run"]

MOST_NAMED = 10


def run(
    data: BinaryIO,
    *,
    by: User | None,
    at: datetime,
    dry_run: bool = False,
    file: str = "",
    progress: Progress = no_progress,
    only_round: str = "",
) -> Report:
    """Import proposals: new ones, and changes of known ones, all or none. Raises ImportRefused.

    `only_round` is the round of every row; the column may then be left out. An empty `proposal` is new and
    gets its reference. A column that is not in the file leaves what is known as it is; an empty cell empties
    it. Several `premium_hkd` stand in the order of `lots`. Of a sealed round that is not opened only the
    receipt is taken: reference, proponent, time and channel.

    First every row is read and held against the rules, then the rows that say something new are read again
    and written: to keep what was read of fifty thousand rows would take ten times the memory of their text.
    """
    sheet = open_sheet(data, COLUMNS_OF_ONE_ROUND if only_round else COLUMNS, file)
    reader = Reader(sheet, only_round, at)
    sheet.refuse_repeated("proposal", reader.references())
    with whole(dry_run=dry_run):
        rounds = Rounds(reader.rounds())
        _refuse_missing_lots(sheet, rounds)
        organisations = Organisations()
        report = sheet.report()
        due = list(_due(plan(reader.lines(), rounds, organisations), organisations, report))
        sheet.stop_if_wrong()
        book = Book(by, at, file)
        made = organisations.add_new(book)
        if made:
            report.notes.append(_new_organisations(made))
        count = _counter(progress, len(sheet) - len(due), len(sheet))
        write(plan(reader.lines(due), rounds, organisations, again=True), organisations, book, count)
        sheet.stop_if_wrong()
    return report


def _counter(progress: Progress, done: int, total: int) -> Callable[[int], None]:
    """Adds up what is done and tells it on."""
    progress(done, total)

    def count(more: int) -> None:
        nonlocal done
        done += more
        progress(done, total)

    return count


def _refuse_missing_lots(sheet: Sheet, rounds: Rounds) -> None:
    """Without the column only receipts of sealed rounds can be taken."""
    if "lots" not in sheet.columns and any(not facts.sealed for facts in rounds):
        sheet.refuse(None, "lots", None, _("is missing; add this column, every proposal names its lots"))
        sheet.stop_if_wrong()


def _due(plans: Iterator[Plan], organisations: Organisations, report: Report) -> Iterator[Row]:
    """The rows that are new or change something; each is counted, and whom it names is noted."""
    for planned in plans:
        report.count(known=planned.known is not None, changes=planned.changes)
        if planned.known is None or planned.changes:
            organisations.note(names(planned))
            yield planned.line.row.source


def _new_organisations(names: Sequence[str]) -> str:
    """A name typed otherwise than before is a new organisation: whoever imports shall see that."""
    words = ngettext(
        "%(count)d organisation is new: %(names)s", "%(count)d organisations are new: %(names)s", len(names)
    )
    more = len(names) - MOST_NAMED
    rest = _(" and %(count)d more") % {"count": more} if more > 0 else ""
    return words % {"count": len(names), "names": ", ".join(names[:MOST_NAMED]) + rest}
