"""Every kind of answer has every security header: pages, files, refusals, redirects, static files."""

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.test import Client

from config.settings import CONTENT_SECURITY_POLICY
from portal.headers import PERMISSIONS_POLICY
from tests.factories import make_user

pytestmark = pytest.mark.django_db

CSP = (
    "default-src 'self'; frame-src 'none'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
CSP_HEADER = "Content-Security-Policy"
ALWAYS = {
    CSP_HEADER: sorted(CSP.split("; ")),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
# How to get each kind of answer: the status that it has, the address, and what else the request says.
ANSWERS = {
    "page": (200, "/plots/", {}),
    "page in Chinese": (200, "/zh-hant/plots/", {}),
    "page not modified": (304, "/plots/", {"If-None-Match": "*"}),
    "page refused": (400, "/plots/?page=abc", {}),
    "page of no host": (400, "/plots/", {"Host": "evil.example"}),
    "page not found": (404, "/nothing/", {}),
    "address without its slash": (301, "/plots", {}),
    "health": (200, "/healthz", {}),
    "robots": (200, "/robots.txt", {}),
    "sitemap": (200, "/sitemap.xml", {}),
    "static file": (200, "/static/probe.css", {}),
    "static file not modified": (304, "/static/probe.css", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}),
    "part of a static file that it has not": (416, "/static/probe.css", {"Range": "bytes=900-"}),
    "static file not found": (404, "/static/nothing.css", {}),
    "login": (200, "/admin/login/", {}),
    "staff page for nobody": (302, "/admin/", {}),
}  # fmt: skip
FOR_ALL = {
    "file": (200, "/plots.csv", {}),
    "file not modified": (304, "/plots.csv", {"If-None-Match": "*"}),
    "file refused": (400, "/plots.csv?as_of=abc", {}),
    "calendar": (200, "/calendar.ics", {}),
    "data package": (200, "/data/datapackage.json", {}),
}


@pytest.fixture(autouse=True, scope="module")
def _static_file():
    path = django_settings.STATIC_ROOT / "probe.css"
    path.write_text("a { color: red }\n")
    yield
    path.unlink()


def of(response, names):
    """The headers of those names; the policy's directives in one order, since theirs is chance."""
    b"".join(response.streaming_content if response.streaming else [])  # read to the end, as a reader does
    found = {name: response.get(name) for name in names}
    return found | {CSP_HEADER: in_order(found[CSP_HEADER] or "")}


def in_order(policy):
    return sorted(policy.split("; "))


@pytest.mark.parametrize("kind", [*ANSWERS, *FOR_ALL])
def test_every_kind_of_answer_has_every_header(client, kind):
    status, address, headers = {**ANSWERS, **FOR_ALL}[kind]

    response = client.get(address, headers=headers)

    assert (response.status_code, of(response, ALWAYS)) == (status, ALWAYS)
    shared = "cross-origin" if kind in FOR_ALL else "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == shared
    assert response.get("Access-Control-Allow-Origin") == ("*" if kind in FOR_ALL else None)
    assert "Server" not in response
    assert "X-Powered-By" not in response


@pytest.mark.parametrize("path", ["/plots/", "/plots.csv", "/static/probe.css"])
def test_a_method_that_is_refused_has_every_header(client, path):
    response = client.delete(path)

    told = b"".join(response.streaming_content) if response.streaming else response.content
    assert (response.status_code, of(response, ALWAYS)) == (405, ALWAYS)
    assert "GET, HEAD" in told.decode() or "GET or HEAD" in told.decode()
    assert response.get("Content-Length", str(len(told))) == str(len(told))


def test_a_fault_of_ours_has_every_header(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("portal.selections.plots", lambda *_: 1 / 0)

    response = client.get("/plots/")

    assert (response.status_code, of(response, ALWAYS)) == (500, ALWAYS)


def test_a_database_that_is_away_has_every_header(client, monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", away)

    response = client.get("/healthz")

    assert (response.status_code, of(response, ALWAYS)) == (503, ALWAYS)


def test_staff_pages_tell_no_other_site_their_address(client):
    client.force_login(make_user("clerk", is_staff=True))

    pages = {path: client.get(path)["Referrer-Policy"] for path in ("/admin/", "/zh-hant/admin/", "/plots/")}

    assert pages == {
        "/admin/": "same-origin",
        "/zh-hant/admin/": "same-origin",
        "/plots/": "strict-origin-when-cross-origin",
    }


def test_a_site_on_https_sends_everybody_there_and_says_so_for_a_year(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"upgrade-insecure-requests": True}
    }
    client = Client()  # its middleware reads the settings when it starts

    redirect = client.get("/plots/?q=a")
    page = client.get("/plots/", secure=True)

    assert (redirect.status_code, redirect["Location"]) == (301, "https://testserver/plots/?q=a")
    assert page["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    expected = ALWAYS | {CSP_HEADER: in_order(CSP + "; upgrade-insecure-requests")}
    assert (of(redirect, ALWAYS), of(page, ALWAYS)) == (expected, expected)


def test_a_strange_host_on_https_is_refused_in_the_language_of_the_path(settings):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    client.get("/zh-hant/plots/", headers={"host": "testserver"})

    response = client.get("/plots/", headers={"host": "evil.example"})

    assert (response.status_code, response["Content-Language"]) == (400, "en")
    assert "This site does not answer to the name of the host" in response.content.decode()
    assert 'lang="en"' in response.content.decode()
