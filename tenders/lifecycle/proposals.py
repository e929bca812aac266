"""What becomes of one proposal: taken back, put on the short list, or rejected."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from tenders.lifecycle.writer import MoveRefused, needed, save_checked, why
from tenders.models import Proposal
from tenders.statuses import NOT_FOR_LATE, PROPOSAL_MOVES, Decision, ProposalStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def withdraw(proposal: Proposal, *, by: "User | None", at: datetime, reason: str = "") -> None:
    """The proponent takes the proposal back. The record stays, the count does not."""
    _change_status(proposal, ProposalStatus.WITHDRAWN, by=by, at=at, reason=reason, withdrawn_at=at)


def shortlist(proposal: Proposal, *, by: "User | None", at: datetime) -> None:
    """Put the proposal on the short list. Refused for late ones that were not admitted, and before the box is open."""
    _check_readable(proposal)
    _change_status(proposal, ProposalStatus.SHORTLISTED, by=by, at=at)


def reject(proposal: Proposal, *, by: "User | None", at: datetime, reason: str) -> None:
    """Take the proposal out of the evaluation, with a reason."""
    _check_readable(proposal)
    words = needed(reason, _("A rejection needs a reason."))
    _change_status(proposal, ProposalStatus.REJECTED, by=by, at=at, reason=words)


def _check_readable(proposal: Proposal) -> None:
    if proposal.round.decision != Decision.OPENED:
        raise MoveRefused(_("Proposals are judged between the opening of the box and the award."))


@transaction.atomic
def _change_status(
    proposal: Proposal,
    new: ProposalStatus,
    *,
    by: "User | None",
    at: datetime,
    reason: str = "",
    withdrawn_at: datetime | None = None,
) -> None:
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("round").get(pk=proposal.pk)
    if new not in PROPOSAL_MOVES[ProposalStatus(locked.status)]:
        raise MoveRefused(
            _("%(proposal)s is %(status)s already.")
            % {"proposal": locked, "status": locked.get_status_display().lower()}
        )
    if new in NOT_FOR_LATE and not locked.eligible(at):
        raise MoveRefused(
            _("%(proposal)s came late: it is kept, but cannot be shortlisted or win.") % {"proposal": locked}
        )
    locked.status, locked.withdrawn_at = new, withdrawn_at
    save_checked(locked, by=by, reason=why(str(new.label), reason))
    proposal.status, proposal.withdrawn_at = new, withdrawn_at
