"""History of changes: each version of a row says who made it, when and why, whoever writes and however."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db.models import Case, F, OuterRef, Subquery, When
from simple_history.models import HistoricalRecords

_reason: ContextVar[str] = ContextVar("reason", default="")


@contextmanager
def because(reason: str) -> Iterator[None]:
    """What is written meanwhile without a reason of its own is written for this one: rows beside a row as well."""
    token = _reason.set(str(reason))
    try:
        yield
    finally:
        _reason.reset(token)


class Records(HistoricalRecords):
    """simple-history's records, which take the reason in force where the row itself gives none."""

    def get_change_reason_for_object(self, instance: Any, history_type: str, using: str | None) -> str | None:
        own: str | None = super().get_change_reason_for_object(instance, history_type, using)
        return own or _reason.get() or None


def changed_by(model: Any, at: datetime) -> Case:
    """When a row had last changed at `at`: its stamp, else that of its last version by then; None if none is so old.

    The stamp of a row that changed again since would tell of what came after.
    """
    versions = model.history.filter(id=OuterRef("pk"), history_date__lte=at, updated_at__lte=at)
    last = versions.order_by("-history_date", "-history_id").values("updated_at")[:1]
    return Case(When(updated_at__lte=at, then=F("updated_at")), default=Subquery(last))
