"""A row of the file as a proposal, before anything is known of the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from parks.importing import Columns, Sheet, SheetRow
from parks.tabular import CellError, Row, parse_code, parse_decimal, parse_instant
from tenders.importing.proposals.organisations import LONGEST_NAME, one_line
from tenders.members import Member, split_members
from tenders.statuses import Channel, ProposalStatus

OPTIONAL = (
    "proposal", "lots", "plots", "members", "sector", "investment_hkd", "gfa_m2", "jobs", "premium_hkd",
    "channel", "status", "late",
)  # fmt: skip
COLUMNS = Columns(("round", "proponent", "received_at"), OPTIONAL, ("updated_at",))
COLUMNS_OF_ONE_ROUND = Columns(("proponent", "received_at"), (*OPTIONAL, "round"), ("updated_at",))

STATUSES, CHANNELS = tuple(ProposalStatus.values), tuple(Channel.values)

# What a sealed round keeps in the box until it is opened.
CONTENT = ("lots", "plots", "members", "sector", "investment_hkd", "gfa_m2", "jobs", "premium_hkd")


@dataclass(slots=True)
class ProposalLine:
    """What a row says. None stands for a missing column, or for a truth that the cell leaves empty."""

    row: SheetRow
    reference: str
    round: str
    lots: list[str] | None
    premiums: dict[str, Decimal | None] | None  # by lot
    proponent: str
    members: list[Member] | None
    received_at: datetime
    fields: dict[str, Any]  # those of the model that are plain values
    status: str
    plots: list[str] | None
    late: bool | None

    @property
    def line(self) -> int:
        return self.row.line

    @property
    def name(self) -> str:
        return self.reference or _("line %(line)s") % {"line": self.line}


class Reader:
    """Reads the rows of a sheet as proposals, as often as it is asked to."""

    def __init__(self, sheet: Sheet, only_round: str, at: datetime) -> None:
        self._sheet = sheet
        self._only_round = only_round
        self._at = at

    def references(self) -> Iterator[tuple[int, str]]:
        """The line and the reference of each row that brings one."""
        return ((row.line, row.raw("proposal")) for row in self._sheet if row.given("proposal"))

    def rounds(self) -> set[str]:
        return {self._only_round} if self._only_round else {row.raw("round") for row in self._sheet}

    def lines(self, rows: Iterable[Row] | None = None) -> Iterator[ProposalLine]:
        """Those rows, or all of them; what is wrong is noted and left out."""
        for row in self._sheet if rows is None else map(self._sheet.row, rows):
            if line := read_line(row, self._only_round, self._at):
                yield line


def read_line(row: SheetRow, only_round: str, at: datetime) -> ProposalLine | None:
    """The row as a proposal; None if anything is wrong with it, which is noted then."""
    row.need("proponent", "received_at", *([] if only_round else ["round"]))
    lots = row.names("lots") if row.has("lots") else None
    line = ProposalLine(
        row=row,
        reference=row.value("proposal", parse_code, ""),
        round=_round(row, only_round),
        lots=lots,
        premiums=_premiums(row, lots),
        proponent=row.name("proponent", LONGEST_NAME),
        members=_members(row) if row.has("members") else None,
        received_at=row.value("received_at", partial(_received_at, at=at), at),
        fields=_fields(row),
        status=row.choice("status", STATUSES),
        plots=row.names("plots") if row.given("plots") else None,
        late=row.truth("late"),
    )
    return line if row.fine else None


def _round(row: SheetRow, only_round: str) -> str:
    if only_round and row.given("round") and row.raw("round") != only_round:
        row.refuse("round", _("is not %(round)s, the round that this import is for") % {"round": only_round})
    return only_round or row.raw("round")


def _received_at(text: str, at: datetime) -> datetime:
    """The instant; a bare day would have to be guessed to be in time or late."""
    try:
        received_at = parse_instant(text) if len(text) > len("2026-03-30") else None
    except CellError:
        received_at = None
    if received_at is None:
        raise CellError(_("is not a time in ISO 8601; write day and time, as in 2026-03-30T15:04:05+08:00"))
    if received_at > at:
        raise CellError(_("is still to come; write when it was received"))
    return received_at


def _fields(row: SheetRow) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if row.has("sector"):
        fields["sector"] = row.text("sector", 200)
    if row.has("investment_hkd"):
        fields["investment_hkd"] = row.decimal("investment_hkd")
    if row.has("gfa_m2"):
        fields["gfa_m2"] = row.decimal("gfa_m2", digits=12)
        if fields["gfa_m2"] == 0:
            row.refuse("gfa_m2", _("is zero; write the floor area, or leave the cell empty"))
    if row.has("jobs"):
        fields["jobs"] = row.whole("jobs")
    if channel := row.choice("channel", CHANNELS):
        fields["channel"] = channel
    return fields


def _premiums(row: SheetRow, lots: list[str] | None) -> dict[str, Decimal | None] | None:
    """The amounts by lot: one for each, in the order of `lots`; a gap between `;` is a lot without one."""
    if not row.has("premium_hkd"):
        return None
    parts = [part.strip() for part in row.raw("premium_hkd").split(";")]
    if parts == [""]:
        return dict.fromkeys(lots or [])
    if len(parts) != len(lots or []):
        words = _(
            "is not one amount for each lot in the order of lots, joined by “;”; there are %(count)s lots"
        )
        row.refuse("premium_hkd", words % {"count": len(lots or [])})
        return None
    amounts = row.value("premium_hkd", lambda _text: [_amount(part) for part in parts], [])
    return dict(zip(lots or [], amounts, strict=False))


def _amount(part: str) -> Decimal | None:
    if not part:
        return None
    amount = parse_decimal(part, places=2, minimum=0)
    if amount.adjusted() >= 14:
        raise CellError(_("is too large; 14 digits before the point are the most"))
    return amount


def _members(row: SheetRow) -> list[Member]:
    """The consortium; each name once, and no more than 100 % in all."""
    members = [Member(one_line(name), share) for name, share in split_members(row.text("members", 100_000))]
    names = [member.name for member in members]
    for name in sorted({name for name in names if names.count(name) > 1}):
        row.refuse("members", _("is named more than once; name each member once"), name)
    for name in names:
        if not name or len(name) > LONGEST_NAME:
            row.refuse(
                "members", _("is not a name of 1 to %(most)s characters") % {"most": LONGEST_NAME}, name
            )
    shares = [member.share for member in members if member.share is not None]
    if any(not 0 < share <= 100 for share in shares) or sum(shares) > 100:
        row.refuse("members", _("has shares that are not more than 0 % and 100 % in all; correct them"))
    return members
