"""How often one address may ask for what costs much, and how much it may send at once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import ngettext

from portal.addresses import client_network
from portal.refusals import is_file, is_staff, refusal, too_large

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """At most `most` requests in each `seconds` from one client."""

    name: str
    most: int
    seconds: int

    def wait(self, client: str, at: datetime) -> int:
        """Count one request of the client: 0 when it may pass, else the seconds until it may ask again.

        Windows begin at whole multiples of `seconds`, so every thread and process agrees on them. Without an
        answer from the cache everything passes: a limit protects the pages and must not take them away.
        """
        window, elapsed = divmod(int(at.timestamp()), self.seconds)
        key = f"limit:{self.name}:{client}:{window}"
        try:
            cache.add(key, 0, timeout=2 * self.seconds)
            asked = cache.incr(key)
        except Exception as error:  # each kind of cache fails in its own way
            log.warning("The cache does not count requests, so no limit holds: %s", error)
            return 0
        return 0 if asked <= self.most else self.seconds - elapsed


class LimitsMiddleware:
    """Answers 413 to a body that nothing here needs, and 429 with Retry-After to who asks too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _length(request) > settings.LARGEST_REQUEST:
            return too_large(request)
        limit, client = _limit(request), client_network(request)
        wait = limit.wait(client, timezone.now()) if limit and client else 0
        return _too_many(request, wait) if wait else self.get_response(request)


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() and len(text) < 20 else 0


def _limit(request: HttpRequest) -> Limit | None:
    """The limit that the request counts against. People who are logged in are known by name and not counted."""
    if is_staff(request):
        is_login = request.method == "POST" and request.path.endswith("/login/")
        return Limit("login", *settings.LOGIN_LIMIT) if is_login else None
    is_costly = is_file(request) or bool(request.META.get("QUERY_STRING"))
    return Limit("costly", *settings.COSTLY_LIMIT) if is_costly else None


def _too_many(request: HttpRequest, wait: int) -> HttpResponse:
    words = ngettext(
        "Too many requests came from your address. Ask again in %(count)d second.",
        "Too many requests came from your address. Ask again in %(count)d seconds.",
        wait,
    ) % {"count": wait}
    headers = {"Retry-After": str(wait), "Cache-Control": "no-store"}
    return refusal(request, 429, words, page="429.html", headers=headers)
