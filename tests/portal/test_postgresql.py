import time

import pytest
from django.db import OperationalError, connection, transaction

from portal.postgresql.base import OutcomeUnknown

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own"),
]


@pytest.fixture
def other():
    """A connection of its own whose patience is short."""
    made = connection.copy()
    made.settings_dict["OPTIONS"] = {**made.settings_dict["OPTIONS"], "patience": 0.3}
    yield made
    made.close()
    end_others = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    )
    ask(connection, f"{end_others} AND pid <> pg_backend_pid()")  # they may still be asleep


def backend(made) -> int:
    with made.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def ask(made, question):
    with made.cursor() as cursor:
        cursor.execute(question)


def test_answer_that_does_not_come_is_not_waited_for(other):
    first, began = backend(other), time.monotonic()
    with pytest.raises(OperationalError):
        ask(other, "SELECT pg_sleep(30)")
    took = time.monotonic() - began
    other.close_if_unusable_or_obsolete()

    assert (took < 10, backend(other) == first) == (True, False)


def test_answer_that_comes_late_is_not_taken_for_the_next(other):
    with pytest.raises(OperationalError):
        ask(other, "SELECT pg_sleep(1)")

    assert other.connection.closed


def test_without_patience_an_answer_is_waited_for(other):
    other.settings_dict["OPTIONS"].pop("patience")

    ask(other, "SELECT pg_sleep(0.6)")

    assert not other.connection.closed


def test_refused_statement_leaves_the_connection_as_it_is(other):
    first = backend(other)
    with pytest.raises(OperationalError):
        ask(other, "SET statement_timeout = 50; SELECT pg_sleep(5)")

    assert backend(other) == first


def test_commit_whose_answer_is_lost_is_of_unknown_outcome(other):
    other.set_autocommit(False)
    pid = backend(other)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    with pytest.raises(OutcomeUnknown):
        other.commit()


def test_connection_lost_right_after_a_commit_is_of_unknown_outcome(other):
    other.set_autocommit(False)
    ask(other, "SELECT 1")
    other.commit()
    other.connection.pgconn.finish()

    with pytest.raises(OutcomeUnknown):
        other.set_autocommit(True)
