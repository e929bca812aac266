from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.html import strip_tags

from parks.models import Release
from parks.windows import read
from portal.asof import moment_of
from portal.calendar import entries
from portal.sheets.overview import overview, phase_rows, window_phrase
from portal.views.home import next_dates, open_rounds
from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tests.factories import (
    hk,
    make_lot,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    open_box,
    say,
)

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.fixture
def facts():
    call_command("seed", verbosity=0)


@pytest.mark.usefixtures("facts")
def test_headline_says_27_proposals_for_10_plots_and_22_to_come_against_12(client):
    said = words(client.get("/"))

    assert (
        "27as reported proposals for 10as reported by two sources plots. 22≠ conflict: another source implies 12"
        in said
    )
    assert "more to come in 2026." in said
    assert "27 proposals are not 27 bids." in said
    assert "6 offered Package 1" in said
    assert "4 offered Package 2" in said
    assert "12 to come both sources agree" in said
    assert "≠ 10 more only one of them says so" in said


@pytest.mark.usefixtures("facts")
def test_every_number_of_the_headline_is_a_link_to_its_claims(client):
    page = client.get("/").content.decode()

    for figure in (
        "hsitp-eoi-2025-proposals-received",
        "hsitp-eoi-2025-plots-offered",
        "hsitp-1.2-3-plots-remaining",
    ):
        assert f'href="{reverse("figure", args=[figure])}"' in page


@pytest.mark.usefixtures("facts")
def test_on_a_past_day_it_says_what_was_known_by_then(client):
    october = words(client.get("/?as_of=2025-10-01"))
    december = words(client.get("/?as_of=2025-12-31"))
    spring = words(client.get("/?as_of=2025-01-01"))

    assert "10as reported plots put to the market. 12as reported more to come." in october
    assert "27" not in october.split("Next dates")[0]
    assert "22≠ conflict: another source implies 12 more to come in 2026." in december
    assert "Nothing was on the market by then" in spring


@pytest.mark.parametrize("bad", ["2999-01-01", "yesterday", "2025-13-01", "20251231", "0001-01-01"])
def test_a_day_that_cannot_be_is_refused_in_words(client, bad):
    response = client.get("/", {"as_of": bad})

    assert response.status_code == 400
    assert "as_of" in words(response)


def test_an_empty_product_says_so_and_where_to_go(client):
    said = words(client.get("/"))

    assert "Nothing was on the market by then" in said
    assert "Nothing is dated from here on." in said


def test_records_and_claims_are_never_added_up(client):
    call_command("seed", verbosity=0)
    round = make_round(park=make_park("hsitp"), phase=make_phase("1.2-3"))
    make_proposal(round)

    page = words(client.get("/"))

    assert "28" not in page.split("Programme")[1].split("Sample")[0].split("Every figure")[0]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("2026", "in 2026"),
        ("2026-05-20", "on 20 May 2026"),
        ("Q3 2026", "in the third quarter of 2026"),
        ("from 2027", "from 2027"),
        ("by end of 2026", "by the end of 2026"),
        ("TBC", ""),
    ],
)
def test_a_window_ends_a_sentence_by_its_precision(text, phrase):
    assert window_phrase(read(text, date(2026, 1, 1))) == phrase


def test_plots_count_where_they_are_public_or_only_stated():
    phase = make_phase("1")
    release = make_release("next", phase=phase)
    release.plots.add(make_plot(phase=phase), make_plot(phase=phase, published=False))
    round = make_round(lots=0, phase=phase, plot_count=3)
    lot = make_lot(round, plots=0, stated_plots=3)
    proposal = make_proposal(round)
    open_box(round)
    choice = AwardChoice(lot, proposal, date(2026, 4, 1))
    award = lifecycle.award(round, by=None, at=hk(2026, 4, 1, 9), choices=[choice])[0]
    lifecycle.lapse(award, by=None, lapsed_on=date(2026, 6, 1), reason="Not paid.")

    def row(day):
        return phase_rows(overview(moment_of(day, hk(2026, 7, 1))))[0][1][0]

    before, after = row("2026-05-31"), row("2026-06-01")
    assert (before.to_come.value, before.awarded.value, before.awarded.mark) == (1, 3, "announced")
    assert (after.awarded.value, after.awarded.mark) == (0, "recorded so far")


def test_on_a_past_day_a_later_amendment_is_not_known():
    round = make_round()
    lifecycle.amend(
        round, by=None, at=hk(2026, 3, 20), reason="The road is late.", closes_at=hk(2026, 4, 30, 12)
    )

    def amendment(day):
        return open_rounds(overview(moment_of(day, hk(2026, 4, 1))))["amendment"]

    assert (amendment("2026-03-19"), amendment("2026-03-20")) == (None, round.amendments.get())


def test_real_rounds_and_dates_come_before_those_of_the_sample():
    for number in range(7):
        make_round(f"SAMPLE-{number}", park=make_park("sample"), opens_at=None, closes_at=hk(2026, 3, 10))
    make_round("REAL", opens_at=None, closes_at=hk(2026, 3, 31, 12))
    asked = moment_of("", hk(2026, 3, 1))

    assert open_rounds(overview(asked))["open_rounds"][0].code == "REAL"
    dates = [entry.round for entry in next_dates(entries(asked.at, asked.day), asked)]
    assert dates == [*(f"SAMPLE-{number}" for number in range(5)), "REAL"]


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_the_same_number_of_times_for_one_and_three_rounds(client, rows, django_assert_num_queries):
    for _ in range(rows):
        make_proposal(make_round(phase=make_phase()))

    with django_assert_num_queries(23):
        client.get("/")


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize(("path", "unit"), [("/zh-hant/", "份建議書"), ("/zh-hans/", "份建议书")])
def test_headline_stands_in_chinese(client, path, unit):
    said = words(client.get(path)).split("HSITP")[0]

    assert ("27" in said, "10" in said, "22" in said, unit in said) == (True, True, True, True)


@pytest.mark.usefixtures("facts")
def test_one_source_s_year_is_not_put_to_another_s_count(client):
    release = Release.objects.get(code="hsitp-remaining")
    say(release, "2027", date(2026, 2, 1), plot_count=20)

    said = words(client.get("/"))

    assert "implies 12 more to come." in said
    assert "in 2027" not in said
