from datetime import date
from decimal import Decimal

import pytest

from parks.importing import ImportRefused
from tenders import lifecycle
from tenders.importing import lots
from tenders.models import Lot, LotPlot, TenderRound
from tests.factories import hk, make_park, make_phase, make_plot, make_round
from tests.tables import csv_file, said

pytestmark = pytest.mark.django_db

ROW = {
    "round": "R-1",
    "lot": "1",
    "title": "Package 1",
    "plot_count": "",
    "plots": "NT-01;NT-02",
    "minimum_premium_hkd": "5",
}


@pytest.fixture(autouse=True)
def round(db):
    for number in range(1, 5):
        make_plot(f"NT-0{number}", phase=make_phase("1"))
    return make_round("R-1", lots=0, plot_count=2)


def take(data, at, **options):
    return lots.run(data, by=None, at=at, **options)


def refused(data, at):
    with pytest.raises(ImportRefused) as error:
        take(data, at)
    return said(error)


def named():
    return set(LotPlot.objects.values_list("lot__code", "plot__code", "live"))


def test_lots_come_with_their_plots_held_by_the_live_round(at):
    report = take(csv_file(ROW, ROW | {"lot": "2", "title": "", "plots": "NT-03"}), at)

    assert report.created == 2
    assert named() == {("1", "NT-01", True), ("1", "NT-02", True), ("2", "NT-03", True)}
    values = "code", "title_en", "stated_plots", "minimum_premium_hkd"
    assert list(Lot.objects.order_by("code").values_list(*values)) == [
        ("1", "Package 1", None, Decimal(5)), ("2", "2", None, Decimal(5)),
    ]  # fmt: skip


def test_a_number_of_plots_is_enough_before_they_are_named(at):
    take(csv_file(ROW | {"plots": "", "plot_count": "6"}), at)
    assert (Lot.objects.get().stated_plots, named()) == (6, set())


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_file_again_changes_nothing(count, at):
    rows = [
        ROW | {"lot": str(number), "plots": f"NT-0{number}", "plot_count": "1"}
        for number in range(1, count + 1)
    ]
    take(csv_file(*rows), at)
    before = Lot.history.count(), LotPlot.history.count()
    assert (take(csv_file(*rows), at).unchanged, (Lot.history.count(), LotPlot.history.count())) == (
        count,
        before,
    )


def test_a_published_round_may_name_plots_later_but_takes_none_away(at):
    take(csv_file(ROW | {"plots": "NT-01"}), at)
    assert take(csv_file(ROW), at).changes == ["R-1 1: plots NT-01 -> NT-01;NT-02"]
    assert refused(csv_file(ROW | {"plots": "NT-02"}), at) == [
        "line 2, plots: NT-02: leaves out NT-01; a published round keeps the plots that it named"
    ]


def test_a_draft_may_drop_plots_and_hand_them_to_another_lot(at):
    make_round("R-2", lots=0, published=False)
    rows = ROW | {"round": "R-2"}, ROW | {"round": "R-2", "lot": "2", "plots": "NT-03"}
    take(csv_file(*rows), at)
    take(csv_file(rows[0] | {"plots": "NT-01"}, rows[1] | {"plots": "NT-02;NT-03"}), at)
    assert named() == {("1", "NT-01", False), ("2", "NT-02", False), ("2", "NT-03", False)}
    assert LotPlot.history.filter(history_type="-").count() == 1


def test_a_plot_that_is_not_public_is_not_lost_by_the_public_file(at):
    take(csv_file(ROW), at)
    LotPlot.objects.get(plot__code="NT-02").plot.__class__.objects.filter(code="NT-02").update(
        published=False
    )
    assert take(csv_file(ROW | {"plots": "NT-01", "plot_count": "2"}), at).unchanged == 1
    assert len(named()) == 2


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"round": "R-9"}, "round: R-9: is not a known round; import the rounds first"),
        ({"lot": ""}, "lot: (empty): is empty; it must be given"),
        ({"plots": "NT-01;NT-99"}, "plots: NT-99: is not a plot of the round's park; import the plots first"),
        ({"plots": "NT-01;NT-01"}, "plots: NT-01;NT-01: names NT-01 more than once; name each once"),
        ({"plot_count": "3"}, "plot_count: 3: does not agree with the 2 plots that are named"),
        ({"minimum_premium_hkd": "-1"}, "minimum_premium_hkd: -1: is too small; 0 is the least"),
    ],
)
def test_a_bad_cell_is_named_with_the_mend(cells, problem, at):
    assert refused(csv_file(ROW | cells), at) == [f"line 2, {problem}"]
    assert Lot.objects.count() == 0


def test_a_plot_of_another_park_is_not_of_the_round(at):
    make_plot("ST-01", phase=make_phase("1", park=make_park("san-tin")))
    assert len(refused(csv_file(ROW | {"plots": "ST-01"}), at)) == 1


def test_a_plot_of_another_live_round_is_refused_until_that_is_over(at):
    other = make_round("R-0", lots=0, plot_count=1)
    take(csv_file(ROW | {"round": "R-0"}), at)
    assert refused(csv_file(ROW | {"plots": "NT-02"}), at) == [
        "line 2, plots: NT-02: is in round R-0, which is not over"
    ]
    lifecycle.cancel(other, by=None, at=at, reason="No interest.")
    assert take(csv_file(ROW | {"plots": "NT-02"}), at).created == 1


def test_one_file_cannot_bring_a_plot_into_two_live_rounds_or_two_lots(at):
    make_round("R-0", lots=0, plot_count=1)
    assert refused(csv_file(ROW, ROW | {"round": "R-0", "plots": "NT-02"}), at) == [
        "line 2, plots: NT-02: is in round R-0 of this file too; a plot is in one round until that is over",
        "line 3, plots: NT-02: is in round R-1 of this file too; a plot is in one round until that is over",
    ]
    assert refused(csv_file(ROW, ROW | {"lot": "2", "plots": "NT-02"}), at) == [
        "line 2, plots: NT-02: is in lot 2 of this round too; a plot is in one lot",
        "line 3, plots: NT-02: is in lot 1 of this round too; a plot is in one lot",
    ]


def test_a_dry_run_says_all_and_writes_nothing(at):
    assert take(csv_file(ROW), at, dry_run=True).created == 1
    assert (Lot.objects.count(), Lot.history.count()) == (0, 0)


def days():
    return set(LotPlot.objects.values_list("lot__code", "lot__added_on", "plot__code", "named_on"))


def test_what_comes_to_a_round_that_was_known_before_came_on_the_day_of_the_import():
    TenderRound.objects.update(created_at=hk(2026, 3, 1))
    later = date(2026, 3, 20)

    take(csv_file(ROW | {"plots": "NT-01"}), hk(2026, 3, 1, 18))
    take(csv_file(ROW), hk(2026, 3, 20))
    take(csv_file(ROW, ROW | {"lot": "2", "plots": "NT-03"}), hk(2026, 3, 21))

    assert days() == {
        ("1", None, "NT-01", None), ("1", None, "NT-02", later), ("2", date(2026, 3, 21), "NT-03", date(2026, 3, 21)),
    }  # fmt: skip


def test_lots_of_a_round_of_long_ago_that_is_entered_today_are_as_old_as_it(at):
    take(csv_file(ROW), at)
    assert days() == {("1", None, "NT-01", None), ("1", None, "NT-02", None)}
