"""How the databases are spoken to: what keeps them safe under load, and how long anybody waits for them."""

import os

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "portal.postgresql"  # Django's own, with an end to its patience

# One writer at a time that waits its turn, readers never blocked (decision record 0004); what is acknowledged has
# reached the disk, so that it outlives a power cut too (0017).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
# For everybody, commands too: a server that is away is found out, however long a statement may take.
POSTGRESQL_OPTIONS = {
    "connect_timeout": 2,  # seconds
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
# For people who wait at a browser: no statement, lock or pause in a transaction as long as these milliseconds.
STATEMENT, LOCK, PAUSE = 20_000, 10_000, 60_000
PATIENCE = 25  # seconds; longer than what the server itself ends, so that it comes first while it can


def database(variable: str, default: str | None = None) -> dict[str, object]:
    """A database from a URL, with the options that keep it safe; what the URL says itself stands above them."""
    url = os.environ.get(variable, "").strip() or default
    try:
        settings = dj_database_url.parse(str(url), conn_max_age=60, conn_health_checks=True)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            f"{variable} is not a database address that can be read: {error}"
        ) from error
    if settings["ENGINE"] == SQLITE:
        settings["OPTIONS"] = {**SQLITE_OPTIONS, **settings.get("OPTIONS", {})}
    elif settings["ENGINE"] == "django.db.backends.postgresql":
        settings["ENGINE"] = POSTGRESQL
        settings["OPTIONS"] = {**POSTGRESQL_OPTIONS, **settings.get("OPTIONS", {})}
    return dict(settings)


def serve_people(settings: dict[str, dict[str, object]]) -> None:
    """Give the web server's connections limits that commands do not have: a backup may take its time."""
    if settings["ENGINE"] != POSTGRESQL:
        return
    options = settings["OPTIONS"]
    limits = (
        f"-c statement_timeout={STATEMENT} -c lock_timeout={LOCK}"
        f" -c idle_in_transaction_session_timeout={PAUSE}"
    )
    options["options"] = f"{limits} {options.get('options', '')}".strip()  # the URL's own come last and count
    options["patience"] = PATIENCE
