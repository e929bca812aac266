"""The life of a plot on its page: what happened in order of time, each date with its source, and nothing too early."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from parks.models import ReleasePlot
from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import LotPlot, ProposalLot
from tests.factories import (
    CLOSES,
    OPENS,
    hk,
    make_lot,
    make_organisation,
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

URL = "/parks/hsitp/plots/NT-1/"
LATER = CLOSES + timedelta(days=14)
OPENED = LATER + timedelta(hours=1)


@pytest.fixture
def plot():
    """Announced as one of 22, slipped, named; put to tender, amended, opened, awarded, lapsed, and offered again."""
    plot = make_plot("NT-1", area_m2=3000, max_gfa_m2=15000, source=make_source("survey"))
    release = make_release("first", said=[("2026-02", date(2025, 12, 1))], plot_count=22)
    say(release, "2026-05", date(2026, 1, 10), plot_count=22, reason="The road is late.")
    ReleasePlot.objects.create(release=release, plot=plot, named_on=date(2026, 1, 20))
    first = tender("R-1", plot, release=release, published_at=hk(2026, 2, 1))
    lifecycle.amend(first, by=None, at=hk(2026, 3, 10), closes_at=LATER, reason="A second visit.")
    winner, other = make_proposal(first, proponent=make_organisation("Winner Limited")), make_proposal(first)
    open_box(first, OPENED)
    for proposal in (winner, other):
        ProposalLot.objects.create(proposal=proposal, lot=first.lots.get())
    choice = AwardChoice(first.lots.get(), winner, decided_on=date(2026, 5, 1), premium_hkd=Decimal(1250000))
    [award] = lifecycle.award(first, by=None, at=hk(2026, 5, 2, 10), choices=[choice])
    lifecycle.sign(award, by=None, signed_on=date(2026, 5, 20))
    lifecycle.lapse(award, by=None, lapsed_on=date(2026, 6, 30), reason="The deposit was not paid.")
    again = {"opens_at": hk(2026, 8, 1, 9), "closes_at": hk(2026, 9, 1, 12), "reoffer_of": first}
    tender("R-2", plot, published_at=hk(2026, 7, 15), **again)
    return plot


def tender(code, plot, *, published_at, **fields):
    fields = {"opens_at": OPENS, "closes_at": CLOSES, "disclosure": "names", "sealed": True} | fields
    round = make_round(code, lots=0, decision="draft", **fields)
    LotPlot.objects.create(lot=make_lot(round, plots=0), plot=plot)
    lifecycle.publish(round, by=None, at=published_at)
    return round


LIFE = [
    ("announced", "2025-12-01", "/releases/first/"),
    ("revised", "2026-01-10", "/releases/first/"),
    ("named", "2026-01-20", "/releases/first/"),
    ("published", "2026-02-01", "/rounds/R-1/"),
    ("opens", "2026-03-01T09:00+08:00", "/rounds/R-1/"),
    ("amended", "2026-03-10", "/rounds/R-1/#amendments"),
    ("closes", "2026-04-14T12:00+08:00", "/rounds/R-1/"),
    ("opened", "2026-04-14T13:00+08:00", "/rounds/R-1/#came-in"),
    ("awarded", "2026-05-01", "/rounds/R-1/#outcome"),
    ("signed", "2026-05-20", "/rounds/R-1/#outcome"),
    ("lapsed", "2026-06-30", "/rounds/R-1/#outcome"),
    ("published", "2026-07-15", "/rounds/R-2/"),
    ("opens", "2026-08-01T09:00+08:00", "/rounds/R-2/"),
    ("closes", "2026-09-01T12:00+08:00", "/rounds/R-2/"),
]


def life(client, day=""):
    events = client.get(f"{URL}?as_of={day}").context["told"].events
    return [(event.deed, event.machine, event.door.url) for event in events]


def words(client, deed, day=""):
    return [
        event.what for event in client.get(f"{URL}?as_of={day}").context["told"].events if event.deed == deed
    ]


def test_life_is_told_in_order_from_the_first_announcement_to_the_next_offer(client, plot):
    assert life(client) == LIFE


@pytest.mark.parametrize(
    ("day", "deeds"),
    [
        ("2026-01-19", []),  # announced already, but nobody knew that this plot was one of them
        ("2026-01-20", ["announced", "revised", "named"]),
        ("2026-02-01", ["announced", "revised", "named", "published", "opens", "closes"]),
        ("2026-05-01", [deed for deed, _day, _url in LIFE[:8]]),  # decided on the 1st, made public on the 2nd
        ("2026-05-02", [deed for deed, _day, _url in LIFE[:9]]),
        ("2026-06-29", [deed for deed, _day, _url in LIFE[:10]]),
        ("2026-07-14", [deed for deed, _day, _url in LIFE[:11]]),
    ],
)
def test_a_past_day_tells_nothing_that_came_after_it(client, plot, day, deeds):
    assert [deed for deed, _machine, _url in life(client, day)] == deeds


def test_a_closing_time_stands_as_it_stood(client, plot):
    stood = [
        [machine for deed, machine, _url in life(client, day) if deed == "closes"]
        for day in ("2026-03-09", "2026-03-10")
    ]
    assert stood == [["2026-03-31T12:00+08:00"], ["2026-04-14T12:00+08:00"]]


def test_first_announcement_is_older_than_the_name_and_says_so(client, plot):
    assert words(client, "announced") == ["Announced as one of 22 plots of “Release”, which named none yet."]
    assert words(client, "revised") == ["“Release” slipped by 3 months."]


def test_an_announcement_that_named_it_says_so(client):
    release = make_release("first", plot_count=3)
    ReleasePlot.objects.create(release=release, plot=make_plot("NT-1"))
    assert words(client, "announced_by_name") == ["Announced by name in “Release”, as one of 3 plots."]


@pytest.mark.parametrize(
    ("day", "said"), [("2026-04-13", []), ("2026-04-14", ["2 proposals asked for the lot."])]
)
def test_proposals_for_the_lot_are_told_from_the_opening_on(client, plot, day, said):
    told = re.findall(
        r"\d+ proposals? asked for the lot\.", client.get(f"{URL}?as_of={day}").content.decode()
    )
    assert told == said


def test_a_second_offer_names_the_first(client, plot):
    assert words(client, "published") == [
        "A round was published: Lot 1 of “Tender”.", "Offered again, after R-1: Lot 1 of “Tender”.",
    ]  # fmt: skip


def test_every_row_has_its_date_for_machines_and_a_link_to_who_says_so(client, plot):
    page = client.get(URL).content.decode()
    table = page[page.index('class="rows is-after life"') :].split("</table>")[0]
    rows = table.split('<tr role="row">')[2:]
    assert [re.findall(r'<time datetime="([^"]+)">', row) for row in rows] == [
        [day] for _deed, day, _url in LIFE
    ]
    assert [
        url in re.findall(r'<a href="([^"]+)"', row)
        for row, (_deed, _day, url) in zip(rows, LIFE, strict=True)
    ] == ([True] * len(LIFE))


def test_what_a_called_off_round_still_had_to_come_is_struck(client):
    plot = make_plot("NT-1")
    round = tender("R-1", plot, published_at=hk(2026, 2, 1))
    lifecycle.cancel(round, by=None, at=hk(2026, 3, 2), reason="A water main was found.")
    events = client.get(URL).context["told"].events
    assert [(event.deed, event.is_struck, event.note) for event in events] == [
        ("published", False, ""), ("opens", False, ""), ("cancelled", False, "A water main was found."), ("closes", True, ""),
    ]  # fmt: skip


def test_a_lot_says_what_else_is_in_it(client):
    plot, beside = make_plot("NT-1"), make_plot("NT-2")
    round = tender("R-1", plot, published_at=hk(2026, 2, 1))
    lot = round.lots.get()
    LotPlot.objects.create(lot=lot, plot=beside, named_on=date(2026, 3, 5))
    LotPlot.objects.create(lot=lot, plot=make_plot("DRAFT", published=False))
    others = [
        [
            plot.code
            for offer in client.get(f"{URL}?as_of={day}").context["told"].offers
            for plot in offer.others
        ]
        for day in ("2026-03-04", "2026-03-05")
    ]
    assert others == [[], ["NT-2"]]


def test_a_day_known_to_its_month_is_written_so(client):
    release = make_release("first", said=[])
    say(release, "2026", date(2025, 12, 31), announced_precision="month")
    ReleasePlot.objects.create(release=release, plot=make_plot("NT-1"))
    page = client.get(URL).content.decode()
    assert ('<time datetime="2025-12">Dec 2025</time><small>day not known</small>' in page) is True


def test_a_plot_that_nobody_spoke_of_has_no_life_and_says_so(client):
    make_plot("NT-1")
    response = client.get(URL)
    told = response.context["told"]
    assert (told.events, told.lane) == ([], None)
    assert "no release and no round names this plot" in response.content.decode()


def test_each_fact_of_the_land_has_its_source(client):
    survey = make_source("survey", publisher_en="Survey Office")
    plan = make_source("plan", publisher_en="Plan Office")
    make_plot("NT-1", phase=make_phase(source=plan), area_m2=3000, max_gfa_m2=15000, source=survey)
    said = [
        (record.text, record.source and record.source.code, record.note)
        for record in client.get(URL).context["told"].land
    ]
    assert said == [
        ("Phase 1", "plan", ""), ("3,000 m²", "survey", ""), ("15,000 m²", "survey", ""),
        ("5.0", None, "maximum floor area to area, worked out here"),
        ("", "survey", ""), ("", "survey", ""), ("", "survey", ""),
    ]  # fmt: skip
