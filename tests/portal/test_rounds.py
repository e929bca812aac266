"""The list of rounds and a round's page: what they say, what they keep to themselves, and what they cost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import Document, Enquiry, Figure, Lot, ProposalLot
from tests.factories import (
    CLOSES,
    hk,
    make_lot,
    make_organisation,
    make_park,
    make_proposal,
    make_release,
    make_round,
    make_source,
    make_user,
    open_box,
)

pytestmark = pytest.mark.django_db

NOW = hk(2026, 6, 1, 10)
OPEN_DAY = "2026-03-20"
CLOSED_DAY = "2026-04-10"
LIST_QUERIES = 11
PAGE_QUERIES = 46


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def reported(round, value=27, source=None, indicator="proposals_received", unit="proposals"):
    return Figure.objects.create(
        park=round.park, phase=round.phase, round=round, indicator=indicator, value=value, unit=unit,
        as_of=date(2026, 4, 30), as_of_precision="month", source=source or make_source("post", publisher_en="Post"),
    )  # fmt: skip


def awarded(rule="names", more=(), losers=(("Zulu Limited", 123), ("Alpha Limited", 213)), **fields):
    round = make_round("R-1", disclosure=rule, **fields)
    offers = [("Winner Limited", 321), *losers, *more]
    proposals = [make_proposal(round, proponent=make_organisation(name)) for name, _ in offers]
    for proposal, (_, premium) in zip(proposals, offers, strict=True):
        ProposalLot.objects.filter(proposal=proposal).update(premium_hkd=premium)
    open_box(round)
    choice = AwardChoice(round.lots.first(), proposals[0], date(2026, 5, 4), premium_hkd=Decimal(321))
    lifecycle.award(round, by=make_user(), at=hk(2026, 5, 4, 12), choices=[choice])
    return round


# --- the list ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_round_list_asks_the_same_number_of_queries(client, django_assert_num_queries, number):
    for _ in range(number):
        make_proposal(make_round(lots=2))

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/rounds/")


def test_rounds_stand_under_their_parks_in_the_order_of_the_parks(client):
    for code, slug, order in [("R-B", "b", 2), ("R-A", "a", 1)]:
        make_round(code, park=make_park(slug, order=order), lots=0, plot_count=3)

    groups = client.get("/rounds/").context["parks"]

    assert [(park.slug, [line["round"].code for line in lines]) for park, lines in groups] == [
        ("a", ["R-A"]), ("b", ["R-B"]),
    ]  # fmt: skip


def test_the_count_of_expressions_of_interest_is_called_so(client):
    reported(make_round("R-EOI", kind="expression_of_interest"))

    assert "27</a><small>expressions of interest, as reported</small>" in text(client.get("/rounds/"))


def test_a_sealed_round_says_sealed_and_a_cancelled_one_never_opened(client):
    make_round("R-1", sealed=True)
    lifecycle.cancel(make_round("R-2", sealed=True), by=None, at=hk(2026, 3, 5), reason="A reason")

    page = text(client.get("/rounds/"))

    assert (page.count(">sealed<"), page.count(">never opened<")) == (1, 1)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?q=nothing-has-this", "No round fits."),
        ("?as_of=2020-01-01", "No round had been published by this day."),
    ],
)
def test_an_empty_list_says_why(client, query, words):
    make_round()

    assert words in text(client.get(f"/rounds/{query}"))


def test_a_stage_that_is_none_is_refused_in_words(client):
    assert client.get("/rounds/?stage=asleep").status_code == 400


# --- one round --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_round_page_asks_the_same_number_of_queries(client, django_assert_num_queries, number):
    round = make_round("R-1", lots=number, opens_at=hk(2026, 3, 1))
    for _ in range(number):
        make_proposal(round)
        reported(round, source=make_source(f"post-{_}"))
        Enquiry.objects.create(
            round=round,
            number=_ + 1,
            asked_on=date(2026, 3, 2),
            question="Why?",
            answer="So.",
            published_at=hk(2026, 3, 3),
        )

    with django_assert_num_queries(PAGE_QUERIES):
        client.get("/rounds/R-1/")


def test_a_draft_is_the_same_404_as_a_round_that_never_was(client):
    make_round("R-DRAFT", published=False)

    draft, never = client.get("/rounds/R-DRAFT/"), client.get("/rounds/R-NEVER/")

    assert (draft.status_code, never.status_code) == (404, 404)
    assert draft.content.replace(b"R-DRAFT", b"R-NEVER") == never.content


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("address", ["/rounds/", "/rounds/R-1/", "/zh-hant/rounds/R-1/"])
def test_before_the_closing_time_the_bytes_are_the_same_for_any_number_of_proposals(
    client, monkeypatch, sealed, address
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: CLOSES - timedelta(microseconds=1))
    round = make_round("R-1", lots=2, sealed=sealed)
    answers = [client.get(address)]
    for number in (1, 26):
        for _ in range(number):
            make_proposal(round, received_at=hk(2026, 3, 20, 9))
        answers.append(client.get(address))

    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


@pytest.mark.parametrize("number", [0, 27])
def test_a_sealed_round_tells_nothing_between_the_closing_time_and_the_opening(client, number):
    round = make_round("R-1", sealed=True)
    for _ in range(number):
        make_proposal(round)

    page = client.get("/rounds/R-1/")

    assert page.context["not_public"].startswith("Sealed.")
    assert page.context["proposals"] is None
    assert page.context["proposal_bars"] == []


def test_the_reserve_premium_shows_nowhere(client):
    round = make_round("R-1", lots=0, plot_count=1)
    make_lot(round, "1", minimum_premium_hkd=1_111_000, reserve_premium_hkd=9_876_000)
    open_box(round)

    page = text(client.get("/rounds/R-1/"))

    assert ("HK$1,111,000" in page, "9,876" in page, "9876" in page) == (True, False, False)


@pytest.mark.parametrize(
    ("day", "line"),
    [
        ("2026-02-28", "opens on 1 March 2026, 09:00; 1 day to go"),
        ("2026-03-20", "for tenders until 31 March 2026, 12:00 noon; 11 days to go"),
        ("2026-03-31", "since 31 March 2026, 12:00 noon"),
        ("2026-04-10", "since 31 March 2026, 12:00 noon; no outcome reported in the 10 days since"),
    ],
)
def test_the_line_under_the_title_says_where_the_round_stood(client, day, line):
    make_round("R-1")

    assert client.get(f"/rounds/R-1/?as_of={day}").context["stage_line"] == line


def test_on_its_last_day_an_open_round_closes_today(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: hk(2026, 3, 31, 11))
    make_round("R-1", kind="expression_of_interest")

    line = client.get("/rounds/R-1/").context["stage_line"]

    assert line == "for expressions of interest until 31 March 2026, 12:00 noon, that is today"


def test_a_reported_count_says_by_whom_and_that_nothing_is_recorded(client):
    reported(make_round("R-1", kind="expression_of_interest", lots=2))

    page = text(client.get("/rounds/R-1/"))

    assert '<b><a href="/figures/r-1-plots-offered/">proposals for 2 plots</a></b>' in page
    assert '<a class="proof-figure" href="/figures/r-1-proposals-received/" aria-label="27 ' in page
    assert "As reported by Post for April 2026. Nothing is recorded" in page
    number = '<a href="/figures/r-1-proposals-received/" aria-label="27 (Proposals received, as reported: proof)">27</a>'
    assert f"expressions of interest: {number} proposals are not {number} bids." in page
    assert page.count("not published</td>") == 2


def test_recorded_counts_are_each_named_for_what_they_count(client):
    round = make_round("R-1", lots=2)
    first, second = round.lots.all()
    company = make_organisation()
    make_proposal(round, lots=[first, second], proponent=company)
    make_proposal(round, lots=[first], proponent=company)

    response = client.get("/rounds/R-1/")
    page = text(response)

    assert '<b><a href="/figures/r-1-plots-offered/">proposals for 2 plots</a></b>' in page
    assert [response.context[name].text for name in ("proposals", "proponents", "per_plot")] == [
        "2",
        "1",
        "1.5",
    ]
    assert (
        'aria-label="1 (Proponents, recorded: proof)">1</a><small>lead organisations, each counted once</small>'
        in page
    )
    assert [(bar.text, bar.width) for bar in response.context["proposal_bars"]] == [
        ("2", "100%"),
        ("1", "50%"),
    ]


def test_the_bars_of_made_up_data_are_hatched_and_those_of_real_data_are_not(client):
    pages = []
    for code, slug in [("R-REAL", "real"), ("R-SAMPLE", "sample")]:
        round = make_round(code, park=make_park(slug), lots=2)
        Lot.objects.filter(round=round).update(max_gfa_m2=1000)
        pages.append(text(client.get(f"/rounds/{code}/")))

    assert [page.count('fill="url(#hatch)"') for page in pages] == [0, 2]


def test_a_plot_count_that_no_plot_bears_out_is_shown_as_said(client):
    round = make_round("R-1", lots=0, plot_count=10)
    for code, plots in [("1", 6), ("2", 4)]:
        Lot.objects.create(
            round=round, code=code, title_en=f"Package {code}", stated_plots=plots, max_gfa_m2=plots * 1000
        )

    offer = client.get("/rounds/R-1/").context["offer"]

    assert (offer.plots, offer.area, offer.buildings) == (10, Decimal(10000), None)
    assert offer.caption == "2 lots. No plot is named by any source."


def test_a_reported_count_says_how_many_of_them_are_recorded(client):
    round = make_round("R-1", kind="expression_of_interest", lots=2)
    reported(round)
    make_proposal(round)

    page = text(client.get("/rounds/R-1/"))

    assert "1 of them is recorded here so far." in page
    assert "Nothing is recorded" not in page


def test_an_amendment_shows_old_and_new_and_why_from_its_day_on(client):
    round = make_round("R-1")
    lifecycle.amend(
        round, by=None, at=hk(2026, 3, 9, 9), closes_at=hk(2026, 4, 14, 12), reason="A second site visit."
    )

    before, after = (text(client.get(f"/rounds/R-1/?as_of={day}")) for day in ("2026-03-08", "2026-03-09"))

    moved = "<s>31 March 2026, 12:00 noon</s> → 14 April 2026, 12:00 noon</p>"
    assert (moved in before, moved in after) == (False, True)
    assert ("A second site visit." in before, "A second site visit." in after) == (False, True)


def test_only_published_enquiries_and_documents_show(client):
    round = make_round("R-1")
    for number, day in enumerate([None, hk(2026, 3, 5), hk(2027, 3, 5)], start=1):
        words = {None: "UNPUBLISHED", hk(2026, 3, 5): "PUBLISHED"}.get(day, "TO COME")
        Enquiry.objects.create(
            round=round,
            number=number,
            asked_on=date(2026, 3, 2),
            question=f"{words}?",
            answer="So.",
            published_at=day,
        )
        Document.objects.create(
            round=round, title_en=f"{words} plan", url="https://example.org/plan", published_at=day
        )

    page = text(client.get("/rounds/R-1/"))

    assert ("PUBLISHED?" in page.replace("UNPUBLISHED", ""), "PUBLISHED plan" in page) == (True, True)
    assert ("UNPUBLISHED" in page, "TO COME" in page) == (False, False)


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ("totals", []),
        ("names", ["Winner Limited", "HK$321", "Alpha Limited", "Zulu Limited"]),
        ("full", ["Winner Limited", "HK$321", "Alpha Limited", "HK$213", "Zulu Limited", "HK$123"]),
    ],
)
def test_the_outcome_tells_what_the_disclosure_rule_allows(client, rule, shown):
    awarded(rule)

    page = text(client.get("/rounds/R-1/"))
    secrets = ["Winner Limited", "HK$321", "Alpha Limited", "HK$213", "Zulu Limited", "HK$123"]

    assert [secret for secret in secrets if secret in page] == shown


def test_staged_amounts_come_after_the_days_without_names_and_highest_first(client):
    awarded("staged", more=[("Mike Limited", 132)], disclosure_days=7)

    before, after = (text(client.get(f"/rounds/R-1/?as_of={day}")) for day in ("2026-05-10", "2026-05-11"))

    assert ("HK$213" in before, "without names, from 11 May 2026 on" in before) == (False, True)
    assert "<ul><li>HK$213</li><li>HK$132</li><li>HK$123</li></ul>" in after
    assert "<ul><li>Alpha Limited</li><li>Mike Limited</li><li>Zulu Limited</li></ul>" in after


def test_staged_amounts_that_would_tell_who_offered_them_are_said_to_stay_unpublished(client):
    awarded("staged", losers=[("Alpha Limited", 213)], disclosure_days=7)

    page = text(client.get("/rounds/R-1/?as_of=2026-05-11"))

    assert "not published<small>an amount would tell who offered it</small>" in page
    assert "HK$213" not in page


def test_a_call_off_gives_its_reason(client):
    lifecycle.cancel(make_round("R-1"), by=None, at=hk(2026, 3, 5), reason="A water main was found.")

    response = client.get("/rounds/R-1/")

    assert (response.context["stage_line"], "A water main was found." in text(response)) == (
        "on 5 March 2026",
        True,
    )


def test_what_was_to_come_when_the_round_was_called_off_is_struck(client):
    lifecycle.cancel(make_round("R-1"), by=None, at=hk(2026, 3, 5), reason="A reason")

    found = client.get("/rounds/R-1/").context["dates"]

    assert [(fact.term, fact.is_struck) for fact in found] == [("Opened", False), ("Closes", True)]


def test_a_round_and_the_one_that_offers_again_lead_to_each_other(client):
    first = make_round("R-1")
    make_round("R-2", reoffer_of=first, opens_at=hk(2026, 5, 1), closes_at=hk(2026, 7, 1))
    make_round("R-DRAFT", reoffer_of=first, published=False)

    older, newer = (text(client.get(f"/rounds/{code}/")) for code in ("R-1", "R-2"))

    assert ('href="/rounds/R-2/"' in older, "R-DRAFT" in older) == (True, False)
    assert 'href="/rounds/R-1/"' in newer


def test_a_release_is_linked_only_while_it_is_public(client):
    shown, hidden = make_release("shown"), make_release("hidden", published=False)
    for code, release in [("R-1", shown), ("R-2", hidden)]:
        make_round(code, release=release)

    pages = [client.get(f"/rounds/{code}/").context["release"] for code in ("R-1", "R-2")]

    assert pages == [shown, None]


def test_each_source_is_listed_with_what_it_said(client):
    round = make_round(
        "R-1", source=make_source("notice", publisher_en="Notice board", published=date(2026, 2, 1))
    )
    reported(round, source=make_source("post", publisher_en="Post", published=date(2026, 5, 1)))

    sayings = client.get("/rounds/R-1/").context["sayings"]

    assert [(saying.source.publisher, saying.facts) for saying in sayings] == [
        ("Notice board", ["the round and its dates"]), ("Post", ["Proposals received: 27 proposals"]),
    ]  # fmt: skip


def test_a_round_that_runs_into_another_year_is_drawn_in_both(client):
    make_round("R-1", opens_at=hk(2025, 12, 1), closes_at=hk(2026, 2, 1))

    assert [drawn.year for drawn in client.get("/rounds/R-1/").context["timelines"]] == [2025, 2026]


@pytest.mark.parametrize("prefix", ["", "/zh-hant", "/zh-hans"])
def test_the_title_stands_in_the_other_language_too(client, prefix):
    make_round("R-1", title_en="Tender for land", title_zh_hant="土地招標", title_zh_hans="土地招标")

    other = client.get(f"{prefix}/rounds/R-1/").context["other_title"]

    assert (other.text, other.tag) == (("土地招標", "zh-Hant") if not prefix else ("Tender for land", "en"))
