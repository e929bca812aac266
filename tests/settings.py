"""The product's own settings with what tests need otherwise, so that a bare `pytest` works in any shell."""

import os

os.environ.update(
    DEBUG="False",
    SECRET_KEY="only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    SITE_URL="http://testserver",
)

from config.databases import SQLITE_OPTIONS
from config.settings import *  # noqa: F403 - everything is as in the product unless changed below
from config.settings import DATABASES, STORAGES, VAR_DIR

# Of this process alone (xdist starts several), so that two runs beside each other do not meet.
# tests/conftest.py makes and removes it.
SCRATCH = VAR_DIR / "tests" / str(os.getpid())

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: only there do threads have connections of their own, as they have in production.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
    # What is thrown away need not survive a power cut.
    without_sync = f"{SQLITE_OPTIONS['init_command']} PRAGMA synchronous=OFF;"
    DATABASES["default"]["OPTIONS"] = {**SQLITE_OPTIONS, "init_command": without_sync}

STATIC_ROOT = SCRATCH / "static"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, and nothing here is secret
COSTLY_LIMIT = LOGIN_LIMIT = (1_000_000, 60)  # tests ask often; those of the limits set their own
