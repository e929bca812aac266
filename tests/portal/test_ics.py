import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django.urls import reverse
from icalendar import Calendar

from portal.calendar import entries
from portal.exports import calendar_ics
from tests.factories import hk, make_release
from tests.portal.test_calendar import published  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent.parent / "golden"
AT = hk(2026, 4, 15, 10)


def body(**asked) -> bytes:
    found = entries(AT, AT.date(), **asked)
    return calendar_ics.calendar(found, name="Calendar", url="http://testserver/calendar/", language="en")


def events(**asked):
    return {
        str(event["UID"]).split("@")[0]: event for event in Calendar.from_ical(body(**asked)).walk("VEVENT")
    }


@pytest.mark.usefixtures("published")
def test_calendar_ics_is_the_golden_file():
    assert body() == (GOLDEN / "calendar.ics").read_bytes()


@pytest.mark.usefixtures("published")
def test_lines_end_in_crlf_and_are_75_octets_at_most():
    lines = body().split(b"\r\n")

    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", body())
    assert max(len(line) for line in lines) <= 75
    assert [line.decode() for line in lines] != []


@pytest.mark.usefixtures("published")
def test_same_rows_are_the_same_bytes():
    assert body() == body()


@pytest.mark.usefixtures("published")
def test_every_event_has_its_own_uid_and_stamps_from_its_row():
    found = list(Calendar.from_ical(body()).walk("VEVENT"))

    assert len({str(event["UID"]) for event in found}) == len(found)
    assert {event["DTSTAMP"].dt for event in found} <= {hk(2026, 4, 1, 9), hk(2026, 3, 9, 9)}
    assert all(event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt for event in found)


@pytest.mark.usefixtures("published")
def test_window_of_a_month_is_a_span_and_a_vaguer_one_its_first_day():
    found = events()

    month, year, since, by = (
        found[uid]
        for uid in ("release-spring", "release-year", "milestone-hsitp-road", "milestone-hsitp-bridge")
    )
    assert (month["DTSTART"].dt, month["DTEND"].dt) == (date(2026, 5, 1), date(2026, 6, 1))
    assert (year["DTSTART"].dt, year["DTEND"].dt) == (date(2027, 1, 1), date(2027, 1, 2))
    assert str(year["SUMMARY"]) == "=Vague (2027, exact date not announced)"
    assert str(since["SUMMARY"]) == "Road (from 2027, exact date not announced)"
    assert (str(by["SUMMARY"]), by["DTSTART"].dt) == ("Bridge (by the end of 2030)", date(2030, 12, 31))
    assert {str(event[key]) for event in (month, year, since, by) for key in ("STATUS", "TRANSP")} == {
        "TENTATIVE", "TRANSPARENT",
    }  # fmt: skip


@pytest.mark.usefixtures("published")
def test_deadline_is_an_instant_and_grows_its_sequence_with_amendments():
    closes = events()["round-T-1-closes"]

    assert isinstance(closes["DTSTART"].dt, datetime)
    assert (closes["DTSTART"].dt, int(closes["SEQUENCE"])) == (hk(2026, 4, 30, 12), 1)
    assert str(closes["STATUS"]) == "CONFIRMED"


@pytest.mark.usefixtures("published")
def test_cancelled_stays_and_says_so():
    assert str(events()["release-gone"]["STATUS"]) == "CANCELLED"


@pytest.mark.usefixtures("published")
def test_undated_release_has_no_place_in_a_calendar():
    assert "release-any" not in events()


@pytest.mark.usefixtures("published")
def test_line_breaks_and_commas_of_a_title_are_escaped():
    text = body().replace(b"\r\n ", b"")

    assert b"SUMMARY:Tender closes: Tender\\; for\\nthree\r\n" in text
    assert b"SUMMARY:Spring\\, first lot\r\n" in text


def test_long_chinese_title_is_folded_between_characters():
    make_release("long", title_en="推地" * 60, said=[("May 2026", date(2026, 1, 2))])

    assert all(line.decode() is not None and len(line) <= 75 for line in body().split(b"\r\n"))
    assert str(events()["release-long"]["SUMMARY"]) == "推地" * 60


@pytest.mark.usefixtures("published")
def test_file_honours_the_filters_and_not_the_year(client):
    answer = client.get(reverse("calendar-ics"), {"kind": "milestone", "year": "1995", "as_of": "2026-04-15"})
    found = Calendar.from_ical(b"".join(answer)).walk("VEVENT")

    assert {str(event["UID"]) for event in found} == {
        "milestone-hsitp-bridge@testserver", "milestone-hsitp-road@testserver",
    }  # fmt: skip
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="calendar.ics"' in answer["Content-Disposition"]


@pytest.mark.usefixtures("published")
def test_unchanged_file_is_not_sent_twice(client):
    first = client.get(reverse("calendar-ics"))
    assert b"".join(first)

    assert client.get(reverse("calendar-ics"), headers={"if-none-match": first["ETag"]}).status_code == 304
