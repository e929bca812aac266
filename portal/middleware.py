"""Turns what a reader typed wrong into a 400 with words: a page for a page, plain text for a file."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.asof import BadParameter

FILES = (".csv", ".ics", ".atom", ".json", ".geojson")


class BadParameterMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, BadParameter):
            return None
        if request.path.endswith(FILES):
            return HttpResponse(f"{exception}\n", status=400, content_type="text/plain; charset=utf-8")
        return render(request, "400.html", {"message": str(exception)}, status=400)
