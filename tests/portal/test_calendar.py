from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.calendar import KINDS, entries
from portal.calendar.conflicts import disputed_plots
from portal.entries import Kind, Status
from portal.exports import calendar_csv
from tenders import lifecycle
from tenders.ledger import ledger
from tenders.models import Figure
from tests.factories import (
    CLOSES,
    hk,
    make_lot,
    make_milestone,
    make_park,
    make_phase,
    make_proposal,
    make_release,
    make_round,
    make_source,
    make_user,
    open_box,
    say,
)

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent.parent / "golden"
AT = hk(2026, 4, 15, 10)


def by_uid(at=AT, **asked):
    return {entry.uid.split("@")[0]: entry for entry in entries(at, at.date(), **asked)}


def test_release_shows_its_newest_window_and_keeps_the_earlier_ones():
    make_release("first", said=[("Q1 2026", date(2025, 10, 1)), ("Q2 2026", date(2026, 2, 20))], plot_count=3)

    entry = by_uid()["release-first"]

    assert (entry.earliest, entry.latest, entry.precision) == (date(2026, 4, 1), date(2026, 6, 30), "quarter")
    assert [said.text for said in entry.earlier] == ["Q1 2026"]
    assert (entry.slip_days, entry.plots, entry.sequence, entry.status) == (90, 3, 1, Status.TENTATIVE)


def test_past_day_knows_only_what_was_announced_by_then():
    make_release("first", said=[("Q1 2026", date(2025, 10, 1)), ("Q2 2026", date(2026, 2, 20))])
    make_release("later", said=[("2027", date(2026, 3, 1))])

    then = by_uid(hk(2026, 1, 31, 23, 59))

    assert list(then) == ["release-first"]
    assert then["release-first"].earliest == date(2026, 1, 1)


def test_amended_closing_time_keeps_the_former_one_and_is_its_own_entry():
    round = make_round("T-1")
    lifecycle.amend(round, by=None, at=hk(2026, 3, 9, 9), reason="site visit", closes_at=hk(2026, 4, 30, 12))

    found = by_uid()

    closes = found["round-T-1-closes"]
    assert (closes.starts, closes.sequence, closes.slip_days) == (hk(2026, 4, 30, 12), 1, 30)
    assert [(former.instant, former.moved_on) for former in closes.formers] == [(CLOSES, date(2026, 3, 9))]
    assert (
        found["round-T-1-amendment-1"].note
        == "Closing time moves from 31 Mar, noon to 30 Apr, noon: “site visit”"
    )


def test_before_an_amendment_the_old_closing_time_stands():
    round = make_round("T-1")
    lifecycle.amend(round, by=None, at=hk(2026, 3, 9, 9), reason="site visit", closes_at=hk(2026, 4, 30, 12))

    then = by_uid(hk(2026, 3, 8, 12))

    assert then["round-T-1-closes"].starts == CLOSES
    assert "round-T-1-amendment-1" not in then


def test_cancelled_round_cancels_what_was_still_to_come():
    round = make_round("T-1")
    lifecycle.cancel(round, by=make_user(), at=hk(2026, 3, 10, 9), reason="no demand")

    found = by_uid()

    assert found["round-T-1-opens"].status == Status.CONFIRMED
    assert (found["round-T-1-closes"].status, found["round-T-1-closes"].sequence) == (Status.CANCELLED, 1)
    assert found["round-T-1-closes"].cancelled_on == date(2026, 3, 10)


def test_opening_at_midnight_is_a_day_and_closing_an_instant():
    make_round("EOI-1", opens_at=hk(2026, 3, 1), closes_at=CLOSES, kind="expression_of_interest")

    found = by_uid()

    assert (found["round-EOI-1-opens"].all_day, found["round-EOI-1-opens"].starts) == (True, date(2026, 3, 1))
    assert (found["round-EOI-1-closes"].all_day, found["round-EOI-1-closes"].starts) == (False, CLOSES)
    assert found["round-EOI-1-closes"].action == "Expressions of interest close"


def test_opening_of_the_box_shows_from_the_instant_it_was_confirmed():
    round = make_round("T-1")
    make_proposal(round)
    opening = open_box(round)

    before = by_uid(opening.opened_at - timedelta(microseconds=1))
    after = by_uid(opening.opened_at)

    assert "round-T-1-opening" not in before
    assert after["round-T-1-opening"].day == date(2026, 3, 31)


def test_drafts_and_what_hangs_on_them_are_absent_beside_published_neighbours():
    make_release("shown")
    make_release("draft", published=False)
    hidden = make_park("hidden", published=False)
    make_release("of-hidden", park=hidden)
    make_milestone("of-hidden-too", park=hidden)
    make_release("in-draft-phase", phase=make_phase("9", published=False))
    make_round("SHOWN-1", release=make_release("draft-2", published=False))
    make_round("DRAFT-1", published=False, decision="draft")

    found = by_uid()

    assert {uid for uid in found if not uid.startswith("round-SHOWN-1")} == {"release-shown"}
    assert found["round-SHOWN-1-closes"].release == ""


@pytest.mark.parametrize("name", ["calendar", "calendar-csv", "calendar-ics"])
def test_bytes_are_the_same_for_no_and_for_27_proposals_until_the_opening(client, name, monkeypatch):
    round = make_round("T-1", sealed=True)
    monkeypatch.setattr(timezone, "now", lambda: CLOSES + timedelta(minutes=5))
    none = b"".join(client.get(reverse(name)))
    for _number in range(27):
        make_proposal(round, lots=[])

    assert b"".join(client.get(reverse(name))) == none
    assert b"T-1" in none


@pytest.mark.parametrize("rows", [1, 3])
def test_entries_ask_nine_times_however_many_rows_there_are(django_assert_num_queries, rows):
    for number in range(rows):
        make_release(f"release-{number}")
        make_milestone(f"milestone-{number}")
        round = make_round(f"T-{number}", lots=2)
        lifecycle.amend(round, by=None, at=hk(2026, 3, 9, 9), reason="later", closes_at=hk(2026, 4, 30, 12))

    with django_assert_num_queries(9):
        entries(AT, AT.date())


def test_kind_and_park_narrow_the_entries():
    make_release("one")
    make_milestone("two")
    make_round("T-1")
    make_release("elsewhere", park=make_park("other"))

    assert list(by_uid(kind="milestone")) == ["milestone-hsitp-two"]
    assert {uid.split("-")[0] for uid in by_uid(kind="round")} == {"round"}
    assert list(by_uid(park="other")) == ["release-elsewhere"]


def test_kinds_are_those_of_the_contract_and_the_group_of_rounds():
    contract = {"release", "milestone", "round_opens", "enquiries_close", "round_closes", "decision", "award"}

    assert contract | {"briefing", "amendment", "opening", "round"} == set(KINDS)


def test_round_counts_its_plots_named_or_stated():
    round = make_round("T-1", lots=1, plots_each=2)
    make_lot(round, "2", plots=0, stated_plots=4)

    assert by_uid()["round-T-1-closes"].plots == 6


def test_words_are_in_the_language_asked_for_and_say_so_when_they_are_not():
    release = make_release("first", title_zh_hant="首批", said=[])
    say(release, "2027", date(2026, 1, 5), verbatim=True, window_text_zh_hant="二零二七年")

    english, chinese = by_uid()["release-first"], by_uid(language="zh-hant")["release-first"]

    assert (english.title, english.words) == ("Release", "“2027”")
    assert (chinese.title, chinese.said[0].text, chinese.said[0].language) == ("首批", "二零二七年", "")
    assert by_uid(language="zh-hans")["release-first"].said[0].language == "zh-Hant"


def test_release_is_disputed_where_other_claims_imply_another_number():
    phase = make_phase("1")
    make_release("rest", phase=phase, plot_count=22)
    for indicator, value, code in [
        ("plots_remaining", 22, "a"), ("plots_total", 22, "b"), ("plots_offered", 10, "c"),
    ]:  # fmt: skip
        Figure.objects.create(
            park=phase.park, phase=phase, indicator=indicator, value=value, unit="plots", as_of=date(2026, 1, 5),
            source=make_source(code),
        )  # fmt: skip

    assert disputed_plots(ledger(AT)) == {"rest": 12}


@pytest.fixture
def published(monkeypatch):
    """One of each, entered at an hour that does not change from run to run."""
    monkeypatch.setattr(timezone, "now", lambda: hk(2026, 4, 1, 9))
    phase = make_phase("1")
    rest = {"plot_count": 22, "phase": phase}
    make_release("spring", title_en="Spring, first lot", said=[("May 2026", date(2026, 1, 2))], **rest)
    make_release("any", title_en="Undated", said=[("TBC", date(2026, 1, 2))], phase=phase)
    make_release("year", title_en="=Vague", said=[("2027", date(2026, 1, 2))], **rest)
    make_milestone("bridge", title_en="Bridge", said=[("by the end of 2030", date(2026, 1, 2))])
    make_milestone("road", title_en="Road", said=[("from 2027", date(2026, 1, 2))])
    say(
        make_release("gone", title_en="Gone", said=[("June 2026", date(2026, 1, 2))]),
        "June 2026",
        date(2026, 2, 2),
        cancelled=True,
    )
    round = make_round("T-1", title_en="Tender; for\r\nthree", phase=phase, briefing_on=date(2026, 3, 10))
    lifecycle.amend(round, by=None, at=hk(2026, 3, 9, 9), reason="visit", closes_at=hk(2026, 4, 30, 12))
    monkeypatch.setattr(timezone, "now", lambda: AT)


@pytest.mark.usefixtures("published")
def test_calendar_csv_is_the_golden_file():
    lines = b"".join(calendar_csv.lines(entries(AT, AT.date())))

    assert lines == (GOLDEN / "calendar.csv").read_bytes()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("view", ["year", "month", "agenda"])
def test_views_show_the_entries_in_words(client, view):
    page = client.get(reverse("calendar"), {"view": view, "year": "2026", "as_of": "2026-04-15"})

    assert (page.status_code, b"Spring, first lot" in page.content or view == "month") == (200, True)


@pytest.mark.usefixtures("published")
def test_year_table_says_all_that_the_drawing_says(client):
    page = client.get(reverse("calendar"), {"year": "2026"}).content.decode()
    table = page[page.index("<table") : page.index("</table>")]

    for words in [
        "Spring, first lot",
        "May 2026",
        "2026-05-01",
        "2026-05-31",
        "Undated",
        "Bridge",
        "Tender closes",
        "was 31 Mar, noon",
    ]:
        assert words in table


@pytest.mark.usefixtures("published")
def test_month_grid_starts_on_sunday_and_vague_windows_stand_above_it(client):
    page = client.get(reverse("calendar"), {"view": "month", "month": "2026-05"})

    assert page.context["weeks"][0][0].day == date(2026, 4, 26)
    assert [strip.entry.code for strip in page.context["strips"]] == ["spring"]
    assert page.context["steps"][0]["url"] == "?view=month&month=2026-04"


@pytest.mark.usefixtures("published")
def test_agenda_strikes_the_former_closing_time_and_counts_the_days(client):
    page = client.get(reverse("calendar"), {"view": "agenda", "year": "2026", "as_of": "2026-04-15"})
    rows = [row for month in page.context["months"] for row in month["rows"] if row.entry.kind == Kind.CLOSES]

    assert [(row.iso[:10], row.struck, row.countdown) for row in rows] == [
        ("2026-03-31", True, ""), ("2026-04-30", False, "15 days"),
    ]  # fmt: skip


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("at", "left"),
    [
        (hk(2026, 4, 30, 11, 59), "today, 12:00 noon"),
        (hk(2026, 4, 30, 12), "Closed"),
        (hk(2026, 5, 2, 9), "Closed"),
    ],
)
def test_countdown_of_a_closing_time_ends_at_its_instant(client, monkeypatch, at, left):
    monkeypatch.setattr(timezone, "now", lambda: at)

    page = client.get(reverse("calendar"), {"view": "agenda"})

    rows = [row for month in page.context["months"] for row in month["rows"]]
    assert [row.countdown for row in rows if row.entry.kind == Kind.CLOSES and not row.struck] == [left]


@pytest.mark.parametrize(
    "query",
    [
        "view=week",
        "year=26",
        "year=1989",
        "year=2101",
        "year=२०२६",
        "month=2026-13",
        "month=2026",
        "kind=tender",
        "park=a/b",
    ],
)
@pytest.mark.parametrize("name", ["calendar", "calendar-csv", "calendar-ics"])
def test_malformed_parameter_is_refused_in_words(client, name, query):
    answer = client.get(f"{reverse(name)}?{query}")

    assert answer.status_code == 400
    assert query.split("=")[0] in answer.content.decode()


@pytest.mark.parametrize("view", ["year", "month", "agenda"])
@pytest.mark.parametrize("query", [{}, {"park": "nowhere"}, {"as_of": "1995-01-01"}])
def test_empty_calendar_says_what_to_do(client, view, query):
    page = client.get(reverse("calendar"), {"view": view} | query)

    assert (page.status_code, 'class="empty"' in page.content.decode()) == (200, True)


@pytest.mark.parametrize(("query", "steps"), [("year=1990", ["1991"]), ("year=2100", ["2099"])])
def test_calendar_ends_where_its_years_end(client, query, steps):
    page = client.get(f"{reverse('calendar')}?{query}")

    assert [step["label"] for step in page.context["steps"]] == steps


@pytest.mark.usefixtures("published")
def test_links_keep_the_rest_of_the_query_string(client):
    page = client.get(reverse("calendar"), {"park": "hsitp", "kind": "round", "year": "2026"})

    assert page.context["steps"][1]["url"] == "?park=hsitp&kind=round&year=2027"
    assert page.context["views"][2]["url"] == "?park=hsitp&kind=round&view=agenda&year=2026"


@pytest.mark.usefixtures("published")
def test_csv_of_a_year_holds_what_may_fall_in_it(client):
    body = b"".join(client.get(reverse("calendar-csv"), {"year": "2027"})).decode()

    assert [row.split(",")[0].split("@")[0] for row in body.splitlines()[1:]] == [
        "milestone-hsitp-road", "release-year", "milestone-hsitp-bridge",
    ]  # fmt: skip
