"""Awards: lots go to proposals, all at once; later an award is signed, or lapses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from tenders.lifecycle.writer import MoveRefused, check_move, lock, move, needed, save_checked, why
from tenders.models import Award, Lot, Proposal, TenderRound
from tenders.statuses import Decision, ProposalStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class AwardChoice:
    """One lot to one proposal. Money in HKD, stored positive; tenure in years."""

    lot: Lot
    proposal: Proposal
    decided_on: date
    premium_hkd: Decimal | None = None
    tenure_years: int | None = None


@transaction.atomic
def award(
    round: TenderRound, *, by: "User | None", at: datetime, choices: Sequence[AwardChoice]
) -> list[Award]:
    """Give lots to proposals, all at once. Lots left out are not awarded; other proposals become unsuccessful."""
    locked = lock(round)
    check_move(locked, Decision.AWARDED)
    if not choices:
        raise MoveRefused(_("Choose a proposal for at least one lot, or declare the round unsuccessful."))
    if len({choice.lot.pk for choice in choices}) != len(choices):
        raise MoveRefused(_("A lot can be awarded once only."))
    awards = [_award_lot(locked, choice, by=by, at=at) for choice in choices]
    winners = {choice.proposal.pk for choice in choices}
    _settle(locked, winners, by=by)
    move(round, Decision.AWARDED, by=by, at=at)
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
    if not proposal.eligible(at):
        raise MoveRefused(_("%(proposal)s came late and cannot win.") % {"proposal": proposal})
    if proposal.status in {ProposalStatus.WITHDRAWN, ProposalStatus.REJECTED}:
        raise MoveRefused(
            _("%(proposal)s was withdrawn or rejected and cannot win.") % {"proposal": proposal}
        )
    award = Award(
        lot=choice.lot, proposal=proposal, decided_on=choice.decided_on, decided_at=at, by=by,
        premium_hkd=choice.premium_hkd, tenure_years=choice.tenure_years,
    )  # fmt: skip
    save_checked(award, by=by, reason=str(Decision.AWARDED.label))
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
    save_checked(award, by=by, reason=_("Signature recorded"))


def lapse(award: Award, *, by: "User | None", lapsed_on: date, reason: str) -> None:
    """Record that an award came to nothing. The lot can be offered again in a further round."""
    words = why(_("Lapsed"), needed(reason, _("Say why the award lapsed.")))
    award.lapsed_on = lapsed_on
    save_checked(award, by=by, reason=words)
