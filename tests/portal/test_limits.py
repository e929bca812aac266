from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import RequestFactory

from config.caches import cache as cache_from
from portal.addresses import client_network
from portal.limits import Limit
from tests.factories import hk

pytestmark = pytest.mark.django_db

NOON = hk(2026, 4, 15, 12)


@pytest.fixture(autouse=True)
def _clean_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.COSTLY_LIMIT, settings.LOGIN_LIMIT = (3, 60), (2, 60)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Sets the time: clock(hk(...))."""

    def set_to(at):
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    set_to(NOON)
    return set_to


def ask(client, path, **extra):
    """The answer, read to its end as a reader does."""
    response = client.get(path, **extra)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def statuses(client, path, times, **extra):
    return [ask(client, path, **extra).status_code for _ in range(times)]


@pytest.mark.parametrize("path", ["/plots.csv", "/calendar.ics", "/data/datapackage.json", "/plots/?q=a", "/zh-hans/?as_of=2026-01-01"])  # fmt: skip
def test_exactly_the_limit_passes(client, path):
    assert statuses(client, path, 5) == [200, 200, 200, 429, 429]


@pytest.mark.parametrize("path", ["/", "/plots/", "/healthz", "/sitemap.xml", "/zh-hant/rounds/"])
def test_a_plain_page_is_never_counted(client, path):
    assert statuses(client, path, 5) == [200] * 5


def test_all_that_is_costly_counts_together(client):
    paths = ["/plots.csv", "/rounds.csv", "/plots/?q=a", "/zh-hant/plots.csv"]

    assert [ask(client, path).status_code for path in paths] == [200, 200, 200, 429]


def test_what_is_not_modified_counts_too(client):
    headers = {"If-None-Match": ask(client, "/plots.csv")["ETag"]}

    assert statuses(client, "/plots.csv", 3, headers=headers) == [304, 304, 429]


def test_a_refusal_counts_too(client):
    assert statuses(client, "/plots.csv?as_of=abc", 4) == [400, 400, 400, 429]


def test_a_file_says_in_plain_text_how_long_to_wait(client, clock):
    clock(NOON + timedelta(seconds=20.9))
    statuses(client, "/plots.csv", 3)

    response = client.get("/plots.csv")

    assert response.content.decode() == (
        "Too many requests came from your address. Ask again in 40 seconds.\n"
    )
    names = ("Retry-After", "Cache-Control", "Content-Type", "Access-Control-Allow-Origin")
    assert [response[name] for name in names] == ["40", "no-store", "text/plain; charset=utf-8", "*"]
    assert "ETag" not in response


@pytest.mark.parametrize(("prefix", "tag"), [("", "en"), ("/zh-hant", "zh-Hant"), ("/zh-hans", "zh-Hans")])
def test_a_page_says_it_on_a_page_in_its_language(client, prefix, tag):
    statuses(client, f"{prefix}/plots/?q=a", 3)

    response = client.get(f"{prefix}/plots/?q=a", headers={"accept-language": "fr"})

    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert response["Cache-Control"] == "no-store"
    assert f'<html lang="{tag}">' in response.content.decode()


def test_another_address_is_served(client):
    statuses(client, "/plots.csv", 4)

    assert statuses(client, "/plots.csv", 1, REMOTE_ADDR="192.0.2.7") == [200]


def test_it_works_again_when_the_time_is_over(client, clock):
    statuses(client, "/plots.csv", 4)
    clock(NOON + timedelta(seconds=59, microseconds=999_999))
    before = statuses(client, "/plots.csv", 1)
    clock(NOON + timedelta(seconds=60))

    assert (before, statuses(client, "/plots.csv", 1)) == ([429], [200])


@pytest.mark.parametrize("path", ["/admin/login/", "/zh-hant/admin/login/"])
def test_tries_to_log_in_are_limited_whoever_they_name(client, path):
    tries = [client.post(path, {"username": f"u{n}", "password": "x"}).status_code for n in range(4)]

    assert tries == [200, 200, 429, 429]
    assert client.get(path).status_code == 200  # to look at the form is no try


def test_a_search_that_is_limited_does_not_shut_the_login(client):
    statuses(client, "/plots.csv", 4)

    assert client.post("/admin/login/", {"username": "u", "password": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("address", "client_is"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_a_client_is_an_address_or_the_network_of_one_holder(address, client_is):
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == client_is


@pytest.mark.parametrize(("is_behind", "client_is"), [(False, "192.0.2.1"), (True, "198.51.100.9")])
def test_only_our_own_proxy_may_say_who_asks(settings, is_behind, client_is):
    settings.BEHIND_PROXY = is_behind
    asked = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": "10.0.0.1, 198.51.100.9"})  # fmt: skip

    assert client_network(asked) == client_is


def test_who_makes_up_addresses_behind_the_proxy_is_limited_all_the_same(client, settings):
    settings.BEHIND_PROXY = True

    answers = [
        ask(client, "/plots.csv", headers={"x-forwarded-for": f"10.0.0.{n}, 198.51.100.9"}).status_code
        for n in range(4)
    ]

    assert answers == [200, 200, 200, 429]


def test_nobody_is_limited_who_cannot_be_told_from_others(client):
    assert statuses(client, "/plots.csv", 5, REMOTE_ADDR="") == [200] * 5


def test_threads_count_together():
    limit = Limit("threads", 40, 60)

    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: limit.wait("192.0.2.7", NOON), range(100)))

    assert (waits.count(0), waits.count(60)) == (40, 60)


@pytest.mark.parametrize("url", ["file://{folder}", "db://counts"])
def test_the_other_caches_count_too(url, tmp_path, monkeypatch, settings):
    monkeypatch.setenv("CACHE_URL", url.format(folder=tmp_path))
    settings.CACHES = {"default": cache_from("CACHE_URL")}
    call_command("createcachetable", verbosity=0)
    limit = Limit("costly", 3, 60)

    assert [limit.wait("192.0.2.7", NOON) for _ in range(5)] == [0, 0, 0, 60, 60]


def test_without_a_cache_everything_passes_and_the_log_says_so(client, monkeypatch, caplog):
    def broken(*_arguments, **_options):
        raise ConnectionError("redis is away")

    monkeypatch.setattr(cache, "add", broken)

    assert statuses(client, "/plots.csv", 5) == [200] * 5
    assert caplog.messages.count("The cache does not count requests, so no limit holds: redis is away") == 5


@pytest.mark.parametrize("length", [str(settings.LARGEST_REQUEST + 1), "9" * 19])
@pytest.mark.parametrize("path", ["/admin/login/", "/plots/", "/plots.csv"])
def test_a_body_that_nothing_here_needs_is_not_even_read(client, path, length):
    class Unread:
        def read(self, *_):
            raise AssertionError("It was read.")

        readline = read

    response = client.post(path, CONTENT_LENGTH=length, **{"wsgi.input": Unread()})

    words = "More was sent than this site takes. Nothing was saved. Send less at a time."
    assert (response.status_code, words in response.content.decode()) == (413, True)


@pytest.mark.parametrize("length", ["-1", "abc", "", "１２", "1e9", "9" * 400])
def test_a_length_that_is_none_breaks_nothing(client, length):
    response = client.post("/plots/", CONTENT_LENGTH=length)

    assert response.status_code == 405
