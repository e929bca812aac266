"""The verb by which published dates move, and what would mislead about them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from parks.windows import Window
from tenders.lifecycle.writer import MoveRefused, check_constraints, lock, needed, refresh, why
from tenders.models import Amendment, TenderRound
from tenders.statuses import LIVE, Decision

if TYPE_CHECKING:
    from django.contrib.auth.models import User

WINDOW = ("decision_earliest", "decision_latest", "decision_precision", "decision_text")


@transaction.atomic
def amend(
    round: TenderRound,
    *,
    by: "User | None",
    at: datetime,
    reason: str,
    opens_at: datetime | None = None,
    briefing_on: date | None = None,
    enquiries_until: datetime | None = None,
    closes_at: datetime | None = None,
    decision_window: Window | None = None,
) -> Amendment:
    """Move published dates, with a reason that is published. What is left None stays. The only way to move them.

    When the decision is expected may be said anew until it is taken; the other dates stand once the round closed.
    """
    locked = lock(round)
    if Decision(locked.decision) not in LIVE:
        raise MoveRefused(_("Only a published round that is not over can be amended."))
    words = needed(reason, _("An amendment needs a reason; it is published with the new date."))
    dates = {
        "opens_at": opens_at,
        "briefing_on": briefing_on,
        "enquiries_until": enquiries_until,
        "closes_at": closes_at,
    }
    changes: dict[str, Any] = {
        name: new for name, new in dates.items() if new is not None and new != getattr(locked, name)
    }
    _check_dates(locked, changes, at)
    changes |= _changes_of_window(locked, decision_window)
    if not changes:
        raise MoveRefused(_("The amendment changes no date."))
    amendment = _written(locked, changes, at=at, reason=words, by=by)
    refresh(round, locked)
    return amendment


def _written(
    locked: TenderRound, changes: dict[str, Any], *, at: datetime, reason: str, by: "User | None"
) -> Amendment:
    """The amendment goes first: without it the database lets no published date move."""
    number = locked.amendments.count() + 1
    amendment = Amendment(round=locked, number=number, published_at=at, reason=reason, by=by)
    for name, new in changes.items():
        setattr(amendment, f"{name}_before", getattr(locked, name))
        setattr(amendment, f"{name}_after", new)
        setattr(locked, name, new)
    _check_order(locked)
    check_constraints(locked)
    amendment.save()
    locked._history_user = by
    locked._change_reason = why(_("Amendment %(number)s") % {"number": number}, reason)
    locked.save(update_fields=[*changes, "updated_at"])
    return amendment


def _changes_of_window(locked: TenderRound, window: Window | None) -> dict[str, Any]:
    """All four parts of it or none: a window means what it means as a whole."""
    if window is None or window == locked.decision_window:
        return {}
    parts = (window.earliest, window.latest, window.precision.value, window.text)
    return dict(zip(WINDOW, parts, strict=True))


def _check_dates(locked: TenderRound, changes: dict[str, Any], at: datetime) -> None:
    if not changes:
        return
    if locked.decision != Decision.PUBLISHED:
        raise MoveRefused(_("The box is open; only when the decision is expected can still be amended."))
    if locked.closes_at is not None and at >= locked.closes_at:
        raise MoveRefused(_("The closing time has passed; it cannot be moved any more."))
    if "closes_at" in changes and changes["closes_at"] <= at:
        raise MoveRefused(_("The new closing time has already passed."))
    if "opens_at" in changes and locked.opens_at is not None and locked.opens_at <= at:
        raise MoveRefused(_("The round is already open; its opening time cannot be moved."))
    if "briefing_on" in changes:
        _check_briefing(locked, changes["briefing_on"], localdate(at))


def _check_briefing(locked: TenderRound, new: date, today: date) -> None:
    if locked.briefing_on is not None and locked.briefing_on < today:
        raise MoveRefused(_("The day of the briefing has passed; it cannot be moved any more."))
    if new < today:
        raise MoveRefused(_("The new day of the briefing has already passed."))


def _check_order(locked: TenderRound) -> None:
    """Says in words what the constraints of these dates would refuse by their names."""
    opens, asks, closes = locked.opens_at, locked.enquiries_until, locked.closes_at
    if opens and closes and opens >= closes:
        raise MoveRefused(_("The round closes before it opens."))
    if asks and closes and asks > closes:
        raise MoveRefused(_("Enquiries end by the closing time."))
    if locked.briefing_on and closes and locked.briefing_on > localdate(closes):
        raise MoveRefused(_("The briefing is held by the closing day."))
