"""Nothing that a member of staff, or who stole a session, may send to the admin breaks it."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import URLPattern, URLResolver
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from parks.admin.base import ASKED
from tenders.models import TenderRound
from tests.factories import (
    make_organisation,
    make_park,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_user,
)
from tests.hostile import HEADERS, LONG, ODD

pytestmark = pytest.mark.django_db

ANSWERS = {200, 301, 302, 304, 400, 403, 404, 405}
KEYS = [
    "1",
    "0",
    "-1",
    "1" + "0" * 30,
    "9" * 5000,
    "abc",
    "\0",
    "a_5F",
    "_",
    "..",
    "'",
    "１",
    "1e5",
    LONG,
    "_00",
    "🪧",
]
STOCK = [
    *("q", "p", "o", "e", "all", "_popup", "_to_field", "_facets", "_changelist_filters", "_source_model", "next"),
    *("term", "app_label", "model_name", "field_name", "round", "id", "id__in", "id__range", "code__regex", "pk__isnull"),
]  # fmt: skip
FORM = [
    *("action", "_selected_action", "select_across", "index", "_save", "_continue", "_saveasnew", "username", "password"),
    *("lots-TOTAL_FORMS", "lots-INITIAL_FORMS", "lots-0-id", "reason", "closes_at_0", "closes_at_1", "tried", "post"),
]  # fmt: skip


def addresses(patterns, prefix="/admin/") -> list[str]:
    """Every address of the admin with {} where it takes a key."""
    found = []
    for pattern in patterns:
        here = prefix + re.sub(r"<[^>]+>|\((\?P<\w+>)?[^()]*\)", "{}", str(pattern.pattern).strip("^$"))
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern) and "logout" not in here:
            found.append(here)
    return found


def offered(model_admin) -> set[str]:
    """What the list's own filters put into an address."""
    entries = [entry[0] if isinstance(entry, tuple) else entry for entry in model_admin.list_filter]
    named = [str(getattr(entry, "parameter_name", entry)) for entry in [*entries, model_admin.date_hierarchy]]
    return {f"{name}{ending}" for name in named for ending in ASKED}


MODELS = sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)
ADDRESSES = addresses(admin.site.urls[0])
FIELDS = sorted({field.name for model, _admin in MODELS for field in model._meta.get_fields()})
PARAMETERS = sorted({*STOCK, *FIELDS, *(name for _model, own in MODELS for name in offered(own))})

odd = st.sampled_from(ODD) | st.text(max_size=20)
filled = st.builds(
    lambda address, keys: address.format(*(quote(key, safe="") for key in keys)),
    st.sampled_from(ADDRESSES),
    st.lists(st.sampled_from(KEYS), min_size=2, max_size=2),
)
queries = st.lists(st.tuples(st.sampled_from(PARAMETERS), odd), max_size=3).map(urlencode)
headers = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(HEADERS[name]) for name in HEADERS if name not in {"Host", "Cookie", "Content-Type", "Content-Length"}}
)  # fmt: skip


class NoRequestOfStaffBreaksAnything(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_plot("NT-A")
        make_release("first")
        make_proposal(make_round("R-1"))
        cls.boss = make_user("boss", is_staff=True, is_superuser=True)

    @settings(max_examples=150)
    @given(address=filled, query=queries, headers=headers)
    def test_every_page_answers(self, address, query, headers):
        assert self.ask("GET", f"{address}?{query}", headers=headers) in ANSWERS

    @settings(max_examples=75)
    @given(
        address=filled,
        form=st.lists(st.tuples(st.sampled_from(FORM + FIELDS), odd), max_size=6).map(urlencode),
    )
    def test_every_form_answers(self, address, form):
        status = self.ask("POST", address, form, content_type="application/x-www-form-urlencoded")

        assert status in ANSWERS

    def ask(self, method, address, body="", **extra) -> int:
        """The status; what was written is taken back, so that each request meets the same rows."""
        self.client.force_login(self.boss)
        before = transaction.savepoint()
        try:
            return self.client.generic(method, address, body, **extra).status_code
        finally:
            transaction.savepoint_rollback(before)


@pytest.fixture
def boss(client):
    client.force_login(make_user("boss", is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize(
    "query",
    [
        "id__range=1",
        "code__regex=(",
        "pk__in=" + "1," * 2000,
        "proposals__premium_hkd__gt=1",
        "nothing=1",
        "title_en__contains=a",
    ],
)
def test_a_list_is_asked_for_what_its_filters_offer_and_for_nothing_else(boss, query):
    make_round("R-1")

    response = boss.get(f"/admin/tenders/tenderround/?{query}")

    assert (response.status_code, "not as it should be" in response.content.decode()) == (400, True)


@pytest.mark.parametrize(("query", "shown"), [("decision__exact=published", True), ("decision__exact=draft", False), ("closes_at__year=2026", True), ("closes_at__year=2020", False)])  # fmt: skip
def test_a_list_is_narrowed_by_its_own_filters(boss, query, shown):
    make_round("R-1")

    assert ("R-1" in boss.get(f"/admin/tenders/tenderround/?{query}").content.decode()) == shown


@pytest.mark.parametrize("year", ["abc", "0", "9999", "10000", "1" + "0" * 26, "-1"])
def test_a_year_that_no_calendar_has_leads_back_to_the_list(boss, year):
    response = boss.get(f"/admin/tenders/tenderround/?closes_at__year={year}")

    assert (response.status_code, response["Location"]) == (302, "/admin/tenders/tenderround/?e=1")


@pytest.mark.parametrize("path", ["/admin/tenders/tenderround/?q=", "/admin/autocomplete/?app_label=tenders&model_name=lot&field_name=round&term="])  # fmt: skip
def test_a_search_of_many_words_is_refused_in_words(boss, path):
    response = boss.get(path + "a+" * 60)

    assert (response.status_code, "Search for 100 letters at most." in response.content.decode()) == (
        400,
        True,
    )


@pytest.mark.parametrize("key", ["abc", "1" + "0" * 30, "9" * 5000, "１", "_"])
@pytest.mark.parametrize("page", ["{}/history/", "{}/history/1/", "1/history/{}/"])
def test_a_history_of_no_row_is_a_404(boss, page, key):
    assert boss.get(f"/admin/parks/park/{page.format(key)}").status_code == 404


def test_a_key_that_no_row_has_is_not_filled_in(boss):
    park = make_park()

    odd = boss.get("/admin/parks/phase/add/?park=abc&code=B")
    real = boss.get(f"/admin/parks/phase/add/?park={park.pk}")

    assert ('value="B"' in odd.content.decode(), str(park) in real.content.decode()) == (True, True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "An organisation has a name in at least one language."),
        ("Twice Ltd", "There is an organisation of that name already."),
    ],
)
def test_an_organisation_without_a_name_of_its_own_is_refused_in_words(boss, name, words):
    make_organisation("Twice Ltd")

    response = boss.post("/admin/parks/organisation/add/", {"name_en": name})

    assert (response.status_code, words in response.content.decode()) == (200, True)


def test_a_number_that_no_column_holds_is_refused_in_words(boss):
    make_round("R-1")
    form = {"action": "publish", "_selected_action": ["1" + "0" * 30]}

    with transaction.atomic():
        response = boss.post("/admin/parks/park/", form)

    assert response.status_code in {302, 400}
    assert TenderRound.objects.count() == 1


@pytest.mark.parametrize(
    "cookie", ['sessionid="\\000aaaaaaaaaaaaa"', 'csrftoken="\\000"', 'messages="\\000"']
)
def test_a_cookie_with_a_nul_is_refused_in_words(client, cookie):
    response = client.get("/admin/", headers={"cookie": cookie})

    assert (response.status_code, "A cookie has a character in it" in response.content.decode()) == (
        400,
        True,
    )


@pytest.mark.parametrize(
    "body", [b"no boundary", b"--x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff']
)
def test_a_form_that_did_not_arrive_whole_is_refused_in_words(client, body):
    response = client.generic("POST", "/admin/login/", body, content_type="multipart/form-data")

    assert (response.status_code, "The form did not arrive whole" in response.content.decode()) == (400, True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("a=1&" * 5000, "The form has too many fields. Nothing was saved."),
        ("a=" + "x" * 3_000_000, "More was sent than this site takes. Nothing was saved."),
    ],
)
def test_a_form_that_is_too_large_is_refused_in_words(client, body, words):
    response = client.generic("POST", "/admin/login/", body, content_type="application/x-www-form-urlencoded")

    assert (response.status_code, words in response.content.decode()) == (413, True)


@pytest.mark.parametrize("code", ['R"; filename="a.exe', "R\r\nSet-Cookie: a=b", "R/../..", "輪次"])
def test_a_file_name_writes_no_header(boss, code):
    make_round("R-1")
    TenderRound.objects.filter(code="R-1").update(code=code)

    response = boss.get("/admin/tenders/proposal/export.csv", {"round": code})

    b"".join(response.streaming_content)
    assert re.fullmatch(r'attachment; filename="proposals-[a-z0-9-]+\.csv"', response["Content-Disposition"])
    assert "Set-Cookie" not in response
