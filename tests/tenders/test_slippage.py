"""How a release went: how far it moved and between what, when it came, and how a park's releases kept together."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parks.models import Release
from parks.windows import Precision, Window, from_limits, narrows, read, slip_days
from tenders import lifecycle
from tenders.slippage import Course, Keeping, Outcome, Unsaid, courses, move
from tests.factories import OPENS, hk, make_release, make_round, say

SAID = date(2026, 1, 5)
LATER = hk(2026, 12, 1)
UNDATED = Window(None, None, Precision.UNKNOWN)


def course(release, at=LATER):
    (found,) = courses(Release.objects.public().as_of(at.date()).filter(pk=release.pk), at)
    return found


# --- two windows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "now", "slip", "least", "most"),
    [
        ("2026", "30 September 2026", 0, 0, 0),  # a year that becomes a day inside it did not slip
        ("2026", "2026", 0, 0, 0),
        ("from 2026", "Q3 2026", 0, 0, 0),
        ("1 March 2026", "11 March 2026", 10, 10, 10),  # between days there is nothing vague
        ("Q1 2026", "Q2 2026", 90, 1, 180),
        ("mid-2026", "Q3 2026", 61, -61, 152),  # they overlap: it may not have moved at all
        ("Q3 2026", "Q1 2026", -181, -272, -92),
        ("Q1 2026", "2026", 0, -89, 364),  # it only became vaguer: 0 by the rule, and nothing known
        ("Q1 2026", "from Q2 2026", 90, None, None),
        ("by the end of 2026", "by the end of 2027", 365, None, None),
    ],
)
def test_a_move_says_the_slip_and_between_what_it_may_lie(first, now, slip, least, most):
    found = move(read(first), read(now))

    assert (found.slip, found.least, found.most, found.unsaid) == (slip, least, most, None)


@pytest.mark.parametrize(
    ("first", "now", "why"),
    [
        ("not dated", "2026", Unsaid.FIRST_UNDATED),
        ("2026", "not dated", Unsaid.NO_LONGER_DATED),
        ("not dated", "not dated", Unsaid.NEVER_DATED),
        ("from 2027", "by the end of 2026", Unsaid.NOTHING_IN_COMMON),
    ],
)
def test_what_cannot_be_said_has_its_reason_and_no_number(first, now, why):
    found = move(read(first), read(now))

    assert (found.slip, found.least, found.most, found.unsaid) == (None, None, None, why)


@pytest.mark.parametrize(
    ("first", "now", "days"),
    [
        ("Q1 2026", "Q2 2026", (date(2026, 1, 1), date(2026, 4, 1))),
        ("by the end of 2026", "by the end of 2027", (date(2026, 12, 31), date(2027, 12, 31))),
        ("2026", "Q1 2026", None),  # inside
        ("Q2 2026", "2026", None),  # only vaguer: the rule says 0, whatever the earliest days are
        ("not dated", "2026", None),
    ],
)
def test_the_days_that_a_slip_is_counted_between_are_its_proof(first, now, days):
    assert move(read(first), read(now)).counted == days


days = st.dates(date(2025, 1, 1), date(2028, 12, 31))
limits = st.one_of(st.none(), days)


@st.composite
def windows(draw):
    earliest, latest = draw(limits), draw(limits)
    if earliest and latest and earliest > latest:
        earliest, latest = latest, earliest
    return from_limits(earliest, latest)


@settings(max_examples=25, deadline=None)
@given(windows(), windows())
def test_a_window_inside_the_first_never_slips_and_the_slip_lies_between_least_and_most(first, now):
    found = move(first, now)

    assert found.slip == slip_days(first, now)
    assert not narrows(first, now) or (found.slip, found.least, found.most) == (0, 0, 0)
    assert (found.slip is None) == (found.unsaid is not None)
    if found.least is not None and found.most is not None:
        assert found.least <= (found.slip or 0) <= found.most


# --- when it came -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "outcome", "days"),
    [
        ("March 2026", Outcome.INSIDE, None),
        ("1 March 2026", Outcome.INSIDE, None),
        ("by the end of 2026", Outcome.INSIDE, None),
        ("February 2026", Outcome.AFTER, 1),  # counted from the last day of the first window
        ("January 2026", Outcome.AFTER, 29),
        ("Q2 2026", Outcome.BEFORE, -31),
        ("from Q2 2026", Outcome.BEFORE, -31),
        ("from 2026", Outcome.UNMEASURED, None),
        ("not dated", Outcome.UNMEASURED, None),
    ],
)
def test_what_came_on_1_march_is_held_against_the_first_window(first, outcome, days):
    release = make_release(said=[(first, SAID), ("2026", date(2026, 1, 6))])
    make_round("R-1", release=release)

    found = course(release)

    assert (found.actual.day, found.actual.round.code) == (date(2026, 3, 1), "R-1")
    assert (found.outcome, found.days_off) == (outcome, days)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "outcome", "days"),
    [
        (hk(2026, 3, 31), Outcome.WAITING, None),
        (hk(2026, 4, 1), Outcome.OVERDUE, 1),
    ],
)
def test_what_has_not_come_waits_until_its_first_window_is_over(at, outcome, days):
    found = course(make_release(said=[("Q1 2026", SAID), ("Q4 2026", date(2026, 2, 1))]), at)

    assert (found.actual, found.outcome, found.days_off) == (None, outcome, days)


@pytest.mark.django_db
def test_what_is_called_off_is_settled_without_having_come():
    release = make_release(said=[("2027", SAID)])
    say(release, "2027", date(2026, 2, 1), cancelled=True)

    assert course(release).outcome == Outcome.CALLED_OFF


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{"kind": "expression_of_interest"}, {"kind": "prequalification"}, {"published": False}],
    ids=str,
)
def test_only_a_public_tender_or_direct_grant_makes_a_release_come(fields):
    release = make_release(said=[("2026", SAID)])
    make_round(release=release, **fields)

    assert course(release).actual is None


@pytest.mark.django_db
def test_a_release_comes_at_the_opening_of_its_first_round_that_is_not_called_off():
    release = make_release(said=[("2026", SAID)])
    first = make_round("R-1", release=release)
    make_round("R-2", release=release, opens_at=hk(2026, 5, 1), closes_at=hk(2026, 6, 1), kind="direct_grant")
    lifecycle.cancel(first, by=None, at=hk(2026, 3, 20), reason="Called off.")
    microsecond = timedelta(microseconds=1)

    came = [
        found.actual and found.actual.round.code
        for at in (OPENS - microsecond, OPENS, hk(2026, 3, 20), hk(2026, 5, 1))
        for found in [course(release, at)]
    ]

    assert came == [None, "R-1", None, "R-2"]


@pytest.mark.django_db
def test_a_day_before_a_revision_knows_nothing_of_it():
    release = make_release(said=[("Q1 2026", SAID), ("Q3 2026", date(2026, 6, 1))])

    found = [
        (len(c.told), c.move.slip) for at in (hk(2026, 5, 31), hk(2026, 6, 1)) for c in [course(release, at)]
    ]

    assert found == [(1, 0), (2, 181)]


# --- a park -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_courses_ask_once(django_assert_num_queries, number):
    for _ in range(number):
        make_round(release=make_release(said=[("2026", SAID)]))
    releases = list(Release.objects.public().as_of(LATER.date()))

    with django_assert_num_queries(1):
        assert len(courses(releases, LATER)) == number


@pytest.mark.django_db
def test_a_park_is_counted_by_what_is_settled_and_what_can_be_said():
    for said in (["2025"], ["Q1 2026", "Q2 2026"], ["Q1 2026", "Q3 2026"], ["not dated", "2027"], ["2027"]):
        make_release(said=[(words, SAID + timedelta(days=n)) for n, words in enumerate(said)])
    make_round(release=make_release(said=[("2026", SAID)]))
    say(make_release(said=[("2027", SAID)]), "2027", date(2026, 2, 1), cancelled=True)

    kept = Keeping(courses(Release.objects.public().as_of(LATER.date()), LATER))

    assert (kept.slips, kept.median, kept.once) == ([0, 0, 0, 90, 181], Decimal(0), 3)
    assert (kept.unsaid, kept.called_off) == ({Unsaid.FIRST_UNDATED: 1}, 1)
    assert (kept.inside, kept.settled) == (1, 5)
    assert (kept.outcomes[Outcome.OVERDUE], kept.outcomes[Outcome.WAITING]) == (3, 1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(windows(), min_size=1, max_size=3), max_size=6))
def test_the_median_is_the_middle_of_what_the_file_says(histories):
    kept = Keeping([_course(history) for history in histories])

    told = sorted(days for history in histories if (days := slip_days(history[0], history[-1])) is not None)
    middle = [told[(len(told) - 1) // 2], told[len(told) // 2]] if told else []
    assert kept.median == (Decimal(sum(middle)) / 2 if middle else None)


def _course(history):
    return Course(None, [_Said(window) for window in history], None, SAID)


class _Said:
    cancelled = False

    def __init__(self, window):
        self.window = window
