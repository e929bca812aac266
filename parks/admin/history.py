"""The history of an entry and of the rows beside it: who changed what, when and why, field by field in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.forms.models import _get_foreign_key
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from parks.admin.conflicts import who
from parks.admin.fieldwords import said
from parks.admin.versions import has_history, label

PER_PAGE = 50
# When it was made and changed is the line itself; what the database works out follows from the other fields.
LEFT_OUT = {"created_at", "updated_at"}
EVENTS = {"+": "added", "~": "changed", "-": "deleted"}


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str


class Line:
    """One version of a row, with the one before it."""

    def __init__(self, book: "Book", record: Any, before: Any, parent: str) -> None:
        self.book, self.record, self.before, self.parent = book, record, before, parent

    @property
    def kind(self) -> str:
        return EVENTS[self.record.history_type]

    @property
    def event(self) -> str:
        words = {"added": _("Added"), "changed": _("Changed"), "deleted": _("Deleted")}
        return words[self.kind]

    @cached_property
    def row(self) -> str:
        """Which row beside the entry it is; empty for the entry itself."""
        if not self.parent:
            return ""
        kind = capfirst(str(self.record.instance_type._meta.verbose_name))
        return f"{kind} “{self.book.name_of_row(self.record)}”"

    @property
    def at(self) -> datetime:
        at: datetime = self.record.history_date
        return at

    @property
    def by(self) -> str:
        return who(self.record.history_user)

    @property
    def reason(self) -> str:
        return self.record.history_change_reason or ""

    @cached_property
    def changes(self) -> list[FieldChange]:
        """What is different from the version before; of a new row what it was made with."""
        return [] if self.kind == "deleted" else list(self._changes())

    def _changes(self) -> Iterator[FieldChange]:
        for field in self.book.fields(self.record.instance_type):
            if field.name == self.parent:
                continue
            after = getattr(self.record, field.attname)
            before = getattr(self.before, field.attname) if self.before is not None else None
            if before == after or (self.before is None and after in (None, "")):
                continue
            words = [self.book.said(field, value) for value in (before, after)]
            yield FieldChange(str(capfirst(field.verbose_name)), *words)


class Book:
    """The lines of an entry and of the rows beside it, newest first. Names of referred rows are looked up once."""

    def __init__(self, hidden: Any) -> None:
        self.hidden = hidden
        self._names: dict[tuple[str, Any], str] = {}

    def lines(self, modeladmin: admin.ModelAdmin, request: HttpRequest, row: models.Model) -> list[Line]:
        found = self._of(modeladmin.model.history.filter(**{row._meta.pk.name: row.pk}), "")
        for inline in modeladmin.get_inline_instances(request, row):
            if has_history(inline.model):
                key = _get_foreign_key(modeladmin.model, inline.model, fk_name=inline.fk_name)
                history: Any = inline.model.history
                found += self._of(history.filter(**{key.name: row.pk}), key.name)
        return sorted(found, key=lambda line: (line.at, line.record.history_id), reverse=True)

    def _of(self, records: Any, parent: str) -> list[Line]:
        lines: list[Line] = []
        before: dict[Any, Any] = {}
        for record in records.select_related("history_user").order_by("history_id"):
            lines.append(Line(self, record, before.get(record.id), parent))
            before[record.id] = record
        return lines

    def fields(self, model: Any) -> list[Any]:
        hidden = LEFT_OUT | set(self.hidden(model))
        return [
            field
            for field in model._meta.concrete_fields
            if not field.primary_key and not field.generated and field.name not in hidden
        ]

    def said(self, field: Any, value: Any) -> str:
        if field.is_relation and value is not None:
            return self.name(field.related_model, value)
        labels = dict(field.flatchoices) if field.choices else {}
        return str(labels[value]) if labels and value in labels else said(value, whole=True)

    def name(self, model: Any, key: Any) -> str:
        """What the row is called now; its key if it is gone."""
        if (label(model), key) not in self._names:
            row = model._base_manager.filter(pk=key).first()
            gone = _("%(kind)s %(key)s, deleted since") % {"kind": model._meta.verbose_name, "key": key}
            self._names[label(model), key] = str(row) if row is not None else gone
        return self._names[label(model), key]

    def name_of_row(self, record: Any) -> str:
        key = (label(record.instance_type), record.id)
        if key not in self._names:
            self._names[key] = str(record.instance)
        return self._names[key]


_ModelAdmin: Any = admin.ModelAdmin  # untyped, as the admin classes of this project are


class ReadableHistory(_ModelAdmin):
    """The History page. A subclass whose fields are not for everybody says so in `hidden_in_history`."""

    def hidden_in_history(self, request: HttpRequest, model: type[models.Model]) -> set[str]:
        """Fields of the model that this person's history leaves out."""
        return set()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self._row_or_its_last(request, unquote(object_id))
        allowed: Any = getattr(self, "has_view_history_or_change_history_permission", None)
        if allowed is not None and not allowed(request, row):
            raise PermissionDenied
        book = Book(lambda model: self.hidden_in_history(request, model))
        pages = Paginator(book.lines(self, request, row), PER_PAGE)
        page = pages.get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(row)s") % {"row": row},
            "object": row,
            "opts": self.opts,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "page_obj": page,
            "page_range": pages.get_elided_page_range(page.number),
            "several": pages.num_pages > 1,
            **(extra_context or {}),
        }
        return render(request, "admin/history.html", context)

    def _row_or_its_last(self, request: HttpRequest, object_id: str) -> Any:
        """The row, or as it was when it was deleted: its history stays."""
        row = self.get_object(request, object_id)
        if row is not None:
            return row
        history: Any = self.model.history
        last = history.filter(id=object_id).first() if object_id.isdecimal() else None
        if last is None:
            raise Http404
        return last.instance
