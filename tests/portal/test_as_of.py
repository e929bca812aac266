"""A past day knows nothing of what came later: neither in what a page says nor in where its links lead."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from parks.models import Source
from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import Amendment, Figure, Lot, TenderRound
from tests.factories import (
    CLOSES,
    OPENS,
    hk,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
    say,
)
from tests.histories import clock
from tests.unguarded import unguarded

pytestmark = pytest.mark.django_db

NOW = hk(2026, 4, 15, 10)
LATER = date(2026, 3, 20)
BEFORE_LATER = "2026-03-19"


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def later() -> Source:
    """A source that came out after what it speaks of."""
    return make_source("review", publisher_en="The Review", title_en="Looking back", published=LATER)


def body(client, path: str, day: object = "") -> str:
    response = client.get(path, {"as_of": str(day)} if day else {})
    return b"".join(response).decode()


def rows(client, name: str, day: object = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(client, reverse(f"{name}-csv"), day).lstrip("\ufeff"))))


def claim(source: Source, **fields) -> Figure:
    fields = {
        "indicator": "plots_remaining",
        "value": 7,
        "unit": "plots",
        "as_of": date(2025, 12, 31),
    } | fields
    return Figure.objects.create(source=source, **fields)


# --- nobody could have read it -------------------------------------------------------------------------------------


def test_claim_is_public_only_once_its_source_is_out(client, later):
    claim(later, park=make_park())

    assert [[row["value"] for row in rows(client, "figures", day)] for day in (BEFORE_LATER, LATER)] == [[], ["7"]]  # fmt: skip
    assert ["The Review" in body(client, "/parks/hsitp/", day) for day in (BEFORE_LATER, LATER)] == [False, True]  # fmt: skip


def test_claimed_count_of_a_round_is_public_only_once_its_source_is_out(client, later):
    round = make_round("R-1", sealed=True)
    claim(later, round=round, indicator="proposals_received", value=27)

    told = [rows(client, "rounds", day)[0]["proposals"] for day in (BEFORE_LATER, LATER)]

    assert told == ["", "27"]


def test_claim_about_a_round_is_public_only_once_the_round_is(client):
    round = make_round("R-1")
    claim(make_source(), round=round, as_of=date(2026, 2, 1))
    published = round.published_at.date()

    told = [len(rows(client, "figures", day)) for day in (published - timedelta(days=1), published)]

    assert told == [0, 1]


def test_announcement_is_public_from_the_day_on_which_it_is_made_whoever_reports_it_later(client, later):
    release = make_release("first", said=[("2026", date(2026, 1, 5))])
    plot = make_plot("NT-1")
    plot.releases.add(release)
    say(release, "2026", date(2026, 3, 1), source=later, cancelled=True)

    told = [
        (rows(client, "releases", day)[0]["status"], rows(client, "plots", day)[0]["availability"])
        for day in (date(2026, 2, 28), date(2026, 3, 1))
    ]

    assert told == [("announced", "announced"), ("cancelled", "withdrawn")]


def test_source_of_land_round_and_lot_is_named_only_once_it_is_out(client, later):
    make_park(source=later)
    make_plot("NT-1", make_phase(), source=later)
    round = make_round("R-1", source=later)
    Lot.objects.filter(round=round).update(source=later)
    paths = ["/parks/hsitp/", "/parks/hsitp/plots/NT-1/", "/rounds/R-1/", "/rounds.csv", "/calendar.ics", "/calendar/"]  # fmt: skip

    told = {
        path: ["review" in body(client, path, day).lower() for day in (BEFORE_LATER, LATER)] for path in paths
    }

    assert list(told.values()) == [[False, True]] * len(paths), told


# --- when it last changed ------------------------------------------------------------------------------------------


def stamps(client, day: object = "") -> dict[str, str]:
    return {row["uid"].partition("@")[0]: row["updated_at"] for row in rows(client, "calendar", day)}


def test_stamp_of_a_date_is_that_of_the_last_change_by_the_day(client):
    with clock(hk(2026, 2, 28, 9)):
        round = make_round("R-1")
    with clock(hk(2026, 3, 20, 9)):
        lifecycle.amend(round, by=None, at=hk(2026, 3, 20, 9), reason="Rain", closes_at=CLOSES + timedelta(days=1))  # fmt: skip

    told = [stamps(client, day)["round-R-1-closes"] for day in (BEFORE_LATER, LATER, "")]

    assert told == ["2026-02-28T09:00:00+08:00", "2026-03-20T09:00:00+08:00", "2026-03-20T09:00:00+08:00"]


def test_stamp_of_an_award_tells_nothing_of_its_lapse_before_it_lapsed(client):
    round = make_round("R-1", disclosure="names")
    with clock(CLOSES - timedelta(days=1)):
        proposal = make_proposal(round)
    open_box(round)
    with clock(hk(2026, 4, 2, 12)):
        award = lifecycle.award(round, by=None, at=hk(2026, 4, 2, 12), choices=[AwardChoice(round.lots.get(), proposal, date(2026, 4, 2))])[0]  # fmt: skip
    with clock(hk(2026, 4, 10, 12)):
        lifecycle.lapse(award, by=None, lapsed_on=date(2026, 4, 10), reason="No money")

    told = [stamps(client, day)["round-R-1-award-1"] for day in ("2026-04-09", "2026-04-10")]

    assert told == ["2026-04-02T12:00:00+08:00", "2026-04-10T12:00:00+08:00"]


def test_stamp_of_what_was_entered_afterwards_is_the_day_of_its_last_act(client):
    make_release("first", said=[("2026", date(2026, 1, 5)), ("2027", date(2026, 3, 25))])
    round = make_round("R-1")

    told = stamps(client, "2026-03-20")

    assert (told["release-first"], told["round-R-1-opens"]) == (
        "2026-01-05T00:00:00+08:00", (OPENS - timedelta(days=1)).isoformat(),
    )  # fmt: skip
    assert round.updated_at == NOW


def test_stamp_of_a_plot_is_that_of_its_version_of_the_day_or_nothing(client):
    with clock(hk(2026, 3, 1, 9)):
        plot = make_plot("NT-1")
    with clock(hk(2026, 3, 20, 9)):
        plot.save()

    told = [rows(client, "plots", day)[0]["updated_at"] for day in ("2026-02-28", BEFORE_LATER, LATER)]

    assert told == ["", "2026-03-01T09:00:00+08:00", "2026-03-20T09:00:00+08:00"]


def test_last_change_of_a_day_knows_what_changed_by_then(client):
    with clock(hk(2026, 3, 1, 9)):
        plot = make_plot("NT-1")
    with clock(hk(2026, 3, 2, 9)):
        claim(make_source(), park=make_park(), as_of=date(2026, 3, 25))  # of which nothing is public before
    with clock(hk(2026, 3, 20, 9)):
        plot.save()

    told = [client.get("/data/", {"as_of": day}).context["last_change"] for day in (BEFORE_LATER, "2026-03-21")]  # fmt: skip

    assert told == [hk(2026, 3, 1, 9), hk(2026, 3, 20, 9)]


# --- sealed today --------------------------------------------------------------------------------------------------


def test_box_that_closes_later_after_all_is_not_public_on_a_day_in_between(client):
    """However the closing time was moved: the move came when it had passed, which the rules refuse."""
    round = make_round("R-1")
    make_proposal(round, received_at=hk(2026, 3, 30, 15))
    later = hk(2026, 4, 20, 12)
    Amendment.objects.create(
        round=round, number=1, published_at=hk(2026, 4, 10, 9), reason="Rain", closes_at_before=CLOSES, closes_at_after=later,
    )  # fmt: skip
    with unguarded("tenders_tenderround"):
        TenderRound.objects.filter(pk=round.pk).update(closes_at=later)

    told = [rows(client, "rounds", day)[0] for day in ("2026-04-05", "")]

    assert [(row["proposals"], row["proposals_basis"]) for row in told] == [("", "withheld")] * 2


# --- from page to page ---------------------------------------------------------------------------------------------

MAIN = re.compile(r'<main id="main".*</main>', re.DOTALL)
LINKS = re.compile(r'href="(/[^"]*)"')


def links(client, path: str, day: object = "") -> list[str]:
    found = MAIN.search(body(client, path, day))
    assert found is not None
    return LINKS.findall(found.group())


def a_world() -> list[str]:
    park, phase = make_park(), make_phase()
    plot = make_plot("NT-1", phase, sectors="bio")
    release = make_release("first", park=park, phase=phase, plot_count=4)
    plot.releases.add(release)
    round = make_round("R-1", phase=phase, release=release, disclosure="names")
    make_proposal(round)
    open_box(round)
    claim(make_source(), park=park, phase=phase)
    details = ["/parks/hsitp/", "/parks/hsitp/plots/NT-1/", "/releases/first/", "/rounds/R-1/"]
    lists = ["/", "/parks/", "/plots/", "/releases/", "/rounds/", "/figures/", "/data/"]
    return [*lists, *details, "/calendar/", "/calendar/?view=month", "/calendar/?view=agenda"]


@pytest.mark.parametrize("language", ["", "/zh-hant", "/zh-hans"])
def test_every_link_of_a_past_day_stays_in_it(client, language):
    paths = [f"{language}{path}" for path in a_world()]

    found = {path: links(client, path, "2026-04-05") for path in paths}

    assert [link for each in found.values() for link in each if "as_of=2026-04-05" not in link] == []
    assert f"{language}/rounds/R-1/?as_of=2026-04-05" in found[f"{language}/rounds/"]
    assert f"{language}/plots/?sector=bio&amp;as_of=2026-04-05" in found[f"{language}/parks/hsitp/plots/NT-1/"]  # fmt: skip


def test_links_of_today_name_no_day(client):
    found = [link for path in a_world() for link in links(client, path)]

    assert found != []
    assert [link for link in found if "as_of" in link] == []
