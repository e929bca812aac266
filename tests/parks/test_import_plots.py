import io
from datetime import date
from decimal import Decimal

import pytest

from parks.importing import ImportRefused, plots
from parks.models import Plot, Release, ReleasePlot
from tests.factories import hk, make_park, make_phase, make_plot, make_release, make_user
from tests.tables import csv_file, said, xlsx_file

pytestmark = pytest.mark.django_db

ROW = {
    "park": "hsitp", "phase": "1", "plot": "NT-01", "name": "North", "area_m2": "3200.5", "max_gfa_m2": "12000",
    "plot_ratio": "3.75", "land_use": "R&D", "sectors": "AI;Biomedicine", "availability": "planned", "release": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _land(db):
    make_phase("1")
    make_phase("2")


def take(data, at, **options):
    return plots.run(data, by=options.pop("by", None), at=at, **options)


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_plots_come_out_of_csv_and_xlsx_alike(make, at):
    report = take(make(ROW, ROW | {"plot": "NT-02", "area_m2": ""}), at)

    assert str(report) == "2 new, 0 changed, 0 unchanged."
    values = "code", "name_en", "area_m2", "sectors", "published", "phase__code"
    assert list(Plot.objects.order_by("code").values_list(*values)) == [
        ("NT-01", "North", Decimal("3200.50"), "AI;Biomedicine", True, "1"),
        ("NT-02", "North", None, "AI;Biomedicine", True, "1"),
    ]


def test_the_same_file_again_changes_nothing(at):
    take(csv_file(ROW), at)
    report = take(csv_file(ROW), at)
    assert (str(report), Plot.history.count()) == ("0 new, 0 changed, 1 unchanged.", 1)


def test_a_known_plot_is_changed_with_a_difference_and_a_history(at):
    officer = make_user()
    take(csv_file(ROW), at)
    report = take(csv_file(ROW | {"phase": "2", "area_m2": "4000"}), at, by=officer, file="plots.csv")

    assert list(report.lines()) == [
        "0 new, 1 changed, 0 unchanged.", "NT-01: phase 1 -> 2", "NT-01: area_m2 3200.5 -> 4000",
    ]  # fmt: skip
    change = Plot.history.first()
    assert (change.history_type, change.history_user, change.history_change_reason) == (
        "~",
        officer,
        "Import of plots.csv",
    )


def test_a_column_that_is_not_there_leaves_its_value(at):
    take(csv_file(ROW), at)
    take(csv_file({"park": "hsitp", "phase": "1", "plot": "NT-01", "land_use": "Offices"}), at)
    assert Plot.objects.values_list("land_use", "area_m2").get() == ("Offices", Decimal("3200.50"))


def test_a_chinese_name_from_a_chinese_page_is_no_change(at):
    make_plot("NT-01", phase=make_phase("1"), name_en="North", name_zh_hant="北")
    report = take(csv_file({"park": "hsitp", "phase": "1", "plot": "NT-01", "name": "北"}), at)
    assert report.unchanged == 1


@pytest.mark.parametrize(("cell", "published"), [("true", True), ("false", False), ("", True)])
def test_published_makes_drafts(cell, published, at):
    take(csv_file(ROW | {"published": cell}), at)
    assert Plot.objects.get().published is published


def test_a_draft_is_not_published_by_a_file_that_does_not_say_so(at):
    make_plot("NT-01", phase=make_phase("1"), published=False)
    take(csv_file(ROW), at)
    assert Plot.objects.get().published is False


def test_release_links_the_plot_and_keeps_other_links(at):
    first, second = make_release("first"), make_release("second")
    take(csv_file(ROW | {"release": "first"}), at)
    report = take(csv_file(ROW | {"release": "second"}), at)

    assert report.changes == ["NT-01: release + second"]
    assert set(Plot.objects.get().releases.all()) == {first, second}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"park": "nowhere"}, "line 2, park: nowhere: is not a known park; write its short name, as in /plots.csv"),
        ({"phase": "9"}, "line 2, phase: 9: is not a phase of this park; write its code, or add the phase first"),
        ({"release": "none"}, "line 2, release: none: is not a release of this park; import the releases first"),
        ({"plot": ""}, "line 2, plot: (empty): is empty; it must be given"),
        ({"plot": "A;B"}, "line 2, plot: A;B: holds a “;”, which parts one code from the next; write the code without it"),
        ({"area_m2": "0"}, "line 2, area_m2: 0: is zero; write the area, or leave the cell empty"),
        ({"area_m2": "12345678901"}, "line 2, area_m2: 12345678901: is too large; 10 digits before the point are the most"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_the_mend(cells, words, at):
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW | cells), at)
    assert said(refused) == [words]


def test_a_release_of_another_park_is_refused(at):
    make_release("elsewhere", park=make_park("san-tin"))
    with pytest.raises(ImportRefused):
        take(csv_file(ROW | {"release": "elsewhere"}), at)


def test_one_bad_line_keeps_every_line_out(at):
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW, ROW | {"plot": "NT-02"}, ROW | {"plot": "NT-03", "area_m2": "big"}), at)
    assert [problem.line for problem in refused.value.problems] == [4]
    assert Plot.objects.count() == 0


def test_a_plot_twice_names_both_lines(at):
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW, ROW), at)
    assert said(refused) == [
        "line 2, plot: hsitp NT-01: stands in line 3 too; give it once",
        "line 3, plot: hsitp NT-01: stands in line 2 too; give it once",
    ]


def test_a_dry_run_says_all_and_writes_nothing(at):
    report = take(csv_file(ROW), at, dry_run=True)
    assert (report.created, Plot.objects.count(), Plot.history.count()) == (1, 0, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_plots_cost_the_same_queries_for_one_and_three_rows(rows, at, django_assert_num_queries):
    data = csv_file(*[ROW | {"plot": f"NT-{number}"} for number in range(rows)])
    with django_assert_num_queries(9):
        take(data, at)


def test_a_ragged_line_hides_no_other_bad_line(at):
    data = b"park,phase,plot,area_m2\nhsitp,1,NT-01,big\nhsitp,1\nhsitp,1,NT-03,1\nhsitp,9,NT-04,1\n"

    with pytest.raises(ImportRefused) as error:
        take(io.BytesIO(data), at)

    assert [(problem.line, problem.column) for problem in error.value.problems] == [
        (2, "area_m2"),
        (3, None),
        (5, "phase"),
    ]
    assert Plot.objects.count() == 0


def test_a_ragged_line_alone_refuses_the_good_ones_too(at):
    with pytest.raises(ImportRefused):
        take(io.BytesIO(b"park,phase,plot\nhsitp,1,NT-01\nhsitp,1\n"), at)
    assert Plot.objects.count() == 0


@pytest.mark.parametrize(
    ("published", "entered", "named_on"),
    [
        (True, hk(2026, 3, 9, 23, 59), date(2026, 3, 10)),
        (True, hk(2026, 3, 10), None),
        (False, hk(2026, 3, 9), None),
    ],
)
def test_release_that_was_known_before_names_the_plot_on_the_day_of_the_import(published, entered, named_on):
    make_release("first", said=[("2026", date(2026, 1, 5))], published=published)
    Release.objects.update(created_at=entered)
    take(csv_file(ROW | {"release": "first"}), hk(2026, 3, 10, 12))
    assert ReleasePlot.objects.values_list("named_on", flat=True).get() == named_on


def test_release_that_is_announced_today_has_named_the_plot_from_the_first():
    make_release("first", said=[("2026", date(2026, 3, 10))])
    Release.objects.update(created_at=hk(2026, 3, 1))
    take(csv_file(ROW | {"release": "first"}), hk(2026, 3, 10, 12))
    assert ReleasePlot.objects.get().named_on is None
