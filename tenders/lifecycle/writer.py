"""The one writer below the verbs: it locks a round, holds a move against the table, writes and records it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from parks.models import Plot
from tenders.models import Admission, Award, LotPlot, Opening, Proposal, RoundEvent, TenderRound
from tenders.statuses import LIVE, MOVES, Decision

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class MoveRefused(Exception):
    """A move that the table, a rule or the database refuses, in words for staff."""


@transaction.atomic
def move(round: TenderRound, new: Decision, *, by: "User | None", at: datetime, reason: str = "") -> None:
    locked = lock(round)
    check_move(locked, new)
    locked.decision = new
    if new == Decision.PUBLISHED:
        locked.published_at = at
    check_constraints(locked)
    locked._history_user = by
    locked._change_reason = words = why(str(new.label), reason)
    locked.save(update_fields=["decision", "published_at", "updated_at"])
    _hold_plots(locked, by=by, reason=words)
    RoundEvent.objects.create(round=locked, decision=new, at=at, by=by, reason=reason)
    refresh(round, locked)


def lock(round: TenderRound) -> TenderRound:
    return TenderRound.objects.select_for_update(of=("self",)).select_related("park").get(pk=round.pk)


def check_move(locked: TenderRound, new: Decision) -> None:
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


def check_constraints(row: models.Model) -> None:
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise MoveRefused(" ".join(error.messages)) from error


def save_checked(row: Award | Proposal | Opening | Admission, *, by: "User | None", reason: str) -> None:
    """Save what the constraints allow; what the database refuses beyond them is said in words too."""
    check_constraints(row)
    row._history_user, row._change_reason = by, reason
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise MoveRefused(_("The database refuses this: %(error)s") % {"error": error}) from error


def needed(reason: str, words: str) -> str:
    """The reason, or the refusal `words` where none is given."""
    if not reason.strip():
        raise MoveRefused(words)
    return reason.strip()


def why(verb: str, reason: str) -> str:
    """What history keeps as the reason: the verb, and what was said for it."""
    return f"{verb}: {reason.strip()}" if reason.strip() else verb


def refresh(round: TenderRound, locked: TenderRound) -> None:
    """What a verb may have changed, on the caller's copy too."""
    window = ("decision_earliest", "decision_latest", "decision_precision", "decision_text")
    for name in (
        "decision", "published_at", "opens_at", "briefing_on", "enquiries_until", "closes_at", *window,
    ):  # fmt: skip
        setattr(round, name, getattr(locked, name))
