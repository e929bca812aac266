import math
import re

import pytest

from portal.drawing.plotmap import WIDTH, Outline, draw

LONGITUDE, LATITUDE = 114.0, 22.5
METRE = 1 / 111_320


def outline(corners, code="S-01", **fields) -> Outline:
    """A polygon from corners in metres east and north of one place."""
    east = METRE / math.cos(math.radians(LATITUDE))
    ring = [[LONGITUDE + x * east, LATITUDE + y * METRE] for x, y in [*corners, corners[0]]]
    return Outline(code, fields.pop("state", "planned"), [ring], **fields)


def square(x, y, size=100, **fields) -> Outline:
    return outline([(x, y), (x + size, y), (x + size, y + size), (x, y + size)], **fields)


def points(drawn) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", drawn.d)]


def test_nothing_is_drawn_of_nothing():
    assert draw([]) is None


def test_a_square_on_the_ground_is_a_square_on_the_map():
    (drawn,) = draw([square(0, 0)]).plots
    xs, ys = zip(*points(drawn), strict=True)
    assert max(xs) - min(xs) == pytest.approx(max(ys) - min(ys), abs=0.3)


def test_north_is_up_and_east_is_right():
    south_west, north_east = draw([square(0, 0), square(300, 200)]).plots
    assert (north_east.x > south_west.x, north_east.y < south_west.y) == (True, True)


def test_every_outline_lies_within_the_sheet():
    sheet = draw([square(0, 0), square(700, 40), square(350, 900)])
    assert all(0 <= x <= WIDTH and 0 <= y <= sheet.height for plot in sheet.plots for x, y in points(plot))


def test_a_code_stands_inside_a_shape_that_bends_round_its_centre():
    bent = outline([(0, 0), (300, 0), (300, 60), (60, 60), (60, 300), (0, 300)])
    (drawn,) = draw([bent]).plots
    xs, ys = zip(*points(drawn), strict=True)
    scale = (max(xs) - min(xs)) / 300
    x, y = (drawn.x - min(xs)) / scale, (max(ys) - drawn.y) / scale
    assert (0 < x < 60 and 0 < y < 300) or (0 < x < 300 and 0 < y < 60)


def test_a_code_stands_beside_a_hole():
    ring = square(0, 0, 300).rings[0]
    hole = square(60, 60, 180).rings[0]
    (drawn,) = draw([Outline("S-01", "planned", [ring, hole])]).plots
    whole = points(drawn)[:4]
    left, right = min(x for x, _ in whole), max(x for x, _ in whole)
    top, bottom = min(y for _, y in whole), max(y for _, y in whole)
    across, down = (drawn.x - left) / (right - left), (drawn.y - top) / (bottom - top)
    assert not (0.2 < across < 0.8 and 0.2 < down < 0.8)


def test_a_code_that_does_not_fit_is_left_to_the_table():
    large, small = draw([square(0, 0, 900), square(1000, 0, 20)]).plots
    assert (large.code, small.code) == ("S-01", "")


def test_a_chosen_plot_is_the_middle_of_what_lies_around_it():
    sheet = draw([square(0, 0, is_chosen=True), square(110, 0), square(5000, 0)])
    neighbour, chosen = sheet.plots  # the chosen one is drawn last, its line is whole
    assert (chosen.x, chosen.is_chosen, neighbour.is_chosen) == (WIDTH / 2, True, False)


def test_grid_lines_are_a_round_number_of_metres_apart():
    sheet = draw([square(0, 0, 100), square(500, 0, 100)])
    (drawn, _) = sheet.plots
    xs = [x for x, _ in points(drawn)]
    unit = (max(xs) - min(xs)) / 100
    columns = [float(x) for x in re.findall(r"M([\d.]+) 0V", sheet.grid)]
    assert sheet.grid_metres in {100, 200}
    assert columns[1] - columns[0] == pytest.approx(sheet.grid_metres * unit, abs=0.5)
