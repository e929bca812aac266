"""What holds for every request of staff: whose session it still is, nothing kept in a cache, a line in the log."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.addresses import client_address
from staff import events, sessions, watched
from staff.models import Kind

Next = Callable[[HttpRequest], HttpResponse]
OUTAGE = 503


class NoStoreMiddleware:
    """No cache keeps a staff page, nor any page that was asked for with a session, whatever the answer is."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_staff_address(request.path_info) or settings.SESSION_COOKIE_NAME in request.COOKIES:
            response["Cache-Control"] = "no-store"
        return response


def is_staff_address(path: str) -> bool:
    parts = path.strip("/").split("/")
    if parts[0] in {code for code, _name in settings.LANGUAGES}:
        parts = parts[1:]
    return parts[:1] == ["admin"]


class StaffSessionMiddleware:
    """`request.user` is nobody once the session is over; `request.user.is_verified()` says if both steps were taken.

    The user stays lazy: a public page that asks for none costs no query.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(partial(examined, request, request.user))  # type: ignore[assignment]
        return self.get_response(request)


def examined(request: HttpRequest, user: Any) -> Any:
    """The user of a session that stands, or nobody, and then the session is gone."""
    if user.is_authenticated and not sessions.stands(request.session, user, at=timezone.now()):
        request.session.flush()
        user = AnonymousUser()
    verified = user.is_authenticated and sessions.is_verified(request.session)
    user.is_verified = lambda: verified
    return user


class SecurityLogMiddleware:
    """Refusals, exports and moves, as they were answered."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code == OUTAGE:
            return response  # who it was stands in the database, which does not answer
        if match is not None and match.app_name == "admin" and request.user.is_authenticated:
            self._note(request, match.url_name or "", response.status_code)
        return response

    def _note(self, request: HttpRequest, name: str, status: int) -> None:
        kind = Kind.REFUSED if status == 403 else watched.kind_of(name, request.method or "", status)
        if kind is None:
            return
        query = request.META.get("QUERY_STRING", "") if kind == watched.EXPORTED else ""
        detail = f"{request.method} {request.path}{'?' if query else ''}{query}"
        address = client_address(request)
        events.record(Kind(kind), at=timezone.now(), by=request.user, address=address, detail=detail)
