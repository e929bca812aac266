"""What holds for every request before a view sees it, and what a reader is told who asked for something wrong."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from portal.asof import BadParameter
from portal.refusals import SAFE, TEXT, bad_request, is_staff, only_read

NUL = "\0"
LONGEST_NAME = 40  # of a parameter that is named in the answer
Answer = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger(__name__)


class LanguageMiddleware:
    """The language is the path's alone, never a cookie's or a header's: a shared cache cannot mix languages."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if not request.path_info.startswith(settings.STATIC_URL):
            response.headers.setdefault("Content-Language", language)
        return response


class WordsMiddleware:
    """No refusal is empty: where Django or WhiteNoise answers with a bare status, words are put in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code < 400 or (isinstance(response, HttpResponse) and response.content):
            return response
        words = f"{_words(response)}\n".encode()
        if isinstance(response, HttpResponse):
            response.content = words
        else:
            response.streaming_content = [words]  # type: ignore[attr-defined]  # WhiteNoise streams its refusals too
        response["Content-Type"] = TEXT
        response["Content-Length"] = str(len(words))
        return response


def _words(response: HttpResponseBase) -> str:
    if response.status_code == 405:
        return _("This address takes other methods only: %(methods)s.") % {"methods": response["Allow"]}
    if response.status_code == 416:
        return _("The file has no such part.")
    return _("This cannot be answered.")


class CookielessMiddleware:
    """What is public neither reads nor sets a cookie: everybody gets the same bytes, and caches may keep them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_staff(request):
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


class NulMiddleware:
    """The one place where NUL ends: PostgreSQL refuses it in a text, so no address and no cookie may have one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if NUL in request.path_info:
            raise Http404
        for part in request.META.get("QUERY_STRING", "").split("&"):
            if "%00" in part or NUL in part:
                words = _("The address has a character in it (%00) that no text has.")
                name = part.partition("=")[0][:LONGEST_NAME].replace(NUL, "%00")
                return bad_request(request, f"{name}: {words}")
        if any(NUL in value for value in request.COOKIES.values()):
            return bad_request(request, _("A cookie has a character in it that no text has. Delete it."))
        return self.get_response(request)


class ReadOnlyMiddleware:
    """Of what is public nothing can be changed: any other method is a 405, before anybody asks for a token."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _arguments: Any, _keywords: Any
    ) -> HttpResponse | None:
        return None if request.method in SAFE or is_staff(request) else only_read(request)


class BadParameterMiddleware:
    """A parameter that a view cannot read, or the database cannot hold, is the reader's to mend: a 400."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BadParameter):
            return bad_request(request, str(exception))
        # What SQLite's driver says of a number past 64 bits, and PostgreSQL of a value outside its column.
        if isinstance(exception, (DataError, OverflowError)):
            log.warning("A value that no column holds, at %s", request.path, exc_info=exception)
            return bad_request(
                request, _("A number in it is too large, or a text has a character that no text has.")
            )
        return None
