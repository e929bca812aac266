"""A published date moves by amendment only, and then everywhere at once; before its day the old one stands."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User

from parks.importing import ImportRefused
from parks.windows import read
from tenders import lifecycle
from tenders.importing import rounds
from tenders.lifecycle import MoveRefused
from tenders.models import TenderRound
from tests.factories import CLOSES, OPENS, hk, make_release, make_round, open_box
from tests.tables import csv_file, said

pytestmark = pytest.mark.django_db

AMENDED = hk(2026, 3, 9, 10)
NOW = hk(2026, 3, 15, 10)
BEFORE = "2026-03-08"
LATER = hk(2026, 4, 14, 17)
REASON = "A second visit of the site."


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def amended(round=None, **dates):
    round = round or make_round("R-1", lots=2, release=make_release("first"))
    lifecycle.amend(round, by=None, at=AMENDED, reason=REASON, **(dates or {"closes_at": LATER}))
    return round


def body(client, address, **query):
    answer = client.get(address, query)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8-sig").replace("\r\n ", "")


def cells(client, address, column, **query):
    return [row[column] for row in csv.DictReader(io.StringIO(body(client, address, **query)))]


# --- everywhere -------------------------------------------------------------------------------------------------


FILES = {
    "/rounds.csv": ("2026-03-31T12:00:00+08:00", "2026-04-14T17:00:00+08:00"),
    "/calendar.csv": ("2026-03-31T12:00:00+08:00", "2026-04-14T17:00:00+08:00"),
    "/calendar.ics": ("DTSTART:20260331T040000Z", "DTSTART:20260414T090000Z"),
}


@pytest.mark.parametrize(("address", "old", "new"), [(name, *pair) for name, pair in FILES.items()])
def test_every_file_has_the_new_date_and_before_the_amendment_the_old_one(client, address, old, new):
    amended()

    now, then = body(client, address), body(client, address, as_of=BEFORE)

    assert (new in now, old in now) == (True, False)
    assert (new in then, old in then) == (False, True)


PAGES = [
    "/",
    "/rounds/",
    "/calendar/?view=agenda",
    "/calendar/?view=month&month=2026-03",
    "/releases/first/",
    "/parks/hsitp/",
    "/plots/",
]
NEW_DAY = r"14 Apr"


@pytest.mark.parametrize("language", ["", "/zh-hant"])
@pytest.mark.parametrize("address", PAGES)
def test_no_page_tells_the_new_date_before_its_amendment(client, address, language):
    """The pages that show a closing day show the one that stood; none has the other's."""
    make_round("R-0", lots=1, opens_at=OPENS, closes_at=hk(2026, 6, 1, 12))
    amended()
    join = "&" if "?" in address else "?"

    then = body(client, f"{language}{address}{join}as_of={BEFORE}")
    plain = re.sub(r"<(?:svg|style).*?</(?:svg|style)>", "", then, flags=re.S)

    assert re.findall("14 April 2026|14 Apr[ ,<]|4月14日", plain) == []


def test_pages_show_the_new_closing_day(client):
    amended()

    for address in ("/rounds/R-1/", "/rounds/", "/calendar/?view=agenda", "/"):
        assert re.search(NEW_DAY, body(client, address)), address


def test_every_lot_has_the_dates_of_its_round(client):
    """A lot has no date of its own: its stage, in its file, follows the round's new closing time."""
    round = amended(closes_at=hk(2026, 4, 14, 17))
    when = {"as_of": BEFORE}

    assert cells(client, "/lots.csv", "stage") == ["open", "open"]
    assert cells(client, "/lots.csv", "stage", **when) == ["open", "open"]
    row = TenderRound.objects.with_stage(CLOSES).get(pk=round.pk)
    assert (row.stage_now, row.closing_time) == ("open", LATER)
    assert not [
        field.name for lot in round.lots.all() for field in lot._meta.fields if "closes" in field.name
    ]


# --- briefing and decision --------------------------------------------------------------------------------------


def calendar(client, kind, **query):
    rows = csv.DictReader(io.StringIO(body(client, "/calendar.csv", **query)))
    return [(row["starts"], row["ends"]) for row in rows if row["kind"] == kind]


def briefing(client, **query):
    """The day and the sequence of the entry in the calendar file: calendar.csv has none of briefings."""
    for event in body(client, "/calendar.ics", **query).split("BEGIN:VEVENT"):
        if "round-R-1-briefing@" in event:
            return re.search(r"DTSTART;VALUE=DATE:(\d+)", event)[1], re.search(r"SEQUENCE:(\d+)", event)[1]
    return None


def test_briefing_moves_with_an_amendment_and_stood_before(client):
    amended(make_round("R-1", briefing_on=date(2026, 3, 12)), briefing_on=date(2026, 3, 19))

    assert briefing(client) == ("20260319", "1")
    assert briefing(client, as_of=BEFORE) == ("20260312", "0")
    assert "Thu 19 March 2026" in body(client, "/rounds/R-1/")
    assert "Thu 12 March 2026" in body(client, "/rounds/R-1/", as_of=BEFORE)


def test_briefing_that_an_amendment_was_the_first_to_say_was_not_known_before(client):
    amended(briefing_on=date(2026, 3, 19))

    assert briefing(client) == ("20260319", "1")
    assert briefing(client, as_of=BEFORE) is None
    assert "Briefing" not in body(client, "/rounds/R-1/", as_of=BEFORE)


def test_time_that_an_amendment_was_the_first_to_say_was_not_known_before(client):
    amended(enquiries_until=hk(2026, 3, 20, 17))

    assert cells(client, "/rounds.csv", "enquiries_until") == ["2026-03-20T17:00:00+08:00"]
    assert cells(client, "/rounds.csv", "enquiries_until", as_of=BEFORE) == [""]


def window(words):
    return read(words, AMENDED.date())


def decided_by(words):
    told = window(words)
    return {
        "decision_earliest": told.earliest, "decision_latest": told.latest,
        "decision_precision": told.precision.value, "decision_text": told.text,
    }  # fmt: skip


def test_decision_window_moves_as_a_whole_and_stood_before(client):
    round = make_round("R-1", **decided_by("Q2 2026"))
    amended(round, decision_window=window("by the end of 2026"))

    assert calendar(client, "decision") == [("", "2026-12-31")]
    assert calendar(client, "decision", as_of=BEFORE) == [("2026-04-01", "2026-06-30")]
    page = body(client, "/rounds/R-1/")
    assert "<b>Decision</b>: <s>second quarter of 2026</s> → by the end of 2026" in page
    assert "<dd>second quarter of 2026</dd>" in body(client, "/rounds/R-1/", as_of=BEFORE)


def test_decision_window_that_was_first_said_by_an_amendment_was_not_announced_before(client):
    amended(decision_window=window("Q3 2026"))

    assert calendar(client, "decision", as_of=BEFORE) == []
    assert "<dd>not announced</dd>" in body(client, "/rounds/R-1/", as_of=BEFORE)


def test_decision_is_still_dated_anew_while_proposals_are_judged_and_nothing_else_is():
    round = make_round()
    open_box(round)

    with pytest.raises(MoveRefused, match="only when the decision is expected"):
        lifecycle.amend(round, by=None, at=hk(2026, 4, 2), reason=REASON, closes_at=LATER)
    lifecycle.amend(round, by=None, at=hk(2026, 4, 2), reason=REASON, decision_window=window("Q3 2026"))
    lifecycle.declare_unsuccessful(round, by=None, at=hk(2026, 4, 3), reason="Nobody.")
    with pytest.raises(MoveRefused, match="not over"):
        lifecycle.amend(round, by=None, at=hk(2026, 4, 4), reason=REASON, decision_window=window("Q4 2026"))

    assert TenderRound.objects.get().decision_text == "Q3 2026"


@pytest.mark.parametrize(
    ("stood", "new", "words"),
    [
        (date(2026, 3, 8), date(2026, 3, 20), "has passed; it cannot be moved"),
        (None, date(2026, 3, 8), "new day of the briefing has already passed"),
        (None, date(2026, 4, 1), "by the closing day"),
    ],
)
def test_briefing_that_would_mislead_is_refused_in_words(stood, new, words):
    round = make_round(briefing_on=stood)

    with pytest.raises(MoveRefused, match=words):
        lifecycle.amend(round, by=None, at=AMENDED, reason=REASON, briefing_on=new)

    assert (round.amendments.count(), TenderRound.objects.get().briefing_on) == (0, stood)


# --- the page ---------------------------------------------------------------------------------------------------


def test_page_tells_old_new_when_and_why(client):
    amended(closes_at=LATER, briefing_on=date(2026, 3, 19))

    page = body(client, "/rounds/R-1/")

    assert "<b>Closing time</b>: <s>31 March 2026, 12:00 noon</s> → 14 April 2026, 17:00" in page
    assert "<b>Briefing</b>: 19 March 2026" in page
    assert f"{REASON}</p>" in page
    assert re.search(r'class="date">9 Mar[^<]*<small>Amendment 1', page)
    assert "None published." in body(client, "/rounds/R-1/", as_of=BEFORE)


# --- the ways in ------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


def split(name, at):
    return {f"{name}_0": f"{at:%Y-%m-%d}", f"{name}_1": f"{at:%H:%M:%S}"}


def no_rows(*inlines):
    return {f"{name}-{count}": 0 for name in inlines for count in ("TOTAL_FORMS", "INITIAL_FORMS")}


def test_form_of_a_published_round_has_no_field_for_its_dates(desk):
    round = make_round("R-1", briefing_on=date(2026, 3, 20), **decided_by("Q2 2026"))
    shown = desk.get(f"/admin/tenders/tenderround/{round.pk}/change/").context["adminform"].form
    form = {
        "title_en": "Another title", **no_rows("lots", "documents", "amendments", "opening", "events"), **split("closes_at", LATER), **split("opens_at", LATER),
        "briefing_on": "2026-03-25", "decision_text": "Q4 2026", "decision_precision": "by", "decision_latest": "2026-12-31",
    }  # fmt: skip

    desk.post(f"/admin/tenders/tenderround/{round.pk}/change/", form)

    dates = ["opens_at", "closes_at", "briefing_on", "decision_text", "decision_precision", "decision_latest"]
    stands = TenderRound.objects.get()
    assert set(dates) & set(shown.fields) == set()
    assert stands.title_en == "Another title"
    assert [getattr(stands, name) for name in dates] == [getattr(round, name) for name in dates]


def test_staff_amend_briefing_and_decision_on_the_page(desk):
    round = make_round("R-1")
    form = {
        "briefing_on": "2026-03-20",
        "decision_text": "Q3 2026",
        "reason": REASON,
        **split("closes_at", CLOSES),
    }

    desk.post(f"/admin/tenders/tenderround/{round.pk}/amend/", form | split("opens_at", OPENS))

    stands = TenderRound.objects.get()
    assert (stands.briefing_on, stands.decision_window) == (date(2026, 3, 20), window("Q3 2026"))


def test_words_of_a_decision_that_cannot_be_read_are_refused_in_words(desk):
    round = make_round("R-1")

    answer = desk.post(
        f"/admin/tenders/tenderround/{round.pk}/amend/", {"decision_text": "soonish?", "reason": REASON}
    )

    assert "cannot be read as a time" in answer.content.decode()
    assert round.amendments.count() == 0


def test_after_the_closing_time_only_the_decision_is_asked_for(desk, monkeypatch):
    round = make_round("R-1")
    monkeypatch.setattr("django.utils.timezone.now", lambda: CLOSES + timedelta(days=1))
    desk.force_login(User.objects.get())  # the session is older than two weeks by then

    shown = desk.get(f"/admin/tenders/tenderround/{round.pk}/amend/").context["form"]

    assert list(shown.fields) == [
        "decision_text",
        "decision_earliest",
        "decision_latest",
        "decision_precision",
        "reason",
    ]


@pytest.mark.parametrize("column", ["opens_at", "enquiries_until", "closes_at"])
def test_file_with_another_date_of_a_published_round_is_refused_in_words(column):
    make_round("R-1", enquiries_until=hk(2026, 3, 20))
    row = {
        "round": "R-1",
        "title": "Tender",
        "park": "hsitp",
        "kind": "tender",
        column: "2026-03-22T12:00:00+08:00",
    }

    with pytest.raises(ImportRefused) as refusal:
        rounds.run(csv_file(row), by=None, at=NOW)

    assert "that is an amendment: amend the round, with a reason" in said(refusal)[0]
    assert TenderRound.objects.get().closes_at == CLOSES
