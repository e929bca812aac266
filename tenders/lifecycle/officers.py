"""What the verbs of two officers have in common: who may act, as the database has them now."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from tenders.lifecycle.writer import MoveRefused

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Step(Protocol):
    """What the first officer did, and the second has not yet confirmed."""

    first_officer_id: int


def officer(by: "User", permission: str) -> "User":
    """The officer's account as it stands now: the caller's copy may be older than its being disabled."""
    found = get_user_model().objects.filter(pk=by.pk).first()
    if found is None or not found.is_active:
        raise MoveRefused(_("The account %(name)s is disabled.") % {"name": by.get_username()})
    if not found.has_perm(permission):
        words = _("%(name)s does not have the permission that this takes.")
        raise MoveRefused(words % {"name": found.get_username()})
    return found


def check_second(step: Step, by: "User", permission: str, alone: str) -> "User":
    """The second officer, another one than the first, who must still be one. `alone`: words for the same one."""
    second = officer(by, permission)
    if step.first_officer_id == second.pk:
        raise MoveRefused(alone)
    first = get_user_model().objects.get(pk=step.first_officer_id)
    if not first.is_active:
        words = _("The account %(name)s, which began this, is disabled. Begin anew; somebody else confirms.")
        raise MoveRefused(words % {"name": first.get_username()})
    if not first.has_perm(permission):
        words = _("%(name)s, who began this, no longer has the permission that it takes.")
        raise MoveRefused(words % {"name": first.get_username()})
    return second


def is_abandoned(step: Step) -> bool:
    """Whether the one who began can never see it through: then, and only then, another officer begins anew."""
    return not get_user_model().objects.get(pk=step.first_officer_id).is_active


def check_time(at: datetime, not_before: datetime, words: str) -> None:
    if at < not_before:
        raise MoveRefused(words)
