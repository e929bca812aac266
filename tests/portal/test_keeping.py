"""How parks have kept, and the proof of a slip: figures lead to their table, and claim nothing where nothing is known."""

from datetime import date

import pytest

from tests.factories import hk, make_park, make_release, make_round

pytestmark = pytest.mark.django_db
SAID = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: hk(2026, 6, 1, 10))


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_park_shows_its_median_and_its_share_with_the_counts_behind_them(client):
    make_round(release=make_release(said=[("Q1 2026", SAID), ("Q2 2026", date(2026, 2, 5))]))
    make_release(said=[("Q1 2026", SAID), ("1 March 2026", date(2026, 2, 5))])
    make_release(said=[("not dated", SAID)])

    (kept,) = client.get("/releases/").context["keeping"]
    page = text(client.get("/parks/hsitp/"))

    assert (kept.median, kept.share, kept.url) == ("45 days later", "1 of 2", "/parks/hsitp/#kept")
    assert [(part.count, part.words) for part in kept.share_of] == [
        (1, "came inside it"), (1, "not inside: not come, and it is over"),
        (1, "left out: it is not dated or has no last day"),
    ]  # fmt: skip
    assert '<a href="#kept-releases" class="due">45 days later</a>' in page
    assert '<a href="#kept-releases">1 of 2</a>' in page


def test_of_nothing_there_is_no_figure(client):
    make_release(said=[("not dated", SAID)])

    (kept,) = client.get("/releases/").context["keeping"]

    assert (kept.median, kept.share) == ("", "")
    assert text(client.get("/parks/hsitp/")).count("nothing to measure yet") == 2


def test_a_past_day_knows_neither_a_later_slip_nor_a_later_coming(client):
    make_round(release=make_release("first", said=[("Q1 2026", SAID), ("Q2 2026", date(2026, 2, 5))]))

    kept = [
        [
            (kept.median, kept.share, kept.url)
            for kept in client.get(f"/releases/?as_of={day}").context["keeping"]
        ]
        for day in ("2026-01-04", "2026-02-04", "2026-03-01")
    ]

    assert kept == [
        [],
        [("0 days", "", "/parks/hsitp/?as_of=2026-02-04#kept")],
        [("90 days later", "1 of 1", "/parks/hsitp/?as_of=2026-03-01#kept")],
    ]


def test_a_draft_release_counts_in_no_figure(client):
    make_release(said=[("Q1 2026", SAID)], published=False)
    make_release(said=[("Q1 2026", SAID)], park=make_park("hidden", published=False))

    assert client.get("/releases/").context["keeping"] == []


def test_the_proof_subtracts_day_from_day(client):
    make_round(release=make_release("first", said=[("January 2026", SAID), ("Q2 2026", date(2026, 2, 5))]))

    response = client.get("/releases/first/")

    assert [(step.start, step.end, step.days) for step in response.context["proof"]] == [
        (date(2026, 1, 1), date(2026, 4, 1), "90 days later"),
        (date(2026, 1, 31), date(2026, 4, 1), "60 days later"),
        (date(2026, 1, 1), date(2026, 6, 30), "180 days later"),
        (date(2026, 1, 31), date(2026, 3, 1), "29 days later"),
    ]
    assert '<a href="#slip" class="due">3 months</a>' in text(response)
    assert '<a href="#slip">60 to 180 days later fit both windows</a>' in text(response)
    assert [row.name for row in response.context["drawing"].rows] == [
        "5 January 2026",
        "5 February 2026",
        "Actual",
    ]
