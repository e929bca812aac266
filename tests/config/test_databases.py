import pytest

from config import databases


@pytest.fixture
def address(monkeypatch):
    def set_to(value):
        monkeypatch.setenv("DATABASE_URL", value)
        return databases.database("DATABASE_URL")

    return set_to


def test_sqlite_writes_what_it_acknowledges_to_the_disk(address):
    settings = address("sqlite:////tmp/some.sqlite3")

    assert "PRAGMA synchronous=FULL" in settings["OPTIONS"]["init_command"]


def test_commands_wait_for_a_statement_as_long_as_it_takes(address):
    settings = address("postgres://somebody@somewhere/records")

    assert (settings["ENGINE"], settings["OPTIONS"]) == (databases.POSTGRESQL, databases.POSTGRESQL_OPTIONS)


def test_web_server_does_not(address):
    settings = address("postgres://somebody@somewhere/records")
    databases.serve_people(settings)

    assert (settings["OPTIONS"]["options"], settings["OPTIONS"]["patience"]) == (
        "-c statement_timeout=20000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000", 25,
    )  # fmt: skip


def test_address_has_the_last_word(address):
    settings = address(
        "postgres://somebody@somewhere/records?connect_timeout=9&options=-c%20lock_timeout%3D1"
    )
    databases.serve_people(settings)

    assert (str(settings["OPTIONS"]["connect_timeout"]), settings["OPTIONS"]["options"].split()[-1]) == (
        "9",
        "lock_timeout=1",
    )


def test_sqlite_has_no_such_limits(address):
    settings = address("sqlite:////tmp/some.sqlite3")
    databases.serve_people(settings)

    assert settings["OPTIONS"] == databases.SQLITE_OPTIONS
