"""Organisations and sources: who speaks, and where it was said."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.admin.base import StaffAdmin
from parks.forms import PartialDayField, PartialDaysForm
from parks.models import Organisation, Source
from parks.windows import iso_day


class MissingChineseName(admin.SimpleListFilter):
    """To do: organisations without a name in one of the languages."""

    title = gettext_lazy("names")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("en", _("no English name")),
            ("zh_hant", _("no Traditional name")),
            ("zh_hans", _("no Simplified name")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        missing = self.value()
        return (
            queryset.filter(**{f"name_{missing}": ""})
            if missing in {"en", "zh_hant", "zh_hans"}
            else queryset
        )


class WithoutAddress(admin.SimpleListFilter):
    """To do: sources that nobody can follow."""

    title = gettext_lazy("address")
    parameter_name = "address"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", _("no address")), ("given", _("with an address"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        match self.value():
            case "none":
                return queryset.filter(url="")
            case "given":
                return queryset.exclude(url="")
        return queryset


@admin.register(Organisation)
class OrganisationAdmin(StaffAdmin):
    list_display = ["registered_name", "name_zh_hant", "name_zh_hans", "scheme", "identifier"]
    list_filter = [MissingChineseName]
    search_fields = ["name_en", "name_zh_hant", "name_zh_hans", "identifier"]
    search_help_text = gettext_lazy("A name in any language, or an identifier.")
    fieldsets = [
        (
            None,
            {
                "fields": ["name_en", "name_zh_hant", "name_zh_hans"],
                "description": gettext_lazy(
                    "One name is enough. An organisation is entered once; search before adding."
                ),
            },
        ),
        (gettext_lazy("Identity"), {"fields": ["scheme", "identifier", "website"]}),
    ]


class SourceForm(PartialDaysForm):
    partial_days = {"published": "published_precision"}

    published = PartialDayField(label=gettext_lazy("published"))

    class Meta:
        model = Source
        exclude = ["published_precision"]


@admin.register(Source)
class SourceAdmin(StaffAdmin):
    form = SourceForm
    list_display = ["code", "publisher_en", "title_en", "when", "language", "url"]
    list_filter = [WithoutAddress, "language", "publisher_en"]
    search_fields = [
        "code",
        "title_en",
        "title_zh_hant",
        "title_zh_hans",
        "publisher_en",
        "publisher_zh_hant",
        "url",
    ]
    search_help_text = gettext_lazy("A code, a word of the title, or a publisher.")
    date_hierarchy = "published"
    fieldsets = [
        (
            gettext_lazy("What was published"),
            {
                "fields": ["code", "publisher_en", "title_en", "published", "language", "url"],
                "description": gettext_lazy(
                    "Every figure, date and announcement names a source. Its address is shown beside it."
                ),
            },
        ),
        (
            gettext_lazy("In Chinese"),
            {"fields": ["publisher_zh_hant", "title_zh_hant", "publisher_zh_hans", "title_zh_hans"]},
        ),
    ]

    @admin.display(description=gettext_lazy("published"), ordering="published")
    def when(self, source: Source) -> str:
        return iso_day(source.published, source.published_precision)

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> list[str]:
        """The code is what files call the source by."""
        return ["code"] if obj else []
