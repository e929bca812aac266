"""Admitting what came late: two moves of a proposal, and the list of what was admitted."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.admin.base import ReadOnlyAdmin
from tenders import lifecycle
from tenders.admin.moves import Move, ReasonForm
from tenders.lifecycle.officers import is_abandoned
from tenders.models import Admission, Proposal
from tenders.statuses import ProposalStatus, Stage

ADMIT = "tenders.admit_late"


class AdmissionForm(ReasonForm):
    """Why it counts although it came late. The words become public."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Published on the round’s page with the totals, word for word. Name nobody and no amount."
        )


def _admissible(proposal: Proposal, at: datetime) -> bool:
    closed = proposal.round.stage(at) in {Stage.CLOSED, Stage.EVALUATING}
    return closed and proposal.late and proposal.status == ProposalStatus.RECEIVED


def _admission(proposal: Proposal) -> Admission | None:
    return Admission.objects.filter(proposal=proposal).first()


def _can_ask(proposal: Proposal, user: Any, at: datetime) -> bool:
    asked = _admission(proposal)
    return _admissible(proposal, at) and (
        asked is None or (asked.admitted_at is None and is_abandoned(asked))
    )


def _can_confirm(proposal: Proposal, user: Any, at: datetime) -> bool:
    asked = _admission(proposal)
    waits = asked is not None and asked.admitted_at is None and asked.first_officer_id != user.pk
    return waits and _admissible(proposal, at)


def _ask(proposal: Proposal, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.ask_admission(proposal, by=by, at=at, reason=cleaned["reason"])
    words = _("The admission of %(proposal)s is asked for. A second officer confirms it.")
    return words % {"proposal": proposal}


def _confirm(proposal: Proposal, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.confirm_admission(proposal, by=by, at=at)
    return _("%(proposal)s is admitted and counts from now on.") % {"proposal": proposal}


ASK_ADMISSION = Move(
    "ask-admission",
    gettext_lazy("Ask to admit it"),
    gettext_lazy(
        "It came late, by our own fault say. You are the first of two officers; it counts once somebody else confirms."
    ),
    ADMIT,
    _can_ask,
    _ask,
    AdmissionForm,
)
CONFIRM_ADMISSION = Move(
    "confirm-admission",
    gettext_lazy("Admit as second officer"),
    gettext_lazy(
        "You are the second officer. From now on the proposal counts and can win, and the reason is published "
        "with the totals; it cannot be undone."
    ),
    ADMIT,
    _can_confirm,
    _confirm,
    final=True,
)


@admin.register(Admission)
class AdmissionAdmin(ReadOnlyAdmin):
    list_display = ["proposal", "reason", "first_officer", "asked_at", "second_officer", "admitted_at"]
    list_filter = [("admitted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["proposal", "first_officer", "second_officer"]
    search_fields = ["proposal__reference", "proposal__round__code", "reason"]
    date_hierarchy = "asked_at"
