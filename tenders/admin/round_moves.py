"""The moves of a round: which are offered when, what each asks, and the words it leaves."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tenders import lifecycle
from tenders.admin.amending import AmendForm
from tenders.admin.moves import Move, MoveForm, ReasonForm
from tenders.admin.worklists import STANDING
from tenders.lifecycle import AwardChoice
from tenders.lifecycle.officers import is_abandoned
from tenders.models import Lot, Opening, Proposal, ProposalLot, TenderRound
from tenders.statuses import MOVES, Decision, Stage

DECIDE, OPEN_BOX = "tenders.decide_round", "tenders.open_box"


class LotChoice(forms.ModelChoiceField):
    def label_from_instance(self, asked: ProposalLot) -> str:
        premium = (
            _("offers HKD %(amount)s") % {"amount": f"{asked.premium_hkd:,.2f}"} if asked.premium_hkd else ""
        )
        return " · ".join(filter(None, [asked.proposal.reference, str(asked.proposal.proponent), premium]))


class AwardForm(MoveForm):
    """A proposal a lot, among those that asked for it, came in time or were admitted, and still stand."""

    decided_on = forms.DateField(label=gettext_lazy("Decided on"), widget=AdminDateWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["decided_on"] = localdate(self.at)
        eligible = Proposal.objects.filter(round=self.subject, status__in=STANDING).eligible(self.at)
        asked = ProposalLot.objects.filter(proposal__in=eligible).select_related("proposal__proponent")
        self.lots = list(self.subject.lots.order_by("code"))
        wanted = set(asked.values_list("lot", flat=True))
        for lot in self.lots:
            self._ask_for(lot, asked.filter(lot=lot).order_by("proposal__reference"), wanted=lot.pk in wanted)

    def _ask_for(self, lot: Lot, asked: Any, *, wanted: bool) -> None:
        nobody = _("No proposal in time asks for this lot. Enter the lots on the proposals first.")
        self.fields[f"lot_{lot.pk}"] = LotChoice(
            asked,
            required=False,
            label=_("Lot %(lot)s goes to") % {"lot": lot.code},
            empty_label=_("not awarded"),
            help_text=lot.title if wanted else " · ".join(filter(None, [lot.title, nobody])),
        )
        self.fields[f"premium_{lot.pk}"] = forms.DecimalField(
            required=False,
            min_value=Decimal(0),
            max_digits=16,
            decimal_places=2,
            label=_("Premium for lot %(lot)s, HKD") % {"lot": lot.code},
            help_text=_("Empty: as the proposal offers."),
        )
        self.fields[f"tenure_{lot.pk}"] = forms.IntegerField(
            required=False,
            min_value=1,
            max_value=999,
            label=_("Tenure for lot %(lot)s, years") % {"lot": lot.code},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        decided_on = cleaned.get("decided_on")
        if decided_on and decided_on > localdate(self.at):
            self.add_error("decided_on", ValidationError(_("That day is still to come.")))
        cleaned["choices"] = [
            AwardChoice(
                lot=lot,
                proposal=asked.proposal,
                decided_on=decided_on,
                premium_hkd=self._premium(lot, asked),
                tenure_years=cleaned.get(f"tenure_{lot.pk}"),
            )
            for lot in self.lots
            if decided_on and (asked := cleaned.get(f"lot_{lot.pk}")) is not None
        ]
        return cleaned

    def _premium(self, lot: Lot, asked: ProposalLot) -> Decimal | None:
        given: Decimal | None = self.cleaned_data.get(f"premium_{lot.pk}")
        return asked.premium_hkd if given is None else given


def _leads_to(*decisions: Decision) -> Any:
    def allowed(round: TenderRound, user: Any, at: datetime) -> bool:
        return any(decision in MOVES[Decision(round.decision)] for decision in decisions)

    return allowed


def _amendable(round: TenderRound, user: Any, at: datetime) -> bool:
    return round.stage(at) in {Stage.UPCOMING, Stage.OPEN, Stage.CLOSED, Stage.EVALUATING}


def _opening(round: TenderRound) -> Opening | None:
    return Opening.objects.filter(round=round).first()


def _can_begin(round: TenderRound, user: Any, at: datetime) -> bool:
    opening = _opening(round)
    free = opening is None or (opening.opened_at is None and is_abandoned(opening))
    return free and round.stage(at) == Stage.CLOSED


def _can_confirm(round: TenderRound, user: Any, at: datetime) -> bool:
    opening = _opening(round)
    return opening is not None and opening.opened_at is None and opening.first_officer_id != user.pk


def _can_fail(round: TenderRound, user: Any, at: datetime) -> bool:
    return round.stage(at) in {Stage.CLOSED, Stage.EVALUATING}


def _publish(round: TenderRound, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.publish(round, by=by, at=at)
    return _("%(round)s is published.") % {"round": round}


def _amend(round: TenderRound, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    amendment = lifecycle.amend(round, by=by, at=at, **cleaned)
    return _("Amendment %(number)d of %(round)s is published.") % {"number": amendment.number, "round": round}


def _begin_opening(round: TenderRound, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.begin_opening(round, by=by, at=at)
    return _("The opening of %(round)s has begun. A second officer confirms it.") % {"round": round}


def _confirm_opening(round: TenderRound, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    opening = lifecycle.confirm_opening(round, by=by, at=at)
    count = opening.proposal_count or 0
    words = ngettext(
        "The box of %(round)s is open: %(count)d proposal.",
        "The box of %(round)s is open: %(count)d proposals.",
        count,
    )
    return words % {"round": round, "count": count}


def _award(round: TenderRound, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    awards = lifecycle.award(round, by=by, at=at, choices=cleaned["choices"])
    words = ngettext(
        "%(count)d lot of %(round)s is awarded.", "%(count)d lots of %(round)s are awarded.", len(awards)
    )
    return words % {"round": round, "count": len(awards)}


def _declare_unsuccessful(round: TenderRound, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.declare_unsuccessful(round, by=by, at=at, reason=cleaned["reason"])
    return _("%(round)s is declared unsuccessful.") % {"round": round}


def _cancel(round: TenderRound, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.cancel(round, by=by, at=at, reason=cleaned["reason"])
    return _("%(round)s is cancelled.") % {"round": round}


ROUND_MOVES = [
    Move(
        "publish",
        gettext_lazy("Publish"),
        gettext_lazy("The round becomes public at once. From then on its dates change by amendment only."),
        DECIDE,
        _leads_to(Decision.PUBLISHED),
        _publish,
    ),
    Move(
        "amend",
        gettext_lazy("Amend"),
        gettext_lazy(
            "Published dates are moved by an amendment, which is published at once with its reason. Every lot has "
            "the dates of its round."
        ),
        DECIDE,
        _amendable,
        _amend,
        AmendForm,
    ),
    Move(
        "begin-opening",
        gettext_lazy("Open the box"),
        gettext_lazy("You are the first of two officers. The box is open once somebody else confirms."),
        OPEN_BOX,
        _can_begin,
        _begin_opening,
    ),
    Move(
        "confirm-opening",
        gettext_lazy("Open as second officer"),
        gettext_lazy("You are the second officer. From now on proposals can be read; it cannot be undone."),
        OPEN_BOX,
        _can_confirm,
        _confirm_opening,
        final=True,
    ),
    Move(
        "award",
        gettext_lazy("Award"),
        gettext_lazy(
            "All lots at once. Lots left out are not awarded; all other proposals become unsuccessful."
        ),
        DECIDE,
        _leads_to(Decision.AWARDED),
        _award,
        AwardForm,
        final=True,
    ),
    Move(
        "declare-unsuccessful",
        gettext_lazy("Declare unsuccessful"),
        gettext_lazy("The round ends without an award, and its plots are free for another one."),
        DECIDE,
        _can_fail,
        _declare_unsuccessful,
        ReasonForm,
        final=True,
    ),
    Move(
        "cancel",
        gettext_lazy("Cancel the round"),
        gettext_lazy("The round is called off in public, with its reason. It cannot be taken up again."),
        DECIDE,
        _leads_to(Decision.CANCELLED),
        _cancel,
        ReasonForm,
        final=True,
    ),
]
