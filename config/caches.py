"""Reads CACHE_URL: where requests are counted. A value that cannot be used stops the start with its name."""

import importlib.util
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MOST_ENTRIES = 10_000  # one a client and window; beyond it the oldest are forgotten
# A cache that does not answer at once is done without: a page must not wait for it.
REDIS_OPTIONS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry_on_timeout": False}


def cache(variable: str) -> dict[str, Any]:
    """The cache that the variable names: redis://, rediss://, file:///folder or db://table; unset: memory."""
    url = os.environ.get(variable, "").strip()
    if not url:
        return _cache("locmem.LocMemCache", "")
    scheme = urlsplit(url).scheme
    if scheme in {"redis", "rediss"} and urlsplit(url).netloc:
        if importlib.util.find_spec("redis") is None:
            raise ImproperlyConfigured(
                f"{variable} names Redis, which takes the package redis: pip install redis."
            )
        return {**_cache("redis.RedisCache", url), "OPTIONS": REDIS_OPTIONS}
    if found := re.fullmatch(r"db://([A-Za-z_][A-Za-z0-9_]*)/?", url):
        return _cache("db.DatabaseCache", found[1])
    if scheme == "file" and (folder := Path(unquote(url.removeprefix("file://")))).is_absolute():
        return _cache("filebased.FileBasedCache", str(folder))
    raise ImproperlyConfigured(
        f"{variable} must be redis://host:port/number, file:///folder or db://table, not {url!r}."
    )


def _cache(backend: str, location: str) -> dict[str, Any]:
    return {
        "BACKEND": f"django.core.cache.backends.{backend}",
        "LOCATION": location,
        "KEY_PREFIX": "tenderground",
        "OPTIONS": {"MAX_ENTRIES": MOST_ENTRIES},
    }
