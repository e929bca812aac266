"""The figures page: every number once, every claim under it, every conflict in words."""

from datetime import date

import pytest

from portal.words.indicators import claim_words, indicator_name
from tenders.models import Figure
from tests.factories import (
    hk,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
)

pytestmark = pytest.mark.django_db

NOW = hk(2026, 6, 1, 10)
LIST_QUERIES = 18


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def claim(
    indicator, value, source="Post", day=date(2026, 1, 31), unit="plots", phase=None, published=None, **fields
):
    park = phase.park if phase else None
    publisher = make_source(source.lower().replace(" ", "-"), publisher_en=source, published=published or day)
    fields = {"park": park, "phase": phase} | fields
    return Figure.objects.create(
        indicator=indicator, value=value, unit=unit, as_of=day, source=publisher, **fields
    )


def numbers(response):
    return [number for group in response.context["groups"] for number in group.numbers]


@pytest.mark.parametrize("number", [1, 3])
def test_figure_list_asks_the_same_number_of_queries(client, django_assert_num_queries, number):
    make_release(plot_count=4)
    for count in range(number):
        make_proposal(make_round(phase=make_phase(str(count))))
        claim("plots_remaining", count + 1, f"Post {count}", phase=make_phase(str(count)))

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/figures/")


def test_a_number_stands_once_under_its_own_name_whoever_claims_it(client):
    phase = make_phase("1.2-3", make_park("hsitp"))
    claim("plots_remaining", 22, "Post", phase=phase)
    claim("plots_remaining", 12, "Times", date(2025, 9, 29), phase=phase)

    response = client.get("/figures/")

    assert [(n.id, [c.words for c in n.claims]) for n in numbers(response)] == [
        ("hsitp-1.2-3-plots-remaining", ["22 plots", "12 plots"])
    ]
    assert text(response).count('id="hsitp-1.2-3-plots-remaining"') == 1


def test_a_conflict_says_how_the_other_number_comes_about(client):
    phase = make_phase("1.2-3", make_park("hsitp"))
    claim("plots_remaining", 22, "Post", phase=phase)
    claim("plots_remaining", 12, "Times", date(2025, 9, 29), phase=phase)
    claim("plots_total", 22, "Herald", date(2025, 9, 24), phase=phase)
    claim("plots_offered", 10, "Post", phase=phase)

    found = {number.id: number for number in numbers(client.get("/figures/"))}["hsitp-1.2-3-plots-remaining"]

    assert found.conflicts == ["≠ 22 in all (Herald) − 10 offered = 12, as Times said"]
    assert [claim.standing for claim in found.claims] == ["headline", "conflict"]


def test_a_conflict_that_nobody_said_is_called_reckoned(client):
    phase = make_phase("1")
    claim("plots_remaining", 22, phase=phase)
    claim("plots_total", 22, "Herald", phase=phase)
    claim("plots_offered", 10, phase=phase)

    conflicts = [sentence for number in numbers(client.get("/figures/")) for sentence in number.conflicts]

    assert conflicts == ["≠ 22 in all (Herald) − 10 offered = 12, which no source says itself"]


def test_two_values_for_one_day_conflict_and_an_older_one_is_only_earlier(client):
    phase = make_phase("1")
    claim("plots_remaining", 4, "Gazette", phase=phase)
    claim("plots_remaining", 6, "Courier", published=date(2026, 2, 5), phase=phase)
    claim("plots_remaining", 4, "Herald", date(2026, 1, 15), phase=phase)
    claim("plots_remaining", 9, "Times", date(2025, 6, 30), phase=phase)

    (found,) = numbers(client.get("/figures/"))

    assert [(said.claim.source.publisher, said.standing) for said in found.claims] == [
        ("Gazette", "headline"), ("Courier", "conflict"), ("Herald", "agrees"), ("Times", "earlier"),
    ]  # fmt: skip
    assert found.conflicts == ["≠ 6 plots, says Courier"]


def test_figures_stand_under_their_park_and_those_of_none_last(client):
    claim("manufacturing_gdp", "82.2", unit="billion HKD")
    for slug, order in [("b", 2), ("a", 1)]:
        claim("buildings", 8, unit="buildings", phase=make_phase("1", make_park(slug, order=order)))

    groups = client.get("/figures/").context["groups"]

    assert [group.park.slug if group.park else None for group in groups] == ["a", "b", None]


def test_a_claim_whose_day_has_not_come_is_not_there(client):
    claim("plots_remaining", 12, "Times", date(2025, 9, 29), phase=make_phase("1"))
    claim("plots_remaining", 22, "Post", date(2026, 1, 31), phase=make_phase("1"))

    leads = [
        [n.lead.words for n in numbers(client.get(f"/figures/?as_of={day}"))]
        for day in ("2025-09-28", "2025-09-29", "2026-01-31")
    ]

    assert leads == [[], ["12 plots"], ["22 plots"]]


def test_a_filter_by_round_keeps_the_figures_of_the_round(client):
    round = make_round("R-1", lots=0)
    claim("proposals_received", 27, unit="proposals", round=round, park=round.park)
    claim("buildings", 8, unit="buildings", phase=make_phase("1"))

    assert [number.id for number in numbers(client.get("/figures/?round=R-1"))] == ["r-1-proposals-received"]


def test_figures_of_a_draft_are_not_there(client):
    claim("buildings", 8, unit="buildings", phase=make_phase("draft", published=False))

    assert "No figure was known by this day." in text(client.get("/figures/"))


def test_the_rule_that_picks_the_headline_is_named(client):
    assert "<b>Newest as-of date.</b>" in text(client.get("/figures/"))


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "words"),
    [
        (1400, "people", "about", "about 1,400 people"),
        (30, "buildings", "more than", "more than 30 buildings"),
        (22, "plots", "preliminary", "22 plots (preliminary)"),
        (1, "plots", "", "1 plot"),
        ("82.20", "billion HKD", "", "HK$82.2 billion"),
        (7, "percent a year", "more than", "more than 7% a year"),
        (9509455, "sq ft", "", "9,509,455 sq ft"),
        (3, "tonnes", "roughly", "3 tonnes, roughly"),
    ],
)
def test_a_claim_is_said_with_its_unit_and_its_reservation(value, unit, qualifier, words):
    figure = claim("anything", value, unit=unit, qualifier=qualifier)
    figure.refresh_from_db()

    assert claim_words(figure) == words


def test_an_indicator_that_nobody_translated_is_still_readable():
    assert (indicator_name("plots_remaining"), indicator_name("car_parking_spaces")) == (
        "Plots remaining",
        "Car parking spaces",
    )


def test_recorded_numbers_of_a_family_share_a_row_and_each_leads_to_its_proof(client):
    make_plot(phase=make_phase(), area_m2=100)

    (group,) = client.get("/figures/").context["groups"]

    whole, phase = group.phases
    assert (whole.phase, [row.name for row in phase.rows]) == (
        None,
        ["Plots", "Area of land", "Gross floor area"],
    )
    assert [(number.url, number.value, number.state) for number in phase.rows[1].numbers] == [
        ("/figures/hsitp-1-area/", "100 m²", "in all"),
        ("/figures/hsitp-1-area-offered/", "0 m²", "offered"),
        ("/figures/hsitp-1-area-remaining/", "100 m²", "remaining"),
        ("/figures/hsitp-1-area-awarded/", "0 m²", "awarded"),
    ]
