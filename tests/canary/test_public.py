"""A canary: of odd words and numbers in drafts, proposals and what waits, no public address tells any before its day.

What may be told, by state and rule, stands in tokens.py (may_name, may_tell_amount). Take out any guard and this fails:
`make canary-mutations` takes out each.
"""

from datetime import date

import pytest
from django.db import connection

from tests.canary import tokens, walk, world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the longest walks, made on SQLite"),
]


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.NOW)


@pytest.fixture
def _world(_clock):
    world.make_world()


@pytest.mark.usefixtures("_world")
def test_every_address_in_every_language_tells_no_secret_and_answers_as_if_there_were_none():
    assert (
        walk.names_of(walk.everything_once()) == walk.EVERY_NAME
    )  # a new kind of page joins the sitemap, or this fails
    assert walk.leaks(walk.everything_once) == []


@pytest.mark.usefixtures("_world")
def test_every_filter_and_sort_tells_no_secret_and_answers_as_if_there_were_none():
    assert walk.leaks(walk.lists) == []


@pytest.mark.usefixtures("_world")
def test_every_view_and_day_tells_no_secret_and_answers_as_if_there_were_none():
    assert walk.leaks(walk.dates) == []


def test_walk_knows_every_filter():
    assert set(walk.READ_BY.values()) == walk.every_filter_set()


# --- and it can find them --------------------------------------------------------------------------------------


NAMED = {"win", "lose", "won for"}
DISCLOSED = {
    "R-10": set(),
    "R-11": NAMED,
    "R-12": NAMED,
    "R-13": NAMED | {"lost with"},
    "R-14": NAMED | {"lost with"},
    "R-15": NAMED,
}


@pytest.mark.usefixtures("_world")
def test_what_a_rule_discloses_is_really_there():
    """Else its absence elsewhere would prove nothing."""
    assert {given.code: disclosed_of(given) for given in world.AWARDS} == DISCLOSED


def disclosed_of(given: world.Given) -> set[str]:
    page = walk.ask(f"/rounds/{given.code}/")[2].decode().replace(",", "")
    marks = {
        "win": world.word(given.number, world.WIN),
        "lose": world.word(given.number, world.LOSE),
        "won for": str(world.amount(world.PREMIUM, given.number, world.WIN)),
        "lost with": str(world.amount(world.PREMIUM, given.number, world.LOSE, 2)),
    }
    return {name for name, mark in marks.items() if mark in page}


@pytest.mark.parametrize("said", [
    "Qzx04win", "qzx00NEVERreason", "龘13撤", "515113000", "515,110,000.00", "HK$515.11 million", "5.15 億", "51515萬",
    "515 110 000".replace(" ", "\u202f"), "737300500", "61.09%", "Qzx13late 0 Limited", "&#40856;13&#36978;", "Qzx13win",
])  # fmt: skip
def test_a_token_is_found_however_it_is_written(said):
    """On the day before the award even the winner is one."""
    assert tokens.told("/rounds/?as_of=2026-05-03", (200, {}, said.encode())) != []


@pytest.mark.parametrize(
    ("day", "told"), [("2026-05-03", 2), ("2026-05-04", 1), ("2026-05-13", 1), ("2026-05-14", 0)]
)
def test_a_staged_amount_is_told_from_its_day_on(day, told):
    body = b"Qzx13win 515113101"

    assert len(tokens.told(f"/rounds/R-13/?as_of={day}", (200, {}, body))) == told
    assert tokens.day_of("/rounds/") == date(2026, 6, 15)
