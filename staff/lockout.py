"""Lockout after failed logins: django-axes counts them, here stands how many are too many, and what it answers."""

from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.contrib import admin
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from staff import events
from staff.models import Kind

# Failures within the lockout time, in the order of AXES_LOCKOUT_PARAMETERS. Those of one name from one address are
# guesses; an address that guesses at many names is stopped a little later; a name that is guessed at from everywhere
# only when somebody takes great pains, so that nobody locks a colleague out in passing.
LIMITS: Final = {"name at an address": 5, "address": 20, "name": 100}


class LockoutHandler(AxesDatabaseHandler):
    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """As many as AXES_FAILURE_LIMIT when one of the limits is reached, less in proportion before."""
        counted = [
            attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        ]
        whole = settings.AXES_FAILURE_LIMIT
        shares = [found * whole // most for found, most in zip(counted, LIMITS.values(), strict=True)]
        return int(max(shares))

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """A success forgives the failures of this name at this address, and nobody else's."""
        own, *_others = self.filter_user_attempts(request, credentials)
        deleted, _by_model = own.delete()
        return int(deleted)

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        """A failure is a line of the log, and so is the one that locks; what is tried while locked is not."""
        already = getattr(request, "axes_locked_out", False)
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is None or already:
            return
        about: dict[str, Any] = {
            "at": request.axes_attempt_time,
            "username": str(credentials.get("username") or ""),
            "address": request.axes_ip_address,
        }
        events.record(Kind.LOGIN_FAILED, **about)
        if request.axes_locked_out:
            events.record(Kind.LOCKED_OUT, **about)


def typed_name(_request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name that was tried, cut to the length that names have: a longer one is nobody's."""
    return str((credentials or {}).get("username") or "")[: events.LONGEST_NAME]


def locked_out(request: HttpRequest, _response: Any, _credentials: Any) -> HttpResponse:
    """The answer to who is locked out, whether or not the password was right."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {**admin.site.each_context(request), "title": _("Too many tries"), "minutes": minutes}
    response = render(request, "staff/locked_out.html", context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response
