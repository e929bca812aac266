"""The programme and a release's page: every announcement, and how far it moved, with no more claimed than is known."""

from datetime import date

import pytest

from parks.models import ReleasePlot
from parks.windows import read
from portal.words.slippage import slip
from tenders.models import Figure
from tests.factories import hk, make_park, make_phase, make_plot, make_release, make_round, make_source, say

pytestmark = pytest.mark.django_db

NOW = hk(2026, 6, 1, 10)
SAID = date(2026, 1, 5)
LIST_QUERIES = 20
PAGE_QUERIES = 18


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def remaining(phase, value, source, day=date(2026, 1, 31)):
    return Figure.objects.create(
        park=phase.park, phase=phase, indicator="plots_remaining", value=value, unit="plots", as_of=day,
        source=make_source(source, publisher_en=source.title()),
    )  # fmt: skip


def slipped(*words):
    """The slip of a release that was announced in these words, one after another."""
    release = make_release(said=[(said, date(2026, 1, day)) for day, said in enumerate(words, start=5)])
    return slip(list(release.revisions.in_order()))


# --- slips ------------------------------------------------------------------------------------------------------


def test_a_release_announced_once_has_not_moved():
    assert (slipped("2026").short, slipped("2026").full) == ("", "Announced once; it has not moved.")


def test_a_year_that_became_a_day_inside_it_did_not_slip():
    found = slipped("2026", "30 September 2026")

    assert (found.days, found.short) == (0, "")
    assert (
        found.full == "Not slipped: “30 September 2026” lies within “2026”, the date has only become clearer."
    )


def test_a_quarter_that_became_the_next_slipped_three_months():
    found = slipped("Q1 2026", "Q2 2026")

    assert (found.days, found.short, found.is_later) == (90, "3 months", True)
    assert found.full == "Slipped 3 months: from “first quarter of 2026” to “second quarter of 2026”."
    assert found.rule == "Neither is a day; counted from earliest day to earliest day."


def test_between_two_days_no_rule_of_counting_is_needed():
    found = slipped("1 March 2026", "11 March 2026")

    assert (found.days, found.short, found.rule) == (10, "10 days", "")


def test_two_slips_are_counted_as_steps():
    assert slipped("Q1 2026", "Q2 2026", "Q3 2026").short == "6 months in 2 steps"


def test_an_earlier_window_was_brought_forward_and_is_no_slip():
    found = slipped("Q3 2026", "Q1 2026")

    assert (found.days, found.short, found.is_later) == (-181, "6 months earlier", False)


@pytest.mark.parametrize(
    ("words", "full"),
    [
        (
            ("not dated", "2026"),
            "The first announcement had no date, so there is nothing that it could have slipped from.",
        ),
        (("2026", "not dated"), "It was dated once and is not any more; how far it moved cannot be said."),
        (("not dated", "not dated"), "Not dated so far."),
        (
            ("from 2027", "by the end of 2026"),
            "The first and the newest window have no limit in common; how far it moved cannot be said.",
        ),
        (("Q1 2026", "Q1 2026"), "Not slipped so far."),
        (("Q1 2026", "2026"), "The earliest day stands; the latest day moved by 9 months."),
    ],
)
def test_what_cannot_be_counted_is_said_so(words, full):
    found = slipped(*words)

    assert (found.short, found.full) == ("", full)


# --- the programme ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_release_list_asks_the_same_number_of_queries(client, django_assert_num_queries, number):
    for _ in range(number):
        make_round(release=make_release(said=[("Q1 2026", SAID), ("Q2 2026", date(2026, 2, 5))]))

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/releases/")


def test_a_line_says_the_days_the_words_the_slip_and_how_often(client):
    release = make_release("first", said=[("Q1 2026", SAID)])
    say(release, "Q2 2026", date(2026, 2, 5), verbatim=True, plot_count=3)

    page = text(client.get("/releases/"))

    assert "second quarter of 2026<small>“Q2 2026”</small>" in page
    assert "5 Jan 2026<small>Q1 2026</small>" in page
    assert '<a href="/releases/first/#slip" class="due">3 months</a></td>' in page
    assert '<a href="/releases/first/#announcements">2</a>' in page


def test_a_number_of_plots_that_another_source_contradicts_is_marked(client):
    phase = make_phase("1.2")
    make_release("remaining", park=phase.park, phase=phase, said=[("2026", SAID)], plot_count=22)
    remaining(phase, 22, "post")
    remaining(phase, 12, "times")

    lines = [line for _park, lines in client.get("/releases/").context["parks"] for line in lines]

    assert [(line.row.plots, line.other) for line in lines] == [(22, 12)]


def test_the_programme_stands_as_it_was_on_the_day_asked_for(client):
    release = make_release("first", said=[("Q1 2026", SAID)])
    say(release, "Q2 2026", date(2026, 2, 5))

    days = [
        [
            len(line.release.told)
            for _park, lines in client.get(f"/releases/?as_of={day}").context["parks"]
            for line in lines
        ]
        for day in ("2026-01-04", "2026-01-05", "2026-02-05")
    ]

    assert days == [[], [1], [2]]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?q=nothing-has-this", "No release fits."),
        ("?as_of=2020-01-01", "No release had been announced by this day."),
    ],
)
def test_an_empty_programme_says_why(client, query, words):
    make_release()

    assert words in text(client.get(f"/releases/{query}"))


# --- one release ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_release_page_asks_the_same_number_of_queries(client, django_assert_num_queries, number):
    phase = make_phase("1")
    release = make_release(
        "first", park=phase.park, phase=phase, said=[("2026", date(2026, 1, 5 + n)) for n in range(number)]
    )
    for _ in range(number):
        ReleasePlot.objects.create(release=release, plot=make_plot(phase=phase))
        make_round(release=release, phase=phase)

    with django_assert_num_queries(PAGE_QUERIES):
        client.get("/releases/first/")


def test_a_draft_is_the_same_404_as_a_release_that_never_was(client):
    make_release("r-draft", published=False)

    draft, never = client.get("/releases/r-draft/"), client.get("/releases/r-never/")

    assert (draft.status_code, never.status_code) == (404, 404)
    assert draft.content.replace(b"r-draft", b"r-never") == never.content


def test_a_release_is_a_404_before_the_day_of_its_first_announcement(client):
    make_release("first", said=[("2026", SAID)])

    assert [
        client.get(f"/releases/first/?as_of={day}").status_code for day in ("2026-01-04", "2026-01-05")
    ] == [404, 200]


def test_every_announcement_stays_the_first_at_the_top_with_what_it_changed(client):
    release = make_release("first", said=[("Q1 2026", SAID)])
    say(release, "Q2 2026", date(2026, 2, 5), reason="Site formation takes longer.", plot_count=3)
    say(release, "May 2026", date(2026, 3, 5), plot_count=4, source=make_source("post", publisher_en="Post"))
    say(release, "May 2026", date(2026, 3, 6), plot_count=4, source=make_source("post"), cancelled=True)

    tellings = client.get("/releases/first/").context["tellings"]

    assert [(t.revision.number, t.since_before, t.since_first, t.is_later) for t in tellings] == [
        (1, [], "", False),
        (2, ["90 days later", "3 plots, a number for the first time"], "", True),
        (3, ["clearer, inside the window said before", "4 plots instead of 3", "said by another publisher"], "120 days later", False),
        (4, ["the same window", "called off"], "120 days later", False),
    ]  # fmt: skip


def test_the_answer_quotes_and_says_what_it_comes_to(client):
    source = make_source("post", publisher_en="Post")
    release = make_release("first", said=[])
    say(release, read("gradually next year", date(2025, 12, 31)), date(2025, 12, 31), verbatim=True, source=source,
        announced_precision="month", plot_count=22)  # fmt: skip

    page = text(client.get("/releases/first/"))

    assert (
        "“gradually next year”, said in December 2025 by Post: 1 January 2026 to 31 December 2026, no day known"
        in page
    )


def test_a_cancelled_release_stays_and_is_struck(client):
    release = make_release("first", said=[("June 2026", SAID)])
    say(release, "June 2026", date(2026, 2, 20), cancelled=True)

    page = text(client.get("/releases/first/"))

    assert "<h1><s>Release</s></h1>" in page
    assert '<span class="tag is-cancelled">Cancelled</span>' in page
    assert "said on 20 February 2026 by Gazette" in page


def test_only_public_plots_and_rounds_of_it_show(client):
    phase = make_phase("1")
    release = make_release("first", park=phase.park, phase=phase)
    for code, published in [("SHOWN", True), ("HIDDEN", False)]:
        ReleasePlot.objects.create(release=release, plot=make_plot(f"P-{code}", phase, published=published))
        make_round(f"R-{code}", release=release, published=published)

    response = client.get("/releases/first/")

    assert [plot.code for plot in response.context["plots"]] == ["P-SHOWN"]
    assert [round.code for round in response.context["rounds"]] == ["R-SHOWN"]
    assert "HIDDEN" not in text(response)


def test_the_number_is_a_door_to_its_claims(client):
    phase = make_phase("1.2", make_park("hsitp"))
    make_release("remaining", park=phase.park, phase=phase, said=[("2026", SAID)], plot_count=22)
    remaining(phase, 22, "post")

    door = (
        '<a class="proof-figure" href="/figures/remaining-plots-announced/"'
        ' aria-label="22 (Plots announced, announced: proof)">22</a>'
    )
    assert door in text(client.get("/releases/remaining/"))
