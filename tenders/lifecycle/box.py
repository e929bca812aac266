"""The box: two officers open it after the closing time, and it cannot be undone."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from tenders.lifecycle.officers import check_second, check_time, is_abandoned, officer
from tenders.lifecycle.writer import MoveRefused, check_move, lock, move, save_checked
from tenders.models import Opening, TenderRound
from tenders.statuses import Decision, Stage

if TYPE_CHECKING:
    from django.contrib.auth.models import User

OPEN_BOX = "tenders.open_box"


@transaction.atomic
def begin_opening(round: TenderRound, *, by: "User", at: datetime) -> Opening:
    """The first of two officers begins to open the box. Refused before the closing time.

    An opening that was begun from an account that is now disabled is begun anew by another officer.
    """
    locked = lock(round)
    first = officer(by, OPEN_BOX)
    check_move(locked, Decision.OPENED)
    if locked.stage(at) != Stage.CLOSED:
        raise MoveRefused(_("The box stays shut until the closing time."))
    opening = Opening.objects.select_for_update().filter(round=locked).first()
    if opening is None:
        opening = Opening(round=locked)
    elif not is_abandoned(opening):
        raise MoveRefused(_("The opening has already begun; a second officer confirms it."))
    opening.first_officer, opening.begun_at = first, at
    save_checked(opening, by=first, reason=_("Opening begun"))
    return opening


@transaction.atomic
def confirm_opening(round: TenderRound, *, by: "User", at: datetime) -> Opening:
    """The second officer confirms; from then on proposals can be read. It cannot be undone."""
    locked = lock(round)
    opening = Opening.objects.select_for_update().filter(round=locked).first()
    if opening is None:
        raise MoveRefused(_("The opening has not begun. A first officer begins it, a second one confirms."))
    if opening.opened_at is not None:
        raise MoveRefused(_("The box is already open."))
    alone = _("It takes two: the officer who began the opening cannot confirm it.")
    second = check_second(opening, by, OPEN_BOX, alone)
    check_time(at, opening.begun_at, _("An opening is confirmed after it was begun."))
    references = list(locked.proposals.order_by("reference").values_list("reference", flat=True))
    opening.second_officer, opening.opened_at = second, at
    opening.proposal_count, opening.references = len(references), references
    save_checked(opening, by=second, reason=_("Opening confirmed"))
    move(round, Decision.OPENED, by=second, at=at)
    return opening


def sealed_now(round: TenderRound) -> bool:
    """Whether a proposal of this round is still its receipt only (reference, received_at, channel, proponent)."""
    return round.sealed and not Opening.objects.filter(round=round, opened_at__isnull=False).exists()
