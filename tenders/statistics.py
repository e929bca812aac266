"""Counts and ratios of rounds as they were public at an instant: each computed in one place, each with its basis.

A proposal for three plots is one proposal. Withdrawn proposals are kept but not counted, and so
are late ones until two officers admit them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F
from django.utils.timezone import localdate

from tenders.claims import headlines
from tenders.models import Award, Figure, Lot, Opening, Proposal, ProposalLot, TenderRound

RECORDED, REPORTED, SEALED, NOTHING = "recorded", "reported", "sealed", ""
RECEIVED = "proposals_received"


@dataclass(frozen=True)
class RoundCounts:
    """A round in numbers. None means not known or not public; `basis` says which.

    proposals: unique proposals, in time or admitted, and not withdrawn · proponents: unique lead organisations
    per_lot: proposals that ask for a lot, by its key · per_plot: mean number of proposals that ask for a plot
    plots: on offer, named or stated · lots, awards: recorded ones
    """

    basis: str
    as_of: date | None
    as_of_precision: str
    proposals: int | None
    proponents: int | None
    per_lot: dict[int, int] | None
    per_plot: Decimal | None
    plots: int | None
    lots: int
    awards: int
    claim: Figure | None = None
    recorded: int | None = None  # beside a claim that leads: how many of them are recorded and public
    opened: bool = False  # two officers opened the box, so the register is all that there is


@dataclass(frozen=True)
class _Records:
    """What the tables say about some rounds, fetched in a fixed number of queries."""

    lot_plots: dict[int, dict[int, int | None]]
    totals: dict[int, tuple[int, int]]
    per_lot: dict[int, dict[int, int]]
    opened: dict[int, datetime]
    awards: dict[int, int]
    claims: dict[int, Figure]


def round_counts(
    rounds: Iterable[TenderRound], at: datetime, *, known_at: datetime | None = None
) -> dict[int, RoundCounts]:
    """The numbers of each round by its key. `rounds` come from `with_stage(at)`. Six queries, however many rounds.

    `known_at`: the present, where `at` is still to come. A box that is shut then counts as empty.
    """
    rounds = list(rounds)
    records = _records([round.pk for round in rounds], at)
    if known_at is not None:
        _empty_shut_boxes(rounds, records, known_at)
    return {round.pk: _counts(round, records, at) for round in rounds}


def _empty_shut_boxes(rounds: Iterable[TenderRound], records: _Records, known_at: datetime) -> None:
    for round in rounds:
        is_closed = round.closes_at is not None and round.closes_at <= known_at
        if not (round.pk in records.opened or (is_closed and not round.sealed)):
            records.totals.pop(round.pk, None)
            records.per_lot.pop(round.pk, None)


def _records(keys: list[int], at: datetime) -> _Records:
    lot_plots: dict[int, dict[int, int | None]] = defaultdict(dict)
    offered = Lot.objects.filter(round__in=keys).offered_by(localdate(at))
    for lot in offered.with_named(localdate(at)):
        lot_plots[lot.round_id][lot.pk] = lot.named or lot.stated_plots
    counted = Proposal.objects.filter(round__in=keys).eligible(at).standing(at)
    totals = (
        counted.order_by().values("round").annotate(Count("pk"), people=Count("proponent", distinct=True))
    )
    per_lot: dict[int, dict[int, int]] = defaultdict(dict)
    asked = (
        ProposalLot.objects.filter(proposal__in=counted)
        .order_by()
        .values("lot__round", "lot")
        .annotate(n=Count("pk"))
    )
    for row in asked:
        per_lot[row["lot__round"]][row["lot"]] = row["n"]
    opened = Opening.objects.filter(round__in=keys, opened_at__lte=at).values_list("round", "opened_at")
    awards = (
        Award.objects.filter(lot__round__in=keys, decided_at__lte=at)
        .standing(localdate(at))
        .order_by()
        .values("lot__round")
        .annotate(n=Count("pk"))
    )
    figures = Figure.objects.public().as_of(localdate(at)).filter(round__in=keys, indicator=RECEIVED)
    claims = headlines(figures.select_related("source", "round", "park", "phase", "release"))
    return _Records(
        lot_plots=lot_plots,
        totals={row["round"]: (row["pk__count"], row["people"]) for row in totals},
        per_lot=per_lot,
        opened={key: opened_at for key, opened_at in opened if opened_at},
        awards={row["lot__round"]: row["n"] for row in awards},
        claims={claim.headline.round_id: claim.headline for claim in claims if claim.headline.round_id},
    )


def _counts(round: TenderRound, records: _Records, at: datetime) -> RoundCounts:
    """Records lead once two officers counted them, or once they reach what was claimed; else the newest claim."""
    lots = records.lot_plots.get(round.pk, {})
    claim = records.claims.get(round.pk)
    claimed = int(claim.value) if claim else 0
    proposals, proponents = records.totals.get(round.pk, (0, 0))
    counted_on = _counted_on(round, records, at)
    opened = round.pk in records.opened
    silent = RoundCounts(
        NOTHING, None, "", None, None, None, None, plots_on_offer(lots.values(), round.plot_count), len(lots),
        records.awards.get(round.pk, 0), opened=opened,
    )  # fmt: skip
    if counted_on is not None and (opened or proposals >= max(claimed, 1)):
        per_lot = {key: records.per_lot.get(round.pk, {}).get(key, 0) for key in lots}
        return replace(
            silent,
            basis=RECORDED,
            as_of=counted_on,
            as_of_precision="day",
            proposals=proposals,
            proponents=proponents,
            per_lot=per_lot,
            per_plot=_per_plot(per_lot, lots) if proposals else None,
        )
    if claim is not None:
        return replace(
            silent,
            basis=REPORTED,
            as_of=claim.as_of,
            as_of_precision=claim.as_of_precision,
            proposals=claimed,
            claim=claim,
            recorded=proposals if counted_on is not None else None,
        )
    # Nothing came in, and nobody says otherwise: that is a recorded nought only once the box was opened.
    return silent if counted_on is not None else replace(silent, basis=SEALED)


def _counted_on(round: TenderRound, records: _Records, at: datetime) -> date | None:
    """The day from which counts are public: of the opening if sealed, else of the closing; None before it."""
    opened_at = records.opened.get(round.pk)
    if opened_at is not None:
        return localdate(opened_at)
    closing_time = getattr(round, "closing_time", round.closes_at)
    if round.sealed or closing_time is None or max(closing_time, round.closes_at or closing_time) > at:
        return None  # a closing time that was moved later, however that came about, opens nothing before it
    return localdate(closing_time)


def counted_at_opening(rounds: Iterable[TenderRound]) -> dict[int, int]:
    """How many proposals counted when the box of each round was opened, by its key; none: not in it. One query.

    Whether that is public `round_counts` says. Late ones that were admitted since are not among them.
    """
    opened_at: Any = F("round__opening__opened_at")  # each round's own instant
    counted = Proposal.objects.filter(round__in=[round.pk for round in rounds])
    rows = counted.eligible(opened_at).standing(opened_at).order_by().values("round").annotate(n=Count("pk"))
    return {row["round"]: row["n"] for row in rows}


def plots_on_offer(lots: Collection[int | None], stated: int | None) -> int | None:
    """The plots of every lot added up; where a lot's are not known, what was `stated` of the round as a whole."""
    known = [count for count in lots if count is not None]
    return sum(known) if known and len(known) == len(lots) else stated


def _per_plot(per_lot: dict[int, int], lots: dict[int, int | None]) -> Decimal | None:
    """Mean over plots of the proposals that ask for the plot's lot; None where a lot's plots are not known."""
    plots = [(per_lot[key], count) for key, count in lots.items() if count is not None]
    total = sum(count for _, count in plots)
    if len(plots) != len(lots) or not total:
        return None
    asked = sum(proposals * count for proposals, count in plots)
    return (Decimal(asked) / Decimal(total)).quantize(Decimal("0.01"))
