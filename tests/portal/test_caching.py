"""What is public is the same for everybody, so that any cache between may keep it and none can mix it up."""

import pytest
from django.urls import reverse

from portal import urls
from tests.factories import make_release, make_round, make_user

pytestmark = pytest.mark.django_db

PATHS = [
    prefix + reverse(path.name)
    for prefix in ("", "/zh-hant", "/zh-hans")
    for path in [*urls.pages, *urls.downloads]
    if "<" not in str(path.pattern)
] + [
    "/healthz",
    "/robots.txt",
    "/sitemap.xml",
    "/releases/first/",
    "/rounds/R-1/",
    "/parks/hsitp/",
    "/figures/hsitp-1-plots-total/",
    "/nothing/",
]
STRANGE = {
    "Accept-Language": "zh-Hans, fr;q=0.5",
    "Cookie": "django_language=zh-hans; csrftoken=short; sessionid=nobody; messages=x",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-For": "198.51.100.9",
    "Referer": "https://evil.example/",
    "Origin": "https://evil.example",
}


@pytest.fixture(autouse=True)
def _rows():
    make_release("first")
    make_round("R-1")


def told(response):
    """Everything that a reader gets."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, dict(response.items()), body


@pytest.mark.parametrize("path", PATHS)
def test_a_public_address_tells_staff_and_strangers_the_same(client, path):
    plain = told(client.get(path))
    strange = told(client.get(path, headers=STRANGE))
    client.force_login(make_user("boss", is_staff=True, is_superuser=True))

    response = client.get(path)

    assert (told(response), strange) == (plain, plain)
    assert response.cookies == {}
    assert response.get("Vary", "Accept-Encoding") == "Accept-Encoding"


@pytest.mark.parametrize("cookie", ["csrftoken=short", "sessionid=nobody", "messages=x; django_language=fr"])
def test_no_public_page_sets_a_cookie_whatever_one_it_is_sent(client, cookie):
    response = client.get("/plots/?page=abc", headers={"cookie": cookie})

    assert (response.status_code, response.cookies) == (400, {})


def test_a_staff_page_is_kept_apart_by_its_cookie(client):
    client.force_login(make_user("clerk", is_staff=True))

    assert "Cookie" in client.get("/admin/")["Vary"]


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])  # fmt: skip
def test_a_login_leads_to_no_other_site(client, address):
    user = make_user("clerk", is_staff=True)
    user.set_password("right")
    user.save()

    response = client.post(f"/admin/login/?next={address}", {"username": "clerk", "password": "right", "next": address})  # fmt: skip

    assert (response.status_code, response["Location"].startswith("/admin/")) == (302, True)


@pytest.mark.parametrize(
    "path", ["//evil.example", "/%2Fevil.example", "//evil.example/plots", "/\\evil.example"]
)
def test_a_missing_slash_leads_to_no_other_site(client, path):
    """Said as the server says it: the test client itself takes `//` for a host."""
    response = client.request(PATH_INFO=path)

    assert (response.status_code, response.get("Location")) == (404, None)
