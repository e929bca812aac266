"""The verbs by which a round comes out, and by which it ends without an award."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tenders.lifecycle.writer import MoveRefused, move, needed
from tenders.models import TenderRound
from tenders.statuses import Decision, RoundKind, Stage

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def publish(round: TenderRound, *, by: "User | None", at: datetime) -> None:
    """Make a draft public from `at` on. Raises MoveRefused without a closing time, direct grants excepted.

    Lots may follow: a round is announced before its lots are, and an import brings them in a file of their own.
    """
    if round.kind != RoundKind.DIRECT_GRANT and round.closes_at is None:
        raise MoveRefused(_("A round needs a closing time before it is published."))
    move(round, Decision.PUBLISHED, by=by, at=at)


def declare_unsuccessful(round: TenderRound, *, by: "User | None", at: datetime, reason: str) -> None:
    """End the round without an award. Raises MoveRefused before the closing time."""
    if round.stage(at) in {Stage.UPCOMING, Stage.OPEN}:
        raise MoveRefused(_("The round has not closed yet. Before that it can only be cancelled."))
    words = needed(reason, _("Say why no proposal is successful."))
    move(round, Decision.UNSUCCESSFUL, by=by, at=at, reason=words)


def cancel(round: TenderRound, *, by: "User | None", at: datetime, reason: str) -> None:
    """Call the round off. Raises MoveRefused without a reason, or once it is over."""
    words = needed(reason, _("A cancellation needs a reason."))
    move(round, Decision.CANCELLED, by=by, at=at, reason=words)
