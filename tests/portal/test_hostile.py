"""No request breaks anything: whatever is asked, however oddly, the answer is one of ours and says so in words."""

from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from parks.models import Park, Source
from portal.context import site
from tests.factories import make_park, make_plot, make_release, make_round, make_source, make_user
from tests.hostile import ABOUT_ONE, FILES, HEADERS, MACHINE, ODD, PAGES, PREFIXES, parameters

PLAIN = [*PAGES, *FILES]
ANSWERS = {200, 301, 304, 400, 404, 405, 413}
METHODS = ["GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "get", "X" * 100]

odd_bytes = st.one_of(
    st.sampled_from(ODD).map(str.encode), st.binary(max_size=30), st.text(max_size=30).map(str.encode)
)
addresses = st.one_of(
    st.sampled_from([*PLAIN, *MACHINE]),
    st.builds(
        lambda address, odd: address.format(quote_from_bytes(odd, safe="")),
        st.sampled_from([*ABOUT_ONE, "/{}", "/{}/", "/static/{}"]),
        odd_bytes,
    ),
)
names = st.sampled_from(parameters()).flatmap(
    lambda name: st.sampled_from([name, name, name, f"{name}[]", f"{name}[a]"])
)
queries = st.lists(st.tuples(names, odd_bytes), max_size=4).map(urlencode) | st.builds(
    lambda name, times: f"{name}=1&" * times, names, st.sampled_from([2, 999, 1001, 5000])
)
headers = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in HEADERS.items() if name != "Host"}
)


class NoRequestBreaksAnything(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_plot("NT-A")
        make_release("first")
        make_round("R-1")

    @settings(max_examples=150)
    @given(
        method=st.sampled_from(METHODS),
        address=addresses,
        prefix=st.sampled_from(PREFIXES),
        query=queries,
        headers=headers,
        body=st.sampled_from(
            [b"", b"", b"a=%00&b=\xff", b"\x00" * 3000, b"--x\r\nContent-Disposition: form-data"]
        ),
    )
    def test_every_answer_is_ours(self, method, address, prefix, query, headers, body):
        prefix = "" if address in MACHINE else prefix

        response = self.client.generic(method, f"{prefix}{address}?{query}", body, headers=headers)

        told = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code in ANSWERS
        assert "default-src 'self'" in response["Content-Security-Policy"]
        language = "" if address.startswith("/static/") and not prefix else prefix[1:] or "en"
        assert (response.cookies, response.get("Content-Language", "")) == ({}, language)
        if response.status_code >= 400 and method != "HEAD":
            assert len(told.decode()) >= 8  # words, and Chinese ones are short


pytestmark = pytest.mark.django_db


def test_every_parameter_that_a_view_asks_for_is_among_those_tried(client, monkeypatch):
    asked = set()
    find = QueryDict.__getitem__

    def found(self, name):
        asked.add(name)
        return find(self, name)

    monkeypatch.setattr(QueryDict, "__getitem__", found)
    for address in PLAIN:
        response = client.get(f"{address}?a=1")
        b"".join(response.streaming_content if response.streaming else [])

    # A template that loops over `lists` of a query asks it for a parameter of that name first.
    assert asked - set(parameters()) <= {"lists"}
    assert {"q", "as_of", "page", "view"} <= asked


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


STRANGE_HOSTS = [
    host for host in HEADERS["Host"] if host not in {"testserver:99999", "testserver.", "TESTSERVER"}
]


@pytest.mark.parametrize("host", STRANGE_HOSTS)
@pytest.mark.parametrize("path", ["/", "/zh-hant/plots/", "/plots.csv", "/admin/login/"])
def test_a_strange_host_is_refused_in_words_that_do_not_repeat_it(client, host, path):
    response = client.get(path, headers={"host": host})

    language = "zh-hant" if "zh-hant" in path else "en"
    assert (response.status_code, response["Content-Language"]) == (400, language)
    assert "evil.example" not in response.content.decode()
    if language == "en":
        assert "This site does not answer to the name of the host" in response.content.decode()


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
        f"/plots/?q={quote_from_bytes(SCRIPT.encode())}",
        f"/plots/?sort={quote_from_bytes(SCRIPT.encode())}",
        f"/calendar/?view={quote_from_bytes(SCRIPT.encode())}&year=2026",
        f"/calendar/?park={quote_from_bytes(SCRIPT.encode())}&kind={quote_from_bytes(SCRIPT.encode())}",
        f"/calendar/?odd={quote_from_bytes(SCRIPT.encode())}&{quote_from_bytes(SCRIPT.encode())}=1",
        f"/{quote_from_bytes(SCRIPT.encode())}/",
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
