"""A furnished registry with somebody of every role, made once for a file of tests and gone after it."""

import logging

import pytest
from django.db import transaction
from django.template.backends.django import Template

from tests.staff import doors


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    """{role: user}. Each test undoes what it does."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield doors.furnish()
        transaction.set_rollback(True)


@pytest.fixture
def unrendered(monkeypatch):
    """Pages answer without words and lines of log: who may come in hangs on neither, and they are most of the time."""
    monkeypatch.setattr(Template, "render", lambda *_arguments, **_named: "")
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
