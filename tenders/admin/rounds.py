"""Rounds with their lots: the page from which every move of a round is made."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.admin.base import (
    HONG_KONG,
    NOTHING,
    MissingName,
    NamedCells,
    ReadOnlyAdmin,
    ReadOnlyInline,
    StaffAdmin,
    named_today,
)
from parks.models import Plot
from tenders.admin.moves import MovesMixin
from tenders.admin.openings import OpeningInline
from tenders.admin.round_moves import DECIDE, ROUND_MOVES
from tenders.admin.worklists import RoundChores
from tenders.forms import LotForm, LotNamingForm, RoundForm
from tenders.models import Amendment, Document, Lot, LotPlot, RoundEvent, TenderRound
from tenders.secrecy import secrets_of
from tenders.statuses import LIVE, Decision, Stage

WINDOW = ["decision_text", "decision_earliest", "decision_latest", "decision_precision"]
DATES = ["opens_at", "briefing_on", "enquiries_until", "closes_at", *WINDOW]
# What was published about a round holds; dates move by amendment.
FIXED_ONCE_PUBLISHED = [*DATES, "code", "park", "kind", "method", "sealed", "disclosure", "disclosure_days"]
PUBLISHED_IS_KEPT = gettext_lazy("“%(row)s” was published, and what was published is kept.")


class DiscreetHistory:
    """A lot's secrets are in no history of who may not see them, the round's own included."""

    def hidden_in_history(self, request: HttpRequest, model: type[Any]) -> set[str]:
        return secrets_of(model, request.user)


def is_draft(round: TenderRound | None) -> bool:
    return round is None or round.decision == Decision.DRAFT


def moved_dates(amendment: Amendment) -> str:
    """ "closes at: 2026-03-31 12:00 → 2026-04-14 12:00", and so for each date that it moves."""
    names = {
        "opens_at": _("opens at"),
        "briefing_on": _("briefing on"),
        "enquiries_until": _("enquiries until"),
        "closes_at": _("closes at"),
    }
    moved = [
        (label, *_pair(amendment, name))
        for name, label in names.items()
        if getattr(amendment, f"{name}_after") is not None
    ]
    if amendment.decision_precision_after:
        moved.append((_("decision expected"), amendment.decision_text_before, amendment.decision_text_after))
    return "; ".join(f"{label}: {before or NOTHING} → {after or NOTHING}" for label, before, after in moved)


def _pair(amendment: Amendment, name: str) -> tuple[str, str]:
    before, after = getattr(amendment, f"{name}_before"), getattr(amendment, f"{name}_after")
    return _day_and_time(before), _day_and_time(after)


def _day_and_time(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return date_format(localtime(value), "Y-m-d H:i")
    return date_format(value, "Y-m-d")


class LotInline(NamedCells):
    model = Lot
    form = LotForm
    fields = ["code", "title_en", "stated_plots", "max_gfa_m2", "minimum_premium_hkd"]
    extra = 0
    show_change_link = True
    verbose_name_plural = gettext_lazy("Lots (plots are named on the lot's own page: “Change”)")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and is_draft(obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("round")


class DocumentInline(NamedCells):
    model = Document
    fields = ["title_en", "url", "published_at"]
    extra = 0
    show_change_link = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and is_draft(obj)


class AmendmentInline(ReadOnlyInline):
    model = Amendment
    fields = ["number", "published_at", "reason", "moved", "by"]
    readonly_fields = ["moved"]
    verbose_name_plural = gettext_lazy("Amendments so far")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("round", "by")

    @admin.display(description=gettext_lazy("dates"))
    def moved(self, amendment: Amendment) -> str:
        return moved_dates(amendment)


class DecisionInline(ReadOnlyInline):
    model = RoundEvent
    fields = ["decision", "at", "by", "reason"]
    verbose_name_plural = gettext_lazy("Decisions so far")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("round", "by")


@admin.register(TenderRound)
class TenderRoundAdmin(DiscreetHistory, MovesMixin, StaffAdmin):
    form = RoundForm
    moves = ROUND_MOVES
    list_display = ["code", "title_en", "park", "kind", "stage", "opens_at", "closes_at", "sealed"]
    list_filter = [RoundChores, "decision", "kind", "park", "sealed", MissingName]
    list_select_related = ["park"]
    search_fields = ["code", "title_en", "title_zh_hant", "title_zh_hans", "park__slug", "park__name_en"]
    search_help_text = gettext_lazy("A code, a word of the title, or a park.")
    date_hierarchy = "closes_at"
    autocomplete_fields = ["park", "phase", "release", "reoffer_of", "source"]
    readonly_fields = ["stage", "decision", "published_at"]

    def get_queryset(self, request: HttpRequest) -> Any:
        rounds: Any = super().get_queryset(request)
        return rounds.select_related("park").with_stage(timezone.now())

    @admin.display(description=gettext_lazy("stage"))
    def stage(self, round: TenderRound) -> str:
        # A row that was locked to be saved comes without the annotation.
        return str(Stage(getattr(round, "stage_now", round.stage(timezone.now()))).label)

    def get_fieldsets(self, request: HttpRequest, obj: TenderRound | None = None) -> Any:
        what = ["code", "title_en", "park", "phase", "release", "kind", "method", "source"]
        window = ["decision_earliest", "decision_latest", "decision_precision"]
        return [
            (_("Where it stands"), {"fields": [("stage", "decision", "published_at")]}),
            (_("What it is"), {"fields": what}),
            (_("In Chinese"), {"fields": ["title_zh_hant", "title_zh_hans"]}),
            (
                _("Dates"),
                {
                    "fields": ["opens_at", "briefing_on", "enquiries_until", "closes_at"],
                    "description": self._dates_words(request, obj),
                },
            ),
            (
                _("Decision expected"),
                {"fields": ["decision_text"], "description": _("In words, as far as is known.")},
            ),
            (
                _("Decision expected, in days"),
                {
                    "fields": window,
                    "classes": ["collapse"],
                    "description": _("Only where the words do not tell."),
                },
            ),
            (
                _("Rules"),
                {
                    "fields": ["sealed", "disclosure", "disclosure_days"],
                    "description": _("Fixed once the round is published."),
                },
            ),
            (
                _("On offer"),
                {
                    "fields": ["plot_count", "reoffer_of"],
                    "description": _("Lots are below. A number alone will do until they are known."),
                },
            ),
        ]

    def _dates_words(self, request: HttpRequest, round: TenderRound | None) -> str:
        if is_draft(round) or round is None:
            return str(HONG_KONG)
        if Decision(round.decision) in LIVE and request.user.has_perm(DECIDE):
            words = _("Published dates change by amendment only, with a reason. Times are Hong Kong time.")
            return format_html('{} <a href="{}">{}</a>', words, self.move_url(round, "amend"), _("Amend"))
        return _("Published dates stand. Times are Hong Kong time.")

    def get_readonly_fields(self, request: HttpRequest, obj: TenderRound | None = None) -> list[str]:
        return self.readonly_fields + ([] if is_draft(obj) else FIXED_ONCE_PUBLISHED)

    def get_inlines(self, request: HttpRequest, obj: TenderRound | None = None) -> list[Any]:
        if is_draft(obj):
            return [LotInline, DocumentInline]
        return [LotInline, DocumentInline, AmendmentInline, OpeningInline, DecisionInline]

    def why_kept(self, row: Any) -> str:
        return super().why_kept(row) if is_draft(row) else PUBLISHED_IS_KEPT % {"row": row}

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Where a proposal asks for its round, only rounds that take proposals are offered."""
        found, doubled = super().get_search_results(request, queryset, search_term)
        asking = (request.GET.get("model_name"), request.GET.get("field_name"))
        if asking == ("proposal", "round") and request.path == reverse("admin:autocomplete"):
            found = found.filter(decision__in=[decision.value for decision in LIVE])
        return found, doubled

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        round = kwargs.get("obj")
        if (
            round is not None
            and Decision(round.decision) in LIVE
            and request.user.has_perm("tenders.add_proposal")
        ):
            context["register_url"] = f"{reverse('admin:tenders_proposal_add')}?round={round.pk}"
        return super().render_change_form(request, context, *args, **kwargs)


class LotPlotFormSet(BaseInlineFormSet):
    """Plots of the round's park, and none that a live round holds already."""

    def clean(self) -> None:
        super().clean()
        if self.instance.round_id is None:
            return
        for form in self.forms:
            plot = form.cleaned_data.get("plot") if hasattr(form, "cleaned_data") else None
            # A row that is only shown has its key here, not the plot: there is nothing to check in it.
            if isinstance(plot, Plot) and not form.cleaned_data.get("DELETE"):
                self._check(form, plot)

    def _check(self, form: forms.ModelForm, plot: Any) -> None:
        round = self.instance.round
        if plot.park_id != round.park_id:
            form.add_error(
                "plot", _("Plot %(plot)s is in another park than the round.") % {"plot": plot.code}
            )
        taken = (
            LotPlot.objects.filter(plot=plot, live=True)
            .exclude(pk=form.instance.pk)
            .select_related("lot__round")
        )
        clash = taken.first() if Decision(round.decision) in LIVE else None
        if clash is not None:
            words = _("Plot %(plot)s is in round %(round)s, which is not over.")
            form.add_error("plot", words % {"plot": plot.code, "round": clash.lot.round})
        if any(form.errors for form in self.forms):
            raise ValidationError(_("A plot is in one live round at a time, and in the round's own park."))


class LotPlotInline(NamedCells):
    model = LotPlot
    form = LotNamingForm
    formset = LotPlotFormSet
    fields = ["plot", "named_on"]
    autocomplete_fields = ["plot"]
    extra = 0
    verbose_name_plural = gettext_lazy("Plots of the lot")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("lot__round", "plot__park")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        known = obj is not None and not is_draft(obj.round)
        return named_today(super().get_formset(request, obj, **kwargs), known=known)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or is_draft(obj.round))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or is_draft(obj.round))


@admin.register(Lot)
class LotAdmin(DiscreetHistory, StaffAdmin):
    form = LotForm
    list_display = ["code", "round", "title_en", "named", "stated_plots", "minimum_premium_hkd"]
    list_filter = ["round__decision", "round__park", MissingName]
    list_select_related = ["round"]
    search_fields = ["code", "title_en", "title_zh_hant", "round__code", "plots__code"]
    autocomplete_fields = ["round", "source"]
    inlines = [LotPlotInline]
    fieldsets = [
        (None, {"fields": ["round", "code", "title_en", "title_zh_hant", "title_zh_hans"]}),
        (
            gettext_lazy("What is on offer"),
            {
                "fields": [
                    "stated_plots",
                    "buildings",
                    "max_gfa_m2",
                    "uses_en",
                    "uses_zh_hant",
                    "uses_zh_hans",
                    "added_on",
                ]
            },
        ),
        (
            gettext_lazy("Money"),
            {
                "fields": ["minimum_premium_hkd", "reserve_premium_hkd"],
                "description": gettext_lazy(
                    "The minimum is public. The reserve is secret and never leaves these pages."
                ),
            },
        ),
        (gettext_lazy("Source"), {"fields": ["source"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("round").prefetch_related("plots")

    def get_fieldsets(self, request: HttpRequest, obj: Lot | None = None) -> Any:
        """Without the reserve for who may not see it."""
        secret = secrets_of(Lot, request.user)
        return [
            (name, {**options, "fields": [field for field in options["fields"] if field not in secret]})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """`?reserve_premium_hkd__gte=` would find the reserve out by halves."""
        asked = lookup.split("__")[0]
        return asked not in secrets_of(Lot, request.user) and super().lookup_allowed(lookup, value, request)

    @admin.display(description=gettext_lazy("plots"))
    def named(self, lot: Lot) -> str:
        return ", ".join(plot.code for plot in lot.plots.all())

    def get_readonly_fields(self, request: HttpRequest, obj: Lot | None = None) -> list[str]:
        """A lot stays in its round; its code and its public minimum stand once they were published."""
        if obj is None:
            return ["added_on"]
        fixed = [] if is_draft(obj.round) else ["code", "minimum_premium_hkd"]
        return ["added_on", "round", *fixed]

    def why_kept(self, row: Any) -> str:
        return super().why_kept(row) if is_draft(row.round) else PUBLISHED_IS_KEPT % {"row": row}


@admin.register(Amendment)
class AmendmentAdmin(ReadOnlyAdmin):
    list_display = ["round", "number", "published_at", "reason", "moved", "by"]
    list_select_related = ["round", "by"]
    search_fields = ["round__code", "reason"]
    date_hierarchy = "published_at"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("round", "by")

    @admin.display(description=gettext_lazy("dates"))
    def moved(self, amendment: Amendment) -> str:
        return moved_dates(amendment)


@admin.register(RoundEvent)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["round", "decision", "at", "by", "reason"]
    list_filter = ["decision"]
    list_select_related = ["round", "by"]
    search_fields = ["round__code", "reason"]
    date_hierarchy = "at"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("round", "by")
