from datetime import date

import pytest

from parks.windows import (
    Precision,
    UnreadableDay,
    UnreadableWindow,
    Window,
    WindowError,
    from_limits,
    iso_day,
    narrows,
    overlaps,
    read,
    read_iso_day,
    slip_days,
    speak,
    speak_day,
)

SAID = date(2025, 12, 10)

READABLE = {
    ("2026-05-20", "2026-05-20", "day"): "2026-05-20|20 May 2026|May 20, 2026|2026年5月20日"
    "|二〇二六年五月二十日|2026 年 5 月 20 日",
    ("2026-05-01", "2026-05-31", "month"): "2026-05|May 2026|in MAY  2026|2026年5月|２０２６年５月",
    ("2025-12-01", "2025-12-31", "month"): "this month|本月",
    ("2026-01-01", "2026-01-31", "month"): "next month|下月|下個月",
    ("2026-07-01", "2026-09-30", "quarter"): "Q3 2026|2026Q3|2026-Q3|third quarter of 2026"
    "|the 3rd quarter of 2026"
    "|2026年第三季|2026年第三季度|2026年第3季|Q3 next year|明年第三季",
    ("2027-01-01", "2027-06-30", "half"): "H1 2027|2027H1|first half of 2027|2027年上半年",
    ("2026-07-01", "2026-12-31", "half"): "second half of next year|2026年下半年|明年下半年",
    ("2026-01-01", "2026-12-31", "year"): "2026|in 2026|next year|gradually next year|2026年|明年"
    "|明年陸續推出|明年陆续|二零二六年",
    ("2025-01-01", "2025-12-31", "year"): "this year|今年|年內|within this year",
    ("2026-01-01", "2026-04-30", "about"): "early 2026|early next year|beginning of 2026|2026年初|明年初",
    ("2027-05-01", "2027-08-31", "about"): "mid 2027|mid-2027|middle of 2027|2027年中|2027年年中",
    ("2026-09-01", "2026-12-31", "about"): "late 2026|end of 2026|the end of 2026|2026年底|明年底",
    ("2026-05-21", "2026-05-31", "about"): "late May 2026|2026年5月下旬",
    ("2026-03-01", "2026-05-31", "about"): "about March to May 2026|約2026年3月至5月|2026年3月至5月左右",
    ("2026-03-01", "2026-05-31", "range"): "March to May 2026|March–May 2026|2026-03 to 2026-05"
    "|2026-03 - 2026-05"
    "|between March and May 2026|from March until May 2026|2026年3月至5月|2026年3月到5月",
    ("2026-11-01", "2027-02-28", "range"): "Nov 2026 to Feb 2027|2026年11月至2027年2月",
    ("2025-09-27", "2025-12-31", "range"): "27 September to 31 December 2025|2025年9月27日至12月31日",
    ("2026-05-03", "2026-05-20", "range"): "3 — 20 May 2026|2026年5月3日至20日",
    (None, "2026-12-31", "by"): "by end of 2026|by the end of 2026|by 2026|before end of 2026"
    "|before 2027|by 31 December 2026"
    "|2026年底前|明年底前|by the end of next year",
    (None, "2025-12-31", "by"): "by the end of this year|年底前|by year-end",
    (None, "2030-12-31", "by"): "by 2030|2030年前",
    (None, "2026-05-31", "by"): "by May 2026|before the end of May 2026|2026年5月前|2026年5月底前",
    (None, "2026-04-30", "by"): "before May 2026|by early 2026",
    (None, "2026-05-20", "by"): "by 2026-05-20|no later than 20 May 2026|2026年5月20日或之前",
    ("2027-01-01", None, "from"): "from 2027|2027 onwards|from 2027 on|after 2026|2027年起|由2027年起",
    ("2026-01-01", None, "from"): "from 2026 on|明年起|from next year",
    ("2026-05-01", None, "from"): "from May 2026|2026年5月起",
    (None, None, "unknown"): "TBC|TBA|to be confirmed|not dated|Unknown|待定|未定|未有日期",
}  # fmt: skip  # one line is one meaning


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [(text, *meaning) for meaning, texts in READABLE.items() for text in texts.split("|")],
)
def test_words_mean_these_limits(text, earliest, latest, precision):
    assert read(f" {text} ", SAID) == Window(_day(earliest), _day(latest), Precision(precision), text)


@pytest.mark.parametrize(
    "text",
    [
        *["", "soon", "03/04/2026", "20-05-2026", "5/2026", "May", "5月", "2026-02-30", "30 February 2026"],
        *["2026-13", "Q5 2026", "2026年第五季", "1989", "2101", "before 1990", "after 2100", "2026\x00"],
        *["2026\u200b", "٢٠٢٦", "2026 to 2025", "November to February 2027", "by TBC", "by by 2026", "=2026"],
    ],
)
def test_unclear_words_are_refused_with_examples(text):
    with pytest.raises(
        UnreadableWindow, match=r"cannot be read as a time\. What can, for example: 20 May 2026, "
    ):
        read(text, SAID)


def test_refusal_names_the_text_and_shows_what_cannot_be_seen():
    with pytest.raises(UnreadableWindow) as refusal:
        read("so\x00on")
    assert str(refusal.value).startswith("“so\ufffdon” cannot be read as a time.")


@pytest.mark.parametrize(
    "text", ["next year", "this month", "Q1 next year", "明年", "年底前", "下月", "by year-end"]
)
def test_relative_words_need_the_day_they_were_said(text):
    with pytest.raises(UnreadableWindow) as refusal:
        read(text)
    assert str(refusal.value) == f"“{text}” counts from the day it was said, and that day is not given."


def test_long_text_is_refused_by_its_length():
    with pytest.raises(UnreadableWindow, match="has 10240 characters; 200 are the most"):
        read("a" * 10240)


def test_next_month_in_december_is_in_the_next_year():
    assert read("next quarter", SAID).earliest == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("earliest", "latest", "precision"),
    [
        ("2026-05-02", "2026-05-01", "range"),
        ("2026-05-01", "2026-05-02", "day"),
        ("2026-05-01", "2026-05-30", "month"),
        ("2026-02-01", "2026-04-30", "quarter"),
        ("2026-04-01", "2026-09-30", "half"),
        ("2026-01-01", "2027-12-31", "year"),
        ("2026-01-01", None, "by"),
        (None, "2026-01-01", "from"),
        ("2026-01-01", "2026-01-02", "from"),
        ("2026-01-01", None, "unknown"),
        ("2026-01-01", None, "about"),
        (None, None, "range"),
    ],
)
def test_window_that_cannot_be_is_refused(earliest, latest, precision):
    with pytest.raises(WindowError):
        Window(_day(earliest), _day(latest), Precision(precision))


@pytest.mark.parametrize(
    ("text", "en", "hant", "hans"),
    [
        ("2026-04-30", "30 April 2026", "2026年4月30日", "2026年4月30日"),
        ("2026-04", "April 2026", "2026年4月", "2026年4月"),
        ("2026Q3", "third quarter of 2026", "2026年第三季", "2026年第三季度"),
        ("2027H1", "first half of 2027", "2027年上半年", "2027年上半年"),
        ("2026", "2026", "2026年", "2026年"),
        ("early 2027", "early 2027", "2027年初", "2027年初"),
        ("mid 2027", "mid-2027", "2027年中", "2027年中"),
        ("about May 2026", "about May 2026", "約2026年5月", "约2026年5月"),
        ("2026-03 to 2026-05", "March to May 2026", "2026年3月至5月", "2026年3月至5月"),
        (
            "2026-11 to 2027-02",
            "November 2026 to February 2027",
            "2026年11月至2027年2月",
            "2026年11月至2027年2月",
        ),
        ("by 2026", "by the end of 2026", "2026年底前", "2026年底前"),
        ("by 2026-05-20", "by 20 May 2026", "2026年5月20日或之前", "2026年5月20日或之前"),
        ("from 2027", "from 2027", "2027年起", "2027年起"),
        ("TBC", "not dated", "未有日期", "未有日期"),
    ],
)
def test_window_is_spoken_in_three_languages(text, en, hant, hans):
    window = read(text)
    assert [speak(window, language) for language in ("en", "zh-hant", "zh-hans")] == [en, hant, hans]


def test_language_without_words_is_refused():
    with pytest.raises(ValueError, match="No words for the language “fr”"):
        speak(read("2026"), "fr")


@pytest.mark.parametrize(
    ("first", "now", "days", "narrower"),
    [
        ("2026", "2026", 0, False),
        ("2026", "Q3 2026", 0, True),
        ("from 2026", "20 May 2026", 0, True),
        ("by 2030", "by 2029", 0, True),
        ("Q1 2026", "Q2 2026", 90, False),
        ("Q2 2026", "Q1 2026", -90, False),
        ("2026", "2026 to 2027", 0, False),
        ("by 2029", "by 2030", 365, False),
        ("by May 2026", "June 2026", 30, False),
        ("from 2027", "by 2030", None, False),
        ("TBC", "2026", None, False),
        ("2026", "TBC", None, False),
    ],
)
def test_slip_counts_what_moved_later(first, now, days, narrower):
    assert (slip_days(read(first), read(now)), narrows(read(first), read(now))) == (days, narrower)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01", True),
        ("2026-05-31", True),
        ("2026-04-30", False),
        ("2026-06", False),
        ("2026", True),
        ("by 2026", True),
        ("by 30 April 2026", False),
        ("from 2020", True),
        ("from June 2026", False),
        ("TBC", False),
    ],
)
def test_window_overlaps_may_2026(text, expected):
    assert overlaps(read(text), date(2026, 5, 1), date(2026, 5, 31)) is expected


def test_days_the_wrong_way_round_overlap_nothing():
    assert overlaps(read("2026"), date(2026, 5, 2), date(2026, 5, 1)) is False


@pytest.mark.parametrize(
    ("earliest", "latest", "precision"),
    [
        (None, None, "unknown"),
        (None, "2026-01-01", "by"),
        ("2026-01-01", None, "from"),
        ("2026-01-01", "2026-01-01", "day"),
        ("2026-04-01", "2026-06-30", "quarter"),
        ("2026-04-02", "2026-06-30", "range"),
    ],
)
def test_limits_alone_make_the_plainest_window(earliest, latest, precision):
    assert from_limits(_day(earliest), _day(latest)).precision == precision


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2025-09-24", date(2025, 9, 24), "day"),
        ("2025-12", date(2025, 12, 31), "month"),
        ("2024-02", date(2024, 2, 29), "month"),
        ("2024", date(2024, 12, 31), "year"),
    ],
)
def test_reduced_iso_day_counts_from_its_last_day_and_comes_back(text, day, precision):
    assert (read_iso_day(text), iso_day(day, precision)) == ((day, precision), text)


@pytest.mark.parametrize(
    "text", ["", "2025-9-24", "２０２５", "2025-13", "2025-02-30", "1989", "2101", "2025-12\n", "24"]
)
def test_what_is_no_iso_day_is_refused(text):
    with pytest.raises(UnreadableDay, match=r"is not a day\. Write 2025-09-24"):
        read_iso_day(text)


@pytest.mark.parametrize(
    ("precision", "language", "options", "words"),
    [
        ("day", "en", {}, "30 April 2026"),
        ("day", "en", {"short": True}, "30 Apr 2026"),
        ("day", "en", {"weekday": True}, "Thu 30 April 2026"),
        ("month", "en", {"weekday": True}, "April 2026"),
        ("month", "en", {"short": True}, "Apr 2026"),
        ("year", "en", {}, "2026"),
        ("day", "zh-hant", {}, "2026年4月30日"),
        ("day", "zh-hans", {"weekday": True}, "2026年4月30日（四）"),
        ("month", "zh-hant", {}, "2026年4月"),
        ("year", "zh-hans", {}, "2026年"),
    ],
)
def test_day_is_spoken_as_far_as_it_is_known(precision, language, options, words):
    assert speak_day(date(2026, 4, 30), precision, language, **options) == words


def test_day_known_to_its_quarter_is_refused():
    with pytest.raises(WindowError, match="not to its “quarter”"):
        iso_day(date(2026, 4, 30), "quarter")


@pytest.mark.parametrize(
    ("first", "now", "days"),
    [
        ("Q3 2027", "2027", 0),  # vaguer around it: nobody moved it earlier
        ("2027", "Q3 2027", 0),
        ("Q3 2027", "2028", 184),
        ("2026", "by 2030", 1461),
        ("Q3 2027", "from 2027", -181),
    ],
)
def test_a_window_that_only_became_vaguer_did_not_slip(first, now, days):
    assert slip_days(read(first), read(now)) == days
