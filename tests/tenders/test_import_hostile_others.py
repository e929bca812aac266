"""The other five imports under the same fire: each takes a good file, refuses a bad one by its place, writes nothing."""

import io

import pytest
from django.core.management import call_command

from parks.models import Plot, Release, ReleaseRevision
from tenders.models import Figure, Lot, LotPlot, TenderRound
from tests import hostile_files as made
from tests.factories import make_phase, make_plot, make_round, make_source

pytestmark = pytest.mark.django_db

PLOT = {
    "park": "hsitp",
    "phase": "1",
    "plot": "P-1",
    "name": "北地塊",
    "area_m2": "3200.5",
    "land_use": "R&D",
}
RELEASE = {
    "release": "first", "park": "hsitp", "title": "首批地塊", "plots": "22", "window_text": "2026", "announced_on": "2025-12-01", "source": "gazette",
}  # fmt: skip
ROUND = {
    "round": "R-2", "title": "首輪招標", "park": "hsitp", "kind": "tender", "plots": "10", "opens_at": "2026-03-01T09:00:00+08:00",
    "closes_at": "2026-03-31T12:00:00+08:00",
}  # fmt: skip
LOT = {"round": "R-1", "lot": "8", "title": "第一組合", "plots": "NT-01", "minimum_premium_hkd": "5"}
FIGURE = {
    "park": "hsitp", "indicator": "plots_remaining", "qualifier": "其餘地塊", "value": "22", "unit": "plots", "as_of": "2025-12", "source": "gazette",
}  # fmt: skip

# name: a good row, the column that tells rows apart, a column of text, of a number, of a day
IMPORTS = {
    "plots": (PLOT, "plot", "name", "area_m2", None),
    "releases": (RELEASE, "release", "title", "plots", "announced_on"),
    "rounds": (ROUND, "round", "title", "plots", "closes_at"),
    "lots": (LOT, "lot", "title", "minimum_premium_hkd", None),
    "figures": (FIGURE, "indicator", "qualifier", "value", "as_of"),
}
MODELS = [Plot, Release, ReleaseRevision, TenderRound, Lot, LotPlot, Figure]
# Neither can be seen: the one turns letters around, the other is no letter at all.
HIDDEN = {"bidi": "Good\u202edtL", "zero width": "Go\u200bod"}


@pytest.fixture(autouse=True)
def _land(db):
    make_source("gazette")
    make_plot("NT-01", phase=make_phase("1"))
    make_round("R-1", lots=0, plot_count=1)


@pytest.fixture(params=IMPORTS)
def name(request):
    return request.param


@pytest.fixture
def run(name, tmp_path):
    def run(content, *options):
        path = tmp_path / f"{name}.csv"
        path.write_bytes(content)
        words, code = io.StringIO(), 0
        try:
            call_command(f"import_{name}", path, *options, stdout=words, stderr=words)
        except SystemExit as end:
            code = end.code
        return code, words.getvalue().splitlines()

    return run


def stored():
    return [model.objects.count() for model in MODELS]


def refused(run, content):
    """What is said; nothing is stored, by the dry run neither."""
    before = stored()
    said = [run(content, "--dry-run"), run(content)]
    assert (said[0], said[0][0], stored()) == (said[1], 1, before)
    assert said[0][1][-1].startswith("Nothing was written: there ")
    return said[0][1][:-1]


def other(name):
    row, key, *_columns = IMPORTS[name]
    return row | {
        key: f"{row[key]}-2" if name != "figures" else "plots_offered",
        **({"plots": ""} if name == "lots" else {}),
    }


def test_a_good_file_is_taken_and_again_changes_nothing(name, run):
    row = IMPORTS[name][0]
    tried = run(made.with_bom(row), "--dry-run")
    done = run(made.with_line_ends("\n", row))
    again = run(made.reversed_columns(row))

    assert [code for code, _words in (tried, done, again)] == [0, 0, 0]
    assert [words[-1] for _code, words in (tried, done, again)] == [
        "1 new, 0 changed, 0 unchanged.", "1 new, 0 changed, 0 unchanged.", "0 new, 0 changed, 1 unchanged.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("damage", "start"),
    [
        (lambda row: made.in_encoding("big5", row), "line 2: The file is not in UTF-8"),
        (lambda row: made.in_encoding("utf-16", row), "The file is in UTF-16"),
        (made.with_nul, "line 2: The line holds a NUL character"),
        (lambda row: made.with_doubled_column(row, list(row)[1]), "line 1, {1}: stands 2 times"),
        (lambda row: made.with_column(row, "colour"), "line 1, colour: is not a column here"),
        (made.header_only, "line 1: The file has a header but no rows"),
        (made.with_translated_header, "line 1: The names of the columns are translated"),
        (made.with_semicolons, "line 1: The columns are parted by semicolons"),
        (lambda row: made.renamed_workbook(), "The file {name}.csv begins like an Excel workbook"),
        (made.formula_workbook, "line 2, column A: =1+1: is a formula"),
    ],
    ids=["big5", "utf-16", "nul", "doubled", "unknown", "no rows", "translated", "semicolons", "renamed", "formula"],
)  # fmt: skip
def test_a_damaged_file_is_refused_with_its_place(name, run, damage, start):
    row = IMPORTS[name][0]
    [words] = refused(run, damage(row))
    assert words.startswith(start.format(*row, name=name))


def test_a_short_row_is_named_by_its_line(name, run):
    row = IMPORTS[name][0]
    [words] = refused(run, made.with_short_row(row, other(name)))
    assert words.startswith(f"line 3: The row has 3 cells, the header has {len(row)}")


def test_an_open_quote_is_named_by_its_line(name, run):
    [words] = refused(run, made.with_open_quote(IMPORTS[name][0], other(name)))
    assert words.startswith("line 3: A quotation mark opens a cell")


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_letters_that_cannot_be_seen_are_refused(name, run, text):
    row, _key, column, *_others = IMPORTS[name]
    [words] = refused(run, made.plain(row | {column: text}))
    assert (words.startswith(f"line 2, {column}: "), "holds a hidden character, U+2" in words) == (True, True)


@pytest.mark.parametrize("number", ["1" + "0" * 30, "1e9", "-1", "NaN", "１２", "1_000"])
def test_a_number_that_is_none_or_too_large_is_refused(name, run, number):
    if (name, number) == ("figures", "-1"):
        pytest.skip("a figure may be negative")
    row, _key, _text, column, _day = IMPORTS[name]
    [words] = refused(run, made.plain(row | {column: number}))
    assert words.startswith(f"line 2, {column}: {number}: ")


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13", "30/03/2026", "0000-01-01", "9999-99-99", "46111"])
def test_a_day_that_does_not_exist_is_refused(name, run, day):
    row, _key, _text, _number, column = IMPORTS[name]
    if column is None:
        pytest.skip("the file has no day")
    words = refused(run, made.plain(row | {column: day}))
    assert [line.startswith(f"line 2, {column}: {day}: ") for line in words] == [True]


def test_text_that_looks_like_a_formula_is_kept_as_typed_and_comes_back_unchanged(name, run):
    row, _key, column, *_others = IMPORTS[name]
    done = run(made.plain(row | {column: "=1+1"}))
    again = run(made.plain(row | {column: "'=1+1"}))  # as our exports write it
    assert (done[1][-1], again[1][-1]) == ("1 new, 0 changed, 0 unchanged.", "0 new, 0 changed, 1 unchanged.")


def test_errors_without_end_are_counted_and_a_hundred_shown(name, run):
    row, key, _text, column, _day = IMPORTS[name]
    rows = [
        row | {key: f"{row[key]}{n}" if name == "figures" else f"X-{n}", column: "many"} for n in range(150)
    ]
    words = refused(run, made.plain(*rows))
    assert (len(words), words[100].startswith("… and ")) == (101, True)
