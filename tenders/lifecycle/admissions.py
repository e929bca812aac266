"""Admitting a proposal that came late, by our own fault say: two officers and a reason that is published."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from tenders.lifecycle.officers import check_second, check_time, is_abandoned, officer
from tenders.lifecycle.writer import MoveRefused, lock, needed, save_checked, why
from tenders.models import Admission, Proposal
from tenders.statuses import ProposalStatus, Stage

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ADMIT = "tenders.admit_late"


@transaction.atomic
def ask_admission(proposal: Proposal, *, by: "User", at: datetime, reason: str) -> Admission:
    """The first of two officers asks that a late proposal count, for a reason that becomes public.

    Refused unless it is late, still stands, and its round has closed and is not decided.
    """
    locked = _locked(proposal, at)
    first = officer(by, ADMIT)
    words = needed(reason, _("An admission needs a reason; it is published with the totals."))
    admission = Admission.objects.select_for_update().filter(proposal=locked).first()
    if admission is None:
        admission = Admission(proposal=locked)
    elif admission.admitted_at is not None:
        raise MoveRefused(_("%(proposal)s is admitted already.") % {"proposal": locked})
    elif not is_abandoned(admission):
        raise MoveRefused(_("The admission has been asked for already; a second officer confirms it."))
    admission.first_officer, admission.asked_at, admission.reason = first, at, words
    save_checked(admission, by=first, reason=why(_("Admission asked for"), words))
    return admission


@transaction.atomic
def confirm_admission(proposal: Proposal, *, by: "User", at: datetime) -> Admission:
    """The second officer confirms; from `at` on the proposal counts as if it had come in time. Cannot be undone."""
    locked = _locked(proposal, at)
    admission = Admission.objects.select_for_update().filter(proposal=locked).first()
    if admission is None:
        raise MoveRefused(
            _("Nobody has asked for the admission. A first officer asks, a second one confirms.")
        )
    if admission.admitted_at is not None:
        raise MoveRefused(_("%(proposal)s is admitted already.") % {"proposal": locked})
    alone = _("It takes two: the officer who asked for the admission cannot confirm it.")
    second = check_second(admission, by, ADMIT, alone)
    check_time(at, admission.asked_at, _("An admission is confirmed after it was asked for."))
    admission.second_officer, admission.admitted_at = second, at
    save_checked(admission, by=second, reason=_("Admission confirmed"))
    return admission


def _locked(proposal: Proposal, at: datetime) -> Proposal:
    """The proposal under its round's lock, if it may be admitted at all."""
    round = lock(proposal.round)
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("round").get(pk=proposal.pk)
    if round.stage(at) not in {Stage.CLOSED, Stage.EVALUATING}:
        raise MoveRefused(_("A late proposal is admitted between the closing time and the decision."))
    if not locked.late:
        raise MoveRefused(_("%(proposal)s came in time and needs no admission.") % {"proposal": locked})
    if locked.status != ProposalStatus.RECEIVED:
        raise MoveRefused(
            _("%(proposal)s is %(status)s already.")
            % {"proposal": locked, "status": locked.get_status_display().lower()}
        )
    return locked
