"""The security log as an auditor reads it. Nobody writes here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.admin.base import ReadOnlyAdmin
from staff.models import SecurityEvent


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "username", "address", "detail"]
    list_filter = ["kind"]
    search_fields = ["username", "address", "detail"]
    search_help_text = gettext_lazy("An account, an address or a part of the detail.")
    date_hierarchy = "at"
    fields = ["at", "kind", "username", "address", "detail"]
    show_full_result_count = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Security log"), **(extra_context or {})})
