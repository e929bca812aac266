"""The only writer of decisions: one function a verb, and one private writer below them.

Every verb is keyword-only, says who (`by`, None for the system's own loading) and when (`at`), and raises
MoveRefused with a sentence for staff. It locks, checks, writes and records, in that order, in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from parks.models import Plot
from tenders.models import Amendment, Award, Lot, LotPlot, Opening, Proposal, RoundEvent, TenderRound
from tenders.statuses import LIVE, MOVES, NOT_FOR_LATE, Decision, ProposalStatus, RoundKind, Stage

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class MoveRefused(Exception):
    """A move that the table, a rule or the database refuses, in words for staff."""


@dataclass(frozen=True)
class AwardChoice:
    """One lot to one proposal. Money in HKD, stored positive; tenure in years."""

    lot: Lot
    proposal: Proposal
    decided_on: date
    premium_hkd: Decimal | None = None
    tenure_years: int | None = None


# --- rounds -----------------------------------------------------------------------------------------------------


def publish(round: TenderRound, *, by: "User | None", at: datetime) -> None:
    """Make a draft public from `at` on. Raises MoveRefused without a closing time, direct grants excepted.

    Lots may follow: a round is announced before its lots are, and an import brings them in a file of their own.
    """
    if round.kind != RoundKind.DIRECT_GRANT and round.closes_at is None:
        raise MoveRefused(_("A round needs a closing time before it is published."))
    _move(round, Decision.PUBLISHED, by=by, at=at)


@transaction.atomic
def amend(
    round: TenderRound,
    *,
    by: "User | None",
    at: datetime,
    reason: str,
    opens_at: datetime | None = None,
    enquiries_until: datetime | None = None,
    closes_at: datetime | None = None,
) -> Amendment:
    """Move published dates, with a reason that is published. Dates left None stay. The only way to move them."""
    locked = _lock(round)
    if locked.decision != Decision.PUBLISHED:
        raise MoveRefused(_("Only a published round that is not opened can be amended."))
    if not reason.strip():
        raise MoveRefused(_("An amendment needs a reason; it is published with the new date."))
    asked = {"opens_at": opens_at, "enquiries_until": enquiries_until, "closes_at": closes_at}
    changes = {name: new for name, new in asked.items() if new is not None and new != getattr(locked, name)}
    _check_changes(locked, changes, at)
    amendment = Amendment(
        round=locked, number=locked.amendments.count() + 1, published_at=at, reason=reason.strip(), by=by
    )
    for name, new in changes.items():
        setattr(amendment, f"{name}_before", getattr(locked, name))
        setattr(amendment, f"{name}_after", new)
        setattr(locked, name, new)
    _check_order(locked)
    _check_constraints(locked)
    locked._history_user = by
    locked._change_reason = _why(_("Amendment %(number)s") % {"number": amendment.number}, amendment.reason)
    locked.save(update_fields=[*changes, "updated_at"])
    amendment.save()
    _refresh(round, locked)
    return amendment


def _check_changes(locked: TenderRound, changes: dict[str, datetime], at: datetime) -> None:
    if not changes:
        raise MoveRefused(_("The amendment changes no date."))
    if locked.closes_at is not None and at >= locked.closes_at:
        raise MoveRefused(_("The closing time has passed; it cannot be moved any more."))
    if "closes_at" in changes and changes["closes_at"] <= at:
        raise MoveRefused(_("The new closing time has already passed."))
    if "opens_at" in changes and locked.opens_at is not None and locked.opens_at <= at:
        raise MoveRefused(_("The round is already open; its opening time cannot be moved."))


def _check_order(locked: TenderRound) -> None:
    """Says in words what the constraints of these dates would refuse by their names."""
    opens, asks, closes = locked.opens_at, locked.enquiries_until, locked.closes_at
    if opens and closes and opens >= closes:
        raise MoveRefused(_("The round closes before it opens."))
    if asks and closes and asks > closes:
        raise MoveRefused(_("Enquiries end by the closing time."))


def declare_unsuccessful(round: TenderRound, *, by: "User | None", at: datetime, reason: str) -> None:
    """End the round without an award. Raises MoveRefused before the closing time."""
    if round.stage(at) in {Stage.UPCOMING, Stage.OPEN}:
        raise MoveRefused(_("The round has not closed yet. Before that it can only be cancelled."))
    _move(
        round,
        Decision.UNSUCCESSFUL,
        by=by,
        at=at,
        reason=_reason(reason, _("Say why no proposal is successful.")),
    )


def cancel(round: TenderRound, *, by: "User | None", at: datetime, reason: str) -> None:
    """Call the round off. Raises MoveRefused without a reason, or once it is over."""
    _move(
        round, Decision.CANCELLED, by=by, at=at, reason=_reason(reason, _("A cancellation needs a reason."))
    )


# --- the box ----------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_opening(round: TenderRound, *, by: "User", at: datetime) -> Opening:
    """The first of two officers begins to open the box. Refused before the closing time."""
    locked = _lock(round)
    _check_move(locked, Decision.OPENED)
    if locked.stage(at) != Stage.CLOSED:
        raise MoveRefused(_("The box stays shut until the closing time."))
    if Opening.objects.filter(round=locked).exists():
        raise MoveRefused(_("The opening has already begun; a second officer confirms it."))
    return Opening.objects.create(round=locked, first_officer=by, begun_at=at)


@transaction.atomic
def confirm_opening(round: TenderRound, *, by: "User", at: datetime) -> Opening:
    """The second officer confirms; from then on proposals can be read. It cannot be undone."""
    locked = _lock(round)
    opening = Opening.objects.select_for_update().filter(round=locked).first()
    if opening is None:
        raise MoveRefused(_("The opening has not begun. A first officer begins it, a second one confirms."))
    if opening.opened_at is not None:
        raise MoveRefused(_("The box is already open."))
    if opening.first_officer_id == by.pk:
        raise MoveRefused(_("It takes two: the officer who began the opening cannot confirm it."))
    references = list(locked.proposals.order_by("reference").values_list("reference", flat=True))
    opening.second_officer, opening.opened_at = by, at
    opening.proposal_count, opening.references = len(references), references
    opening.save()
    _move(round, Decision.OPENED, by=by, at=at)
    return opening


def sealed_now(round: TenderRound) -> bool:
    """Whether a proposal of this round is still its receipt only (reference, received_at, channel, proponent)."""
    return round.sealed and not Opening.objects.filter(round=round, opened_at__isnull=False).exists()


# --- awards -----------------------------------------------------------------------------------------------------


@transaction.atomic
def award(
    round: TenderRound, *, by: "User | None", at: datetime, choices: Sequence[AwardChoice]
) -> list[Award]:
    """Give lots to proposals, all at once. Lots left out are not awarded; other proposals become unsuccessful."""
    locked = _lock(round)
    _check_move(locked, Decision.AWARDED)
    if not choices:
        raise MoveRefused(_("Choose a proposal for at least one lot, or declare the round unsuccessful."))
    if len({choice.lot.pk for choice in choices}) != len(choices):
        raise MoveRefused(_("A lot can be awarded once only."))
    awards = [_award_lot(locked, choice, by=by, at=at) for choice in choices]
    winners = {choice.proposal.pk for choice in choices}
    _settle(locked, winners, by=by)
    _move(round, Decision.AWARDED, by=by, at=at)
    return awards


def _award_lot(locked: TenderRound, choice: AwardChoice, *, by: "User | None", at: datetime) -> Award:
    # As it stands now: the caller's copy may be older than a withdrawal.
    proposal = (
        Proposal.objects.select_for_update(of=("self",)).select_related("round").get(pk=choice.proposal.pk)
    )
    if choice.lot.round_id != locked.pk or proposal.round_id != locked.pk:
        raise MoveRefused(
            _("%(lot)s and %(proposal)s must both be of this round.")
            % {"lot": choice.lot, "proposal": proposal}
        )
    if not proposal.proposal_lots.filter(lot=choice.lot).exists():
        raise MoveRefused(
            _("%(proposal)s did not ask for lot %(lot)s.") % {"proposal": proposal, "lot": choice.lot.code}
        )
    if proposal.late:
        raise MoveRefused(_("%(proposal)s came late and cannot win.") % {"proposal": proposal})
    if proposal.status in {ProposalStatus.WITHDRAWN, ProposalStatus.REJECTED}:
        raise MoveRefused(
            _("%(proposal)s was withdrawn or rejected and cannot win.") % {"proposal": proposal}
        )
    award = Award(
        lot=choice.lot, proposal=proposal, decided_on=choice.decided_on, decided_at=at, by=by,
        premium_hkd=choice.premium_hkd, tenure_years=choice.tenure_years,
    )  # fmt: skip
    _save_checked(award, by=by, reason=str(Decision.AWARDED.label))
    return award


def _settle(locked: TenderRound, winners: set[int], *, by: "User | None") -> None:
    """Winners are successful, everybody else who still stood is unsuccessful."""
    standing = [ProposalStatus.RECEIVED, ProposalStatus.SHORTLISTED]
    proposals = list(locked.proposals.select_for_update(of=("self",)).filter(status__in=standing))
    for proposal in proposals:
        proposal.status = ProposalStatus.SUCCESSFUL if proposal.pk in winners else ProposalStatus.UNSUCCESSFUL
    bulk_update_with_history(
        proposals, Proposal, ["status"], batch_size=500, default_user=by, default_change_reason=_("Award")
    )


def sign(award: Award, *, by: "User | None", signed_on: date) -> None:
    """Record the day on which the agreement was signed."""
    if award.lapsed_on is not None:
        raise MoveRefused(_("The award has lapsed; it cannot be signed."))
    award.signed_on = signed_on
    _save_checked(award, by=by, reason=_("Signature recorded"))


def lapse(award: Award, *, by: "User | None", lapsed_on: date, reason: str) -> None:
    """Record that an award came to nothing. The lot can be offered again in a further round."""
    words = _why(_("Lapsed"), _reason(reason, _("Say why the award lapsed.")))
    award.lapsed_on = lapsed_on
    _save_checked(award, by=by, reason=words)


# --- proposals --------------------------------------------------------------------------------------------------


def withdraw(proposal: Proposal, *, by: "User | None", at: datetime, reason: str = "") -> None:
    """The proponent takes the proposal back. The record stays, the count does not."""
    _change_status(proposal, ProposalStatus.WITHDRAWN, by=by, reason=reason, withdrawn_at=at)


def shortlist(proposal: Proposal, *, by: "User | None", at: datetime) -> None:
    """Put the proposal on the short list. Refused for late ones, and before the box is open."""
    _check_readable(proposal)
    _change_status(proposal, ProposalStatus.SHORTLISTED, by=by)


def reject(proposal: Proposal, *, by: "User | None", at: datetime, reason: str) -> None:
    """Take the proposal out of the evaluation, with a reason."""
    _check_readable(proposal)
    words = _reason(reason, _("A rejection needs a reason."))
    _change_status(proposal, ProposalStatus.REJECTED, by=by, reason=words)


def _check_readable(proposal: Proposal) -> None:
    if proposal.round.decision != Decision.OPENED:
        raise MoveRefused(_("Proposals are judged between the opening of the box and the award."))


@transaction.atomic
def _change_status(
    proposal: Proposal,
    new: ProposalStatus,
    *,
    by: "User | None",
    reason: str = "",
    withdrawn_at: datetime | None = None,
) -> None:
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("round").get(pk=proposal.pk)
    if locked.status not in {ProposalStatus.RECEIVED, ProposalStatus.SHORTLISTED}:
        raise MoveRefused(
            _("%(proposal)s is %(status)s already.")
            % {"proposal": locked, "status": locked.get_status_display().lower()}
        )
    if new in NOT_FOR_LATE and locked.late:
        raise MoveRefused(
            _("%(proposal)s came late: it is kept, but cannot be shortlisted or win.") % {"proposal": locked}
        )
    locked.status, locked.withdrawn_at = new, withdrawn_at
    _save_checked(locked, by=by, reason=_why(str(new.label), reason))
    proposal.status, proposal.withdrawn_at = new, withdrawn_at


# --- the one writer ---------------------------------------------------------------------------------------------


@transaction.atomic
def _move(round: TenderRound, new: Decision, *, by: "User | None", at: datetime, reason: str = "") -> None:
    locked = _lock(round)
    _check_move(locked, new)
    locked.decision = new
    if new == Decision.PUBLISHED:
        locked.published_at = at
    _check_constraints(locked)
    locked._history_user = by
    locked._change_reason = why = _why(str(new.label), reason)
    locked.save(update_fields=["decision", "published_at", "updated_at"])
    _hold_plots(locked, by=by, reason=why)
    RoundEvent.objects.create(round=locked, decision=new, at=at, by=by, reason=reason)
    _refresh(round, locked)


def _lock(round: TenderRound) -> TenderRound:
    return TenderRound.objects.select_for_update(of=("self",)).select_related("park").get(pk=round.pk)


def _check_move(locked: TenderRound, new: Decision) -> None:
    now = Decision(locked.decision)
    if new not in MOVES[now]:
        raise MoveRefused(
            _("%(round)s is %(now)s; from there it cannot become %(new)s.")
            % {"round": locked.code, "now": now.label, "new": new.label}
        )


def _hold_plots(locked: TenderRound, *, by: "User | None", reason: str) -> None:
    """A published round holds its plots; once it is over they are free for another one."""
    links = list(LotPlot.objects.filter(lot__round=locked).select_related("plot"))
    live = Decision(locked.decision) in LIVE
    # Two rounds published at once wait here for each other; the constraint stands behind it.
    list(Plot.objects.select_for_update().filter(pk__in=[link.plot_id for link in links]).order_by("pk"))
    taken = LotPlot.objects.filter(live=True, plot__in=[link.plot_id for link in links]).exclude(
        lot__round=locked
    )
    clash = taken.select_related("plot", "lot__round").first() if live else None
    if clash is not None:
        raise MoveRefused(
            _("Plot %(plot)s is in round %(round)s, which is not over.")
            % {"plot": clash.plot.code, "round": clash.lot.round.code}
        )
    changed = [link for link in links if link.live != live]
    for link in changed:
        link.live = live
    bulk_update_with_history(
        changed, LotPlot, ["live"], batch_size=500, default_user=by, default_change_reason=reason
    )


def _check_constraints(locked: TenderRound) -> None:
    try:
        locked.validate_constraints()
    except ValidationError as error:
        raise MoveRefused(" ".join(error.messages)) from error


def _save_checked(row: Award | Proposal, *, by: "User | None", reason: str) -> None:
    try:
        row.validate_constraints()
        row._history_user, row._change_reason = by, reason
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise MoveRefused(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise MoveRefused(_("The database refuses this: %(error)s") % {"error": error}) from error


def _reason(reason: str, words: str) -> str:
    if not reason.strip():
        raise MoveRefused(words)
    return reason.strip()


def _why(verb: str, reason: str) -> str:
    """What history keeps as the reason: the verb, and what was said for it."""
    return f"{verb}: {reason.strip()}" if reason.strip() else verb


def _refresh(round: TenderRound, locked: TenderRound) -> None:
    for name in ("decision", "published_at", "opens_at", "enquiries_until", "closes_at"):
        setattr(round, name, getattr(locked, name))
