"""The front desk's pages: proposals as they come in, and what happens to them."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.admin.base import HONG_KONG, NamedCells, StaffAdmin, admin_url
from tenders import lifecycle
from tenders.admin.admissions import ASK_ADMISSION, CONFIRM_ADMISSION
from tenders.admin.export import export_view
from tenders.admin.imports import import_view
from tenders.admin.moves import Move, MovesMixin, OptionalReasonForm, ReasonForm, move_action
from tenders.admin.papers import receipt_view
from tenders.admin.round_moves import DECIDE
from tenders.admin.worklists import STANDING, ProposalChores, RoundFilter
from tenders.lifecycle import sealed_now
from tenders.models import Lot, Proposal, ProposalLot, ProposalMember
from tenders.receipts import CONTENT, RECEIPT, ProposalForm, sealed_words
from tenders.secrecy import proposals_for
from tenders.statuses import LIVE, Decision, ProposalStatus


def _judged(proposal: Proposal, user: Any, at: datetime) -> bool:
    return proposal.round.decision == Decision.OPENED and proposal.status in STANDING


def _can_shortlist(proposal: Proposal, user: Any, at: datetime) -> bool:
    return (
        _judged(proposal, user, at) and proposal.status == ProposalStatus.RECEIVED and proposal.eligible(at)
    )


def _can_withdraw(proposal: Proposal, user: Any, at: datetime) -> bool:
    return proposal.status in STANDING


def _shortlist(proposal: Proposal, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.shortlist(proposal, by=by, at=at)
    return _("%(proposal)s is on the short list.") % {"proposal": proposal}


def _reject(proposal: Proposal, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.reject(proposal, by=by, at=at, reason=cleaned["reason"])
    return _("%(proposal)s is rejected.") % {"proposal": proposal}


def _withdraw(proposal: Proposal, cleaned: dict[str, Any], by: Any, at: datetime) -> str:
    lifecycle.withdraw(proposal, by=by, at=at, reason=cleaned["reason"])
    return _("%(proposal)s is withdrawn.") % {"proposal": proposal}


SHORTLIST = Move(
    "shortlist",
    gettext_lazy("Shortlist"),
    gettext_lazy("The proposal stays in the evaluation."),
    DECIDE,
    _can_shortlist,
    _shortlist,
)
REJECT = Move(
    "reject",
    gettext_lazy("Reject"),
    gettext_lazy("The proposal is out of the evaluation. It is kept, with the reason."),
    DECIDE,
    _judged,
    _reject,
    ReasonForm,
    final=True,
)
WITHDRAW = Move(
    "withdraw",
    gettext_lazy("Withdraw"),
    gettext_lazy("The proponent takes the proposal back. It is kept, and not counted from now on."),
    "tenders.change_proposal",
    _can_withdraw,
    _withdraw,
    OptionalReasonForm,
    final=True,
)


def receipt_url(proposal: Proposal) -> str:
    return reverse("admin:tenders_proposal_receipt", args=[proposal.pk])


def _kept(formset: BaseInlineFormSet) -> list[forms.ModelForm]:
    """The rows that are there and not about to go."""
    rows = [form for form in formset.forms if getattr(form, "cleaned_data", None)]
    return [form for form in rows if not form.cleaned_data.get("DELETE")]


class SealedFormSet(BaseInlineFormSet):
    """Of a sealed round nothing but receipts is entered before the opening. `once`: what a proposal names once."""

    once = "organisation"

    def clean(self) -> None:
        super().clean()
        self._refuse_what_is_there()
        if self.instance.round_id is not None and sealed_now(self.instance.round) and _kept(self):
            raise ValidationError(sealed_words(self.instance.round))

    def _refuse_what_is_there(self) -> None:
        """Rows that somebody else added since the page was opened; Django does not look for them."""
        shown = {form.instance.pk for form in self.initial_forms}
        there = {getattr(row, f"{self.once}_id") for row in self.get_queryset() if row.pk not in shown}
        for form in _kept(self):
            row = form.cleaned_data.get(self.once)
            if row is not None and row.pk in there:
                form.add_error(self.once, _("%(row)s is on the proposal already.") % {"row": row})


class ProposalLotFormSet(SealedFormSet):
    """Lots of the proposal's own round, at least one of them."""

    once = "lot"

    def clean(self) -> None:
        super().clean()
        if self.instance.round_id is None or any(self.errors):
            return
        round, rows = self.instance.round, _kept(self)
        for form in rows:
            lot = form.cleaned_data.get("lot")
            if lot is not None and lot.round_id != round.pk:
                words = _("Lot %(lot)s is not of round %(round)s.") % {"lot": lot, "round": round}
                form.add_error("lot", words)
        if not rows and not sealed_now(round) and round.lots.exists():
            raise ValidationError(_("A proposal is for at least one lot."))


class LotSelect(forms.ModelChoiceField):
    def label_from_instance(self, lot: Lot) -> str:
        return f"{lot.round.code} · {lot.code} · {lot.title}"


class ProposalLotInline(NamedCells):
    model = ProposalLot
    formset = ProposalLotFormSet
    fields = ["lot", "preference", "premium_hkd"]
    extra = 1
    verbose_name = gettext_lazy("lot")
    verbose_name_plural = gettext_lazy("Lots it asks for")

    def get_formset(self, request: HttpRequest, obj: Proposal | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        lots = Lot.objects.select_related("round").order_by("round__code", "code")
        round: Any = obj.round_id if obj else request.GET.get("round", "")
        if obj or (request.method == "GET" and str(round).isdigit()):
            lots = lots.filter(round=round)
        else:
            lots = lots.filter(round__decision__in=[decision.value for decision in LIVE])
        named = forms.Select(attrs={"aria-label": _("Lot")})
        formset.form.base_fields["lot"] = LotSelect(lots, label=gettext_lazy("lot"), widget=named)
        return formset

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("lot", "proposal")


class ProposalMemberInline(NamedCells):
    model = ProposalMember
    formset = SealedFormSet
    fields = ["organisation", "share_percent"]
    autocomplete_fields = ["organisation"]
    extra = 0
    verbose_name = gettext_lazy("member")
    verbose_name_plural = gettext_lazy("Members of the consortium")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("organisation", "proposal")


@admin.register(Proposal)
class ProposalAdmin(MovesMixin, StaffAdmin):
    form = ProposalForm
    moves = [ASK_ADMISSION, CONFIRM_ADMISSION, SHORTLIST, REJECT, WITHDRAW]
    actions = [
        move_action(SHORTLIST, gettext_lazy("Shortlist the selected proposals")),
        move_action(REJECT, gettext_lazy("Reject the selected proposals")),
        move_action(WITHDRAW, gettext_lazy("Withdraw the selected proposals")),
    ]
    list_display = ["reference", "round", "proponent", "asked", "received_at", "is_late", "channel", "status"]
    list_filter = [ProposalChores, RoundFilter, "status", "channel"]
    list_select_related = ["round", "proponent"]
    search_fields = [
        "reference",
        "round__code",
        "proponent__name_en",
        "proponent__name_zh_hant",
        "proponent__name_zh_hans",
        "sector",
    ]
    search_help_text = gettext_lazy("A reference, a round, a proponent or a sector.")
    date_hierarchy = "received_at"
    autocomplete_fields = ["round", "proponent"]
    change_list_template = "admin/tenders/proposal/change_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        seen: Any = proposals_for(request.user, super().get_queryset(request))
        found = seen.select_related("round__park", "proponent", "admission")
        return found.with_late().prefetch_related("lots")

    @admin.display(description=gettext_lazy("lots"))
    def asked(self, proposal: Proposal) -> str:
        return ", ".join(sorted(lot.code for lot in proposal.lots.all()))

    @admin.display(description=gettext_lazy("late"), ordering="is_late")
    def is_late(self, proposal: Proposal) -> str:
        if not proposal.late:
            return ""
        words = _("late, admitted") if proposal.admitted_at else _("late")
        return format_html('<strong class="due">{}</strong>', words)

    def get_urls(self) -> list[Any]:
        pages = [
            path(
                "<int:pk>/receipt/",
                self.admin_site.admin_view(partial(receipt_view, self)),
                name="tenders_proposal_receipt",
            ),
            path("export.csv", self.admin_site.admin_view(export_view), name="tenders_proposal_export"),
            path("import/", self.admin_site.admin_view(import_view), name="tenders_proposal_import"),
        ]
        return pages + super().get_urls()

    def get_fieldsets(self, request: HttpRequest, obj: Proposal | None = None) -> Any:
        receipt = (
            ["reference", "status", *RECEIPT] if obj is None else ["reference", "status", "is_late", *RECEIPT]
        )
        words = _("The receipt. The reference is given when it is saved. Times are Hong Kong time.")
        if obj is not None and sealed_now(obj.round):
            sealed = _("The round is sealed: until the box is opened there is only this receipt.")
            return [(_("Receipt"), {"fields": receipt, "description": f"{sealed} {HONG_KONG}"})]
        content = _(
            "In a sealed round this stays empty, and so do lots and members, until the box is opened."
        )
        return [
            (_("Receipt"), {"fields": receipt[1:] if obj is None else receipt, "description": words}),
            (_("What it proposes"), {"fields": CONTENT, "description": content}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Proposal | None = None) -> list[str]:
        """The receipt can be corrected while nothing hangs on it; then when it came stands."""
        if obj is None:
            return ["reference", "status"]
        judged = obj.round.decision != Decision.PUBLISHED or obj.status != ProposalStatus.RECEIVED
        return [
            "reference",
            "status",
            "is_late",
            "round",
            *(["received_at", "received_at_reason", "proponent"] if judged else []),
        ]

    def get_inlines(self, request: HttpRequest, obj: Proposal | None = None) -> list[Any]:
        return [] if obj is not None and sealed_now(obj.round) else [ProposalLotInline, ProposalMemberInline]

    def get_form(
        self, request: HttpRequest, obj: Proposal | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.at = timezone.now()
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """History says why a time of receipt is another one than the server's."""
        if "received_at" in form.changed_data:
            obj._change_reason = obj.received_at_reason
        super().save_model(request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        proposal = kwargs.get("obj")
        context["receipt_url"] = receipt_url(proposal) if proposal is not None else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: Proposal, post_url_continue: str | None = None
    ) -> HttpResponse:
        if {"_continue", "_addanother", "_popup", "_saveasnew"} & set(request.POST):
            return super().response_add(request, obj, post_url_continue)
        link = format_html('<a href="{}">{}</a>', admin_url(obj), obj.reference)
        words = _("Proposal {} registered, late.") if obj.late else _("Proposal {} registered.")
        paper = format_html('<a href="{}">{}</a>', receipt_url(obj), _("Print the acknowledgement"))
        messages.success(request, format_html("{} {}", format_html(words, link), paper))
        return self.response_post_save_add(request, obj)

    def why_kept(self, row: Any) -> str:
        return _("A proposal that was received is kept. If the proponent takes it back, withdraw it.")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_export = request.user.has_perm("tenders.export_proposal")
        context = {
            "may_export": may_export,
            "may_import": request.user.has_perms(["tenders.add_proposal", "tenders.change_proposal"]),
            "round_code": request.GET.get("round", ""),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)
