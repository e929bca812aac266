"""No request breaks anything: whatever is asked, however oddly, the answer is one of ours and says so in words."""

from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from parks.models import Park, Source
from portal import urls
from portal.context import site
from tests.factories import make_park, make_plot, make_release, make_round, make_source, make_user

PLAIN = [reverse(path.name) for path in [*urls.pages, *urls.downloads] if "<" not in str(path.pattern)]
MACHINE = ["/healthz", "/robots.txt", "/sitemap.xml"]
ABOUT_ONE = ["/parks/{}/", "/parks/hsitp/plots/{}/", "/parks/{}/plots/NT-A/", "/releases/{}/", "/rounds/{}/"]
PARAMETERS = [
    *(
        "q",
        "park",
        "phase",
        "availability",
        "sector",
        "area_min",
        "area_max",
        "round",
        "release",
        "sort",
        "page",
    ),
    *("view", "year", "month", "kind", "stage", "status", "indicator", "as_of"),
]
ODD = [
    *(
        "",
        "0",
        "-1",
        "1" + "0" * 26,
        "abc",
        "\0",
        "a\0b",
        "x" * 10_000,
        "9" * 400,
        "NaN",
        "Infinity",
        "1e400",
        "1e5",
    ),
    *(
        "0.001",
        "9999999999999.99",
        "2026",
        "1989",
        "２０２６",
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "1990-01-01",
    ),
    *(
        "2026-13",
        "1990-01",
        "2100-12",
        "month",
        "agenda",
        "-ratio",
        "hsitp",
        "NT-A",
        "'",
        '"><b>',
        "%",
        "\u202e",
        "🪧",
    ),
]
ANSWERS = {200, 304, 400, 404}

odd_bytes = st.one_of(
    st.sampled_from(ODD).map(str.encode), st.binary(max_size=30), st.text(max_size=30).map(str.encode)
)
addresses = st.one_of(
    st.sampled_from([*PLAIN, *MACHINE]),
    st.builds(
        lambda address, odd: address.format(quote_from_bytes(odd[:300], safe="")),
        st.sampled_from(ABOUT_ONE),
        odd_bytes,
    ),
)
queries = st.lists(st.tuples(st.sampled_from(PARAMETERS), odd_bytes), max_size=3).map(urlencode)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Accept-Language": st.sampled_from(["zh-" + "a" * 5000, "*;q=1e999", "zh-hant;q=abc", ",,;", "a," * 500]),
        "If-None-Match": st.sampled_from(["*", '"', 'W/"x', '"a",' * 500, "\x00"]),
        "If-Modified-Since": st.sampled_from(["Mon, 31 Feb 2026 08:49:37 GMT", "x", "Sun, 06 Nov 99999 08:49:37 GMT"]),
        "Range": st.sampled_from(["bytes=0-1", "bytes=5-1", "bytes=-99999999999999999999", "x"]),
        "Cookie": st.sampled_from(["django_language=%00", "sessionid=\x00", "messages=x; csrftoken=y", ";;=;"]),
    },
)  # fmt: skip


class NoRequestBreaksAnything(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_plot("NT-A")
        make_release("first")
        make_round("R-1")

    @settings(max_examples=100)
    @given(
        address=addresses,
        prefix=st.sampled_from(["", "/zh-hant", "/zh-hans"]),
        query=queries,
        headers=headers,
    )
    def test_every_answer_is_ours(self, address, prefix, query, headers):
        prefix = "" if address in MACHINE else prefix

        response = self.client.get(f"{prefix}{address}?{query}", headers=headers)

        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code in ANSWERS
        assert "default-src 'self'" in response["Content-Security-Policy"]
        if response.status_code >= 400:
            assert len(body.decode()) >= 8  # words, and Chinese ones are short


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/rounds/%00/", "/parks/hsitp/plots/a%00/", "/releases/%00/", "/rounds/a%FF%00/"]
)
def test_a_path_with_a_nul_is_a_404_on_every_database(client, path):
    make_park()

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/plots/", "/plots.csv", "/zh-hant/rounds/", "/admin/login/", "/healthz"])
def test_a_query_with_a_nul_is_refused_in_words(client, path):
    response = client.get(f"{path}?next=%00")

    assert (response.status_code, "%00" in response.content.decode()) == (400, True)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["/", "/plots/", "/plots.csv", "/healthz", "/calendar.ics"])
def test_what_is_public_is_only_read(method, path, client):
    client.handler.enforce_csrf_checks = True

    response = getattr(client, method)(path)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "This address can only be read: ask with GET or HEAD." in response.content.decode()
    kind = "text/html" if path.endswith("/") else "text/plain"
    assert response["Content-Type"] == f"{kind}; charset=utf-8"


@pytest.mark.parametrize(("path", "kind"), [("/plots/", "text/html"), ("/plots.csv", "text/plain")])
def test_too_many_parameters_are_refused_in_words(client, path, kind):
    response = client.get(path + "?" + "a=1&" * 5000)

    assert (response.status_code, response["Content-Type"].partition(";")[0]) == (400, kind)
    assert "The address has too many parameters." in response.content.decode()


@pytest.mark.parametrize("path", ["//evil.example/", "//[x/", "//[::1/rounds/", "///evil.example"])
def test_no_address_makes_a_link_to_another_host(path):
    request = RequestFactory().get("/")
    request.path = path

    links = [link["path"] for link in site(request)["languages"]]

    assert all(link.startswith("/%2F") for link in links)
    assert site(request)["canonical"].startswith("http://testserver/%2F")


@pytest.mark.parametrize("host", ["evil.example", "", "[::1", "testserver, evil", "testserver:abc"])
def test_a_strange_host_is_refused_in_words(client, host):
    response = client.get("/", headers={"host": host})

    assert (response.status_code, "cannot be read" in response.content.decode()) == (400, True)


def test_a_form_without_its_token_is_refused_in_words(client):
    client.handler.enforce_csrf_checks = True

    response = client.post("/admin/login/", {"username": "x", "password": "y"})

    assert (response.status_code, "This form is out of date" in response.content.decode()) == (403, True)
    assert "<style" not in response.content.decode()


def test_a_page_that_an_account_may_not_see_says_so_in_words(client):
    client.force_login(make_user("clerk", is_staff=True))

    response = client.get("/admin/tenders/proposal/")

    assert (response.status_code, "Your account may not do this" in response.content.decode()) == (403, True)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "ftp://a.b/", "//x.y"]
)
def test_nothing_but_a_web_address_is_ever_stored(url):
    with pytest.raises(ValidationError, match="web address"), transaction.atomic():
        Park.objects.create(slug="odd", name_en="Odd", website=url)
    with pytest.raises(ValidationError, match="web address"), transaction.atomic():
        Source.objects.filter(pk=make_source().pk).update(url=url)

    assert not Park.objects.filter(slug="odd").exists()


SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_no_name_becomes_markup(client):
    park = make_park("odd", name_en=SCRIPT, focus_en=SCRIPT, summary_en=SCRIPT)
    make_plot("NT-A", name_en=SCRIPT, sectors=SCRIPT, land_use=SCRIPT)
    make_release("first", title_en=SCRIPT, park=park)
    make_round("R-1", title_en=SCRIPT)

    for address in [
        *PLAIN,
        "/parks/odd/",
        "/parks/hsitp/plots/NT-A/",
        "/releases/first/",
        "/rounds/R-1/",
        f"/plots/?q={SCRIPT[:20]}",
    ]:
        response = client.get(address)
        page = (b"".join(response.streaming_content) if response.streaming else response.content).decode()
        if "text/html" in response["Content-Type"]:
            assert ("<script>" in page, "<img" in page, " style=" in page) == (False, False, False), address


def test_no_title_writes_a_line_of_a_calendar(client):
    make_release("first", title_en="A\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:forged")

    body = b"".join(client.get("/calendar.ics").streaming_content).decode()

    assert "\r\nUID:forged" not in body.replace("\r\n ", "")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_becomes_a_formula(client, name):
    make_plot("NT-A", name_en=name)
    make_release("first", title_en=name)
    make_round("R-1", title_en=name)

    for file in ("/plots.csv", "/releases.csv", "/rounds.csv"):
        body = b"".join(client.get(file).streaming_content).decode()
        assert (f",'{name}" in body or f",\"'{name}" in body, f",{name}" in body) == (True, False), file
