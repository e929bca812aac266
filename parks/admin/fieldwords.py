"""Fields of a form as words, and as the browser would send them."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

LONGEST = 400


def label_of(bound: forms.BoundField) -> str:
    return str(capfirst(bound.label))


def typed_in(bound: forms.BoundField, data: Any) -> Any:
    """What the person typed into the field, as its widget reads it."""
    return bound.field.widget.value_from_datadict(data, {}, bound.html_name)


def as_sent(bound: forms.BoundField) -> dict[str, list[str]]:
    """What the browser sends for the field if nobody touches it. An unticked box sends nothing."""
    return _sent(_inner(bound.field.widget), bound.html_name, bound.value())


def _inner(widget: Any) -> Any:
    return getattr(widget, "widget", widget)  # inside the wrapper of a related row


def _sent(widget: Any, name: str, value: Any) -> dict[str, list[str]]:
    inside: Any = getattr(widget, "widgets", None)
    if inside is not None:
        parts = value if isinstance(value, list) else widget.decompress(value)
        sent: dict[str, list[str]] = {}
        for suffix, part, one in zip(widget.widgets_names, parts, inside, strict=True):
            sent |= _sent(one, name + suffix, part)
        return sent
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"] if widget.check_test(value) else []}
    shown = widget.format_value(value)
    if isinstance(shown, list | tuple):
        return {name: [str(one) for one in shown]}
    return {name: ["" if shown is None else str(shown)]}


def said_by(field: forms.Field, typed: Any) -> str:
    """A value in words as people read it, whether the field takes it or not."""
    if isinstance(field, forms.CharField) and isinstance(typed, str):
        return _shortened(typed) or _("(empty)")
    try:
        value = field.clean(typed)
    except ValidationError:
        value = " ".join(map(str, typed)) if isinstance(typed, list) else typed
    labels = {str(key): str(words) for key, words in _choices(field)}
    return labels.get(str(value)) or said(value)


def _choices(field: Any) -> list[tuple[Any, Any]]:
    """Plain choices; those of rows come as rows."""
    if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField):
        return []
    choices: Any = field.choices
    return [(key, words) for key, words in choices if key not in ("", None)]


def said(value: Any, *, whole: bool = False) -> str:
    """A value in words; `whole`: however long it is."""
    if value is None or value == "":
        return _("(empty)")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return at_words(value)
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, Decimal):
        return f"{value:,}"
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple | models.QuerySet):
        value = ", ".join(map(str, value)) or _("(empty)")
    text = value if isinstance(value, str) else str(formats.localize(value))
    return text if whole else _shortened(text)


def at_words(at: datetime) -> str:
    """An instant to the second, where the second tells something."""
    local = timezone.localtime(at)
    if local.second:
        return f"{formats.date_format(local, 'DATE_FORMAT')} {local:%H:%M:%S}"
    return formats.date_format(local, "DATETIME_FORMAT")


def said_of(row: models.Model, name: str) -> str:
    """The value of a row's field in words."""
    field = row._meta.get_field(name)
    if getattr(field, "choices", None):
        return str(getattr(row, f"get_{name}_display")()) or _("(empty)")
    return said(getattr(row, name))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
