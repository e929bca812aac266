"""The page of one number: who says so, what is recorded, what stands against it, how it went."""

from datetime import date
from urllib.parse import urlsplit

import pytest

from portal.drawing.steps import Mark, steps_chart
from tenders.models import Figure
from tests.factories import (
    hk,
    make_lot,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
)

pytestmark = pytest.mark.django_db

NOW = hk(2026, 6, 1, 10)
PAGE = "/figures/hsitp-1-plots-remaining/"
# Fifteen of the ledger, one of the title block, and eight for each day of the course.
ONE_DAY, THREE_DAYS = 16 + 8, 16 + 3 * 8


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def claim(indicator, value, day, publisher, **fields):
    phase = None if "release" in fields else make_phase()
    fields = {"phase": phase, "park": phase and phase.park, "unit": "plots"} | fields
    source = make_source(publisher.lower(), publisher_en=publisher, published=day)
    return Figure.objects.create(indicator=indicator, value=value, as_of=day, source=source, **fields)


def reported():
    claim("plots_remaining", 22, date(2025, 12, 31), "Post", as_of_precision="month")
    claim("plots_remaining", 12, date(2025, 9, 29), "Times")
    claim("plots_total", 22, date(2025, 9, 24), "Herald")
    claim("plots_offered", 10, date(2025, 9, 25), "Times25")


def proof(client, address=PAGE):
    return client.get(address).context["proof"]


def told(response):
    return response.status_code, dict(response.items()), response.content


# --- what stands there --------------------------------------------------------------------------------------


def test_the_conflict_is_two_equations_and_each_number_of_another_name_is_a_door(client):
    reported()

    shown = proof(client)

    assert [
        (side.title, [(entry.sign, entry.value, entry.label, entry.url) for entry in side.entries])
        for side in shown.conflicts[0].sides
    ] == [
        ("If 22 remain", [
            ("", "22", "remain", ""),
            ("+", "10", "offered", "/figures/hsitp-1-plots-offered/"),
            ("=", "32", "in all, said by nobody", ""),
        ]),
        ("If there are 22 in all", [
            ("", "22", "in all (Herald)", "/figures/hsitp-1-plots-total/"),
            ("−", "10", "offered", "/figures/hsitp-1-plots-offered/"),
            ("=", "12", "remain (Times)", ""),
        ]),
    ]  # fmt: skip
    assert (shown.giant, shown.says, shown.against) == (
        "22", "as reported for December 2025.", ["≠ Another source implies 12."],
    )  # fmt: skip


def test_claims_of_other_numbers_stand_beside_its_own_with_what_follows_from_them(client):
    reported()

    assert [(line.words, line.so, line.how, line.about, line.standing) for line in proof(client).claims] == [
        ("22 plots", "22", "", "", "headline"),
        ("12 plots", "12", "", "", "conflict"),
        ("10 plots", "12", "22 − 10", "Plots offered", "bears"),
        ("22 plots", "12", "22 − 10", "Plots in all", "conflict"),
    ]


def test_the_course_says_day_by_day_what_led_and_each_day_leads_to_the_page_of_that_day(client):
    reported()

    steps = proof(client).steps

    assert [(step.day_words, step.value, step.who, step.basis) for step in steps] == [
        ("25 Sep 2025", "", "nobody in so many words", "implied"),
        ("29 Sep 2025", "12 plots", "Times", "as reported"),
        ("Dec 2025", "22 plots", "Post", "as reported"),
    ]
    assert [proof(client, f"{PAGE}?as_of={step.day}").giant for step in steps] == ["12", "12", "22"]
    assert proof(client, f"{PAGE}?as_of=2025-09-25").says.startswith("implied by what else was said")
    assert client.get(f"{PAGE}?as_of=2025-09-23").status_code == 404


def test_two_values_of_one_day_are_each_said_by_its_source(client):
    claim("buildings", 8, date(2026, 1, 31), "Post", unit="buildings")
    claim("buildings", 9, date(2026, 1, 31), "Times", unit="buildings")

    (conflict,) = proof(client, "/figures/hsitp-1-buildings/").conflicts

    assert conflict.words == "Both speak of the same days, and one number has one value on one day."
    assert {side.title for side in conflict.sides} == {"If Post is right", "If Times is right"}


def test_releases_that_announce_too_much_together_are_added_up(client):
    claim("plots_total", 22, date(2026, 1, 31), "Herald")
    for code, count in (("ten", 10), ("rest", 22)):
        make_release(code, plot_count=count, phase=make_phase(), title_en=code.capitalize())

    (conflict,) = proof(client, "/figures/hsitp-1-plots-total/").conflicts

    assert [(entry.sign, entry.value) for entry in conflict.sides[0].entries] in (
        [("", "10"), ("+", "22"), ("=", "32")],
        [("", "22"), ("+", "10"), ("=", "32")],
    )


# --- records ------------------------------------------------------------------------------------------------


def test_parts_overlap_where_a_proposal_asks_for_two_lots_and_it_is_said(client):
    round = make_round("R-1", lots=2)
    make_proposal(round)
    make_proposal(round, lots=[round.lots.first()])

    records = proof(client, "/figures/r-1-proposals-received/").evidence

    assert [(part.name, part.value) for part in records.parts] == [
        ("Lot 1", "2 proposals"),
        ("Lot 2", "1 proposal"),
    ]
    assert records.overlap == (
        "One proposal can ask for several lots, so the lots add up to 3; the proposals are 2."
    )
    assert records.total == ""


def test_what_is_counted_and_not_named_is_said_and_what_has_no_area_is_no_nought(client):
    make_plot(phase=make_phase(), area_m2=100)
    make_plot(phase=make_phase())

    shown = proof(client, "/figures/hsitp-1-area/")

    assert (shown.giant, shown.evidence.gap) == ("100 m²", "1 plot has no area on record.")
    assert shown.evidence.parts[0].url == "/plots/?park=hsitp&phase=1&availability=planned"


def test_a_round_that_is_not_public_yet_is_a_part_without_a_number(client):
    make_proposal(make_round("R-1", phase=make_phase()))
    make_round("R-2", phase=make_phase(), sealed=True, closes_at=hk(2026, 7, 1, 12))

    records = proof(client, "/figures/hsitp-1-proposals-received/").evidence

    assert [(part.value, part.why_not) for part in records.parts] == [
        ("1 proposal", ""),
        ("", "not public yet"),
    ]
    assert records.gap == "1 round is not public yet."


# --- what may not be known ----------------------------------------------------------------------------------


def test_the_page_of_a_sealed_number_is_the_same_whatever_came_in(client):
    round = make_round("R-1", sealed=True, closes_at=hk(2026, 7, 1, 12), phase=make_phase())
    address = "/figures/r-1-proposals-received/"
    empty = told(client.get(address))

    for count in (1, 26):
        for _ in range(count):
            make_proposal(round)
        assert told(client.get(address)) == empty

    assert b"sealed" in empty[2]
    assert (
        proof(client, address).says
        == "until two officers open the box, after the closing time, 1 Jul 2026, noon."
    )


def test_a_past_day_before_the_opening_is_sealed_still(client):
    round = make_round("R-1", sealed=True)
    make_proposal(round)
    open_box(round, hk(2026, 4, 2, 9))

    shown = [proof(client, f"/figures/r-1-proposals-received/?as_of=2026-04-0{day}").giant for day in (1, 2)]

    assert shown == ["sealed", "1"]


def test_a_draft_is_the_404_of_what_never_was(client):
    claim("plots_total", 5, date(2026, 1, 31), "Post", phase=make_phase("draft", published=False))
    make_lot(make_round("draft-1", lots=0, published=False))

    answers = {
        client.get(f"/figures/{name}/").content.decode().replace(name, "X")
        for name in ("hsitp-draft-plots-total", "draft-1-lots-offered", "nothing")
    }

    assert len(answers) == 1
    assert client.get("/figures/hsitp-draft-plots-total/").status_code == 404


# --- names, files, queries ----------------------------------------------------------------------------------


def test_two_numbers_of_one_name_lead_to_each_other(client):
    claim("plots_total", 22, date(2026, 1, 31), "Herald")
    claim("plots_total", 3, date(2026, 1, 31), "Post", release=make_release("hsitp-1"))
    address = "/figures/hsitp-1-plots-total/"

    shown = proof(client, address)

    assert (shown.giant, [sibling.url for sibling in shown.siblings]) == ("22", [f"{address}?of=release"])
    assert proof(client, f"{address}?of=release").giant == "3"
    assert [client.get(f"{address}?of={name}").status_code for name in ("round", "x")] == [404, 400]


def test_its_file_holds_its_claims_alone(client):
    reported()

    (file,) = client.get(PAGE).context["sheet"]["files"]
    rows = b"".join(client.get(file["url"]).streaming_content).decode().splitlines()[1:]

    assert urlsplit(file["url"]).query == "figure=hsitp-1-plots-remaining"
    assert {row.split(",")[0] for row in rows} == {"hsitp-1-plots-remaining"}
    assert len(rows) == 2


@pytest.mark.parametrize(("claims", "queries"), [(1, ONE_DAY), (3, THREE_DAYS)])
def test_the_page_asks_eight_times_for_each_day_of_the_course(
    client, django_assert_num_queries, claims, queries
):
    make_proposal(make_round("R-1", phase=make_phase("2")))
    make_release(plot_count=4, phase=make_phase("2"))
    for count in range(claims):
        claim("plots_remaining", 9 + count, date(2026, 1, 6 + count), f"Post{count}")

    with django_assert_num_queries(queries):
        client.get(PAGE)


# --- the drawing --------------------------------------------------------------------------------------------


def test_a_month_is_engraved_what_lost_is_broken_and_what_is_implied_is_a_ring():
    marks = [
        Mark(date(2025, 9, 24), date(2025, 9, 24), None, "", 12.0, "12", ("12 implied",), is_implied=True),
        Mark(date(2025, 9, 29), date(2025, 9, 29), 12.0, "12", None, "", ("12, Times",)),
        Mark(date(2025, 12, 31), date(2025, 12, 1), 22.0, "22", 12.0, "12", ("22, Post",)),
    ]

    shapes = steps_chart(marks, date(2026, 3, 12)).shapes

    count = {
        css: sum(shape.css == css for shape in shapes)
        for css in ("engrave", "chart-lost", "chart-ring", "chart-line")
    }
    assert count == {"engrave": 10, "chart-lost": 1, "chart-ring": 1, "chart-line": 2}
    assert [shape.words for shape in shapes if shape.css.startswith("chart-end")] == ["22", "12"]
