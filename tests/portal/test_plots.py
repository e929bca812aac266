"""The list of plots and a plot's page: what they show, what they hide, and what they cost."""

from datetime import date
from decimal import Decimal

import pytest

from parks.models import ReleasePlot
from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import Figure
from tests.factories import (
    CLOSES,
    OPENS,
    hk,
    make_lot,
    make_organisation,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
    say,
)

pytestmark = pytest.mark.django_db

BOUNDARY = {
    "type": "Polygon",
    "coordinates": [[[114.0, 22.5], [114.001, 22.5], [114.001, 22.501], [114.0, 22.501], [114.0, 22.5]]],
}
DAY = date(2026, 1, 5)
LIST_QUERIES = 30
PLOT_QUERIES = 20


def body(client, url) -> str:
    return " ".join(client.get(url).content.decode().split())


def plots_shown(client, query="") -> list[str]:
    response = client.get(f"/plots/{query}")
    return [
        row.plot.code for group in response.context["groups"] for row in group.rows if hasattr(row, "plot")
    ]


def unnamed_shown(client, query="") -> list[int]:
    response = client.get(f"/plots/{query}")
    return [row.count for group in response.context["groups"] for row in group.rows if hasattr(row, "count")]


# --- the list ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_plot_list_asks_the_same_number_of_queries(client, django_assert_num_queries, number):
    for count in range(number):
        plot = make_plot(boundary=BOUNDARY, area_m2=3000)
        ReleasePlot.objects.create(release=make_release(), plot=plot)
        make_release(plot_count=20 + count)
        make_round(lots=1)
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/plots/")


def test_a_draft_is_absent_where_its_neighbour_shows(client):
    make_plot("SHOWN-1")
    make_plot("DRAFT-1", published=False)
    make_plot("DRAFT-2", phase=make_phase("hidden", published=False))
    page = body(client, "/plots/")
    assert ("SHOWN-1" in page, "DRAFT-1" in page, "DRAFT-2" in page) == (True, False, False)


def test_an_order_by_area_puts_what_is_not_known_last(client):
    make_plot("SMALL", area_m2=1000)
    make_plot("UNKNOWN")
    make_plot("LARGE", area_m2=9000)
    assert plots_shown(client, "?sort=-area") == ["LARGE", "SMALL", "UNKNOWN"]


def test_the_caption_says_what_of_how_many_in_which_order(client):
    make_plot(area_m2=1000)
    make_plot(area_m2=5000)
    response = client.get("/plots/?area_min=2000&sort=-area")
    assert response.context["caption"] == (
        "1 plot of 2, sorted by area, downwards. Area of at least 2,000 m², or not known."
    )


def test_a_filter_that_the_form_does_not_show_stands_in_the_caption(client):
    make_plot(sectors="Robotics")
    assert client.get("/plots/?sector=Robotics").context["caption"].endswith("Sector: Robotics.")


def test_nothing_found_says_how_to_go_on(client):
    make_plot()
    assert '<a href="/plots/">Clear the filters</a>' in body(client, "/plots/?q=nowhere")


def test_the_list_is_cut_into_pages_of_fifty(client):
    for _ in range(51):
        make_plot()
    assert (len(plots_shown(client)), len(plots_shown(client, "?page=2"))) == (50, 1)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?area_min=much", "area_min"), ("?as_of=2999-01-01", "as_of"), ("?availability=gone", "availability"),
        ("?page=0", "page"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_400_that_names_it(client, query, name):
    response = client.get(f"/plots/{query}")
    assert (response.status_code, f"{name}:" in response.content.decode()) == (400, True)


def test_a_map_is_drawn_of_known_boundaries_only(client):
    make_plot("DRAWN", boundary=BOUNDARY)
    make_plot("UNDRAWN")
    (drawn,) = client.get("/plots/").context["maps"]
    assert [plot.code for plot in drawn.drawing.plots] == ["DRAWN"]


# --- counted, not named -----------------------------------------------------------------------------------------


def test_plots_that_are_counted_but_not_named_have_a_row(client):
    make_release(plot_count=22)
    assert unnamed_shown(client) == [22]


def test_the_row_counts_only_what_is_left_to_name(client):
    release = make_release(plot_count=5)
    ReleasePlot.objects.create(release=release, plot=make_plot())
    assert unnamed_shown(client) == [4]


def test_a_release_and_its_round_are_one_row(client):
    release = make_release(plot_count=10)
    round = make_round(lots=0, published=False, release=release, kind="expression_of_interest")
    make_lot(round, "1", plots=0, stated_plots=6, max_gfa_m2=117000)
    make_lot(round, "2", plots=0, stated_plots=4, max_gfa_m2=32000)
    lifecycle.publish(round, by=None, at=OPENS)
    (group,) = client.get("/plots/").context["groups"]
    (row,) = group.rows
    assert (row.count, row.lots, row.max_gfa_m2, row.availability) == (
        10, ["Lot 1", "Lot 2"], Decimal(149000), "announced",
    )  # fmt: skip


def test_a_round_without_a_release_has_a_row_of_its_own(client):
    make_round(lots=0, plot_count=7)
    assert unnamed_shown(client, "?as_of=2026-03-15") == [7]


def test_a_floor_area_is_not_said_when_a_lot_lacks_it(client):
    round = make_round(lots=0, published=False)
    make_lot(round, "1", plots=0, stated_plots=6, max_gfa_m2=117000)
    make_lot(round, "2", plots=0, stated_plots=4)
    lifecycle.publish(round, by=None, at=OPENS)
    (group,) = client.get("/plots/").context["groups"]
    assert group.rows[0].max_gfa_m2 is None


def test_a_cancelled_release_counts_no_plots(client):
    release = make_release(plot_count=3)
    say(release, "2026", date(2026, 2, 1), plot_count=3, cancelled=True)
    assert unnamed_shown(client) == []


def test_a_draft_release_counts_no_plots(client):
    make_release(plot_count=3, published=False)
    assert unnamed_shown(client) == []


def test_the_row_says_what_another_source_implies(client):
    phase = make_phase()
    make_release(plot_count=22, park=phase.park, phase=phase)
    for indicator, value in [("plots_remaining", 22), ("plots_total", 22), ("plots_offered", 10)]:
        Figure.objects.create(
            park=phase.park, phase=phase, indicator=indicator, value=value, unit="plots", as_of=DAY,
            source=make_source(),
        )  # fmt: skip
    assert "≠ another source implies 12" in body(client, "/plots/")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?park=hsitp", [22]), ("?park=other", []), ("?phase=1", [22]), ("?phase=2", []), ("?availability=announced", [22]),
        ("?availability=awarded", []), ("?release=rest", [22]), ("?area_min=2000", [22]), ("?q=park", []),
        ("?sector=Robotics", []),
    ],
)  # fmt: skip
def test_a_filter_keeps_what_is_counted_only_where_that_much_is_known(client, query, shown):
    make_release("rest", plot_count=22, phase=make_phase())
    assert unnamed_shown(client, query) == shown


def test_what_is_counted_stands_on_the_first_page_only(client):
    make_release(plot_count=22)
    for _ in range(51):
        make_plot()
    assert (unnamed_shown(client), unnamed_shown(client, "?page=2")) == ([22], [])


# --- one plot ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_a_plot_asks_the_same_number_of_queries(client, django_assert_num_queries, number):
    plot = make_plot("NT-1", boundary=BOUNDARY)
    for count in range(number):
        ReleasePlot.objects.create(release=make_release(), plot=plot)
        round = make_round(
            lots=0, decision="draft", opens_at=None, closes_at=CLOSES.replace(year=2020 + count)
        )
        lot = make_lot(round, plots=0)
        lot.lot_plots.create(plot=plot)
        lot.lot_plots.create(plot=make_plot())
        lifecycle.publish(round, by=None, at=hk(2020 + count, 1, 1))
        lifecycle.declare_unsuccessful(round, by=None, at=hk(2020 + count, 6, 1), reason="No proposal came.")
        make_plot(boundary=BOUNDARY)
    with django_assert_num_queries(PLOT_QUERIES):
        client.get("/parks/hsitp/plots/NT-1/")


@pytest.mark.parametrize("code", ["DRAFT-1", "NOBODY-KNOWS"])
def test_a_draft_is_the_same_404_as_what_never_was(client, code):
    make_plot("DRAFT-1", published=False)
    response = client.get(f"/parks/hsitp/plots/{code}/")
    assert (response.status_code, response.content.decode().replace(code, "…")) == (
        404, client.get("/parks/hsitp/plots/NEVER/").content.decode().replace("NEVER", "…"),
    )  # fmt: skip


def test_a_plot_of_another_park_is_not_found(client):
    make_park("other")
    make_plot("NT-1")
    assert client.get("/parks/other/plots/NT-1/").status_code == 404


def test_what_nobody_published_is_said_so(client):
    make_plot("NT-1")
    assert body(client, "/parks/hsitp/plots/NT-1/").count(">not published</td>") == 6


def test_a_plot_shows_every_announcement_of_its_release(client):
    release = make_release(said=[("2026-03", DAY)])
    say(release, "2026-06", date(2026, 2, 1), reason="The road is late.")
    ReleasePlot.objects.create(release=release, plot=make_plot("NT-1"))
    page = body(client, "/parks/hsitp/plots/NT-1/")
    assert [
        words in page for words in ("March 2026", "June 2026", "The road is late.", "slipped 3 months")
    ] == [True] * 4


def test_a_later_announcement_is_absent_from_an_earlier_day(client):
    release = make_release(said=[("2026-03", DAY)])
    say(release, "2026-06", date(2026, 2, 1))
    ReleasePlot.objects.create(release=release, plot=make_plot("NT-1"))
    page = body(client, "/parks/hsitp/plots/NT-1/?as_of=2026-01-20")
    assert ("March 2026" in page, "June 2026" in page) == (True, False)


def test_a_sealed_round_tells_no_number_of_proposals(client):
    round = make_round("R-SEALED", sealed=True)
    plot = round.lots.get().plots.get()
    url = f"/parks/hsitp/plots/{plot.code}/?as_of=2026-04-02"
    before = client.get(url).content
    make_proposal(round)
    assert (client.get(url).content == before, b"sealed" in before) == (True, True)


@pytest.mark.parametrize(("disclosure", "told"), [("names", True), ("totals", False)])
def test_an_award_is_told_as_far_as_the_round_discloses(client, disclosure, told):
    round = make_round(disclosure=disclosure)
    lot = round.lots.get()
    winner = make_proposal(round, proponent=make_organisation("Winner Limited"))
    open_box(round)
    choice = AwardChoice(lot, winner, decided_on=date(2026, 5, 1), premium_hkd=Decimal(1250000))
    lifecycle.award(round, by=None, at=hk(2026, 5, 1, 15), choices=[choice])
    page = body(client, f"/parks/hsitp/plots/{lot.plots.get().code}/")
    assert ("Winner Limited" in page, "HK$1,250,000" in page) == (told, told)


def test_the_day_of_opening_is_what_matters_before_it(client):
    round = make_round("R-SOON")
    plot = round.lots.get().plots.get()
    page = body(client, f"/parks/hsitp/plots/{plot.code}/?as_of={OPENS:%Y}-02-28")
    assert "opens 1 Mar 2026, 09:00" in page


def test_a_plot_whose_release_was_called_off_says_so(client):
    release = make_release()
    ReleasePlot.objects.create(release=release, plot=make_plot("NT-1"))
    say(release, "2026", date(2026, 2, 1), cancelled=True)
    assert "Its release was called off." in body(client, "/parks/hsitp/plots/NT-1/")
