"""What every staff page shares: history, deleting refused in words, rows locked while they are saved."""

import re
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.admin import SimpleHistoryAdmin

from parks.admin.editing import CarefulEdits
from parks.admin.history import ReadableHistory

HONG_KONG = gettext_lazy("Times are Hong Kong time.")
NOTHING = "–"
LONGEST_SEARCH = 100  # letters; each word is looked for in every field, and a query has its limits
# What stock filters and date hierarchies put behind the name of their field.
ASKED = ("", "__exact", "__id__exact", "__isnull", "__isempty", "__gte", "__lt", "__year", "__month", "__day")


def referred_to(row: models.Model) -> bool:
    """Whether other rows need this one, so that deleting it would be refused by the database."""
    collector = Collector(using=router.db_for_write(type(row)), origin=row)
    try:
        collector.collect([row])
    except (ProtectedError, RestrictedError):
        return True
    return False


def why_kept(row: models.Model) -> str:
    """Why a row may not be deleted, in words; empty if it may."""
    if getattr(row, "published", False) is True:  # a source has a day of that name
        return _(
            "“%(row)s” is published, and what was published is kept. Take “published” away to hide it."
        ) % {"row": row}
    if referred_to(row):
        return _("“%(row)s” is kept: other entries refer to it.") % {"row": row}
    return ""


def is_row_number(text: str) -> bool:
    """Whether a row may have this key: a number that both databases can hold."""
    return re.fullmatch(r"[0-9]{1,18}", text) is not None


def _are_row_numbers(value: Any) -> bool:
    return all(is_row_number(str(key)) for key in (value if isinstance(value, list) else [value]))


class PlainLookups(admin.ModelAdmin):
    """An address asks a list for what its filters offer, and for nothing else.

    Stock admin takes any lookup of any field (`?premium__gt=1`, `?id__range=1`, `?code__regex=(`): a question about
    what is not shown, or one that the database cannot answer.
    """

    fieldsets: ClassVar[Any] = None  # its stubs know no lazy words

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        filters = [entry[0] if isinstance(entry, tuple) else entry for entry in self.get_list_filter(request)]
        names = [str(getattr(entry, "parameter_name", entry)) for entry in [*filters, self.date_hierarchy]]
        return lookup in {f"{name}{ending}" for name in names for ending in ASKED}

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Stock admin looks out for most, but not for all, of the days that no calendar has."""
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address fills in beforehand, without keys that no row can have."""
        found = super().get_changeform_initial_data(request)
        keys = {field.name for field in (*self.opts.fields, *self.opts.many_to_many) if field.is_relation}
        return {name: value for name, value in found.items() if name not in keys or _are_row_numbers(value)}

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        if len(search_term) > LONGEST_SEARCH:
            raise BadRequest(_("Search for %(count)d letters at most.") % {"count": LONGEST_SEARCH})
        return super().get_search_results(request, queryset, search_term)


class StaffAdmin(CarefulEdits, PlainLookups, ReadableHistory, SimpleHistoryAdmin):
    """A model's pages as staff have them."""

    list_per_page = 50
    show_full_result_count = False
    save_on_top = False
    empty_value_display = NOTHING

    def why_kept(self, row: models.Model) -> str:
        return why_kept(row)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Each half of a time says which it is: Django labels the first alone, with the name of both."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, AdminSplitDateTime):
            for half, words in zip(field.widget.widgets, (_("date"), _("time")), strict=True):
                half.attrs["aria-label"] = f"{capfirst(field.label)}: {words}"
        return field

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """While a page is saved nobody else saves the same row: lifecycle's locks and ours are the same."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST":
            found = self.model._default_manager.select_for_update(of=("self",)).filter(pk=found.pk).first()
        if found is not None:
            found.was_published = getattr(found, "published", False)
        return found

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Named by what it lists, not by what can be done to it."""
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not self.why_kept(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deleting in bulk: what may be deleted is looked at first, one by one."""
        return {
            name: action for name, action in super().get_actions(request).items() if name != "delete_selected"
        }

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        is_number = is_row_number(object_id)
        row = self.model._default_manager.filter(pk=object_id).first() if is_number else None
        words = self.why_kept(row) if row is not None and super().has_delete_permission(request, row) else ""
        if row is not None and words:
            messages.error(request, words)
            return redirect(admin_url(row))
        return super().delete_view(request, object_id, extra_context)

    def revert_disabled(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """An old version is looked at, never put back: that would undo decisions behind lifecycle's back."""
        return True

    def is_hidden(self, request: HttpRequest, object_id: str) -> bool:
        """Whether the row is there and not for this user."""
        key = {"pk": object_id}
        stored = object_id.isdigit() and self.model._default_manager.filter(**key).exists()
        return stored and not self.get_queryset(request).filter(**key).exists()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A row that is hidden has no history either; stock history would show what is not in the list."""
        if not is_row_number(object_id) or self.is_hidden(request, object_id):
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not (is_row_number(object_id) and is_row_number(version_id)) or self.is_hidden(request, object_id):
            raise Http404
        if request.method == "POST":
            raise PermissionDenied(_("An old version is looked at, never put back."))
        return super().history_form_view(request, object_id, version_id, extra_context)


def was_published(row: models.Model | None) -> bool:
    """Whether the stored row is published, whatever the form at hand has made of it meanwhile."""
    return bool(row is not None and getattr(row, "was_published", False))


def named_today(formset: Any, *, known: bool) -> Any:
    """The formset, whose new rows name their plots today where what names them is `known` to the public already."""
    field = formset.form.base_fields.get("named_on")
    if field is not None and known:
        field.initial = timezone.localdate
    return formset


class NamedCells(admin.TabularInline):
    """Rows to fill in whose fields say their column's name: Django's own have no label a screen reader finds."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            widget = getattr(field.widget, "widget", field.widget)  # inside the wrapper of a related row
            widget.attrs["aria-label"] = str(capfirst(field.label))
        return field


class ReadOnlyInline(admin.TabularInline):
    """Rows that are shown here and written elsewhere."""

    extra = 0
    can_delete = False

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Django lets a row that is one of a kind be added, whoever asks; its page would offer a button for it."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.max_num = 0
        return formset

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(PlainLookups):
    """A model whose rows are facts: looked at, never changed here."""

    list_per_page = 50
    empty_value_display = NOTHING

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.action(
    description=gettext_lazy("Publish the selected %(verbose_name_plural)s"), permissions=["change"]
)
def publish(modeladmin: StaffAdmin, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
    _set_published(modeladmin, request, queryset, published=True)


@admin.action(
    description=gettext_lazy("Hide the selected %(verbose_name_plural)s from the public"),
    permissions=["change"],
)
def unpublish(modeladmin: StaffAdmin, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
    _set_published(modeladmin, request, queryset, published=False)


def _set_published(
    modeladmin: StaffAdmin, request: HttpRequest, queryset: models.QuerySet[Any], *, published: bool
) -> None:
    """Row by row through save(), so that each has its line of history."""
    words = _("Published.") if published else _("Hidden from the public.")
    rows = list(queryset.exclude(published=published))
    for row in rows:
        row.published = published
        row._history_user, row._change_reason = request.user, words
        row.save()
        modeladmin.log_change(request, row, words)
    done = (
        ngettext("%(count)d entry is public now.", "%(count)d entries are public now.", len(rows))
        if published
        else ngettext("%(count)d entry is hidden now.", "%(count)d entries are hidden now.", len(rows))
    )
    messages.success(request, done % {"count": len(rows)})


class MissingName(admin.SimpleListFilter):
    """To do: rows that cannot be shown in one of the languages."""

    title = gettext_lazy("names")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("zh_hans", _("no Simplified name")), ("zh_hant", _("no Traditional name"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if self.value() not in {"zh_hans", "zh_hant"}:
            return queryset
        return queryset.filter(**{f"{named_by(queryset.model)}_{self.value()}": ""})


def named_by(model: type[models.Model]) -> str:
    """`name` or `title`, whichever the model has."""
    return "title" if hasattr(model, "title_en") else "name"


def admin_url(row: models.Model) -> str:
    """The page on which staff change a row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def link_to(row: models.Model | None) -> str:
    return format_html('<a href="{}">{}</a>', admin_url(row), row) if row is not None else ""
