from dataclasses import replace
from datetime import date, datetime

import pytest

from parks.windows import Precision, Window, read, slip_days
from portal.drawing.timeline import strip, timeline
from portal.drawing.timeline.labels import LANE, PHONE_LANE, width_of
from portal.drawing.timeline.scale import Scale
from portal.drawing.timeline.windows import extent
from portal.entries import Entry, Former, Kind, Place, Said, Status
from tests.factories import hk

TODAY = date(2026, 3, 12)
PARK, PHASE = Place("hsitp", "Park", 1), Place("1", "Phase 1", 1)


def release(*told, code="r", kind=Kind.RELEASE, verbatim=True, cancelled=False, **fields) -> Entry:
    """`told`: pairs of words and the day on which they were said."""
    said = tuple(Said(read(words, day), words, verbatim, day, "day", "Gazette", 3) for words, day in told)
    base = Entry(
        kind=kind, uid=f"{kind}-{code}", title="Plots", subject="Plots", action="", park=PARK, phase=PHASE, url="/",
        updated_at=hk(2026, 1, 1), sequence=0, status=Status.CANCELLED if cancelled else Status.TENTATIVE,
        window=said[-1].window, code=code, release=code, plots=3, said=said,
        slip_days=slip_days(said[0].window, said[-1].window), announced_on=said[-1].announced_on,
        cancelled_on=said[-1].announced_on if cancelled else None,
    )  # fmt: skip
    return replace(base, **fields)


def dated(kind: Kind, at: datetime, **fields) -> Entry:
    base = Entry(
        kind=kind, uid=f"round-{kind}", title="Tender", subject="Tender", action="Tender", park=PARK, phase=PHASE, url="/",
        updated_at=hk(2026, 1, 1), sequence=0, status=Status.CONFIRMED, instant=at, code="T-1", round="T-1", stage="open",
        lots=3, announced_on=date(2026, 2, 1),
    )  # fmt: skip
    return replace(base, **fields)


def row(*entries, year=2026, today=TODAY):
    drawn = timeline(entries, year, today)
    return drawn.parks[0].phases[0].rows[0]


def shapes(row, css):
    return [shape for shape in row.shapes if shape.css.split()[0] == css]


def span(shape):
    return float(shape.x[:-1]), float(shape.x[:-1]) + float(shape.width[:-1])


def words_in(row):
    return [shape.words for shape in row.shapes if shape.tag == "text"]


def test_days_lie_on_the_year_of_365_or_366():
    assert Scale(2026).start(date(2026, 1, 1)) == 0
    assert Scale(2026).end(date(2026, 12, 31)) == 100
    assert Scale(2028).start(date(2028, 3, 1)) == pytest.approx(60 / 366 * 100)
    assert Scale(2026).at(hk(2026, 1, 1, 12)) == pytest.approx(0.5 / 365 * 100)


def test_soft_edge_is_six_strokes_whose_thinnest_stands_on_the_limit():
    drawn = row(release(("Q2 2026", date(2026, 1, 5))))
    left, right = shapes(drawn, "engrave")[:6], shapes(drawn, "engrave")[6:]
    limits = Scale(2026).start(date(2026, 4, 1)), Scale(2026).end(date(2026, 6, 30))

    assert (len(left), len(right)) == (6, 6)
    assert span(left[0])[0] == pytest.approx(limits[0], abs=0.001)
    assert span(right[-1])[1] == pytest.approx(limits[1], abs=0.001)
    widths = [span(stroke)[1] - span(stroke)[0] for stroke in left]
    assert widths == sorted(widths)
    assert widths[0] / widths[-1] == pytest.approx(0.22 / 0.74, rel=0.01)
    assert shapes(drawn, "bar-post") == []


def test_soft_edge_reaches_eight_tenths_of_a_month_or_a_quarter_of_a_short_window():
    year = extent(read("2026"), None, Scale(2026))
    month = extent(read("May 2026"), None, Scale(2026))

    assert year.solid_from == pytest.approx(0.8 * 100 / 12)
    assert month.solid_from - month.start == pytest.approx(0.26 * (month.end - month.start))


def test_known_day_has_posts_and_no_strokes():
    drawn = row(release(("20 May 2026", date(2026, 1, 5))))

    assert (len(shapes(drawn, "bar-post")), shapes(drawn, "engrave")) == (2, [])


def test_by_is_soft_on_the_left_and_a_post_on_the_right():
    drawn = row(release(("by the end of 2026", date(2026, 8, 3))))
    where = extent(read("by the end of 2026"), date(2026, 8, 3), Scale(2026))

    assert (where.left, where.right, where.start) == ("soft", "hard", Scale(2026).start(date(2026, 8, 3)))
    assert (len(shapes(drawn, "engrave")), len(shapes(drawn, "bar-post"))) == (6, 1)


def test_from_is_solid_to_55_percent_and_fades_in_14_strokes_to_97():
    drawn = row(release(("from 2026", date(2025, 9, 1))))

    assert span(shapes(drawn, "bar")[0])[1] == pytest.approx(55, abs=0.001)
    assert len(shapes(drawn, "engrave")) == 6 + 14
    assert span(shapes(drawn, "engrave")[-1])[1] == pytest.approx(97, abs=0.001)
    assert len(shapes(drawn, "edge")) == 1


def test_undated_release_is_a_dotted_line_without_a_bar():
    drawn = row(release(("TBC", date(2026, 1, 5)), verbatim=False))

    assert (len(shapes(drawn, "dotted")), shapes(drawn, "bar"), drawn.is_bare) == (1, [], True)
    assert [note.words for note in drawn.notes] == ["not dated"]


def test_words_stand_on_a_long_bar_at_all_widths_after_its_soft_edge():
    drawn = row(release(("2026", date(2025, 12, 1))))
    [text] = shapes(drawn, "on-bar")

    assert (text.words, text.css, text.x) == ("“2026”", "on-bar", "6.667%")


def test_words_stand_beside_a_short_bar_right_or_left_and_on_the_label_of_a_phone():
    early = row(release(("May 2026", date(2026, 1, 5))))
    late = row(release(("October 2026", date(2026, 1, 5))))

    assert [text.anchor for text in shapes(early, "beside")] == ["start"]
    assert [text.anchor for text in shapes(late, "beside")] == ["end"]
    assert [(note.words, note.on) for note in early.notes] == [("“May 2026”", "phone")]


def test_slip_leaves_a_ghost_and_an_arrow_in_words():
    drawn = row(release(("Q1 2026", date(2025, 10, 1)), ("Q2 2026", date(2026, 2, 20))))
    [ghost] = shapes(drawn, "ghost")

    assert (span(ghost)[0], drawn.height) == (0, 72)
    assert {"slipped 3 months", "was “Q1 2026”", "“Q2 2026”"} == set(words_in(drawn))
    assert [shape.x2 for shape in shapes(drawn, "slip-line") if shape.tag == "line"] == ["24.658%"]


def test_narrower_window_is_a_ghost_without_an_arrow():
    drawn = row(release(("2026", date(2025, 10, 1)), ("Q2 2026", date(2026, 2, 20))))

    assert (len(shapes(drawn, "ghost")), shapes(drawn, "slip-line")) == (1, [])


def test_two_ghosts_at_most_oldest_first():
    told = [
        ("Q1 2026", date(2025, 9, 1)),
        ("Q2 2026", date(2025, 10, 1)),
        ("Q3 2026", date(2025, 11, 1)),
        ("Q4 2026", TODAY),
    ]
    drawn = row(release(*told))

    assert [span(ghost)[0] for ghost in shapes(drawn, "ghost")] == [0, pytest.approx(24.658)]
    assert (drawn.height, drawn.detail) == (92, "3 plots, announced 4 times")


def test_announcement_without_dates_is_said_in_the_label():
    drawn = row(release(("TBC", date(2025, 9, 29)), ("2026", date(2025, 12, 1))))

    assert (
        shapes(drawn, "ghost"),
        "first said 29 Sep 2025: 3 plots, not dated" in drawn.notes[-1].words,
    ) == ([], True)


def test_cancelled_release_keeps_its_place_as_an_empty_box():
    told = [("June 2026", date(2026, 1, 5)), ("June 2026", date(2026, 2, 20))]
    drawn = row(release(*told, cancelled=True))
    [text] = shapes(drawn, "beside")

    assert (len(shapes(drawn, "cancelled")), shapes(drawn, "bar")) == (2, [])
    assert (text.struck, text.words, drawn.is_struck) == ("“June 2026”", "cancelled 20 Feb", True)


@pytest.mark.parametrize(
    ("words", "year", "said"),
    [("2027", 2026, "“2027”"), ("by 2030", 2026, "“by 2030”"), ("from 2027", 2026, "“from 2027”")],
)
def test_window_after_the_year_is_an_arrow_at_its_end(words, year, said):
    drawn = row(release((words, date(2025, 12, 1))), year=year)

    assert (words_in(drawn), drawn.is_bare) == ([said], True)
    assert [note.words for note in drawn.notes] == [f"{said} ▸"]


def test_round_is_yellow_while_open_with_ring_tick_and_flags():
    closes = dated(
        Kind.CLOSES, hk(2026, 4, 30, 12), formers=(Former(hk(2026, 4, 16, 12), date(2026, 3, 9), 1),)
    )
    drawn = row(dated(Kind.OPENS, hk(2026, 3, 2, 9)), dated(Kind.ENQUIRIES, hk(2026, 3, 27, 17)), closes)

    assert [bar.css for bar in shapes(drawn, "round-bar")] == ["round-bar is-open"]
    assert [len(shapes(drawn, css)) for css in ("round-ring", "tick", "flag", "flag-former")] == [1, 1, 1, 1]
    assert "closes 30 Apr, noon (was 16 Apr)" in words_in(drawn)
    assert (drawn.detail, drawn.height) == ("T-1, 3 lots", 72)


def test_closed_round_is_grey_and_in_a_later_year_an_arrow_with_words():
    opens, closes = (
        dated(Kind.OPENS, hk(2025, 9, 24), stage="closed"),
        dated(Kind.CLOSES, hk(2025, 11, 6, 12), stage="closed"),
    )

    assert [bar.css for bar in shapes(row(opens, closes, year=2025), "round-bar")] == ["round-bar"]
    assert words_in(row(opens, closes)) == ["closed 6 Nov 2025, noon"]


def test_milestone_is_a_hollow_diamond_until_its_day_is_known():
    vague = row(release(("2026", date(2025, 12, 1)), kind=Kind.MILESTONE))
    known = row(release(("22 December 2026", date(2025, 12, 1)), kind=Kind.MILESTONE))

    assert [shape.css for shape in shapes(vague, "diamond")] == ["diamond"]
    assert [shape.css for shape in shapes(known, "diamond")] == ["diamond known"]


def test_today_is_a_line_and_a_flag_only_in_its_own_year():
    assert timeline([], 2026, TODAY).today.words == "today, 12 March"
    assert timeline([], 2026, TODAY, is_now=False).today.words == "as of 12 March"
    assert timeline([], 2025, TODAY).today is None
    assert "past" not in [shape.css for shape in timeline([], 2025, TODAY).grid]


def test_rows_stand_by_park_phase_and_first_day_with_the_whole_park_last():
    other = Place("other", "Other", 2)
    later, whole = (
        release(("Q3 2026", TODAY), code="later"),
        release(("2026", TODAY), code="whole", phase=None),
    )
    first, elsewhere = (
        release(("Q1 2026", TODAY), code="first"),
        release(("2026", TODAY), code="x", park=other),
    )

    drawn = timeline(
        [elsewhere, whole, later, first], 2026, TODAY, parks=[PARK, other, Place("z", "Empty park", 3)]
    )

    told = [
        (park.park.code, phase.name, [row.entries[0].code for row in phase.rows])
        for park in drawn.parks
        for phase in park.phases
    ]
    assert told == [
        ("hsitp", "Phase 1", ["first", "later"]), ("hsitp", "The whole park", ["whole"]), ("other", "Phase 1", ["x"]),
    ]  # fmt: skip
    assert drawn.rest == "Empty park"


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("words", ["gradually, as the land is ready", "推出餘下的地塊", "Q1"])
def test_no_two_labels_meet_at_the_narrowest_wide_lane(month, words):
    first = date(2026, month, 1)
    past = Said(
        Window(date(2025, 12, 1), date(2026, 1, 15), Precision.RANGE),
        words,
        True,
        date(2025, 6, 1),
        "day",
        "G",
    )
    now = Said(Window(first, first, Precision.DAY), words, True, date(2025, 7, 1), "day", "G")
    entry = replace(
        release(("2026", TODAY)),
        window=now.window,
        said=(past, now),
        slip_days=slip_days(past.window, now.window),
    )
    boxes = []
    for shape in row(entry).shapes:
        if shape.tag == "text":
            width = width_of(shape.words, 13 / 15 if "quiet" in shape.css or "slip" in shape.css else 1)
            left = float(shape.x[:-1]) / 100 * LANE + shape.dx - (width if shape.anchor == "end" else 0)
            boxes.append((left, left + width, shape.y - 12, shape.y + 4))

    assert all(left >= 0 and right <= LANE for left, right, _top, _bottom in boxes)
    assert not [
        (one, two)
        for number, one in enumerate(boxes)
        for two in boxes[number + 1 :]
        if one[0] < two[1] and two[0] < one[1] and one[2] < two[3] and two[2] < one[3]
    ]


def test_words_too_long_for_a_phone_stand_on_its_label_instead():
    words = "by and by, as soon as the land is ready"
    said = Said(read("2026"), words, True, date(2025, 12, 1), "day", "Gazette")
    drawn = row(replace(release(("2026", date(2025, 12, 1))), said=(said,)))

    assert width_of(f"“{words}”") > PHONE_LANE
    assert [text.css for text in shapes(drawn, "on-bar")] == ["on-bar only-wide"]
    assert [(note.words, note.on) for note in drawn.notes] == [(f"“{words}”", "phone")]


def test_strip_boxes_the_month_over_the_year_and_skips_what_is_not_in_it():
    first, last = date(2026, 5, 1), date(2026, 5, 31)
    drawn = strip(release(("2026", TODAY)), first, last, TODAY)

    assert drawn.shapes[-1].css == "box"
    assert strip(release(("Q3 2026", TODAY)), first, last, TODAY) is None
    assert strip(release(("by 2030", TODAY)), first, last, TODAY) is None
