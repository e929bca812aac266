"""Openings: begun and confirmed on the round's page, shown here with the record to print."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.admin.base import ReadOnlyAdmin, ReadOnlyInline
from tenders.admin.papers import record_view
from tenders.models import Opening


def record_url(opening: Opening | None) -> str:
    """The record to print; there is none before the second officer has confirmed."""
    if opening is None or opening.opened_at is None:
        return ""
    return reverse("admin:tenders_opening_record", args=[opening.pk])


class OpeningInline(ReadOnlyInline):
    model = Opening
    fields = ["first_officer", "begun_at", "second_officer", "opened_at", "proposal_count", "record"]
    readonly_fields = ["record"]
    verbose_name_plural = gettext_lazy("Opening of the box")

    @admin.display(description=gettext_lazy("record"))
    def record(self, opening: Opening) -> str:
        url = record_url(opening)
        return format_html('<a href="{}">{}</a>', url, _("Record of the opening")) if url else ""


@admin.register(Opening)
class OpeningAdmin(ReadOnlyAdmin):
    list_display = ["round", "first_officer", "begun_at", "second_officer", "opened_at", "proposal_count"]
    list_filter = [("opened_at", admin.EmptyFieldListFilter)]
    list_select_related = ["round", "first_officer", "second_officer"]
    search_fields = ["round__code"]
    date_hierarchy = "begun_at"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(partial(record_view, self))
        return [path("<int:pk>/record/", view, name="tenders_opening_record"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["record_url"] = record_url(kwargs.get("obj"))
        return super().render_change_form(request, context, *args, **kwargs)
