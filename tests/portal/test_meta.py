import xml.etree.ElementTree as ElementTree
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection

from tenders.ledger import ledger
from tests.factories import hk, make_plot, make_release, make_round

pytestmark = pytest.mark.django_db

NOW = hk(2026, 4, 15, 10)
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def sitemap(client) -> dict[str, dict[str, str]]:
    """Each address with its alternates by language."""
    response = client.get("/sitemap.xml")
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return {
        url.findtext("s:loc", namespaces=NAMES): {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMES)
        }
        for url in ElementTree.fromstring(response.content).findall("s:url", NAMES)
    }


def test_health_is_ok_while_the_database_answers(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content, response["Content-Type"]) == (
        200, b"ok", "text/plain; charset=utf-8",
    )  # fmt: skip
    assert "no-store" in response["Cache-Control"]


def test_health_is_503_when_it_does_not(client):
    with patch.object(connection, "cursor", side_effect=OperationalError("down")):
        response = client.get("/healthz")

    assert (response.status_code, response["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert b"down" not in response.content


def test_robots_may_read_all_but_the_admin(client):
    assert client.get("/robots.txt").content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /zh-hant/admin/",
        "Disallow: /zh-hans/admin/",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_machine_addresses_are_of_no_language(client):
    assert [
        client.get(f"/zh-hant/{name}").status_code for name in ("healthz", "robots.txt", "sitemap.xml")
    ] == [404] * 3


def test_sitemap_has_every_public_page_in_every_language_with_its_alternates(client):
    plot = make_round("R-1").lots.get().plots.get()
    make_release("first")
    pages = sitemap(client)
    site = "http://testserver"

    paths = [
        "/", "/calendar/", "/parks/", "/plots/", "/releases/", "/rounds/", "/figures/", "/changes/", "/press/", "/data/",
        "/parks/hsitp/", f"/parks/hsitp/plots/{plot.code}/", "/releases/first/", "/rounds/R-1/",
        *(f"/figures/{standing.figure_id}/" for standing in ledger(NOW)),
    ]  # fmt: skip
    assert list(pages) == [
        f"{site}{prefix}{path}" for path in paths for prefix in ("", "/zh-hant", "/zh-hans")
    ]
    for path in paths:
        assert pages[f"{site}/zh-hant{path}"] == {
            "en": f"{site}{path}",
            "zh-Hant": f"{site}/zh-hant{path}",
            "zh-Hans": f"{site}/zh-hans{path}",
        }


def test_every_page_of_the_sitemap_is_there(client):
    make_round("R-1")
    make_release("first")

    for address in sitemap(client):
        assert (address, client.get(address).status_code) == (address, 200)


def test_sitemap_has_no_draft(client):
    before = sitemap(client)
    make_plot("DRAFT-1", published=False)
    make_round("DRAFT-2", published=False)
    make_release("draft-3", published=False)

    assert {page for page in sitemap(client) if "draft" in page.lower()} == set()
    assert set(before) <= set(sitemap(client))


@pytest.mark.parametrize("rows", [1, 3])
def test_sitemap_asks_nineteen_times(client, django_assert_num_queries, rows):
    for number in range(rows):
        make_round(f"R-{number}")
        make_release(f"release-{number}")

    with django_assert_num_queries(19):
        sitemap(client)
