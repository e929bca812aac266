"""The strip of a plot's life: how long it is, and where its marks and words stand."""

from datetime import date

import pytest

from portal.drawing.lifelane import GLYPHS, Mark, life_lane
from portal.sheets.biography import Deed
from tests.factories import hk


def mark(day, deed="announced", **fields):
    return Mark(deed, day, f"{deed} {day}", deed, **fields)


@pytest.mark.parametrize(
    ("first", "today", "names", "years"),
    [
        (date(2026, 1, 31), date(2026, 1, 31), ["Jan", "Feb", "Mar", "Apr", "May", "Jun"], ["2026"]),
        (date(2025, 11, 3), date(2026, 4, 2), ["Nov", "Dec", "Jan", "Feb", "Mar", "Apr"], ["2025", "2026"]),
        (date(2024, 2, 1), date(2025, 8, 9), ["Apr", "Jul", "Oct", "Jan", "Apr", "Jul"], ["2024", "2025"]),
        (date(2019, 1, 1), date(2023, 1, 1), [""] * 5, ["2019", "2020", "2021", "2022", "2023"]),
    ],
)
def test_axis_counts_months_then_quarters_then_years(first, today, names, years):
    ticks = life_lane([mark(first)], today, is_now=True).ticks
    assert [tick.name for tick in ticks] == names
    assert [tick.year for tick in ticks if tick.year] == years


def test_marks_stand_in_the_order_of_their_days_inside_the_lane():
    days = [date(2026, 1, 1), date(2026, 3, 15), date(2027, 2, 28)]
    lane = life_lane([mark(day) for day in days], date(2026, 6, 1), is_now=True)
    places = [float(shape.x.rstrip("%")) for shape in lane.shapes if shape.tag == "glyph"]
    assert (places == sorted(set(places)), places[0] > 0, places[-1] < 100) == (True, True, True)


def test_what_is_still_to_come_is_dotted():
    lane = life_lane([mark(date(2026, 1, 1)), mark(date(2026, 12, 1))], date(2026, 6, 1), is_now=True)
    assert [shape.css for shape in lane.shapes if shape.tag == "line"] == ["life-line", "dotted"]


@pytest.mark.parametrize(
    ("today", "css"), [(date(2026, 3, 31), "round-bar is-open"), (date(2026, 4, 1), "round-bar")]
)
def test_a_round_is_a_bar_from_opening_to_closing(today, css):
    opens = mark(date(2026, 3, 1), "opens", instant=hk(2026, 3, 1, 9), group="R-1")
    closes = mark(date(2026, 3, 31), "closes", instant=hk(2026, 3, 31, 12), group="R-1", is_due=True)
    lane = life_lane([opens, closes], today, is_now=True)
    assert [shape.css for shape in lane.shapes if shape.tag == "rect"] == [css]
    assert [shape.css for shape in lane.shapes if shape.css == "flag"] == ["flag"]


def test_a_closing_time_that_never_came_has_a_struck_box_and_no_flag():
    opens = mark(date(2026, 3, 1), "opens", group="R-1")
    closes = mark(date(2026, 3, 31), "closes", group="R-1", is_struck=True)
    shapes = life_lane([opens, closes], date(2026, 3, 9), is_now=True).shapes
    assert [shape.css for shape in shapes if shape.css in {"cancelled", "flag"}] == ["cancelled", "cancelled"]


def test_everything_that_can_happen_has_its_mark():
    assert set(Deed) - set(GLYPHS) == {"opens", "closes", "revised"}


def test_words_that_have_no_room_are_left_to_the_table():
    marks = [mark(date(2026, 1, 5)) for _ in range(9)]
    words = [
        shape for shape in life_lane(marks, date(2026, 6, 30), is_now=True).shapes if shape.tag == "text"
    ]
    assert (len(words), len({(shape.x, shape.y, shape.dx) for shape in words})) == (3, 3)
