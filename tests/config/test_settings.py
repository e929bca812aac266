import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.caches import cache

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "BEHIND_PROXY", "DATABASE_URL", "CACHE_URL"}
PRODUCTION = {
    "SECRET_KEY": "k" * 64,
    "ALLOWED_HOSTS": "tenderground.example",
    "DATABASE_URL": "sqlite://:memory:",
}
HTTPS_SETTINGS = ["SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
PRINT = f"""
import json
from config import settings
print(json.dumps([getattr(settings, name) for name in {[*HTTPS_SETTINGS, "SITE_URL"]!r}]))
"""


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own, as a start of the server does."""
    clean = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def refusal(**environment: str) -> str:
    """The last line of a start that was refused."""
    finished = start(**environment)
    assert finished.returncode != 0
    return finished.stderr.strip().splitlines()[-1].removeprefix("django.core.exceptions.")


@pytest.mark.parametrize("name", ["DEBUG", "BEHIND_PROXY"])
def test_word_that_is_neither_yes_nor_no_stops_the_start(name):
    assert refusal(**{**PRODUCTION, name: "maybe"}) == (
        f"ImproperlyConfigured: {name} must be True or False, not 'maybe'."
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_missing_variable_stops_the_start_by_name(name, value):
    environment = {other: word for other, word in PRODUCTION.items() if other != name}
    if value is not None:
        environment[name] = value
    assert refusal(**environment) == (
        f"ImproperlyConfigured: {name} is not set. It is required unless DEBUG=True; see .env.example."
    )


@pytest.mark.parametrize("url", ["tenderground.example", "ftp://tenderground.example", "https://"])
def test_site_url_that_is_no_web_address_stops_the_start(url):
    assert refusal(**PRODUCTION, SITE_URL=url) == (
        f"ImproperlyConfigured: SITE_URL must be an http:// or https:// address, not {url.rstrip('/')!r}."
    )


def test_database_address_that_cannot_be_read_stops_the_start_by_name():
    assert refusal(**{**PRODUCTION, "DATABASE_URL": "somewhere"}).startswith(
        "ImproperlyConfigured: DATABASE_URL is not a database address that can be read"
    )


@pytest.mark.parametrize("url", ["somewhere", "redis://", "memcached://localhost", "file://here", "file:", "db://", "db://a b", "db://a;drop"])  # fmt: skip
def test_cache_address_that_cannot_be_used_stops_the_start_by_name(url):
    assert refusal(**PRODUCTION, CACHE_URL=url) == (
        f"ImproperlyConfigured: CACHE_URL must be redis://host:port/number, file:///folder or db://table, not {url!r}."
    )


@pytest.mark.parametrize(
    ("url", "backend", "location"),
    [
        ("", "locmem.LocMemCache", ""),
        ("file:///var/cache/tenderground", "filebased.FileBasedCache", "/var/cache/tenderground"),
        ("file:///with%20space", "filebased.FileBasedCache", "/with space"),
        ("db://counts", "db.DatabaseCache", "counts"),
        ("redis://user:p@cache:6379/1", "redis.RedisCache", "redis://user:p@cache:6379/1"),
        ("rediss://cache", "redis.RedisCache", "rediss://cache"),
    ],
)
def test_cache_address_names_a_cache_of_django(monkeypatch, url, backend, location):
    monkeypatch.setenv("CACHE_URL", url)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)  # as if redis were installed

    found = cache("CACHE_URL")

    assert (found["BACKEND"], found["LOCATION"]) == (f"django.core.cache.backends.{backend}", location)


def test_redis_without_its_package_is_refused_in_words(monkeypatch):
    monkeypatch.setenv("CACHE_URL", "redis://cache")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)

    with pytest.raises(
        ImproperlyConfigured, match=r"^CACHE_URL names Redis, which takes the package redis: pip"
    ):
        cache("CACHE_URL")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, [True, 31_536_000, True, True, "https://tenderground.example"]),
        ({"SITE_URL": "https://land.example/"}, [True, 31_536_000, True, True, "https://land.example"]),
        ({"SITE_URL": "http://127.0.0.1:8000"}, [False, 0, False, False, "http://127.0.0.1:8000"]),
    ],
)
def test_site_url_turns_https_on_and_off(environment, expected):
    assert json.loads(start(**PRODUCTION, **environment).stdout) == expected


def test_debug_needs_nothing_else():
    assert json.loads(start(DEBUG="True", DATABASE_URL="sqlite://:memory:").stdout) == [
        False,
        0,
        False,
        False,
        "http://127.0.0.1:8000",
    ]


def test_every_variable_is_in_the_example():
    example = (ROOT / ".env.example").read_text()
    assert {name for name in VARIABLES if f"{name}=" in example} == VARIABLES
