import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict

from parks.models import Phase, ReleasePlot
from portal import selections
from portal.asof import BadParameter, moment_of
from tenders import lifecycle
from tenders.models import Figure
from tests.factories import (
    CLOSES,
    OPENS,
    hk,
    make_lot,
    make_park,
    make_phase,
    make_plot,
    make_release,
    make_round,
    make_source,
    say,
)  # fmt: skip

pytestmark = pytest.mark.django_db

NOW = hk(2026, 4, 15, 10)
FILES = ["plots", "releases", "rounds", "lots", "awards", "figures"]


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def now():
    return moment_of("", NOW)


def plots(query=""):
    return [row.plot.code for row in selections.plots(QueryDict(query), now())]


def releases(query=""):
    return [row.release.code for row in selections.releases(QueryDict(query), now())]


def rounds(query=""):
    return [row.round.code for row in selections.rounds(QueryDict(query), now())]


# --- plots ------------------------------------------------------------------------------------------------------


@pytest.fixture
def land():
    """Four plots of two parks, of known and unknown area."""
    one = Phase.objects.create(park=make_park(), code="1", name_en="Phase 1", published=True)
    part = make_phase("1.2", part_of=one)
    make_plot(
        "A-1",
        one,
        name_en="Corner",
        area_m2=Decimal(3000),
        max_gfa_m2=Decimal(9000),
        sectors="Robotics; New energy",
    )
    make_plot(
        "A-2",
        part,
        land_use="Data centre",
        area_m2=Decimal(1000),
        max_gfa_m2=Decimal(9000),
        sectors="New energy",
    )
    make_plot("A-3", part, name_zh_hant="海濱地塊")
    make_plot(
        "B-1", make_phase("1", make_park("tpk", order=1)), area_m2=Decimal(2000), sectors="Robotics and more"
    )


@pytest.mark.usefixtures("land")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["A-1", "A-2", "A-3", "B-1"]),
        ("nonsense=1&page=abc", ["A-1", "A-2", "A-3", "B-1"]),
        ("q=corner", ["A-1"]),
        ("q=data+CENTRE", ["A-2"]),
        ("q=海濱", ["A-3"]),
        ("q=corner+centre", []),
        ("q=%25", []),
        ("park=tpk", ["B-1"]),
        ("park=hsitp&park=tpk", ["B-1"]),
        ("park=nowhere", []),
        ("phase=1.2", ["A-2", "A-3"]),
        ("phase=1&park=hsitp", ["A-1", "A-2", "A-3"]),
        ("phase=9", []),
        ("availability=planned", ["A-1", "A-2", "A-3", "B-1"]),
        ("availability=awarded", []),
        ("sector=robotics", ["A-1"]),
        ("sector=New+energy", ["A-1", "A-2"]),
        ("area_min=2000", ["A-1", "A-3", "B-1"]),
        ("area_max=2000", ["A-2", "A-3", "B-1"]),
        ("area_min=2000&area_max=2000", ["A-3", "B-1"]),
        ("area_min=", ["A-1", "A-2", "A-3", "B-1"]),
        ("sort=area", ["A-2", "B-1", "A-1", "A-3"]),
        ("sort=-area", ["A-1", "B-1", "A-2", "A-3"]),
        ("sort=-plot", ["B-1", "A-3", "A-2", "A-1"]),
        ("sort=-park", ["B-1", "A-1", "A-2", "A-3"]),
        ("sort=-ratio", ["A-2", "A-1", "A-3", "B-1"]),
        ("sort=gfa", ["A-1", "A-2", "A-3", "B-1"]),
    ],
)
def test_plots_are_those_asked_for(query, found):
    assert plots(query) == found


def test_plots_are_found_and_sorted_by_what_became_of_them():
    planned = make_plot("P-1")
    named = make_plot("P-2")
    ReleasePlot.objects.create(release=make_release("first"), plot=named)
    offered = make_round("R-1", closes_at=NOW + timedelta(days=5)).lots.get().plots.get()

    assert plots("sort=availability") == [planned.code, named.code, offered.code]
    assert plots("sort=-availability") == [offered.code, named.code, planned.code]
    assert plots("availability=on_offer") == [offered.code]
    assert plots("round=R-1") == [offered.code]
    assert plots("release=first") == [named.code]


def test_plot_stays_in_the_rounds_and_releases_that_are_over():
    plot = make_plot("P-1")
    for number, day in [("first", date(2026, 1, 5)), ("second", date(2026, 2, 5))]:
        ReleasePlot.objects.create(release=make_release(number, said=[("2026", day)]), plot=plot)
    over = make_round("R-1")
    again = make_round("R-2", published=False)
    lifecycle.cancel(over, by=None, at=OPENS, reason="Called off.")
    again.lots.get().lot_plots.update(plot=over.lots.get().plots.get())
    lifecycle.publish(again, by=None, at=OPENS + timedelta(days=1))

    assert plots("release=first") == plots("release=second") == ["P-1"]
    assert plots("round=R-1") == plots("round=R-2") == [over.lots.get().plots.get().code]


def test_order_of_plots_is_never_that_of_proposals():
    with pytest.raises(BadParameter, match=r"\Asort: "):
        plots("sort=proposals")


# --- releases and rounds ----------------------------------------------------------------------------------------


def test_releases_are_those_asked_for():
    make_release(
        "first", title_en="First plots", said=[("Q1 2026", date(2025, 12, 1)), ("2027", date(2026, 2, 1))]
    )
    make_release("open-ended", said=[("from 2026", date(2026, 1, 5))], park=make_park("tpk"))
    say(make_release("unknown", said=[("2026", date(2026, 1, 5))]), "TBC", date(2026, 3, 1), cancelled=True)

    assert releases("q=first") == ["first"]
    assert releases("park=tpk") == ["open-ended"]
    assert releases("status=cancelled") == ["unknown"]
    assert releases("year=2026") == ["open-ended"]
    assert releases("year=2027") == ["first", "open-ended"]
    assert releases("year=2025") == []


def test_rounds_are_those_asked_for():
    make_round("R-1", title_en="Corner plots", closes_at=hk(2026, 12, 31, 12))
    make_round("R-2", kind="prequalification", park=make_park("tpk"))
    make_round("R-3", opens_at=hk(2027, 1, 1), closes_at=hk(2027, 2, 1))

    assert rounds("") == ["R-3", "R-1", "R-2"]
    assert rounds("q=corner") == ["R-1"]
    assert rounds("park=tpk") == ["R-2"]
    assert rounds("stage=open") == ["R-1"]
    assert rounds("stage=upcoming") == ["R-3"]
    assert rounds("kind=prequalification") == ["R-2"]
    assert rounds("year=2026") == ["R-1", "R-2"]
    assert rounds("year=2027") == ["R-3"]
    assert rounds("year=2025") == []


def test_lots_awards_and_figures_follow_their_round_and_park():
    make_round("R-1")
    make_lot(make_round("R-2", park=make_park("tpk")), "2")
    for park, indicator in [("hsitp", "area"), ("tpk", "gfa")]:
        Figure.objects.create(
            park=make_park(park),
            indicator=indicator,
            value=1,
            unit="ha",
            as_of=NOW.date(),
            source=make_source(),
        )

    def lots(query):
        return [(row.round.code, row.lot.code) for row in selections.lots(QueryDict(query), now())]

    def figures(query):
        return [row.figure.figure_id for row in selections.figures(QueryDict(query), now())]

    assert lots("round=R-1") == [("R-1", "1")]
    assert lots("park=tpk") == [("R-2", "1"), ("R-2", "2")]
    assert lots("park=hsitp&round=R-2") == []
    assert figures("park=tpk") == ["tpk-gfa"]
    assert figures("indicator=area") == ["hsitp-area"]
    assert figures("round=R-1") == []


# --- what cannot be read ----------------------------------------------------------------------------------------

MALFORMED = [
    ("plots", "area_min=abc", "area_min"),
    ("plots", "area_min=-1", "area_min"),
    ("plots", "area_max=1e99", "area_max"),
    ("plots", "area_max=NaN", "area_max"),
    ("plots", "area_min=3&area_max=2", "area_min"),
    ("plots", "availability=sealed", "availability"),
    ("plots", "sort=premium", "sort"),
    ("plots", "q=%00", "q"),
    ("plots", "park=a%00b", "park"),
    ("plots", "q=" + "x" * 101, "q"),
    ("plots", "as_of=2999-01-01", "as_of"),
    ("releases", "status=draft", "status"),
    ("releases", "year=soon", "year"),
    ("releases", "year=0", "year"),
    ("rounds", "stage=draft", "stage"),
    ("rounds", "kind=auction", "kind"),
    ("rounds", "year=99999", "year"),
    ("lots", "round=%00", "round"),
    ("awards", "park=%00", "park"),
    ("figures", "indicator=%00", "indicator"),
]


@pytest.mark.parametrize(("name", "query", "parameter"), MALFORMED)
def test_file_says_in_plain_words_which_parameter_it_cannot_read(client, name, query, parameter):
    response = client.get(f"/{name}.csv?{query}")

    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode().startswith(parameter)


@pytest.mark.parametrize(
    ("name", "query", "parameter"), [case for case in MALFORMED if case[0] in ("plots", "rounds")]
)
def test_page_refuses_what_its_file_refuses(client, name, query, parameter):
    response = client.get(f"/{name}/?{query}")

    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert parameter in response.content.decode()


# --- pages and forms --------------------------------------------------------------------------------------------


def test_pages_have_so_many_rows_and_no_more():
    for number in range(3):
        make_plot(f"P-{number}")
    selection = selections.plots({}, now())

    assert [row.plot.code for row in selection.page("2", per_page=2).object_list] == ["P-2"]
    assert [row.plot.code for row in selection.page("", per_page=2).object_list] == ["P-0", "P-1"]
    for number in ["abc", "0", "-1", "3", "1.5", "٣", "99999999999999999999"]:
        with pytest.raises(BadParameter, match=r"\Apage: "):
            selection.page(number, per_page=2)


def test_form_offers_public_parks_and_the_phases_of_the_chosen_one():
    make_phase("1", make_park("tpk"))
    make_phase("2")
    make_phase("3", published=False)
    make_park("draft", published=False)

    form = selections.plots(QueryDict("park=hsitp&round=R-1"), now()).form
    everywhere = selections.plots({}, now()).form

    assert list(form.fields) == ["q", "park", "phase", "availability", "area_min", "area_max", "round"]
    assert list(form.fields["park"].widget.choices) == [
        ("", "All parks"),
        ("hsitp", "Park hsitp"),
        ("tpk", "Park tpk"),
    ]
    assert list(form.fields["phase"].widget.choices) == [("", "All phases"), ("2", "Phase 2")]
    assert list(everywhere.fields["phase"].widget.choices) == [
        ("", "All phases"), ("Park hsitp", [("2", "Phase 2")]), ("Park tpk", [("1", "Phase 1")]),
    ]  # fmt: skip
    assert '<input type="hidden" name="round" value="R-1"' in str(form)


def test_selection_knows_whether_it_was_narrowed():
    narrowed = {
        query: selections.plots(QueryDict(query), now()).narrowed for query in ["", "sort=area", "q=x", "q="]
    }

    assert narrowed == {"": False, "sort=area": False, "q=x": True, "q=": False}


def test_one_row_is_found_or_none():
    make_round("R-1")
    make_round("R-2", published=False)
    found = selections.rounds({}, now())

    assert found.one(code="R-1").stage == "closed"
    assert found.one(code="R-2") is found.one(code="R-3") is None


@pytest.mark.parametrize("name", FILES)
def test_file_is_narrowed_as_the_selection_is(client, name):
    make_round("R-1", park=make_park("tpk"))
    make_round("R-2", closes_at=CLOSES + timedelta(days=1))

    response = client.get(f"/{name}.csv?park=tpk")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))

    assert len(rows) == len(getattr(selections, name)({"park": "tpk"}, now()).rows())
    assert {row.get("park", "tpk") for row in rows} <= {"tpk"}
