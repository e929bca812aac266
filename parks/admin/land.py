"""Parks, their phases and their plots."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.admin.base import MissingName, NamedCells, StaffAdmin, publish, unpublish, was_published
from parks.models import Park, Phase, Plot

NAMES = (gettext_lazy("In Chinese"), {"fields": ["name_zh_hant", "name_zh_hans"]})
PROOF = gettext_lazy("Source and publication")
UNPUBLISHED = gettext_lazy("Until it is published it is nowhere outside these pages.")


class PhaseInline(NamedCells):
    model = Phase
    fields = ["code", "name_en", "name_zh_hant", "name_zh_hans", "part_of", "order", "published"]
    autocomplete_fields = ["part_of"]
    extra = 0
    show_change_link = True
    can_delete = False


@admin.register(Park)
class ParkAdmin(StaffAdmin):
    list_display = ["name_en", "slug", "name_zh_hant", "name_zh_hans", "manager", "order", "published"]
    list_filter = ["published", MissingName]
    list_select_related = ["manager"]
    search_fields = ["slug", "name_en", "name_zh_hant", "name_zh_hans"]
    autocomplete_fields = ["manager", "source"]
    prepopulated_fields = {"slug": ["name_en"]}
    actions = [publish, unpublish]
    inlines = [PhaseInline]
    fieldsets = [
        (
            None,
            {
                "fields": ["name_en", "slug", "manager", "website"],
                "description": gettext_lazy(
                    "The name as the public reads it, and the short name in its address."
                ),
            },
        ),
        NAMES,
        (
            gettext_lazy("What it is for"),
            {
                "fields": [
                    "focus_en",
                    "focus_zh_hant",
                    "focus_zh_hans",
                    "summary_en",
                    "summary_zh_hant",
                    "summary_zh_hans",
                ]
            },
        ),
        (
            gettext_lazy("Where it is"),
            {"fields": ["longitude", "latitude"], "description": gettext_lazy("Both, or neither.")},
        ),
        (PROOF, {"fields": ["source", "order", "published"], "description": UNPUBLISHED}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Park | None = None) -> list[str]:
        """Addresses outside point to a published park's short name."""
        return ["slug"] if was_published(obj) else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Park | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ["name_en"]}


class PhaseForm(forms.ModelForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        whole, park = (
            cleaned.get("part_of"),
            cleaned.get("park") or (self.instance.park if self.instance.park_id else None),
        )
        if whole and park and whole.park_id != park.pk:
            raise ValidationError({"part_of": _("%(phase)s is a phase of another park.") % {"phase": whole}})
        if whole and whole.part_of_id:
            raise ValidationError(
                {"part_of": _("%(phase)s is itself a part; parts have no parts.") % {"phase": whole}}
            )
        return cleaned


@admin.register(Phase)
class PhaseAdmin(StaffAdmin):
    form = PhaseForm
    list_display = ["code", "park", "name_en", "name_zh_hant", "part_of", "order", "published"]
    list_filter = ["park", "published", MissingName]
    list_select_related = ["park", "part_of__park"]
    search_fields = ["code", "name_en", "name_zh_hant", "name_zh_hans", "park__slug", "park__name_en"]
    autocomplete_fields = ["park", "part_of", "source"]
    actions = [publish, unpublish]
    fieldsets = [
        (
            None,
            {
                "fields": ["park", "code", "name_en", "part_of", "order"],
                "description": gettext_lazy("A phase may be part of a larger one of the same park."),
            },
        ),
        NAMES,
        (PROOF, {"fields": ["source", "published"], "description": UNPUBLISHED}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Phase | None = None) -> list[str]:
        """Its plots, releases and rounds stand in the same park."""
        return ["park"] if obj else []

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("park", "part_of__park")


@admin.register(Plot)
class PlotAdmin(StaffAdmin):
    list_display = [
        "code",
        "park",
        "phase",
        "area_m2",
        "max_gfa_m2",
        "ratio",
        "land_use",
        "sectors",
        "published",
    ]
    list_filter = ["park", "phase", "published", ("boundary", admin.EmptyFieldListFilter), MissingName]
    list_select_related = ["park", "phase__park"]
    search_fields = ["code", "name_en", "name_zh_hant", "name_zh_hans", "land_use", "sectors", "park__slug"]
    search_help_text = gettext_lazy("A code, a name, a land use, a sector.")
    autocomplete_fields = ["phase", "source"]
    actions = [publish, unpublish]
    readonly_fields = ["ratio"]
    fieldsets = [
        (
            None,
            {
                "fields": ["phase", "code", "name_en"],
                "description": gettext_lazy("The park follows from the phase."),
            },
        ),
        (gettext_lazy("Size and use"), {"fields": ["area_m2", "max_gfa_m2", "ratio", "land_use", "sectors"]}),
        NAMES,
        (gettext_lazy("Boundary"), {"fields": ["boundary"]}),
        (PROOF, {"fields": ["source", "published"], "description": UNPUBLISHED}),
    ]

    @admin.display(description=gettext_lazy("plot ratio"))
    def ratio(self, plot: Plot) -> float | None:
        return plot.plot_ratio

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("park", "phase__park")
