"""The history of an import is that of django-simple-history, row by row and column by column."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from parks.importing import Book
from parks.models import Organisation, Plot
from tests.factories import make_phase, make_user

pytestmark = pytest.mark.django_db

AT = datetime(2026, 4, 15, 2, 0, 0, 123456, tzinfo=UTC)
THEIR_OWN = ("history_id", "id", "code", "created_at", "updated_at", "name_en", "registered_name")


def versions(model):
    """Every version but for what two rows cannot have in common."""
    rows = model.history.order_by("history_id").values()
    return [{name: value for name, value in row.items() if name not in THEIR_OWN} for row in rows]


def plots(start):
    phase = make_phase()
    return [
        Plot(
            park=phase.park,
            phase=phase,
            code=f"NT-{number}",
            area_m2=Decimal("3200.50"),
            sectors=["ai", "health"],
        )
        for number in range(start, start + 3)
    ]


def test_new_rows_have_the_version_that_the_library_writes():
    officer = make_user()
    ours, theirs = plots(1), plots(4)

    Book(officer, AT, "plots.csv").add(Plot, ours)
    bulk_create_with_history(
        theirs, Plot, default_user=officer, default_change_reason="Import of plots.csv", default_date=AT
    )

    found = versions(Plot)
    assert (len(found), found[:3]) == (6, found[3:])
    assert found[0]["history_user_id"] == officer.pk


def test_changed_rows_have_the_version_that_the_library_writes():
    rows = plots(1) + plots(4)
    Plot.objects.bulk_create(rows)
    for row in rows:
        row.area_m2 = Decimal("99.90")

    Book(None, AT).change(Plot, rows[:3], ["area_m2"])
    bulk_update_with_history(
        rows[3:], Plot, ["area_m2"], default_change_reason="Import of a file", default_date=AT
    )

    found = versions(Plot)
    assert (len(found), found[:3]) == (6, found[3:])
    assert [row["history_type"] for row in found] == ["~"] * 6


def test_every_version_says_what_its_row_says():
    rows = Book(None, AT).add(Organisation, [Organisation(name_en=f"Company {n}") for n in range(1200)])

    said = Organisation.history.values_list("id", "name_en", "registered_name", "created_at", "history_date")
    kept = Organisation.objects.values_list("id", "name_en", "registered_name", "created_at")

    assert [row[:4] for row in said.order_by("history_id")] == list(kept.order_by("id"))
    assert ({row[4] for row in said}, len(rows)) == ({AT}, 1200)
