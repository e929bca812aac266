import csv
import io
import os
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

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
)  # fmt: skip

pytestmark = pytest.mark.django_db

NOW = hk(2026, 4, 15, 10)
GOLDEN = Path(__file__).parent.parent / "golden"

# As published: a change here is a change of the interface and wants a line in the changelog.
HEADERS = {
    "plots": "park,phase,plot,name,area_m2,max_gfa_m2,plot_ratio,land_use,sectors,availability,release,round,window_earliest,window_latest,window_precision,window_text,updated_at",
    "releases": "park,phase,release,title,plots,window_earliest,window_latest,window_precision,window_text,status,announced_on,revised_on,revisions,slip_days,round,source,source_url",
    "rounds": "round,title,park,phase,kind,method,sealed,disclosure,stage,lots,plots,published_at,opens_at,enquiries_until,closes_at,opened_at,proposals,proposals_basis,proposals_as_of,proponents,proposals_per_plot,awards,source,source_url",
    "lots": "round,lot,title,plot_count,plots,minimum_premium_hkd,stage,proposals",
    "awards": "round,park,lot,plots,proponent,premium_hkd,tenure_years,decided_on,signed_on",
    "figures": "figure,park,phase,release,round,indicator,qualifier,value,unit,as_of,as_of_precision,publisher,source,source_url,headline",
    "pipeline": "date,park,phase,state,plots_named,plots_counted,area_m2,area_unknown_plots,max_gfa_m2,gfa_unknown_plots,counted_gfa_m2,counted_gfa_unknown_plots,plots_in_all,gap_plots,source",
    "calendar": "uid,kind,title,park,phase,release,round,starts,ends,all_day,precision,status,url,updated_at",
    "changes": "date,kind,park,phase,release,round,lot,plot,from,to,reason,source,url",
}
OURS = ["plots", "releases", "rounds", "lots", "awards", "figures"]


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def body(client, path, **params):
    response = client.get(path, params)
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def table(client, name, prefix="", **params):
    text = body(client, f"{prefix}/{name}.csv", **params).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def award(round, *, premium=Decimal("1200000"), tenure=50):
    """One proposal wins every lot."""
    proposal = make_proposal(round, proponent=make_organisation("Winner Limited"))
    open_box(round)
    choices = [AwardChoice(lot, proposal, date(2026, 4, 10), premium, tenure) for lot in round.lots.all()]
    return lifecycle.award(round, by=None, at=CLOSES + timedelta(days=10), choices=choices)


# --- the shape of every file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HEADERS)
def test_header_is_as_published(client, name):
    assert body(client, reverse(f"{name}-csv")).decode("utf-8-sig") == HEADERS[name] + "\r\n"


@pytest.mark.parametrize("name", HEADERS)
def test_file_can_be_kept_shared_and_asked_for_again(client, name):
    first = client.get(reverse(f"{name}-csv"))
    content = b"".join(first.streaming_content)
    again = client.get(reverse(f"{name}-csv"), headers={"if-none-match": first["ETag"]})
    anything = client.get(reverse(f"{name}-csv"), headers={"if-none-match": "*"})

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert first["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert first["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    assert first["Access-Control-Allow-Origin"] == "*"
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (anything.status_code, anything["ETag"]) == (304, first["ETag"])


@pytest.mark.parametrize("name", HEADERS)
def test_file_is_only_read(client, name):
    assert client.post(reverse(f"{name}-csv")).status_code == 405


def three_of_each(count):
    """A plot with a release and an award, in `count` rounds of their own, and as many figures."""
    for number in range(count):
        round = make_round(f"R-{number}", kind="tender", disclosure="names")
        release = make_release(f"release-{number}")
        round.release = release
        round.save()
        ReleasePlot.objects.create(release=release, plot=round.lots.get().plots.get())
        award(round)
        Figure.objects.create(
            park=round.park, round=round, indicator="proposals_received", value=number + 3, unit="proposals",
            as_of=date(2026, 4, 1), source=make_source(),
        )  # fmt: skip


QUERIES = {"plots": 4, "releases": 4, "rounds": 7, "lots": 9, "awards": 2, "figures": 2}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", OURS)
def test_file_asks_as_often_for_one_row_as_for_three(client, django_assert_num_queries, name, rows):
    three_of_each(rows)

    with django_assert_num_queries(QUERIES[name]):
        found = table(client, name)

    assert len(found) == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", OURS)
def test_export_asks_as_often_for_one_row_as_for_three(capfdbinary, django_assert_num_queries, name, rows):
    three_of_each(rows)

    with django_assert_num_queries(QUERIES[name]):
        call_command("export", name)

    assert capfdbinary.readouterr().out.count(b"\r\n") == rows + 1


@pytest.mark.parametrize("name", [*OURS, "pipeline"])
def test_facts_are_written_as_they_always_were(client, name):
    call_command("seed", verbosity=0, stdout=io.StringIO())
    written = body(client, f"/{name}.csv")
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / f"{name}.csv").write_bytes(written)

    assert written == (GOLDEN / f"{name}.csv").read_bytes()


# --- plots ------------------------------------------------------------------------------------------------------


def test_plot_is_written_with_its_release_as_last_announced(client):
    plot = make_plot(
        "S-01", make_phase("A"), name_en="=Corner plot", area_m2=Decimal("3200.50"), max_gfa_m2=Decimal("16000"),
        land_use="Offices", sectors="Robotics; New energy",
    )  # fmt: skip
    release = make_release("first", said=[("2026", date(2026, 1, 5)), ("Q3 2026", date(2026, 3, 1))])
    ReleasePlot.objects.create(release=release, plot=plot)

    assert table(client, "plots") == [
        {
            "park": "hsitp", "phase": "A", "plot": "S-01", "name": "'=Corner plot", "area_m2": "3200.5",
            "max_gfa_m2": "16000", "plot_ratio": "5.00", "land_use": "Offices", "sectors": "Robotics;New energy",
            "availability": "announced", "release": "first", "round": "", "window_earliest": "2026-07-01",
            "window_latest": "2026-09-30", "window_precision": "quarter", "window_text": "Q3 2026",
            "updated_at": "2026-04-15T10:00:00+08:00",
        }
    ]  # fmt: skip
    assert table(client, "plots", as_of="2026-02-01")[0]["window_text"] == "2026"


# --- releases ---------------------------------------------------------------------------------------------------


def test_release_tells_of_its_first_and_its_newest_announcement(client):
    release = make_release("first", title_en="First plots", said=[])
    paper = make_source("notice-1", published=date(2025, 12, 31), published_precision="month")
    say(release, "Q1 2026", date(2025, 12, 31), announced_precision="month", plot_count=10, source=paper)
    say(
        release,
        "Q2 2026",
        date(2026, 3, 1),
        plot_count=12,
        source=make_source("notice-2", url="https://example.org/2"),
    )
    make_round("R-1", release=release, opens_at=NOW + timedelta(days=1), closes_at=NOW + timedelta(days=20))

    assert table(client, "releases") == [
        {
            "park": "hsitp", "phase": "", "release": "first", "title": "First plots", "plots": "12",
            "window_earliest": "2026-04-01", "window_latest": "2026-06-30", "window_precision": "quarter",
            "window_text": "Q2 2026", "status": "announced", "announced_on": "2025-12", "revised_on": "2026-03-01",
            "revisions": "2", "slip_days": "90", "round": "R-1", "source": "notice-2",
            "source_url": "https://example.org/2",
        }
    ]  # fmt: skip
    assert table(client, "releases", as_of="2025-12-31")[0]["plots"] == "10"
    assert table(client, "releases", as_of="2025-12-30") == []


def test_release_is_released_once_a_tender_of_it_opens_and_cancelled_once_called_off(client):
    for number, kind in enumerate(["tender", "direct_grant", "expression_of_interest"]):
        make_round(f"R-{number}", kind=kind, release=make_release(f"release-{number}"))
    called_off = make_round("R-9", release=make_release("release-9")).release
    say(called_off, "2026", date(2026, 4, 1), cancelled=True)

    now = {row["release"]: row["status"] for row in table(client, "releases")}
    before = {row["status"] for row in table(client, "releases", as_of=str(OPENS.date() - timedelta(days=1)))}

    assert now == {
        "release-0": "released",
        "release-1": "released",
        "release-2": "announced",
        "release-9": "cancelled",
    }
    assert before == {"announced"}


def test_release_without_a_number_counts_its_named_public_plots(client):
    release = make_release("first")
    ReleasePlot.objects.create(release=release, plot=make_plot())
    ReleasePlot.objects.create(release=release, plot=make_plot(published=False))

    assert table(client, "releases")[0]["plots"] == "1"


# --- rounds and lots --------------------------------------------------------------------------------------------


def test_round_is_written_with_its_counts_once_they_are_public(client):
    round = make_round("R-1", sealed=True, lots=2, title_en="Tender for two plots")
    open_box(round)
    make_proposal(round)
    make_proposal(round, lots=[round.lots.first()])

    assert table(client, "rounds") == [
        {
            "round": "R-1", "title": "Tender for two plots", "park": "hsitp", "phase": "", "kind": "tender",
            "method": "open", "sealed": "true", "disclosure": "totals", "stage": "evaluating", "lots": "2", "plots": "2",
            "published_at": "2026-02-28T09:00:00+08:00", "opens_at": "2026-03-01T09:00:00+08:00", "enquiries_until": "",
            "closes_at": "2026-03-31T12:00:00+08:00", "opened_at": "2026-03-31T13:00:00+08:00", "proposals": "2",
            "proposals_basis": "recorded", "proposals_as_of": "2026-03-31", "proponents": "2",
            "proposals_per_plot": "1.50", "awards": "0", "source": "", "source_url": "",
        }
    ]  # fmt: skip
    assert [(row["lot"], row["plot_count"], row["proposals"]) for row in table(client, "lots")] == [
        ("1", "1", "2"),
        ("2", "1", "1"),
    ]


def test_round_asked_for_a_past_day_has_the_dates_of_that_day_and_no_opening(client):
    round = make_round("R-1", sealed=True)
    lifecycle.amend(
        round,
        by=None,
        at=OPENS + timedelta(days=5),
        reason="More time.",
        closes_at=CLOSES + timedelta(days=2),
    )
    make_proposal(round)
    open_box(round, CLOSES + timedelta(days=3))
    shown = ("stage", "closes_at", "opened_at", "proposals", "proposals_basis")

    now, before = table(client, "rounds"), table(client, "rounds", as_of="2026-03-03")

    assert [now[0][name] for name in shown] == [
        "evaluating", "2026-04-02T12:00:00+08:00", "2026-04-03T12:00:00+08:00", "1", "recorded",
    ]  # fmt: skip
    assert [before[0][name] for name in shown] == ["open", "2026-03-31T12:00:00+08:00", "", "", "withheld"]


def test_reported_number_stands_in_a_round_without_records(client):
    round = make_round("R-1")
    Figure.objects.create(
        park=round.park, round=round, indicator="proposals_received", value=27, unit="proposals",
        as_of=date(2026, 3, 31), as_of_precision="month", source=make_source(),
    )  # fmt: skip

    row = table(client, "rounds")[0]

    assert (row["proposals"], row["proposals_basis"], row["proposals_as_of"]) == ("27", "reported", "2026-03")
    assert (row["proponents"], row["proposals_per_plot"]) == ("", "")
    assert table(client, "lots")[0]["proposals"] == ""


@pytest.mark.parametrize("name", HEADERS)
def test_sealed_round_is_the_same_bytes_and_headers_for_any_number_of_proposals(client, name):
    round = make_round(
        "R-1", sealed=True, opens_at=NOW - timedelta(days=5), closes_at=NOW + timedelta(days=5)
    )
    answers = []
    for _count in (0, 1, 26):
        for _ in range(_count):
            make_proposal(round, received_at=NOW - timedelta(hours=1))
        response = client.get(f"/{name}.csv")
        answers.append((b"".join(response.streaming_content), response.headers))

    assert answers[0] == answers[1] == answers[2]


def test_lot_with_unnamed_plots_states_their_number_and_its_least_premium(client):
    round = make_round("R-1", lots=0, published=False)
    make_lot(
        round,
        "1",
        plots=0,
        stated_plots=6,
        minimum_premium_hkd=Decimal("45600000"),
        reserve_premium_hkd=Decimal("77"),
    )
    lifecycle.publish(round, by=None, at=OPENS)

    assert table(client, "lots") == [
        {
            "round": "R-1", "lot": "1", "title": "Lot 1", "plot_count": "6", "plots": "",
            "minimum_premium_hkd": "45600000.00", "stage": "closed", "proposals": "",
        }
    ]  # fmt: skip


# --- awards and figures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("disclosure", ["totals", "names", "full"])
def test_award_tells_what_the_round_discloses(client, disclosure):
    round = make_round("R-1", disclosure=disclosure)
    plot = round.lots.get().plots.get()
    award(round)
    told = disclosure != "totals"

    assert table(client, "awards") == [
        {
            "round": "R-1", "park": "hsitp", "lot": "1", "plots": plot.code,
            "proponent": "Winner Limited" if told else "", "premium_hkd": "1200000.00" if told else "",
            "tenure_years": "50", "decided_on": "2026-04-10", "signed_on": "",
        }
    ]  # fmt: skip
    assert table(client, "awards", as_of="2026-04-09") == []


def test_award_that_lapsed_is_none_any_more(client):
    (given,) = award(make_round("R-1"))
    lifecycle.lapse(given, by=None, lapsed_on=date(2026, 4, 12), reason="Not paid.")

    assert table(client, "awards") == []
    assert [row["round"] for row in table(client, "awards", as_of="2026-04-11")] == ["R-1"]


def test_figures_keep_every_claim_and_mark_the_leading_one(client):
    for day, value, code in [(date(2025, 9, 29), 12, "old"), (date(2025, 12, 31), 22, "new")]:
        Figure.objects.create(
            park=make_park(), indicator="plots_remaining", value=value, unit="plots", as_of=day,
            as_of_precision="month" if code == "new" else "day", source=make_source(code, published=day),
        )  # fmt: skip
    shown = ("figure", "value", "as_of", "source", "headline")

    rows = table(client, "figures", indicator="plots_remaining")
    before = table(client, "figures", as_of="2025-12-30")

    assert [tuple(row[name] for name in shown) for row in rows] == [
        ("hsitp-plots-remaining", "22", "2025-12", "new", "true"),
        ("hsitp-plots-remaining", "12", "2025-09-29", "old", "false"),
    ]
    assert [(row["value"], row["headline"]) for row in before] == [("12", "true")]


# --- languages --------------------------------------------------------------------------------------------------


def test_names_are_in_the_language_of_the_path_and_columns_in_english(client):
    make_release("first", title_en="First plots", title_zh_hant="首批地塊")
    second = make_release("second", title_en="Second", said=[])
    say(second, "2027", date(2026, 1, 5), window_text_zh_hant="明年")

    english = [(row["title"], row["window_text"]) for row in table(client, "releases")]
    chinese = [(row["title"], row["window_text"]) for row in table(client, "releases", prefix="/zh-hant")]

    assert english == [("First plots", "2026"), ("Second", "2027")]
    assert chinese == [("首批地塊", "2026"), ("Second", "明年")]
