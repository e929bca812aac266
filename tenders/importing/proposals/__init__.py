"""Proposals out of the file that staff export.

`lines` reads the rows, `rules` holds them against the database, `organisations` finds who is named, `writing`
writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.importing import Book, Progress, Report, Sheet, no_progress, open_sheet, whole
from tenders.importing.proposals.lines import COLUMNS, COLUMNS_OF_ONE_ROUND, ProposalLine, read_line
from tenders.importing.proposals.organisations import Organisations
from tenders.importing.proposals.rules import Plan, Rounds, plan
from tenders.importing.proposals.writing import write

if TYPE_CHECKING:
    from django.contrib.auth.models import User

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
    """
    sheet = open_sheet(data, COLUMNS_OF_ONE_ROUND if only_round else COLUMNS, file)
    lines = [line for row in sheet if (line := read_line(row, only_round, at))]
    _refuse_repeated(sheet, lines)
    with whole(dry_run=dry_run):
        report = sheet.report()
        rounds = Rounds({line.round for line in lines})
        _refuse_missing_lots(sheet, lines, rounds)
        organisations = Organisations()
        plans = list(plan(lines, rounds, organisations))
        sheet.stop_if_wrong()
        made = write(plans, organisations, Book(by, at, file), progress)
    if made:
        report.notes.append(_new_organisations(made))
    _count(plans, report)
    return report


def _refuse_repeated(sheet: Sheet, lines: Iterable[ProposalLine]) -> None:
    sheet.refuse_repeated("proposal", ((line.line, line.reference) for line in lines if line.reference))


def _refuse_missing_lots(sheet: Sheet, lines: Iterable[ProposalLine], rounds: Rounds) -> None:
    """Without the column only receipts of sealed rounds can be taken."""
    known = (rounds.get(line.round) for line in lines)
    if "lots" not in sheet.columns and any(round and not round.sealed for round in known):
        sheet.refuse(None, "lots", None, _("is missing; add this column, every proposal names its lots"))
        sheet.stop_if_wrong()


def _count(plans: Iterable[Plan], report: Report) -> None:
    for planned in plans:
        report.count(known=planned.known is not None, changes=planned.changes)


def _new_organisations(names: Sequence[str]) -> str:
    """A name typed otherwise than before is a new organisation: whoever imports shall see that."""
    words = ngettext(
        "%(count)d organisation is new: %(names)s", "%(count)d organisations are new: %(names)s", len(names)
    )
    more = len(names) - MOST_NAMED
    rest = _(" and %(count)d more") % {"count": more} if more > 0 else ""
    return words % {"count": len(names), "names": ", ".join(names[:MOST_NAMED]) + rest}
