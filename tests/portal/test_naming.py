"""A plot that was named later than it was counted: until that day every page and file has the count alone."""

from csv import DictReader
from datetime import date

import pytest

from parks.models import ReleasePlot
from tenders.models import LotPlot
from tests.factories import make_lot, make_plot, make_release, make_round

pytestmark = pytest.mark.django_db

BEFORE, NAMED = date(2026, 3, 9), date(2026, 3, 10)


@pytest.fixture
def plot():
    """Announced in January as one of 22 and put to the market in March as one of 6; both name it on 10 March."""
    plot = make_plot("NT-1")
    release = make_release("first", plot_count=22)
    ReleasePlot.objects.create(release=release, plot=plot, named_on=NAMED)
    round = make_round("R-1", lots=0, release=release, plot_count=6)
    lot = make_lot(round, plots=0, stated_plots=6)
    LotPlot.objects.create(lot=lot, plot=plot, named_on=NAMED)
    return plot


def csv(client, url, day):
    answer = client.get(f"{url}{'&' if '?' in url else '?'}as_of={day}")
    return list(DictReader(answer.getvalue().decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize(
    ("day", "said"), [(BEFORE, ("planned", "", "")), (NAMED, ("on_offer", "first", "R-1"))]
)
def test_plot_stands_alone_until_the_day_on_which_it_was_named(client, plot, day, said):
    [row] = csv(client, "/plots.csv", day)
    assert (row["availability"], row["release"], row["round"]) == said


def test_what_was_counted_stands_beside_what_was_named(client, plot):
    counts = [
        [row["plots"] for url in ("/releases.csv", "/rounds.csv") for row in csv(client, url, day)]
        for day in (BEFORE, NAMED)
    ]
    assert counts == [["22", "6"], ["22", "1"]]


@pytest.mark.parametrize(("day", "said"), [(BEFORE, ("6", "")), (NAMED, ("1", "NT-1"))])
def test_lot_names_no_plot_before_the_day(client, plot, day, said):
    [row] = csv(client, "/lots.csv", day)
    assert (row["plot_count"], row["plots"]) == said


@pytest.mark.parametrize("query", ["release=first", "round=R-1"])
def test_filter_finds_the_plot_from_its_day_on(client, plot, query):
    found = [[row["plot"] for row in csv(client, f"/plots.csv?{query}", day)] for day in (BEFORE, NAMED)]
    assert found == [[], ["NT-1"]]


def test_rows_of_plots_without_a_name_count_it_until_then(client, plot):
    counted = [
        [
            row.count
            for group in client.get(f"/plots/?as_of={day}").context["groups"]
            for row in group.rows
            if hasattr(row, "count")
        ]
        for day in (BEFORE, NAMED)
    ]
    assert counted == [[16, 6], [16, 5]]  # announced, and with the round; one of the latter is named


@pytest.mark.parametrize("url", ["/releases/first/", "/rounds/R-1/"])
def test_page_of_what_names_it_links_it_from_its_day_on(client, plot, url):
    link = b"/parks/hsitp/plots/NT-1/"
    shown = [link in client.get(f"{url}?as_of={day}").content for day in (BEFORE, NAMED)]
    assert shown == [False, True]


def test_lot_that_came_later_is_nowhere_before(client):
    round = make_round("R-1")
    make_lot(round, "2", plots=1, added_on=NAMED)
    shown = [
        (
            [row["lots"] for row in csv(client, "/rounds.csv", day)],
            [row["lot"] for row in csv(client, "/lots.csv", day)],
            [row["round"] for row in csv(client, "/plots.csv", day)],
            b"Lot 2" in client.get(f"/rounds/R-1/?as_of={day}").content,
        )
        for day in (BEFORE, NAMED)
    ]
    assert shown == [
        (["1"], ["1"], ["R-1", ""], False),
        (["2"], ["1", "2"], ["R-1", "R-1"], True),
    ]
