"""Figures: what sources claim, side by side."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.admin.base import StaffAdmin
from parks.windows import iso_day
from tenders.forms import FigureForm
from tenders.ledger import ledger
from tenders.models import Figure

SUBJECTS = ["park", "phase__park", "release", "round", "source"]


def in_conflict(at: datetime) -> set[int]:
    """Claims of numbers that something stands against, and the claims that do; as the pages have it."""
    disputed = [number for number in ledger(at) if number.conflicts]
    against = [conflict for number in disputed for conflict in number.conflicts]
    claims = [
        *(claim for number in disputed for claim in number.claims),
        *(claim for conflict in against for claim in conflict.saying),
        *(claim for conflict in against for term in conflict.terms for claim in term.said),
    ]
    return {claim.pk for claim in claims if isinstance(claim, Figure)}


class ConflictFilter(admin.SimpleListFilter):
    """To do: numbers that sources do not agree on."""

    title = gettext_lazy("conflict")
    parameter_name = "conflict"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("≠ in conflict"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Figure]) -> QuerySet[Figure]:
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=in_conflict(timezone.now()))


@admin.register(Figure)
class FigureAdmin(StaffAdmin):
    form = FigureForm
    list_display = ["indicator", "subject", "qualifier", "value", "unit", "known_on", "source"]
    list_filter = [ConflictFilter, "indicator", "park"]
    list_select_related = SUBJECTS
    search_fields = [
        "indicator",
        "park__slug",
        "phase__code",
        "release__code",
        "round__code",
        "source__code",
        "unit",
    ]
    search_help_text = gettext_lazy("An indicator, a park, a release, a round or a source.")
    date_hierarchy = "as_of"
    autocomplete_fields = ["park", "phase", "release", "round", "source"]
    fieldsets = [
        (
            gettext_lazy("The number"),
            {
                "fields": ["indicator", "value", "unit", "qualifier", "as_of", "source"],
                "description": gettext_lazy(
                    "As the source says it. Figures that contradict each other stand side by side."
                ),
            },
        ),
        (gettext_lazy("What it speaks of"), {"fields": ["park", "phase", "release", "round"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*SUBJECTS)

    @admin.display(description=gettext_lazy("of"))
    def subject(self, figure: Figure) -> str:
        return str(figure.round or figure.release or figure.phase or figure.park or "")

    @admin.display(description=gettext_lazy("as of"), ordering="as_of")
    def known_on(self, figure: Figure) -> str:
        return iso_day(figure.as_of, figure.as_of_precision)

    def why_kept(self, row: Any) -> str:
        if Figure.objects.public().filter(pk=row.pk).exists():
            return _("A figure that is public is kept. Correct it if the source said otherwise.")
        return super().why_kept(row)
