"""Awards: decided on the round's page, signed or lapsed here."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.admin.base import StaffAdmin
from tenders import lifecycle
from tenders.admin.moves import Move, MoveForm, MovesMixin, ReasonForm
from tenders.admin.round_moves import DECIDE
from tenders.admin.worklists import LotRoundFilter
from tenders.models import Award


class SignForm(MoveForm):
    signed_on = forms.DateField(label=gettext_lazy("Signed on"), widget=AdminDateWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["signed_on"] = localdate(self.at)


class LapseForm(ReasonForm):
    lapsed_on = forms.DateField(label=gettext_lazy("Lapsed on"), widget=AdminDateWidget)
    field_order = ["lapsed_on", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["lapsed_on"] = localdate(self.at)


def _pending(award: Award, user: Any, at: datetime) -> bool:
    return award.signed_on is None and award.lapsed_on is None


def _not_lapsed(award: Award, user: Any, at: datetime) -> bool:
    return award.lapsed_on is None


def _sign(award: Award, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.sign(award, by=by, signed_on=cleaned["signed_on"])
    return _("The agreement for %(award)s is signed.") % {"award": award}


def _lapse(award: Award, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.lapse(award, by=by, lapsed_on=cleaned["lapsed_on"], reason=cleaned["reason"])
    return _("The award %(award)s has lapsed.") % {"award": award}


@admin.register(Award)
class AwardAdmin(MovesMixin, StaffAdmin):
    moves = [
        Move(
            "sign",
            gettext_lazy("Record the signature"),
            gettext_lazy("The day on which the agreement was signed."),
            DECIDE,
            _pending,
            _sign,
            SignForm,
        ),
        Move(
            "lapse",
            gettext_lazy("Let it lapse"),
            gettext_lazy("The award came to nothing. The lot can be offered again in a further round."),
            DECIDE,
            _not_lapsed,
            _lapse,
            LapseForm,
            final=True,
        ),
    ]
    list_display = [
        "lot",
        "proposal",
        "proponent",
        "decided_on",
        "premium_hkd",
        "tenure_years",
        "signed_on",
        "lapsed_on",
    ]
    list_filter = [
        LotRoundFilter,
        ("signed_on", admin.EmptyFieldListFilter),
        ("lapsed_on", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["lot__round", "proposal__proponent"]
    # An old version is shown as a form: a plain box would offer every proposal there is, of shut boxes too.
    autocomplete_fields = ["lot", "proposal"]
    search_fields = ["lot__code", "lot__round__code", "proposal__reference", "proposal__proponent__name_en"]
    date_hierarchy = "decided_on"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("lot__round", "proposal__proponent")

    @admin.display(description=gettext_lazy("proponent"))
    def proponent(self, award: Award) -> str:
        return str(award.proposal.proponent)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def why_kept(self, row: Any) -> str:
        return _("An award is kept. If it comes to nothing, let it lapse.")
