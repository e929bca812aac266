"""The table in docs/operations.md against the URLconf: no page without a row, no row without a page, every cell true."""

import itertools
import re
from pathlib import Path

import pytest

from tests.staff import doors

pytestmark = pytest.mark.django_db

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
HEAD = ["Pages", *[who.capitalize() for who in doors.WHO]]
WORDS = {doors.YES, doors.READS, doors.NO}


def table():
    """{route: {who: word}} of every row, `{a,b}` in a route written out."""
    section = OPERATIONS.read_text().split("## Who may what", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == HEAD
    found = {}
    for first, *words in cells[2:]:
        for route in itertools.chain.from_iterable(map(written_out, re.findall(r"`([^`]+)`", first))):
            assert route not in found, f"{route} has two rows"
            assert set(words) <= WORDS, f"{route}: {words}"
            found[route] = dict(zip(doors.WHO, words, strict=True))
    return found


def written_out(route):
    """`/admin/{a,b}/x` as both of its addresses."""
    parts = [part.split(",") for part in re.split(r"[{}]", route.removeprefix("/"))]
    return ["".join(chosen) for chosen in itertools.product(*parts)]


def test_every_page_has_a_row_and_every_row_a_page():
    pages, rows = {route for route, _name in doors.addresses()}, set(table())
    assert (pages - rows, rows - pages) == (set(), set())


@pytest.mark.parametrize("who", doors.WHO)
def test_every_cell_of_the_table_is_true(people, unrendered, who):
    client = doors.client_of(people.get(who))
    pages = [(route, name) for route, name in doors.addresses() if name not in doors.STEPS]

    found = {route: doors.outcome(client, route, name) for route, name in pages}

    assert found == {route: table()[route][who] for route, _name in pages}


@pytest.mark.parametrize("route", ["a/{b,c}/d", "a/b"])
def test_braces_are_written_out(route):
    assert written_out(route) == {"a/{b,c}/d": ["a/b/d", "a/c/d"], "a/b": ["a/b"]}[route]
