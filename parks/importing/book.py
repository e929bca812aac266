"""Writes the rows of an import with their history, in chunks, and says what changed in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from parks.importing import history
from parks.importing.report import ImportRefused
from parks.models import localised
from parks.tabular import Problem, cell, number

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CHUNK = 500

M = TypeVar("M", bound=models.Model)
LANGUAGES = ("en", "zh-hant", "zh-hans")


@contextmanager
def whole(*, dry_run: bool) -> Iterator[None]:
    """All or nothing: one transaction. A dry run does all of it and takes it back."""
    try:
        with transaction.atomic():
            yield
            if dry_run:
                transaction.set_rollback(True)
    except IntegrityError as error:
        words = _(
            "The database refuses it (%(error)s). If somebody changed the same rows just now, import again."
        )
        raise ImportRefused([Problem(None, None, None, words % {"error": error})]) from error


@dataclass(frozen=True)
class Book:
    """Who writes, when, and from which file; history says all three."""

    by: User | None
    at: datetime
    file: str = ""

    @property
    def reason(self) -> str:
        return _("Import of %(file)s") % {"file": self.file or _("a file")}

    @property
    def day(self) -> date:
        return localdate(self.at)

    def is_later_than(self, public_since: date | None, row: models.Model) -> bool:
        """Whether `row` was public and in our records before the day of this import, which adds to it then.

        What is entered on one day, with dates that are past, is entered as it was published: nothing of it is news.
        """
        entered = localdate(row.created_at)  # type: ignore[attr-defined]  # every row of ours is Stamped
        return public_since is not None and max(public_since, entered) < self.day

    def add(self, model: type[M], rows: Sequence[M]) -> list[M]:
        """New rows; the same objects come back with their keys."""
        if not rows:
            return []
        written = model._default_manager.bulk_create(rows, batch_size=CHUNK)
        history.keep(model, written, history.NEW, by=self.by, at=self.at, reason=self.reason)
        return written

    def change(self, model: type[M], rows: Sequence[M], fields: Iterable[str]) -> None:
        """Known rows in these fields; they are stamped as changed now."""
        if not rows:
            return
        for row in rows:
            row.updated_at = self.at  # type: ignore[attr-defined]  # every row of ours is Stamped
        model._default_manager.bulk_update(rows, [*fields, "updated_at"], batch_size=CHUNK)
        history.keep(model, rows, history.CHANGED, by=self.by, at=self.at, reason=self.reason)

    def remove(self, row: models.Model) -> None:
        self._sign(row)
        row.delete()

    def save(self, row: models.Model) -> None:
        """One row, new or known."""
        self._sign(row)
        row.save()

    def _sign(self, row: Any) -> None:
        """What simple-history reads from a row when it writes the next version."""
        row._history_user, row._history_date, row._change_reason = self.by, self.at, self.reason


def assign(row: models.Model, values: Mapping[str, object], *, columns: Mapping[str, str]) -> list[str]:
    """Give the row these values; the words for those that differ.

    `columns` names the fields that the file calls otherwise.
    """
    words = []
    for field, new in values.items():
        old = getattr(row, field, None)  # a new row has no park yet
        if old != new:
            setattr(row, field, new)
            words.append(f"{columns.get(field, field)} {spoken(old)} -> {spoken(new)}")
    return words


def keep_name(row: models.Model, field: str, text: str) -> dict[str, str]:
    """The English text to write, or nothing where the row already says the same in one of its languages.

    Files give names in the language of the page that they were taken from.
    """
    if text and text not in {localised(row, field, language) for language in LANGUAGES}:
        return {f"{field}_en": text}
    return {}


def check(
    row: models.Model,
    refuse: Callable[[str, str], None],
    *,
    columns: Mapping[str, str],
    besides: Iterable[str] = (),
) -> None:
    """What the model itself has against the row, said of the column that the field comes from."""
    try:
        row.full_clean(exclude=set(besides), validate_unique=False)
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            refuse(columns.get(field, field) if field != "__all__" else "", " ".join(messages))


def spoken(value: Any) -> str:
    """A value in the words of the files, `(empty)` for none."""
    if isinstance(value, models.Model):
        value = getattr(value, "slug", None) or getattr(value, "code", None) or str(value)
    if isinstance(value, Decimal):
        value = number(value)
    return cell(value) or _("(empty)")
