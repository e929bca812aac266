"""What only grows: the database itself refuses, whoever asks."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from parks import guards
from parks.guards import UPDATE, Guard, every_guard, kept_models
from parks.models import Park
from tenders.models import Amendment, RoundEvent
from tests.factories import CLOSES, hk, make_park, make_round

pytestmark = pytest.mark.django_db

WITH_HISTORY = [model for label in ("parks", "tenders") for model in kept_models(label)]


def test_every_guard_has_its_trigger_and_a_name_that_postgresql_keeps_whole():
    names = [guard.name for guard in every_guard()]

    assert len(names) == len(set(names))
    assert [name for name in names if len(name) > 57] == []  # six more for the one against TRUNCATE
    assert set(names) <= guards.present()


@pytest.mark.parametrize("model", WITH_HISTORY, ids=lambda model: model.__name__)
def test_history_of_every_model_is_guarded(model):
    table = model.history.model._meta.db_table

    assert {guard.name for guard in every_guard() if guard.table == table} == {
        f"{table}_is_never_changed",
        f"{table}_is_never_deleted",
    }


def made(name):
    """One row of each table that only grows."""
    round = make_round()
    if name == "history":
        return Park.history.get(slug=make_park().slug)
    if name == "decision":
        return RoundEvent.objects.get(round=round)
    return Amendment.objects.create(
        round=round, number=1, published_at=hk(2026, 3, 1), reason="Asked for", closes_at_after=CLOSES
    )


@pytest.mark.parametrize("name", ["history", "decision", "amendment"])
def test_what_only_grows_is_neither_changed_nor_deleted(name):
    row = made(name)
    rows = type(row)._base_manager.filter(pk=row.pk)
    stood = rows.values().get()

    with pytest.raises(IntegrityError, match="is never changed"), transaction.atomic():
        rows.update(**{field.name: stood[field.attname] for field in row._meta.fields[1:2]})
    with pytest.raises(IntegrityError, match="is never deleted"), transaction.atomic():
        rows.delete()

    assert rows.values().get() == stood


def test_table_that_only_grows_is_not_emptied_at_once_either():
    make_park()
    table = Park.history.model._meta.db_table
    order = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
    connection.check_constraints()  # PostgreSQL empties no table with checks still to come

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'{order} "{table}"')

    assert Park.history.count() == 1


def test_guard_with_a_condition_lets_everything_else_through():
    park = make_park()
    guard = Guard("park_keeps_its_slug", "parks_park", UPDATE, "It's kept.", guards.changed("slug"))
    guards.install([guard])
    try:
        Park.objects.update(name_en="Another name")
        with pytest.raises(IntegrityError, match="It's kept"), transaction.atomic():
            Park.objects.update(slug="other")
    finally:
        guards.remove([guard])

    assert Park.objects.values_list("slug", "name_en").get() == (park.slug, "Another name")


def test_migrate_puts_back_what_is_lacking_and_check_says_so_before():
    lost = [guard for guard in every_guard() if guard.table == "parks_historicalpark"]
    guards.remove(lost)
    assert [warning.msg for warning in guards.guards_are_in_place(["default"])] == [
        f"The database lacks the guard {guard.name}." for guard in lost
    ]

    call_command("migrate", verbosity=0)

    assert guards.guards_are_in_place(["default"]) == []


def test_guards_of_every_app_are_known():
    assert {guard.table.partition("_")[0] for guard in every_guard()} == {"parks", "staff", "tenders"}
    assert {app.label for app in apps.get_app_configs() if isinstance(app, guards.GuardedConfig)} == {
        "parks",
        "staff",
        "tenders",
    }
