"""Answers what a reader asked for wrong in words: a page for a page, plain text for a file."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.asof import BadParameter

FILES = (".csv", ".ics", ".atom", ".json", ".geojson")
TEXT = "text/plain; charset=utf-8"
SAFE = ("GET", "HEAD")
NUL = "\0"
LONGEST_NAME = 40  # of a parameter that is named in the answer


class ReadOnlyMiddleware:
    """Of what is public nothing can be changed: any other method is a 405, before anybody asks for a token.

    Also the place where NUL ends: PostgreSQL refuses it in a text, so no address may have one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _arguments: Any, _keywords: Any
    ) -> HttpResponse | None:
        if NUL in request.path_info:
            raise Http404
        for part in request.META.get("QUERY_STRING", "").split("&"):
            if "%00" in part:
                words = _("The address has a character in it (%00) that no text has.")
                return bad_request(request, f"{part.partition('=')[0][:LONGEST_NAME]}: {words}")
        is_staff_page = request.resolver_match is not None and request.resolver_match.app_name == "admin"
        if is_staff_page or request.method in SAFE:
            return None
        answer = HttpResponseNotAllowed(SAFE, content_type=TEXT)
        answer.content = _("This address can only be read: ask with GET or HEAD.") + "\n"
        return answer


class BadParameterMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BadParameter):
            return bad_request(request, str(exception))
        if isinstance(exception, TooManyFieldsSent):
            return bad_request(request, _("The address has too many parameters."))
        return None


def bad_request(request: HttpRequest, words: str) -> HttpResponse:
    """A 400 that says what is wrong."""
    if request.path.endswith(FILES):
        return HttpResponse(f"{words}\n", status=400, content_type=TEXT)
    return render(request, "400.html", {"message": words}, status=400)
