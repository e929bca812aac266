"""A form makes one thing, however often its button is pressed.

Each form that makes something carries a token, good once. What it made is written together with the token, whose
uniqueness the database holds: of two at the same time one waits, and then finds what the other made. Tokens are taken
for two days; what is older is cleared away with each new one, so the table stays as small as two days of work.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from parks.models import Submission

ONCE = "_once"  # the hidden field
SALT = "once"
TAKEN_FOR = timedelta(days=2)
CLEARED_AT_ONCE = 200


@dataclass(frozen=True)
class Made:
    """What a form made: in words, where it is, and its key."""

    words: str
    url: str
    key: str = ""


def new_token(user: Any) -> str:
    return signing.TimestampSigner(salt=SALT).sign(f"{user.pk}.{secrets.token_urlsafe(16)}")


def token_of(request: HttpRequest) -> str:
    """The token that the form brings; empty if it brings none that is this person's and not too old."""
    sent = request.POST.get(ONCE, "")
    try:
        owner = signing.TimestampSigner(salt=SALT).unsign(sent, max_age=TAKEN_FOR).partition(".")[0]
    except signing.BadSignature:
        return ""
    return sent if owner == str(request.user.pk) else ""


def once(
    request: HttpRequest, token: str, make: Callable[[], tuple[Any, Made | None]]
) -> tuple[Any, Submission | None]:
    """Let `make` make its thing unless the token has made one already, which then comes back in its place.

    `make` gives its answer and what it made; None (the form has errors) leaves the token as good as before, and
    nothing of what was written meanwhile.
    """
    at = timezone.now()
    key = hashlib.sha256(token.encode()).hexdigest()
    with transaction.atomic():
        sent = _taken(key, request.user, at)
        if sent is None:
            return None, Submission.objects.get(token=key)
        answer, made = make()
        if made is None:
            transaction.set_rollback(True)
        else:
            sent.made, sent.url, sent.key = made.words[:500], made.url[:500], made.key
            sent.save()
            _clear(at)
    return answer, None


def _taken(key: str, user: Any, at: datetime) -> Submission | None:
    """The token's row, made now; None if there is one. Waits for whoever is about to make it."""
    try:
        with transaction.atomic():
            return Submission.objects.create(token=key, by=user, at=at)
    except IntegrityError:
        return None


def _clear(at: datetime) -> None:
    """Tokens that no form may bring any more; one hour is left for clocks that differ."""
    old = Submission.objects.filter(at__lt=at - TAKEN_FOR - timedelta(hours=1)).order_by("at")
    keys = list(old.values_list("pk", flat=True)[:CLEARED_AT_ONCE])
    Submission.objects.filter(pk__in=keys).delete()


def saved_already(request: HttpRequest, sent: Submission) -> HttpResponse:
    """To what the form made the first time."""
    when = timezone.localtime(sent.at)
    words = _("Saved already, at %(time)s, and not a second time: %(made)s")
    messages.warning(request, words % {"time": f"{when:%H:%M:%S}", "made": sent.made})
    return redirect(sent.url)
