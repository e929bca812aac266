"""What changed: every kind in words, on the day from which it was public, and nothing before it."""

from datetime import date, timedelta

import pytest

from parks import programme
from parks.windows import read
from tenders import lifecycle
from tenders.models import Document, Enquiry, ProposalLot
from tests.changes import AWARDED, EVER, NOW, claim, give, kinds, rows, shown
from tests.factories import (
    CLOSES,
    OPENS,
    admit,
    hk,
    make_milestone,
    make_organisation,
    make_proposal,
    make_release,
    make_round,
    make_source,
    make_user,
    open_box,
    say,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    def set_to(now):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    set_to(NOW)
    return set_to


def test_a_claim_about_the_past_is_a_change_of_the_day_on_which_its_source_came_out(client):
    make_source("late", published=date(2026, 4, 10))
    claim(22, date(2025, 12, 31), "late")

    assert [day for day, _kind, _words in shown(client)] == ["2026-04-10"]


# --- the programme ----------------------------------------------------------------------------------------------


STEPS = {
    ("Q1 2026", "Q2 2026"): ("release_revised", "Slipped 3 months: from first quarter of 2026 to second quarter of 2026", "2026-01-01/2026-03-31", "2026-04-01/2026-06-30"),
    ("Q2 2026", "Q1 2026"): ("release_revised", "Brought forward 3 months: from second quarter of 2026 to first quarter of 2026", "2026-04-01/2026-06-30", "2026-01-01/2026-03-31"),
    ("2026", "20 May 2026"): ("release_revised", "Date became clearer: 20 May 2026, was 2026", "2026", "2026-05-20"),
    ("May 2026", "2026"): ("release_revised", "Window changed from May 2026 to 2026", "2026-05", "2026"),
    ("to be announced", "from 2027"): ("release_revised", "First dated: from 2027", "", "2027-01-01/.."),
    ("by the end of 2030", "to be announced"): ("release_revised", "Not dated any more, was by the end of 2030", "../2030-12-31", ""),
    ("2026", "in 2026"): ("release_repeated", "Said again: 2026", "2026", "2026"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "change"), STEPS.items(), ids=[f"{a} then {b}" for a, b in STEPS])
def test_a_step_of_a_release_is_said_in_words_and_in_days(client, said, change):
    make_release("first", said=list(zip(said, (date(2026, 1, 5), date(2026, 2, 20)), strict=True)))
    kind, words, before, after = change

    newest, first = rows(client)

    assert shown(client)[0] == ("2026-02-20", kind, words)
    assert (newest["date"], newest["kind"], newest["from"], newest["to"]) == (
        "2026-02-20",
        kind,
        before,
        after,
    )
    assert (first["date"], first["kind"], first["from"], first["to"]) == (
        "2026-01-05",
        "release_announced",
        "",
        before,
    )


def test_the_number_of_plots_and_the_end_of_a_release_are_changes_of_their_own(client):
    release = make_release("first", plot_count=12)
    say(
        release,
        "2027",
        date(2026, 2, 1),
        plot_count=22,
        reason="The road is late.",
        source=make_source("b", url="https://example.org/b"),
    )
    say(release, "2027", date(2026, 3, 1), plot_count=None)
    say(release, "2027", date(2026, 3, 8), plot_count=22)
    say(release, "2027", date(2026, 4, 1), plot_count=22, cancelled=True)
    say(release, "2028", date(2026, 5, 1), plot_count=22)

    assert shown(client) == [
        ("2026-05-01", "release_revised", "On again: 2028"),
        ("2026-04-01", "release_cancelled", "Called off"),
        ("2026-03-08", "release_plots_changed", "Number of plots said: 22"),
        ("2026-03-01", "release_plots_changed", "Number of plots not said any more, was 22"),
        ("2026-02-01", "release_revised", "Slipped 12 months: from 2026 to 2027"),
        ("2026-02-01", "release_plots_changed", "Number of plots changed from 12 to 22"),
        ("2026-01-05", "release_announced", "12 plots announced: 2026"),
    ]  # fmt: skip
    assert rows(client)[5] == {
        "date": "2026-02-01", "kind": "release_plots_changed", "park": "hsitp", "phase": "", "release": "first",
        "round": "", "lot": "", "plot": "", "from": "12", "to": "22", "reason": "The road is late.", "source": "b",
        "url": "http://testserver/releases/first/",
    }  # fmt: skip


def test_a_milestone_is_told_like_a_release(client):
    milestone = make_milestone("bridge", said=[("2026", date(2026, 1, 5)), ("2027", date(2026, 2, 5))])
    programme.announce_milestone(
        milestone, window=read("2027"), announced_on=date(2026, 3, 1), source=make_source(), cancelled=True
    )

    assert shown(client) == [
        ("2026-03-01", "milestone_cancelled", "Called off"),
        ("2026-02-05", "milestone_revised", "Slipped 12 months: from 2026 to 2027"),
        ("2026-01-05", "milestone_announced", "Announced: 2026"),
    ]
    assert rows(client)[0]["url"] == "http://testserver/parks/hsitp/#milestone-bridge"


def test_a_source_is_quoted_where_the_page_speaks_its_language_and_rendered_elsewhere(client):
    say(make_release("first", said=()), read("2026"), date(2026, 1, 5), verbatim=True)
    words = read("2026")
    release = make_release("second", said=())
    fields = {"window_earliest": words.earliest, "window_latest": words.latest, "window_precision": "year"}
    release.revisions.create(
        number=1, announced_on=date(2026, 1, 6), window_text="gradually next year", verbatim=True,
        source=make_source(), **fields,
    )  # fmt: skip

    assert [words for _day, _kind, words in shown(client)] == [
        "Announced: 2026, “gradually next year”",
        "Announced: 2026",
    ]
    assert "“" not in shown(client, "/zh-hant/changes/")[0][2] + shown(client, "/zh-hans/changes/")[0][2]


# --- rounds -----------------------------------------------------------------------------------------------------


def test_every_moved_date_of_an_amendment_is_a_change_from_what_stood_to_what_stands(client):
    round = make_round("R-1", briefing_on=date(2026, 3, 4))
    source = make_source("notice")
    round.source = source
    round.save()
    lifecycle.amend(
        round, by=None, at=hk(2026, 3, 1, 8), reason="A second visit.", opens_at=OPENS + timedelta(days=1),
        briefing_on=date(2026, 3, 6), enquiries_until=hk(2026, 3, 20, 17), closes_at=hk(2026, 4, 14, 17),
        decision_window=read("May 2026"),
    )  # fmt: skip
    lifecycle.amend(round, by=None, at=hk(2026, 3, 3), reason="Later.", decision_window=read("June 2026"))

    assert shown(client) == [
        ("2026-03-03", "decision_amended", "Expected decision moved from May 2026 to June 2026"),
        ("2026-03-01", "opens_amended", "Opening time moved from 1 March 2026, 09:00 to 2 March 2026, 09:00"),
        ("2026-03-01", "briefing_amended", "Briefing moved from 4 March 2026 to 6 March 2026"),
        ("2026-03-01", "enquiries_amended", "End of enquiries set to 20 March 2026, 17:00"),
        ("2026-03-01", "closes_amended", "Closing time moved from 31 March 2026, 12:00 noon to 14 April 2026, 17:00"),
        ("2026-03-01", "decision_amended", "Decision expected: May 2026"),
        ("2026-02-28", "round_published", "Tender published, closes 31 March 2026, 12:00 noon"),
    ]  # fmt: skip
    assert {row["reason"] for row in rows(client, kind="amendment")} == {"A second visit.", "Later."}
    closing = rows(client, kind="closes_amended")
    assert [(row["from"], row["to"], row["url"]) for row in closing] == [
        ("2026-03-31T12:00:00+08:00", "2026-04-14T17:00:00+08:00", "http://testserver/rounds/R-1/#amendments")
    ]
    assert rows(client, kind="round_published")[0]["source"] == "notice"


def test_enquiries_and_documents_are_told_once_they_are_published_and_those_that_wait_never(client):
    round = make_round("R-1")
    for number, at in enumerate([hk(2026, 3, 5, 9), None, NOW + timedelta(hours=1)], 1):
        Enquiry.objects.create(
            round=round, number=number, asked_on=date(2026, 3, 2), question="?", answer="!", published_at=at
        )
        Document.objects.create(
            round=round, title_en=f"Plan {number}", url="https://example.org/plan", published_at=at
        )

    assert shown(client)[:-1] == [
        ("2026-03-05", "enquiry_answered", "Enquiry 1 answered"),
        ("2026-03-05", "document_published", "Document published: Plan 1"),
    ]


def test_rounds_that_end_without_an_award_say_so_with_the_reason(client):
    lifecycle.cancel(make_round("R-1"), by=make_user(), at=hk(2026, 3, 9), reason="A water main.")
    closed = make_round("R-2")
    open_box(closed)
    lifecycle.declare_unsuccessful(closed, by=make_user(), at=AWARDED, reason="All too low.")

    found = {row["kind"]: (row["date"], row["round"], row["reason"]) for row in rows(client)}

    assert found["round_cancelled"] == ("2026-03-09", "R-1", "A water main.")
    assert found["round_unsuccessful"] == ("2026-04-10", "R-2", "All too low.")


# --- what came in, and what came of it --------------------------------------------------------------------------


def test_the_box_tells_how_many_counted_when_it_was_opened_and_nothing_before(client):
    round = make_round("R-1", sealed=True)
    make_proposal(round)
    late = make_proposal(round, received_at=CLOSES)
    lifecycle.withdraw(make_proposal(round), by=make_user(), at=hk(2026, 3, 31, 9), reason="Ours.")
    open_box(round, hk(2026, 4, 2, 10))
    admit(late, hk(2026, 4, 3, 10))

    assert shown(client)[:-1] == [
        ("2026-04-03", "late_admitted", "1 proposal that came late was admitted"),
        ("2026-04-02", "box_opened", "Box opened: 1 proposal"),
    ]
    assert rows(client)[0]["reason"] == "Our clock was slow."
    assert kinds(client, as_of="2026-04-01") == ["round_published"]


def test_an_admission_to_a_shut_box_is_told_from_the_opening_on(client):
    round = make_round("R-1", sealed=True)
    admit(make_proposal(round, received_at=CLOSES), hk(2026, 4, 1, 10))

    before = kinds(client)
    open_box(round, hk(2026, 4, 5, 10))

    assert before == ["round_published"]
    assert [(row["date"], row["kind"]) for row in rows(client)][:2] == [
        ("2026-04-05", "box_opened"),
        ("2026-04-05", "late_admitted"),
    ]
    assert kinds(client, as_of="2026-04-04") == ["round_published"]


def test_what_the_officers_counted_is_told_whatever_was_claimed(client):
    round = make_round("R-1")
    claim(27, date(2026, 4, 1), round=round, indicator="proposals_received", unit="proposals")
    open_box(round)

    assert [words for _day, kind, words in shown(client) if kind == "box_opened"] == [
        "Box opened: 0 proposals"
    ]


@pytest.mark.parametrize(
    ("rule", "words", "name"),
    [
        ("totals", "Lot 1 awarded", ""),
        ("names", "Lot 1 awarded to Winner Limited for HK$1,200,000", "Winner Limited"),
    ],
)
def test_an_award_tells_what_the_rule_of_its_round_tells(client, rule, words, name):
    round = make_round("R-1", disclosure=rule)
    plot = round.lots.get().plots.get()
    winner = make_proposal(round, proponent=make_organisation("Winner Limited"))
    open_box(round)
    give(round, winner)

    assert shown(client)[0] == ("2026-04-10", "awarded", words)
    row = rows(client)[0]
    assert (row["lot"], row["plot"], row["to"]) == ("1", plot.code, name)


def test_an_award_is_told_when_it_was_published_and_signed_and_lapsed_on_their_days_not_before(client):
    round = make_round("R-1")
    winner = make_proposal(round)
    open_box(round)
    award = give(round, winner, decided_on=date(2026, 4, 6))
    lifecycle.sign(award, by=None, signed_on=date(2026, 4, 8))  # known only once the award is
    lifecycle.lapse(award, by=None, lapsed_on=date(2026, 5, 2), reason="Not paid.")

    assert shown(client)[:3] == [
        ("2026-05-02", "award_lapsed", "Award of lot 1 lapsed"),
        ("2026-04-10", "awarded", "Lot 1 awarded, decided on 6 April 2026"),
        ("2026-04-10", "award_signed", "Agreement for lot 1 signed"),
    ]
    assert "award_lapsed" not in kinds(client, as_of="2026-05-01")
    assert kinds(client, as_of="2026-04-09", kind="award") == []


def test_losing_amounts_are_told_on_their_day_and_stand_in_no_change(client):
    round = make_round("R-1", disclosure="staged", disclosure_days=10)
    offers = [make_proposal(round) for _ in range(3)]
    for number, offer in enumerate(offers):
        ProposalLot.objects.filter(proposal=offer).update(premium_hkd=515151000 + number)
    open_box(round)
    give(round, offers[0])

    assert shown(client)[0] == ("2026-04-20", "amounts_published", "Losing amounts published, without names")
    assert "amounts_published" not in kinds(client, as_of="2026-04-19")
    assert b"515151" not in b"".join(client.get("/changes.csv", {"since": EVER}))


# --- figures ----------------------------------------------------------------------------------------------------


def test_a_new_claim_is_told_with_what_led_before_its_day(client):
    claim(12, date(2025, 9, 29), "a")
    claim(22, date(2025, 12, 31), "b", as_of_precision="month", qualifier="about")
    claim(22, date(2026, 1, 31), "c")

    assert shown(client) == [
        ("2026-01-31", "figure_reported", "Plots remaining: still 22 plots"),
        ("2025-12", "figure_reported", "Plots remaining: about 22 plots, before that 12 plots"),
        ("2025-09-29", "figure_reported", "Plots remaining: 12 plots"),
    ]
    assert [(row["from"], row["to"], row["source"]) for row in rows(client)][1] == (
        "12 plots",
        "about 22 plots",
        "b",
    )


def test_claims_of_one_day_do_not_follow_one_another(client):
    claim(12, date(2026, 1, 1), "a")
    claim(22, date(2026, 1, 1), "b")

    assert {row["from"] for row in rows(client)} == {""}


def test_a_claim_about_a_round_or_a_release_is_told_from_the_day_on_which_that_was_public(client):
    claim(3, date(2026, 1, 1), round=make_round("R-1"), indicator="plots_offered")
    claim(4, date(2026, 1, 1), release=make_release("first", said=[("2027", date(2026, 2, 3))]))

    assert [row["date"] for row in rows(client, kind="figure")] == ["2026-02-28", "2026-02-03"]
    assert kinds(client, kind="figure", as_of="2026-02-27") == ["figure_reported"]
    assert kinds(client, kind="figure", as_of="2026-02-02") == []
