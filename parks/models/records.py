"""History of changes: each version of a row says who made it and why, whoever writes and however."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

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
