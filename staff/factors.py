"""The second factor of an account: an authenticator's changing codes, and recovery codes for when it is lost.

django-otp keeps the keys, refuses a code that was used before and slows down who guesses (each wrong code doubles the
wait). Here stands only what an account has, gets and loses.
"""

import base64
from datetime import datetime
from typing import Any, Final

import segno
from django.contrib.auth.models import User
from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff import sessions

ISSUER: Final = "Tenderground"
AUTHENTICATOR: Final = "authenticator"
RECOVERY: Final = "recovery codes"
RECOVERY_CODES: Final = 8
DIGITS: Final = 6


def has_one(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def offered_key(user: User) -> TOTPDevice:
    """The key that the account is to put into its authenticator: the same one until a code of it is shown."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("pk").first()
    return device or TOTPDevice.objects.create(user=user, name=AUTHENTICATOR, confirmed=False)


def enrol(user: User, code: str) -> TOTPDevice | None:
    """The authenticator counts from now on, if the code is one of the offered key's."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("pk").first()
    if device is None or verify_token(user, device.persistent_id, code) is None:
        return None
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().get(pk=device.pk)
        if has_one(user):
            return None
        device.confirmed = True
        device.save(update_fields=["confirmed"])
    return device


def given_key(user: User) -> str:
    """An authenticator that counts at once, for accounts that are made for a look: its key, in letters."""
    return key_in_letters(TOTPDevice.objects.create(user=user, name=AUTHENTICATOR, confirmed=True))


def check(user: User, code: str) -> Any | None:
    """The device that accepts the code, which is spent by that; None if none does."""
    model = TOTPDevice if code.isdigit() and len(code) == DIGITS else StaticDevice
    device = model.objects.filter(user=user, confirmed=True).order_by("pk").first()
    return verify_token(user, device.persistent_id, code) if device is not None else None


def wait(user: User, *, at: datetime) -> int:
    """Seconds until the next code is looked at; 0 if it is looked at now."""
    until = [
        allowed["locked_until"]
        for model in (TOTPDevice, StaticDevice)
        for device in model.objects.filter(user=user)
        for allowed in [device.verify_is_allowed()[1]]
        if allowed and "locked_until" in allowed
    ]
    return max((int((moment - at).total_seconds()) + 1 for moment in until), default=0)


@transaction.atomic
def new_recovery_codes(user: User, count: int = RECOVERY_CODES) -> list[str]:
    """Codes that are good once each, in place of all earlier ones. They are shown now and never again."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=RECOVERY)
    codes = [StaticToken.random_token() for _number in range(count)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [spaced(code) for code in codes]


@transaction.atomic
def reset(user: User) -> None:
    """The account has no second factor any more and sets up a new one at its next login; its sessions end."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    sessions.end_all(user)


def key_in_letters(device: TOTPDevice) -> str:
    """The key as an authenticator takes it when it is typed."""
    return spaced(base64.b32encode(device.bin_key).decode())


def key_as_picture(device: TOTPDevice) -> str:
    """The key as a QR code: an SVG without style or script, dark on light whatever the page is."""
    picture = segno.make(device.config_url, error="m")
    return str(picture.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True))


def spaced(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def unspaced(text: str) -> str:
    """A code as it was made, however it was typed."""
    return "".join(letter for letter in text if letter.isalnum()).lower()
