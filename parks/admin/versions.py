"""Which version of an entry a page was made of: what a form carries, and is held against when it comes back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core import signing
from django.db import models
from django.db.models import Max
from django.forms.models import _get_foreign_key
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

SALT = "seen"
SEEN = "_seen"  # the hidden field of a form, and of a list with actions

Stamp = int | str


@dataclass(frozen=True)
class Version:
    """A row and the rows beside it as they were: by model and key, the newest line of history of each.

    A model that keeps no history has a fingerprint of its row instead.
    """

    of: str
    stamps: Mapping[str, Mapping[str, Stamp]]

    def sealed(self) -> str:
        """As a form carries it. Signed, so that what comes back is what was given."""
        return signing.dumps([self.of, self.stamps], salt=SALT, compress=True)

    def stamp(self, row: models.Model) -> Stamp | None:
        return self.stamps.get(label(type(row)), {}).get(str(row.pk))


def label(model: type[models.Model]) -> str:
    return model._meta.label_lower


def name_of(row: models.Model) -> str:
    return f"{label(type(row))}:{row.pk}"


def read(text: str, row: models.Model) -> Version | None:
    """The version that a form brings back; None if it brings none, or one of another row."""
    try:
        of, stamps = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Version(of, stamps) if of == name_of(row) else None


def has_history(model: type[models.Model]) -> bool:
    return hasattr(model, "history")


def rows_beside(
    modeladmin: admin.ModelAdmin, request: HttpRequest, row: models.Model
) -> dict[type[models.Model], Any]:
    """The rows that are edited or shown on the row's page, by model."""
    found = {}
    for inline in modeladmin.get_inline_instances(request, row):
        key = _get_foreign_key(modeladmin.model, inline.model, fk_name=inline.fk_name)
        found[inline.model] = inline.model._base_manager.filter(**{key.name: row})
    return found


def version_of(
    modeladmin: admin.ModelAdmin, request: HttpRequest, row: models.Model, *, locked: bool = False
) -> Version:
    """The row's version now. `locked`: nobody else changes the rows beside it until this transaction ends."""
    stamps = {label(type(row)): _stamps([row])}
    for model, beside in rows_beside(modeladmin, request, row).items():
        rows = beside.order_by("pk")
        if locked and has_history(model):
            rows = rows.select_for_update(of=("self",))
        stamps[label(model)] = _stamps(list(rows), model)
    return Version(name_of(row), stamps)


def _stamps(rows: list[Any], model: type[models.Model] | None = None) -> dict[str, Stamp]:
    if not rows:
        return {}
    model = model or type(rows[0])
    if not has_history(model):
        return {str(row.pk): _fingerprint(row) for row in rows}
    newest = newest_lines(model, [row.pk for row in rows])
    return {str(row.pk): newest.get(row.pk, 0) for row in rows}


def newest_lines(model: Any, keys: Iterable[Any]) -> dict[Any, int]:
    """The newest line of history of each row."""
    lines = model.history.model.objects.filter(pk__isnull=False, **{f"{model._meta.pk.name}__in": list(keys)})
    return dict(lines.order_by().values_list(model._meta.pk.name).annotate(Max("history_id")))


def _fingerprint(row: models.Model) -> str:
    """Tells whether a row without history has changed, and nothing of what is in it."""
    values = [
        str(field.value_from_object(row)) for field in row._meta.concrete_fields if field.name != "last_login"
    ]
    many = [sorted(getattr(row, field.name).values_list("pk", flat=True)) for field in row._meta.many_to_many]
    return salted_hmac(SALT, repr([values, many]), algorithm="sha256").hexdigest()[:16]
