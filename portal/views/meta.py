"""What machines ask of the whole site: is it well, what may be crawled, which pages are there."""

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parks.models import Park, Plot, Release
from portal.context import TAGS
from tenders.ledger import Ledger, ledger
from tenders.ledger.indicators import PROPOSALS
from tenders.models import TenderRound

TEXT = "text/plain; charset=utf-8"
LISTS = ["home", "calendar", "parks", "plots", "releases", "rounds", "figures", "changes", "press", "data"]


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 `ok` when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return HttpResponse("the database does not answer\n", status=503, content_type=TEXT)
    return HttpResponse("ok", content_type=TEXT)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be crawled; the admin is nobody's business."""
    prefixes = ["", *(f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
    lines = [
        "User-agent: *",
        *(f"Disallow: {prefix}/admin/" for prefix in prefixes),
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=TEXT)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page in every language, each naming the others (sitemaps.org 0.9, with hreflang)."""
    pages: list[tuple[str, dict[str, str]]] = [*((name, {}) for name in LISTS), *_details()]
    context = {"entries": [entry for name, arguments in pages for entry in _entries(name, arguments)]}
    return render(request, "portal/sitemap.xml", context, content_type="application/xml; charset=utf-8")


def _details() -> list[tuple[str, dict[str, str]]]:
    """The pages about one thing each. Nineteen queries, however many things there are: fifteen are the ledger's."""
    now = timezone.now()
    parks = Park.objects.public().values_list("slug", flat=True)
    plots = Plot.objects.public().values_list("park__slug", "code")
    releases = Release.objects.public().as_of(timezone.localdate(now)).prefetch_related(None)
    rounds = TenderRound.objects.public(now).order_by("code").values_list("code", flat=True)
    return [
        *(("park", {"park": slug}) for slug in parks),
        *(("plot", {"park": slug, "plot": code}) for slug, code in plots),
        *(("release", {"release": code}) for code in releases.values_list("code", flat=True)),
        *(("round", {"round": code}) for code in rounds),
        *(("figure", {"figure": name}) for name in _figures(ledger(now))),
    ]


def _figures(book: Ledger) -> list[str]:
    """Numbers that somebody claims, and what came in; the many that only rows say are reached from their lists."""
    listed = (number for number in book if number.claims or number.indicator == PROPOSALS)
    return list(dict.fromkeys(number.figure_id for number in listed))


def _entries(name: str, arguments: dict[str, str]) -> list[dict[str, object]]:
    addresses = []
    for code, _label in settings.LANGUAGES:
        with translation.override(code):
            addresses.append((TAGS[code], settings.SITE_URL + reverse(name, kwargs=arguments)))
    return [{"address": address, "alternates": addresses} for _tag, address in addresses]
