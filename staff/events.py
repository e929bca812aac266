"""The only writer of the security log: a row that nobody can change, and a line for the machine's keepers.

Neither ever has a password or a code in it.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from staff.models import Kind, SecurityEvent

log = logging.getLogger("tenderground.security")

# What strangers can cause: so many rows an hour and no more, for a row is kept for ever. The machine's log has all.
FROM_OUTSIDE: Final = {Kind.LOGIN_FAILED, Kind.LOCKED_OUT, Kind.CODE_FAILED, Kind.REFUSED}
MOST_AN_HOUR: Final = 300
AN_HOUR: Final = timedelta(hours=1)
LONGEST_NAME: Final = 150
LONGEST_DETAIL: Final = 300


def record(
    kind: Kind,
    *,
    at: datetime,
    by: Any = None,
    username: str = "",
    address: str | None = None,
    detail: str = "",
) -> None:
    """Write down what happened. `by` is the account that did it; `username` what was typed where there is none."""
    name = by.get_username() if by is not None else _plain(username)
    said = _plain(detail)[:LONGEST_DETAIL]
    log.info("%s: account %r, address %s, %s", kind.value, name, address or "unknown", said or "-")
    if kind in FROM_OUTSIDE and _is_flood(at):
        return
    SecurityEvent.objects.create(
        at=at,
        kind=kind,
        username=name[:LONGEST_NAME],
        user_id=by.pk if by is not None else None,
        address=address,
        detail=said,
    )


def _is_flood(at: datetime) -> bool:
    lately = SecurityEvent.objects.filter(kind__in=FROM_OUTSIDE, at__gt=at - AN_HOUR, at__lte=at)
    return lately.count() >= MOST_AN_HOUR


def _plain(text: str) -> str:
    """One line that both databases take."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
