from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parks.windows import (
    Precision,
    UnreadableWindow,
    Window,
    from_limits,
    iso_day,
    narrows,
    read,
    read_iso_day,
    slip_days,
    speak,
)
from parks.windows.window import MONTHS_IN, months

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
LANGUAGES = st.sampled_from(["en", "zh-hant", "zh-hans"])


def _calendar_period(day: date, precision: Precision) -> Window:
    count = MONTHS_IN[precision]
    return Window(*months(day.year, (day.month - 1) // count * count + 1, count), precision)


def _third_of_year(day: date) -> Window:
    return Window(*months(day.year, (day.month - 1) // 4 * 4 + 1, 4), Precision.ABOUT)


def _whole_months(day: date, other: date, precision: Precision) -> Window:
    first, last = sorted([day, other])
    return Window(first.replace(day=1), months(last.year, last.month, 1)[1], precision)


def _days(day: date, other: date, precision: Precision) -> Window:
    return Window(*sorted([day, other]), precision)


NEAR = st.builds(
    lambda day, more: (day, min(day + timedelta(days=more), date(2100, 12, 31))), DAYS, st.integers(0, 400)
)
SPANS = st.sampled_from([Precision.ABOUT, Precision.RANGE])
WINDOWS = st.one_of(
    st.builds(lambda day: Window(day, day, Precision.DAY), DAYS),
    st.builds(_calendar_period, DAYS, st.sampled_from(list(MONTHS_IN))),
    st.builds(_third_of_year, DAYS),
    st.builds(_days, DAYS, DAYS, SPANS),
    st.builds(lambda near, precision: _days(*near, precision), NEAR, SPANS),
    st.builds(lambda near, precision: _whole_months(*near, precision), NEAR, SPANS),
    st.builds(lambda near: _days(*near, Precision.BY), NEAR),
    st.builds(lambda day: Window(None, day, Precision.BY), DAYS),
    st.builds(lambda day: Window(None, months(day.year, day.month, 1)[1], Precision.BY), DAYS),
    st.builds(lambda day: Window(day, None, Precision.FROM), DAYS),
    st.builds(lambda day: Window(day.replace(day=1), None, Precision.FROM), DAYS),
    st.just(Window(None, None, Precision.UNKNOWN)),
)


@given(WINDOWS, LANGUAGES)
def test_what_is_spoken_reads_back_to_the_same_limits(window, language):
    again = read(speak(window, language))
    assert (again.earliest, again.latest) == (window.earliest, window.latest)


@given(st.text(max_size=60), DAYS)
def test_any_text_reads_or_is_refused_in_words(text, said_on):
    with suppress(UnreadableWindow):
        assert read(text, said_on).text == text.strip()


@given(st.text(alphabet="0123456789-年月日至前起季第底q h", max_size=210), DAYS)
def test_text_made_of_the_tables_own_letters_never_breaks_the_reader(text, said_on):
    with suppress(UnreadableWindow):
        assert read(text, said_on).text == text.strip()


@given(WINDOWS)
def test_a_window_does_not_slip_from_itself(window):
    expected = None if window.precision is Precision.UNKNOWN else 0
    assert (slip_days(window, window), narrows(window, window)) == (expected, False)


@given(WINDOWS, WINDOWS)
def test_a_narrower_window_did_not_slip(first, now):
    assert not narrows(first, now) or slip_days(first, now) == 0


@given(st.none() | DAYS, st.none() | DAYS)
def test_any_ordered_limits_make_a_window(earliest, latest):
    if earliest and latest and earliest > latest:
        earliest, latest = latest, earliest
    window = from_limits(earliest, latest, "words")
    assert (window.earliest, window.latest, window.text) == (earliest, latest, "words")


@pytest.mark.parametrize("precision", ["day", "month", "year"])
@given(day=DAYS)
def test_iso_day_comes_back_as_the_last_day_of_what_is_known(precision, day):
    last, known = read_iso_day(iso_day(day, precision))
    assert (known, iso_day(last, precision), last >= day) == (precision, iso_day(day, precision), True)
