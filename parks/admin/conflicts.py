"""What stands against what was typed: the newer values field by field, whose they are, and a form that has both.

Where only the other person changed a field, the form takes the newer value; what was typed is never touched.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from parks.admin.fieldwords import as_sent, at_words, label_of, said_by, said_of, typed_in
from parks.admin.versions import Stamp, Version, has_history, label, rows_beside, version_of

YOURS, SAME, THEIRS, SHOWN = "yours", "same", "theirs", "shown"
MOST_SAVES = 10


@dataclass(frozen=True)
class Saved:
    """Who saved, when and why."""

    by: str
    at: str
    reason: str = ""


@dataclass(frozen=True)
class FieldDifference:
    """`outcome`: both changed it (yours, or to the same), only the other did (theirs), or it is only shown here."""

    label: str
    now: str
    typed: str
    outcome: str
    saved: Saved | None


@dataclass(frozen=True)
class RowDifference:
    """A row beside the entry that somebody added, changed or deleted meanwhile. `kept`: what was typed is below."""

    what: str
    row: str
    event: str
    saved: Saved | None
    fields: list[FieldDifference] = field(default_factory=list)
    kept: bool = False


@dataclass(frozen=True)
class Conflict:
    """Why a form was not saved. `unseen`: it did not say which version it was made of."""

    unseen: bool = False
    kept: tuple[str, ...] = ()  # why rows that it would delete are kept
    saves: list[Saved] = field(default_factory=list)
    fields: list[FieldDifference] = field(default_factory=list)
    rows: list[RowDifference] = field(default_factory=list)

    @property
    def stale(self) -> bool:
        return not self.unseen and not self.kept


class Past:
    """A row since the version that was seen: how it was, and who changed which field."""

    def __init__(self, model: Any, key: Any, seen: Stamp | None) -> None:
        self.model, self.key = model, key
        lines: list[Any] = []
        if has_history(model):
            own = model.history.filter(**{model._meta.pk.name: key}).select_related("history_user")
            since = (
                own.filter(history_id__gte=seen).order_by("history_id")
                if seen
                else own.order_by("-history_id")[:1]
            )
            lines = list(since)
        known = bool(seen and lines and lines[0].history_id == seen)
        self.seen: Any = lines[0] if known else None
        self.later = lines[1:] if known else lines[-1:]

    @property
    def then(self) -> Any:
        """The row as it was seen; None if that is not known."""
        return self.seen.instance if self.seen is not None else None

    def saved(self, name: str = "") -> Saved | None:
        """Who gave the field its value of now; without a name, or if it cannot be told, who saved last."""
        if not self.later:
            return None if has_history(self.model) else self._logged()
        before, found = self.seen, self.later[-1]
        for line in self.later:
            if before is not None and _stored(before, name) != _stored(line, name):
                found = line
            before = line
        return saved_as(found)

    def saves(self) -> list[Saved]:
        return [saved_as(line) for line in reversed(self.later[-MOST_SAVES:])]

    def _logged(self) -> Saved | None:
        kind = ContentType.objects.get_for_model(self.model)
        entries = LogEntry.objects.filter(content_type=kind, object_id=str(self.key))
        entry = entries.select_related("user").order_by("-action_time").first()
        return Saved(who(entry.user), at_words(entry.action_time)) if entry else None


def _stored(line: Any, name: str) -> Any:
    return getattr(line, f"{name}_id", getattr(line, name, None)) if name else None


def saved_as(line: Any) -> Saved:
    return Saved(who(line.history_user), at_words(line.history_date), line.history_change_reason or "")


def who(user: Any) -> str:
    """A person's name as colleagues know it; empty for the system's own loading."""
    return (user.get_full_name() or user.get_username()) if user is not None else ""


def compare(now: Any, then: Any, past: Past, data: QueryDict) -> list[FieldDifference]:
    """The fields of a form that somebody else changed. `data` takes the newer value where nobody typed."""
    found = []
    for name, one in now.fields.items():
        if one.disabled or now[name].is_hidden or name == "DELETE":
            continue
        difference = _difference(now[name], then[name] if then is not None else None, past, data)
        if difference is not None:
            found.append(difference)
    return found


def _difference(
    now: forms.BoundField, then: forms.BoundField | None, past: Past, data: QueryDict
) -> FieldDifference | None:
    typed = typed_in(now, data)
    against = now.field.has_changed(now.initial, typed)
    if not against if then is None else then.value() == now.value():
        return None
    mine = then is None or then.field.has_changed(then.initial, typed)
    outcome = (YOURS if mine else THEIRS) if against else SAME
    sent = QueryDict(mutable=True)
    put(sent, as_sent(now))
    stands, yours = said_by(now.field, typed_in(now, sent)), said_by(now.field, typed)
    if outcome == THEIRS:
        put(data, as_sent(now))
    return FieldDifference(label_of(now), stands, yours, outcome, past.saved(now.name))


def put(data: QueryDict, sent: dict[str, list[str]]) -> None:
    """Give the form these values; a box without a value is unticked."""
    for name, values in sent.items():
        data.pop(name, None)
        if values:
            data.setlist(name, values)


def shown_only(
    modeladmin: admin.ModelAdmin, row: models.Model, names: Iterable[str], past: Past
) -> Iterator[FieldDifference]:
    """Fields that the page shows without letting anybody type."""
    then = past.then
    for name in names:
        if then is not None and _is_field(row, name) and _stored(then, name) != _stored(row, name):
            label = str(capfirst(str(label_for_field(name, type(row), modeladmin))))
            yield FieldDifference(label, said_of(row, name), "", SHOWN, past.saved(name))


def _is_field(row: models.Model, name: str) -> bool:
    try:
        return bool(row._meta.get_field(name).concrete)
    except FieldDoesNotExist:
        return False


def find(
    modeladmin: Any, request: HttpRequest, row: models.Model, seen: Version | None, align: Any
) -> Conflict:
    """Compare the form that came back with the row as it stands, and put both into `request.POST`.

    `align` does the same for the rows beside it.
    """
    data = request.POST.copy()
    names = flatten_fieldsets(modeladmin.get_fieldsets(request, row))
    form_class = modeladmin.get_form(request, row, change=True, fields=names)
    past = Past(type(row), row.pk, seen.stamp(row) if seen else None)
    now = form_class(instance=row)
    then = form_class(instance=past.then) if past.then is not None else None
    fields = compare(now, then, past, data)
    fields += shown_only(modeladmin, row, [name for name in names if name not in now.fields], past)
    rows = align(modeladmin, request, row, seen, data)
    request.POST = data  # type: ignore[assignment]  # the stubs know only its type in the common case
    return Conflict(unseen=seen is None, saves=past.saves() if seen else [], fields=fields, rows=rows)


def since(modeladmin: Any, request: HttpRequest, row: models.Model, seen: Version | None) -> Conflict | None:
    """What changed since a page without the row's fields was made, such as that of a move; None if nothing did."""
    now = version_of(modeladmin, request, row, locked=True)
    if seen is None or seen == now:
        return Conflict(unseen=True) if seen is None else None
    past = Past(type(row), row.pk, seen.stamp(row))
    names = flatten_fieldsets(modeladmin.get_fieldsets(request, row))
    rows = [
        _row_since(model, key, seen, beside)
        for model, beside in rows_beside(modeladmin, request, row).items()
        for key in sorted(_differing(seen.stamps.get(label(model), {}), now.stamps[label(model)]))
    ]
    return Conflict(saves=past.saves(), fields=list(shown_only(modeladmin, row, names, past)), rows=rows)


def _differing(then: Mapping[str, Stamp], now: Mapping[str, Stamp]) -> set[str]:
    return {key for key in {*then, *now} if then.get(key) != now.get(key)}


def _row_since(model: Any, key: str, seen: Version, beside: Any) -> RowDifference:
    stamp = seen.stamps.get(label(model), {}).get(key)
    past, there = Past(model, key, stamp), beside.filter(pk=key).first()
    event = _("was deleted") if there is None else _("was added") if stamp is None else _("was changed")
    named = there if there is not None else past.then
    return RowDifference(str(capfirst(model._meta.verbose_name)), str(named or key), event, past.saved())
