"""Enquiries and documents: what is published beside a round."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parks.admin.base import HONG_KONG, MissingName, StaffAdmin
from tenders.admin.rounds import PUBLISHED_IS_KEPT
from tenders.admin.worklists import AnswerFilter, RoundFilter
from tenders.forms import EnquiryForm
from tenders.models import Document, Enquiry, TenderRound


class PublishedOnceAdmin(StaffAdmin):
    """Rows with an instant of publication: from then on they are kept."""

    @admin.action(
        description=gettext_lazy("Publish the selected %(verbose_name_plural)s now"), permissions=["change"]
    )
    def publish_now(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        rows = [row for row in queryset.filter(published_at=None) if self.is_ready(row)]
        for row in rows:
            row.published_at = timezone.now()
            row._history_user, row._change_reason = request.user, _("Published.")
            row.save()
            self.log_change(request, row, _("Published."))
        words = ngettext("%(count)d entry is public now.", "%(count)d entries are public now.", len(rows))
        messages.success(request, words % {"count": len(rows)})

    def is_ready(self, row: Any) -> bool:
        return True

    def why_kept(self, row: Any) -> str:
        return PUBLISHED_IS_KEPT % {"row": row} if row.published_at else super().why_kept(row)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("round")


@admin.register(Enquiry)
class EnquiryAdmin(PublishedOnceAdmin):
    form = EnquiryForm
    list_display = ["round", "number", "asked_on", "question", "answered", "published_at"]
    list_display_links = ["round", "number"]
    list_filter = [AnswerFilter, RoundFilter]
    list_select_related = ["round"]
    search_fields = ["round__code", "question", "answer"]
    date_hierarchy = "asked_on"
    autocomplete_fields = ["round"]
    actions = ["publish_now"]
    fieldsets = [
        (
            gettext_lazy("Question"),
            {
                "fields": ["round", "asked_on", "question"],
                "description": gettext_lazy("Without the name of who asked: everybody reads it."),
            },
        ),
        (gettext_lazy("Answer"), {"fields": ["answer", "published_at"], "description": HONG_KONG}),
    ]

    @admin.display(description=gettext_lazy("answered"), boolean=True)
    def answered(self, enquiry: Enquiry) -> bool:
        return bool(enquiry.answer)

    def is_ready(self, row: Any) -> bool:
        return bool(row.answer)

    def get_readonly_fields(self, request: HttpRequest, obj: Enquiry | None = None) -> list[str]:
        return ["round"] if obj else []

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Enquiry, form: forms.ModelForm, change: bool) -> None:
        if not change:
            TenderRound.objects.select_for_update().get(pk=obj.round_id)
            last = Enquiry.objects.filter(round=obj.round).aggregate(last=Max("number"))["last"]
            obj.number = (last or 0) + 1
        super().save_model(request, obj, form, change)


@admin.register(Document)
class DocumentAdmin(PublishedOnceAdmin):
    list_display = ["title_en", "round", "language", "url", "published_at"]
    list_filter = [RoundFilter, "language", ("published_at", admin.EmptyFieldListFilter), MissingName]
    list_select_related = ["round"]
    search_fields = ["title_en", "title_zh_hant", "title_zh_hans", "url", "round__code"]
    autocomplete_fields = ["round"]
    actions = ["publish_now"]
    fieldsets = [
        (None, {"fields": ["round", "title_en", "url", "language"]}),
        (gettext_lazy("In Chinese"), {"fields": ["title_zh_hant", "title_zh_hans"]}),
        (gettext_lazy("Publication"), {"fields": ["published_at"], "description": HONG_KONG}),
    ]
