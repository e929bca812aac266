"""Rows edited beside an entry, when somebody added, changed or deleted some of them meanwhile.

The form that came back is laid out again on the rows as they stand: what was typed stays with its row, a row that
is gone stays as a new one if anything was typed into it, and a row that somebody added is there.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from parks.admin.conflicts import Past, RowDifference, compare, put
from parks.admin.fieldwords import as_sent
from parks.admin.versions import Version, label

MANAGEMENT = {"TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"}
MOST_ROWS = 1000

Sent = dict[str, list[str]]  # one row as it came: the name of each field without prefix and number


def formsets_now(modeladmin: Any, request: HttpRequest, row: Any) -> Iterator[tuple[Any, Any]]:
    """The rows beside the entry as a fresh page has them, named as the admin names them."""
    used: dict[str, int] = {}
    for formset, inline in modeladmin.get_formsets_with_inlines(request, row):
        prefix = formset.get_default_prefix()
        used[prefix] = used.get(prefix, 0) + 1
        prefix = prefix if used[prefix] == 1 else f"{prefix}-{used[prefix]}"
        yield formset(instance=row, prefix=prefix, queryset=inline.get_queryset(request)), inline


def align(
    modeladmin: Any, request: HttpRequest, row: Any, seen: Version | None, data: QueryDict
) -> list[RowDifference]:
    """Lay the rows of `data` out on the rows of now; the differences, in the order of the page."""
    found: list[RowDifference] = []
    told: set[str] = set()
    for formset, inline in formsets_now(modeladmin, request, row):
        page = _Rows(formset, inline, request, seen, data)
        page.lay_out()
        if label(inline.model) not in told:  # shown twice, told once
            found += page.differences
        if page.forms:
            told.add(label(inline.model))
    return found


def sent_rows(data: QueryDict, prefix: str) -> tuple[list[Sent], int]:
    """The rows as they came, in order, and how many of them the form held for known ones."""
    rows: dict[int, Sent] = {}
    for name in data:
        match = re.fullmatch(rf"{re.escape(prefix)}-(\d{{1,4}})-([A-Za-z_].*)", name)
        if match and match[2] not in MANAGEMENT:
            rows.setdefault(int(match[1]), {})[match[2]] = data.getlist(name)
    total, initial = (_count(data, f"{prefix}-{name}") for name in ("TOTAL_FORMS", "INITIAL_FORMS"))
    return [rows.get(number, {}) for number in range(total)], min(initial, total)


def _count(data: QueryDict, name: str) -> int:
    text = data.get(name, "")
    return min(int(text), MOST_ROWS) if text.isdecimal() else 0


class _Rows:
    """The rows of one formset: `lay_out` writes them anew into the data and gathers the differences."""

    def __init__(
        self, formset: Any, inline: Any, request: HttpRequest, seen: Version | None, data: QueryDict
    ) -> None:
        self.formset, self.data, self.model = formset, data, formset.model
        self.forms = formset.initial_forms
        self.editable = inline.has_change_permission(request, formset.instance)
        self.seen = None if seen is None else seen.stamps.get(label(self.model), {})
        self.kind = str(capfirst(inline.verbose_name))
        self.differences: list[RowDifference] = []

    def lay_out(self) -> None:
        rows, initial = sent_rows(self.data, self.formset.prefix)
        key = self.model._meta.pk.name
        known = {sent[key][0]: sent for sent in rows[:initial] if sent.get(key, [""])[0]}
        nameless = [sent for sent in rows[:initial] if not sent.get(key, [""])[0]]
        self._clear()
        for number, form in enumerate(self.forms):
            self._stands(number, form, known.pop(str(form.instance.pk), None))
        new = [kept for pk, sent in known.items() if (kept := self._gone(pk, sent)) is not None]
        new += [sent for sent in [*nameless, *rows[initial:]] if sent]
        for number, sent in enumerate(new, start=len(self.forms)):
            self._write(number, {name: values for name, values in sent.items() if name != key})
        self._count(len(self.forms), len(self.forms) + len(new))

    def _clear(self) -> None:
        start = re.compile(rf"{re.escape(self.formset.prefix)}-\d{{1,4}}-([A-Za-z_].*)")
        for name in list(self.data):
            match = start.fullmatch(name)
            if match and match[1] not in MANAGEMENT:
                del self.data[name]

    def _count(self, initial: int, total: int) -> None:
        counts = {"TOTAL_FORMS": total, "INITIAL_FORMS": initial, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
        put(self.data, {f"{self.formset.prefix}-{name}": [str(count)] for name, count in counts.items()})

    def _write(self, number: int, sent: Sent) -> None:
        put(self.data, {f"{self.formset.prefix}-{number}-{name}": values for name, values in sent.items()})

    def _stands(self, number: int, form: Any, sent: Sent | None) -> None:
        """A row that is there now: as it was typed, or as it stands if it was not on the page."""
        row = form.instance
        if sent is None:
            put(self.data, {name: values for one in form for name, values in as_sent(one).items()})
        else:
            self._write(number, sent)
        self.data[f"{form.prefix}-{self.model._meta.pk.name}"] = str(row.pk)
        stamp = (self.seen or {}).get(str(row.pk))
        past = Past(self.model, row.pk, stamp)
        if self.seen is not None and stamp is None:
            self._tell(str(row), _("was added"), past)
        elif past.later or past.seen is None:
            self._tell_changes(form, past, sent)

    def _tell_changes(self, form: Any, past: Past, sent: Sent | None) -> None:
        then = self._form(past.then, form.prefix) if past.then is not None else None
        fields = compare(form, then, past, self.data) if self.editable and sent is not None else []
        if fields or (self.seen is not None and past.later and past.seen is not None):
            self._tell(str(form.instance), _("was changed"), past, fields)

    def _gone(self, pk: str, sent: Sent) -> Sent | None:
        """A row that somebody deleted: as a new one if anything was typed into it."""
        past = Past(self.model, pk if pk.isdecimal() else 0, (self.seen or {}).get(pk))
        touched = past.then is None or self._touched(past.then, sent)
        kept = touched and "DELETE" not in sent
        name = str(past.then) if past.then is not None else pk
        self._tell(name, _("was deleted"), past, kept=kept)
        return sent if kept else None

    def _touched(self, then: Any, sent: Sent) -> bool:
        form = self._form(then, "gone")
        data = QueryDict(mutable=True)
        put(data, {f"gone-{name}": values for name, values in sent.items()})
        return any(
            one.field.has_changed(one.initial, one.field.widget.value_from_datadict(data, {}, one.html_name))
            for one in form
            if not one.is_hidden
        )

    def _form(self, instance: Any, prefix: str) -> Any:
        return self.formset.form(instance=instance, prefix=prefix)

    def _tell(self, row: str, event: str, past: Past, fields: Any = (), *, kept: bool = False) -> None:
        saved = past.saved()
        self.differences.append(RowDifference(self.kind, row, event, saved, list(fields), kept=kept))
