"""changes.atom and calendar.atom: RFC 4287, names that stay, the same bytes for the same rows."""

import io
import os
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from tenders import lifecycle
from tenders.models import Figure
from tests.factories import OPENS, hk, make_milestone, make_release, make_round, make_source, say

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent.parent / "golden"
NOW = hk(2026, 4, 15, 10)
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/changes.atom", "/calendar.atom"]


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def body(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer)


def feed(client, address="/changes.atom"):
    return ElementTree.fromstring(body(client, address))  # ours


def texts(element, path):
    return [found.text for found in element.findall("/".join(ATOM + name for name in path.split("/")))]


def links(element):
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


def amended_round():
    round = make_round("R-1")
    lifecycle.amend(round, by=None, at=OPENS, reason="<Rain> & wind.", closes_at=hk(2026, 4, 14, 17))
    return round


@pytest.mark.parametrize("name", ["changes.csv", "changes.atom", "calendar.atom"])
def test_facts_are_written_as_they_always_were(client, name):
    call_command("seed", verbosity=0, stdout=io.StringIO())
    written = body(client, f"/{name}?since=2020-01-01")
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_bytes(written)

    assert written == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("address", FEEDS)
def test_feed_and_entries_have_all_that_a_reader_needs(client, address):
    amended_round()
    found = feed(client, f"{address}?park=hsitp")
    entry = found.find(f"{ATOM}entry")

    assert found.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert texts(found, "id") == [f"http://testserver{address}?park=hsitp"]
    assert texts(found, "author/name") == ["Tenderground"]
    assert texts(found, "updated") == ["2026-03-01T09:00:00+08:00"]
    assert links(found) == {
        "self": f"http://testserver{address}?park=hsitp",
        "alternate": f"http://testserver/{'changes' if 'changes' in address else 'calendar'}/?park=hsitp",
    }
    assert texts(entry, "id") == ["tag:testserver,2026:changes/round/R-1/amendment/1/closes_at"]
    assert texts(entry, "updated") == ["2026-03-01T09:00:00+08:00"]
    assert texts(entry, "title") == [
        "Tender: Closing time moved from 31 March 2026, 12:00 noon to 14 April 2026, 17:00"
    ]
    assert links(entry) == {"alternate": "http://testserver/rounds/R-1/#amendments"}
    assert "<p>Reason: “&lt;Rain&gt; &amp; wind.”</p>" in texts(entry, "summary")[0]
    assert entry.find(f"{ATOM}category").get("term") == "closes_amended"


def test_names_are_unique_and_stay_when_more_is_told_and_in_every_language_and_feed(client):
    release = make_release(
        "first", said=[("2026", date(2026, 1, 5)), ("2027", date(2026, 2, 5))], plot_count=3
    )
    amended_round()
    before = texts(feed(client), "entry/id")

    say(release, "2028", date(2026, 3, 5), plot_count=4)
    make_milestone("bridge")
    after = texts(feed(client), "entry/id")

    assert len(set(after)) == len(after) == len(before) + 3
    assert [name for name in after if name in before] == before
    assert texts(feed(client, "/zh-hant/calendar.atom"), "entry/id") == after


@pytest.mark.parametrize("address", FEEDS)
def test_feed_can_be_kept_shared_and_asked_for_again(client, address):
    make_release("first")
    first = client.get(address)
    content = b"".join(first)
    again = client.get(address, headers={"if-none-match": first["ETag"]})

    assert content == body(client, address)
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert first["Content-Disposition"] == f'inline; filename="{address[1:]}"'
    assert first["Access-Control-Allow-Origin"] == "*"
    assert (again.status_code, again.content) == (304, b"")


def test_a_feed_without_entries_was_never_updated(client):
    found = feed(client)

    assert (texts(found, "updated"), texts(found, "entry/id")) == (["1970-01-01T00:00:00+00:00"], [])


def test_feed_has_the_newest_50_and_of_days_asked_for_all(client, monkeypatch):
    monkeypatch.setattr("portal.views.changes.NEWEST", 2)
    for number in range(3):
        make_release(f"release-{number}", said=[("2026", date(2026, 1, 5 + number))])

    newest, since = (feed(client, f"/changes.atom{query}") for query in ("", "?since=2026-01-01"))

    assert texts(newest, "entry/updated") == ["2026-01-07T00:00:00+08:00", "2026-01-06T00:00:00+08:00"]
    assert len(texts(since, "entry/id")) == 3


def test_a_feed_of_a_past_day_tells_nothing_of_later_days(client):
    """It asks for no days, so nothing but each builder's own guard keeps the later ones out."""
    round = amended_round()
    Figure.objects.create(
        park=round.park, round=round, indicator="plots_offered", value=3, unit="plots", as_of=date(2026, 1, 1),
        source=make_source(),
    )  # fmt: skip

    def told(day):
        found = feed(client, f"/changes.atom?as_of={day}").iter(f"{ATOM}category")
        return [category.get("term") for category in found]

    assert told("2026-02-27") == []
    assert sorted(told("2026-02-28")) == ["figure_reported", "round_published"]
    assert told("2026-03-01")[0] == "closes_amended"


def test_letters_that_xml_has_no_place_for_are_replaced(client):
    make_release("first", title_en="Odd\x0b\x1f\ufffe plots")

    assert texts(feed(client), "entry/title") == ["Odd��� plots: Announced: 2026"]


# Which changes the calendar's feed tells for a value of its filter; the release is announced, the round amended.
KINDS = {
    "": ["closes_amended", "round_published", "release_announced", "milestone_announced"],
    "release": ["release_announced"],
    "milestone": ["milestone_announced"],
    "round": ["closes_amended", "round_published"],
    "round_closes": ["closes_amended", "round_published"],
    "round_opens": ["round_published"],
    "amendment": ["closes_amended"],
    "award": [],
}


@pytest.mark.parametrize(("kind", "told"), KINDS.items())
def test_the_calendar_s_feed_has_the_calendar_s_filters(client, kind, told):
    amended_round()
    make_release("first")
    make_milestone("bridge")

    found = feed(client, f"/calendar.atom?kind={kind}")

    assert [entry.find(f"{ATOM}category").get("term") for entry in found.findall(f"{ATOM}entry")] == told


def test_the_pages_name_their_feed(client):
    changes, calendar, parks = (
        client.get(address).content.decode()
        for address in ("/changes/?park=hsitp", "/zh-hant/calendar/?view=agenda&kind=round", "/parks/")
    )

    start = '<link rel="alternate" type="application/atom+xml" title='
    assert f'{start}"Changes that fit this page" href="/changes.atom?park=hsitp">' in changes
    assert 'href="/zh-hant/calendar.atom?kind=round">' in calendar
    assert f'{start}"Tenderground: changes" href="/changes.atom">' in parks
