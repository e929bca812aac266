"""Says no in words: a page where a page was asked for, plain text for a file. Knows addresses, asks no database."""

from collections.abc import Mapping

from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

FILES = (".csv", ".ics", ".atom", ".json", ".geojson")
MACHINE = ("/healthz", "/robots.txt", "/sitemap.xml")
TEXT = "text/plain; charset=utf-8"
SAFE = ("GET", "HEAD")


def is_staff(request: HttpRequest) -> bool:
    """Whether the address is one of the staff's pages, in the language that is active."""
    return request.path.startswith(reverse("admin:index"))


def is_file(request: HttpRequest) -> bool:
    return request.path.endswith(FILES)


def refusal(
    request: HttpRequest, status: int, words: str, *, page: str, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """An answer of `status` that says `words`: on the page of that template, as text where no page was asked for."""
    if is_file(request) or request.path.startswith(MACHINE):
        answer = HttpResponse(f"{words}\n", status=status, content_type=TEXT)
        answer["Access-Control-Allow-Origin"] = "*"  # as the file has it, so that a script can read why
    else:
        answer = render(request, page, {"message": words}, status=status)
    for name, value in (headers or {}).items():
        answer[name] = value
    return answer


def bad_request(request: HttpRequest, words: str) -> HttpResponse:
    """A 400 that says what is wrong."""
    return refusal(request, 400, words, page="400.html")


def only_read(request: HttpRequest) -> HttpResponse:
    """A 405: of what is public nothing can be changed."""
    words = _("This address can only be read: ask with GET or HEAD.")
    return refusal(request, 405, words, page="405.html", headers={"Allow": ", ".join(SAFE)})


def too_large(request: HttpRequest, words: str = "") -> HttpResponse:
    """A 413: more was sent than is ever needed here."""
    words = words or _("More was sent than this site takes. Nothing was saved. Send less at a time.")
    return refusal(request, 413, words, page="413.html")


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: what it refused before any view was asked, each in its words. Trusts no host."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if isinstance(exception, TooManyFilesSent):
        return too_large(request, _("Too many files were sent at once. Nothing was saved."))
    if isinstance(exception, TooManyFieldsSent):
        return _too_many_fields(request)
    if isinstance(exception, MultiPartParserError):
        words = _("The form did not arrive whole. Nothing was saved. Go back and send it once more.")
        return refusal(request, 400, words, page="413.html")
    if isinstance(exception, DisallowedHost):
        return bad_request(request, _("This site does not answer to the name of the host in the address."))
    words = str(exception) if isinstance(exception, BadRequest) else ""
    return bad_request(request, words or _("Something in the address is not as it should be."))


def _too_many_fields(request: HttpRequest) -> HttpResponse:
    if request.method in SAFE:
        return bad_request(request, _("The address has too many parameters."))
    return too_large(request, _("The form has too many fields. Nothing was saved."))
