"""The page of the pipeline and its file: named and counted apart, what is not known never nought, each number a door."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from parks.models import ReleasePlot
from portal.drawing.steps import BASE, TALLEST, Claimed, Course, Layer, Stack, steps
from tenders import lifecycle
from tenders.models import Figure
from tests.factories import (
    OPENS,
    hk,
    make_lot,
    make_park,
    make_phase,
    make_plot,
    make_release,
    make_round,
    make_source,
)

pytestmark = pytest.mark.django_db

NOW = hk(2026, 4, 15, 10)
QUERIES = 18


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def shown(client, query="", path="/pipeline/") -> str:
    response = client.get(f"{path}{query}")
    assert response.status_code == 200, response.content
    return response.content.decode()


def rows(client, query="") -> list[dict[str, str]]:
    body = b"".join(client.get(f"/pipeline.csv{query}").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))


def facts() -> None:
    call_command("seed", verbosity=0, stdout=io.StringIO())


# --- what it says -----------------------------------------------------------------------------------------------


def test_the_facts_are_ten_and_twenty_two_counted_and_none_named_and_the_gap_is_said(client):
    facts()
    page = shown(client)

    assert "10 + 22 = 32 counted; 22 plots (preliminary) in all, says HK01: ≠ 10 more than in all" in page
    assert "32 announced, not named" in page
    assert text(page).count("nothing counted or named yet") == 2
    assert re.findall(r">0(?:\.0+)?(?: ha| m²)?<", page) == []


@pytest.mark.parametrize(
    ("day", "numbers"),
    [("2025-09-23", None), ("2025-09-28", "10 announced, not named"), ("2025-10-01", "22 announced, not named"), ("2025-12-30", "22 announced, not named"), ("2025-12-31", "32 announced, not named")],
)  # fmt: skip
def test_a_past_day_shows_what_was_counted_by_its_end(client, day, numbers):
    facts()
    page = text(shown(client, f"?as_of={day}"))

    assert set(re.findall(r"\d+ announced, not named", page)) == ({numbers} if numbers else set())


def test_land_of_which_nobody_says_the_area_is_counted_and_not_nought(client):
    facts()

    assert "32 announced, not named: area not known" in shown(client, "?measure=area")
    page = shown(client, "?measure=gfa")
    assert ("149,000 m² announced, not named" in page, "22 announced, not named: floor area not known" in page) == (
        True, True,
    )  # fmt: skip


def test_what_is_reported_of_a_whole_stands_beside_with_its_factor(client):
    facts()
    page = text(shown(client, "?phase=1.2-3"))

    assert "9,509,455 sq ft (preliminary) 883,457 88.35 × 0.09290304" in page
    assert "1,254,544 sq ft" not in page


def test_named_plots_have_their_area_and_a_link_to_the_list(client):
    for number, area in enumerate([None, Decimal(12000), Decimal(8500)]):
        make_plot(f"P-{number}", area_m2=area)
    page = shown(client)

    assert '<a href="/plots/?park=hsitp&amp;phase=1&amp;availability=planned">2.05</a>' in page
    assert "of 1 plot not known" in page


def test_a_phase_with_parts_adds_each_part_once(client):
    whole = make_phase("1")
    for code, count in [("1.1", 3), ("1.2", 4)]:
        make_release(phase=make_phase(code, part_of=whole), plot_count=count)
    Figure.objects.create(park=whole.park, phase=whole, indicator="plots_total", value=6, unit="plots",
                          as_of=date(2026, 2, 1), source=make_source())  # fmt: skip

    page = text(shown(client))

    assert [(row["phase"], row["state"], row["plots_counted"], row["gap_plots"]) for row in rows(client)] == [
        ("1", "gap", "", "1"), ("1.1", "announced", "3", ""), ("1.2", "announced", "4", ""),
    ]  # fmt: skip
    assert ("Phase 1 with its parts in all states – – – 7" in page, "3 + 4 = 7 counted; 6 plots in all" in page) == (
        True, True,
    )  # fmt: skip


def test_filters_keep_to_their_park_and_phase_and_a_draft_is_as_unknown_as_nothing(client):
    make_release(phase=make_phase("1"), plot_count=3)
    make_release(park=make_park("other"), phase=make_phase("9", make_park("other")), plot_count=5)
    make_phase("veiled", published=False)

    assert {row["park"] for row in rows(client, "?park=other")} == {"other"}
    assert {row["phase"] for row in rows(client, "?phase=1")} == {"1"}
    assert shown(client, "?phase=veiled").replace("veiled", "…") == shown(client, "?phase=nowhere").replace(
        "nowhere", "…"
    )


@pytest.mark.parametrize("query", ["measure=premium", "as_of=2999-01-01", "as_of=x"])
@pytest.mark.parametrize("path", ["/pipeline/", "/pipeline.csv"])
def test_what_cannot_be_read_is_a_400_that_names_it(client, path, query):
    response = client.get(f"{path}?{query}")

    assert (response.status_code, f"{query.split('=')[0]}:" in response.content.decode()) == (
        400, query != "as_of=x",
    )  # fmt: skip


def test_a_sealed_round_is_on_offer_and_tells_nothing_else(client, monkeypatch):
    round = make_round("R-1", sealed=True, lots=0, published=False)
    make_lot(round, plots=0, stated_plots=3)
    lifecycle.publish(round, by=None, at=OPENS)
    monkeypatch.setattr("django.utils.timezone.now", lambda: hk(2026, 3, 10))

    assert [(row["state"], row["plots_named"], row["plots_counted"]) for row in rows(client)] == [
        ("on_offer", "0", "3")
    ]


# --- the file ---------------------------------------------------------------------------------------------------


def test_the_file_has_each_day_of_a_change_and_what_a_state_lost(client):
    release = make_release("first", plot_count=3, said=[("2026", date(2026, 1, 5))], phase=make_phase())
    round = make_round(release=release, lots=0, published=False, phase=release.phase)
    make_lot(round, plots=0, stated_plots=3, max_gfa_m2=Decimal(9000))
    lifecycle.publish(round, by=None, at=hk(2026, 2, 1))

    found = [(row["date"], row["state"], row["plots_counted"], row["counted_gfa_m2"]) for row in rows(client)]

    assert found == [
        ("2026-01-05", "announced", "3", ""), ("2026-02-01", "announced", "3", "9000"),
        ("2026-03-01", "announced", "0", ""), ("2026-03-01", "on_offer", "3", "9000"),
        ("2026-03-31", "on_offer", "0", ""), ("2026-03-31", "under_evaluation", "3", "9000"),
    ]  # fmt: skip


def test_a_past_day_of_the_file_is_the_beginning_of_today_s(client):
    facts()
    everything = rows(client)

    assert rows(client, "?as_of=2025-10-01") == [row for row in everything if row["date"] < "2025-10-01"]


# --- the drawing ------------------------------------------------------------------------------------------------


def stack(day, *values, first=None):
    layers = tuple(Layer("is-x", None if value is None else Decimal(value)) for value in values)
    return Stack(day, first or day, layers)


def test_stacks_share_one_scale_and_what_has_no_number_stands_on_top_of_what_has():
    courses = [
        Course((stack(date(2026, 1, 1), 10), stack(date(2026, 3, 1), 10, 10, None))),
        Course((stack(None, 5),)),
    ]

    drawn = steps(courses, date(2026, 6, 1))

    bars = [[(shape.y, shape.height) for shape in lane if shape.tag == "rect"] for lane in drawn.lanes]
    half = TALLEST // 2
    assert bars == [
        [(BASE - half, half), (BASE - half, half), (BASE - 2 * half, half), (BASE - 2 * half - 16, 16)],
        [(BASE - round(TALLEST / 4), round(TALLEST / 4))],
    ]  # fmt: skip
    assert [shape.x for shape in drawn.lanes[1]] == ["0%"]


def test_a_step_whose_day_is_vague_is_engraved_over_all_that_it_may_be():
    grown = stack(date(2026, 3, 31), 20, first=date(2026, 3, 1))
    courses = [Course((stack(date(2026, 1, 1), 10), grown))]

    (lane,) = steps(courses, date(2026, 6, 1)).lanes

    strokes = [shape for shape in lane if shape.css == "engrave"]
    assert ({shape.y for shape in strokes}, {shape.height for shape in strokes}, len(strokes)) == (
        {BASE - TALLEST}, {TALLEST // 2}, 6,
    )  # fmt: skip


def test_a_claim_against_the_stack_is_a_broken_line_at_its_own_height():
    course = Course((stack(date(2026, 1, 1), 20),), Claimed(date(2026, 1, 1), Decimal(10), "10 in all"))

    (lane,) = steps([course], date(2026, 6, 1)).lanes

    assert [(shape.css, shape.y) for shape in lane if shape.css.startswith("claim")] == [
        ("claim-line", BASE - TALLEST // 2), ("claim-words", BASE - TALLEST // 2 - 6),
    ]  # fmt: skip


def test_days_across_leave_room_for_their_words_however_long_the_course():
    for years in (0, 1, 5, 30):
        drawn = steps([Course((stack(date(2026 - years, 1, 1), 1),))], date(2026, 6, 1))
        assert len(drawn.ticks) <= 5


# --- on other pages, and what it costs --------------------------------------------------------------------------


def test_a_park_s_page_has_its_own_balance_and_the_list_of_plots_leads_to_all(client):
    make_release(plot_count=3, phase=make_phase())

    page = shown(client, path="/parks/hsitp/")

    assert ("Where its plots stand" in page, '<a class="more" href="/pipeline/?park=hsitp">' in page) == (
        True,
        True,
    )
    assert '<a href="/pipeline/">' in shown(client, path="/plots/")


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_number_of_queries(client, django_assert_num_queries, number):
    for count in range(number):
        release = make_release(plot_count=5, phase=make_phase(str(count)))
        round = make_round(release=release)
        ReleasePlot.objects.create(release=release, plot=round.lots.get().plots.get())
        Figure.objects.create(park=round.park, phase=release.phase, indicator="plots_total", value=count + 9,
                              unit="plots", as_of=date(2026, 2, 1), source=make_source())  # fmt: skip
    with django_assert_num_queries(QUERIES):
        client.get("/pipeline/")
    with django_assert_num_queries(13):
        b"".join(client.get("/pipeline.csv").streaming_content)
