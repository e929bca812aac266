"""What every page knows: navigation, languages, the site's own address."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language
from django.utils.translation import gettext as _

LABELS = {"en": "EN", "zh-hant": "繁", "zh-hans": "简"}
# What a screen reader says for the label: each language in itself, and the label within its name.
OWN_NAMES = {"en": "English", "zh-hant": "繁體中文", "zh-hans": "简体中文"}
# BCP 47 names of the scripts, as hreflang and lang want them (RFC 5646).
TAGS = {"en": "en", "zh-hant": "zh-Hant", "zh-hans": "zh-Hans"}


def site(request: HttpRequest) -> dict[str, object]:
    """Navigation with the current page marked, and this page in the other languages."""
    return {
        "nav": navigation(request.path),
        "languages": languages(request),
        "canonical": settings.SITE_URL + address(request),
        "language_tag": TAGS.get(get_language() or "en", "en"),
    }


def address(request: HttpRequest) -> str:
    """This page's path as a link may hold it: `?`, `#` and `[` escaped, and never one to another host (`//…`)."""
    return escape_leading_slashes(escape_uri_path(request.path))


def navigation(path: str) -> list[dict[str, object]]:
    entries = [
        (_("Calendar"), reverse("calendar")),
        (_("Parks"), reverse("parks")),
        (_("Plots"), reverse("plots")),
        (_("Releases"), reverse("releases")),
        (_("Rounds"), reverse("rounds")),
        (_("Figures"), reverse("figures")),
        (_("Changes"), reverse("changes")),
        (_("Data"), reverse("data")),
    ]
    return [{"name": name, "url": url, "current": path.startswith(url)} for name, url in entries]


def languages(request: HttpRequest) -> list[dict[str, object]]:
    """Each language with this page's address in it, query string kept."""
    query = request.META.get("QUERY_STRING", "")
    suffix = f"?{query}" if query else ""
    current, path = get_language(), address(request)
    return [
        {
            "code": code,
            "label": LABELS[code],
            "name": name,
            "own_name": OWN_NAMES[code],
            "hreflang": TAGS[code],
            "url": settings.SITE_URL + translate_url(path, code) + suffix,
            "path": translate_url(path, code) + suffix,
            "current": code == current,
        }
        for code, name in settings.LANGUAGES
    ]
