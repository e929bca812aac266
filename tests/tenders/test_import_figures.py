from datetime import date
from decimal import Decimal

import pytest

from parks.importing import ImportRefused
from tenders.importing import figures
from tenders.models import Figure
from tests.factories import make_phase, make_release, make_round, make_source
from tests.tables import csv_file, said

pytestmark = pytest.mark.django_db

ROW = {
    "park": "hsitp", "phase": "1", "release": "", "round": "", "indicator": "plots_remaining", "qualifier": "",
    "value": "22", "unit": "plots", "as_of": "2025-12", "as_of_precision": "month", "source": "gazette",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _land(db):
    make_phase("1")
    make_source("gazette")


def take(data, at, **options):
    return figures.run(data, by=None, at=at, **options)


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_file_again_changes_nothing(count, at):
    rows = [ROW | {"indicator": f"plots_{number}"} for number in range(count)]
    assert take(csv_file(*rows), at).created == count
    assert (take(csv_file(*rows), at).unchanged, Figure.history.count()) == (count, count)


def test_a_day_known_to_its_month_is_its_last_day(at):
    take(csv_file(ROW), at)
    values = "value", "as_of", "as_of_precision", "park__slug", "phase__code"
    assert Figure.objects.values_list(*values).get() == (
        Decimal(22),
        date(2025, 12, 31),
        "month",
        "hsitp",
        "1",
    )


def test_another_source_is_a_further_claim_and_the_same_one_a_correction(at):
    make_source("paper")
    take(csv_file(ROW), at)
    report = take(csv_file(ROW | {"value": "21"}, ROW | {"source": "paper", "value": "12"}), at)

    assert (report.created, report.changes) == (1, ["hsitp-1-plots-remaining 2025-12: value 22 -> 21"])
    assert set(Figure.objects.values_list("source__code", "value")) == {("gazette", 21), ("paper", 12)}


def test_a_figure_may_be_about_a_round_or_a_release(at):
    make_round("R-1")
    make_release("remaining")
    bare = ROW | {"park": "", "phase": ""}
    take(csv_file(bare | {"round": "R-1"}, bare | {"release": "remaining"}), at)
    assert set(Figure.objects.values_list("round__code", "release__code")) == {
        ("R-1", None),
        (None, "remaining"),
    }


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"source": "nobody"}, "source", "add the source first"),
        ({"park": "nowhere", "phase": ""}, "park", "is not a known park"),
        ({"phase": "9"}, "phase", "is not a phase of this park"),
        ({"round": "R-9"}, "round", "import the rounds first"),
        ({"release": "none"}, "release", "import the releases first"),
        ({"value": "about 22"}, "value", "is not a plain number"),
        ({"as_of": "December 2025"}, "as_of", "is not a day"),
        ({"as_of_precision": "day"}, "as_of_precision", "does not agree with as_of, which is a month"),
        ({"unit": ""}, "unit", "is empty; it must be given"),
        ({"indicator": "plots remaining"}, "indicator", "slug"),
    ],
)
def test_a_bad_cell_is_named_with_the_mend(cells, column, words, at):
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW | cells), at)
    [problem] = refused.value.problems
    assert (problem.line, problem.column, words in problem.message) == (2, column, True)
    assert Figure.objects.count() == 0


def test_a_source_that_says_a_figure_twice_in_one_file_is_refused(at):
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW, ROW | {"value": "12"}), at)
    assert said(refused)[0].startswith("line 3, indicator: plots_remaining: is said twice in this file")


def test_a_dry_run_writes_nothing(at):
    assert take(csv_file(ROW), at, dry_run=True).created == 1
    assert (Figure.objects.count(), Figure.history.count()) == (0, 0)
