"""How long a session of staff lasts, and what ends it.

A session carries the stamp that its account had when it began. It is over when the account has got another stamp (it
was disabled, its password, roles or second factor changed), an hour after the last page, and ten hours after the login.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare, salted_hmac
from django_otp import DEVICE_ID_SESSION_KEY

from staff.models import Account

IDLE: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=10)
NOTED_EVERY: Final = timedelta(minutes=1)  # a page a minute writes to the database, not every page

STAMP: Final = "staff_stamp"
BEGAN: Final = "staff_began"
SEEN: Final = "staff_seen"


def begin(session: SessionBase, user: User, *, at: datetime) -> None:
    """After the password: the session is the account's as it is now, and counts for nothing yet."""
    session[STAMP] = stamp_of(user)
    session[BEGAN] = session[SEEN] = at.timestamp()
    session.pop(DEVICE_ID_SESSION_KEY, None)


def verify(session: SessionBase, device: Any) -> None:
    """After the second step: from here on the session counts, under another key than before."""
    session.cycle_key()
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id


def restamp(session: SessionBase, user: User) -> None:
    """This session goes on although its account has just got another stamp: its owner did it here."""
    session[STAMP] = stamp_of(user)


def is_verified(session: SessionBase) -> bool:
    """Whether the second step was taken. Only `stands` says whether the session still holds."""
    return DEVICE_ID_SESSION_KEY in session


def stands(session: SessionBase, user: User, *, at: datetime) -> bool:
    """Whether the session still holds for its account, and notes that it was used."""
    if STAMP not in session:  # begun by another way of logging in than ours; it counts from here on
        session[STAMP], session[BEGAN], session[SEEN] = stamp_of(user), at.timestamp(), at.timestamp()
        return True
    account = getattr(user, "account", None)
    if account is None or not constant_time_compare(account.stamp, str(session.get(STAMP, ""))):
        return False
    began, seen, now = session.get(BEGAN, 0), session.get(SEEN, 0), at.timestamp()
    if now - seen >= IDLE.total_seconds() or now - began >= LONGEST.total_seconds():
        return False
    if now - seen >= NOTED_EVERY.total_seconds():
        session[SEEN] = now
    return True


def stamp_of(user: User) -> str:
    """The account's stamp; it gets one if it has none."""
    account, _created = Account.objects.get_or_create(
        user=user, defaults={"stamp": _new_stamp(), "state": _state_of(user)}
    )
    return account.stamp


def end_all(user: User) -> None:
    """Every session of the account is over."""
    Account.objects.update_or_create(user=user, defaults={"stamp": _new_stamp(), "state": _state_of(user)})


def end_if_changed(user: User) -> None:
    """The same, if the account may do other things now than when it got its stamp, or has another password."""
    account = Account.objects.filter(user=user).first()
    if account is not None and account.state != _state_of(user):
        end_all(user)


def _new_stamp() -> str:
    return secrets.token_hex(16)


def _state_of(user: User) -> str:
    told = "|".join(map(str, [user.is_active, user.is_staff, user.is_superuser, user.password]))
    return salted_hmac("staff.account", told, algorithm="sha256").hexdigest()
