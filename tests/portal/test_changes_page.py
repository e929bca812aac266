"""What changed: which of it a query asks for, between which days, and how the page, the file and the refusals say it."""

from datetime import date, datetime, time, timedelta

import pytest

from parks.models import ReleasePlot
from parks.windows import read
from tenders import lifecycle
from tenders.models import Document, Enquiry, ProposalLot
from tests.changes import EVER, NOW, claim, give, kinds, rows, shown
from tests.factories import (
    CLOSES,
    HONG_KONG,
    OPENS,
    admit,
    hk,
    make_lot,
    make_milestone,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    open_box,
    say,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    def set_to(now):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    set_to(NOW)
    return set_to


# --- which, and between which days ------------------------------------------------------------------------------


@pytest.fixture
def _two_of_each():
    """In two parks; the first park's phase is a part of another."""
    for number, slug in ((1, "hsitp"), (2, "other")):
        park = make_park(slug)
        phase = make_phase("1a", park, part_of=make_phase("1", park))
        plot = make_plot(f"P-{number}", phase)
        release = make_release(f"release-{number}", park=park, phase=phase)
        ReleasePlot.objects.create(release=release, plot=plot)
        round = make_round(f"R-{number}", park=park, phase=phase, release=release, lots=0, published=False)
        make_lot(round, "A", plots=0).lot_plots.create(plot=plot)
        lifecycle.publish(round, by=None, at=hk(2026, 2, 1))


ASKED = {
    (("park", "other"),): ["R-2", "release-2"],
    (("park", "nowhere"),): [],
    (("phase", "1"), ("park", "hsitp")): ["R-1", "release-1"],
    (("phase", "1a"), ("park", "hsitp")): ["R-1", "release-1"],
    (("phase", "2"),): [],
    (("release", "release-1"),): ["R-1", "release-1"],
    (("round", "R-1"),): ["R-1"],
    (("plot", "P-2"),): ["R-2", "release-2"],
    (("plot", "P-2"), ("park", "hsitp")): [],
    (("plot", "P-9"),): [],
    (("kind", "round"),): ["R-2", "R-1"],
    (("kind", "release_announced"),): ["release-2", "release-1"],
    (("kind", "figure"),): [],
    (("since", "2026-02-01"),): ["R-2", "R-1"],
    (("until", "2026-01-31"),): ["release-2", "release-1"],
    (("unknown", "x"),): ["R-2", "R-1", "release-2", "release-1"],
}  # fmt: skip


@pytest.mark.usefixtures("_two_of_each")
@pytest.mark.parametrize(("query", "found"), ASKED.items(), ids=["&".join("=".join(pair) for pair in query) for query in ASKED])  # fmt: skip
def test_page_and_file_are_narrowed_alike(client, query, found):
    told = [row["round"] or row["release"] for row in rows(client, **dict(query))]

    assert sorted(told) == sorted(found)
    assert len(shown(client, **dict(query))) == len(found)


def test_of_a_round_with_other_lots_a_plot_has_only_its_own_awards(client):
    round = make_round("R-1", lots=2, disclosure="names")
    mine, other = (lot.plots.get().code for lot in round.lots.order_by("code"))
    winner = make_proposal(round)
    open_box(round)
    give(round, winner)

    assert kinds(client, plot=mine) == ["awarded", "box_opened", "round_published"]
    assert kinds(client, plot=other) == ["box_opened", "round_published"]


def test_a_day_ends_at_midnight_in_hong_kong(client):
    lifecycle.cancel(make_round("R-1"), by=None, at=hk(2026, 3, 9, 23, 59, 59, 999999), reason="One.")
    lifecycle.cancel(make_round("R-2"), by=None, at=hk(2026, 3, 10), reason="Two.")

    def told(**query):
        return [row["reason"] for row in rows(client, kind="round_cancelled", **query)]

    assert (told(until="2026-03-09"), told(since="2026-03-10")) == (["One."], ["Two."])
    assert (told(as_of="2026-03-09"), told(as_of="2026-03-10")) == (["One."], ["Two.", "One."])


def test_of_no_days_asked_for_the_last_30_are_shown(client):
    for number, day in enumerate([date(2026, 5, 16), date(2026, 5, 17), date(2026, 6, 15)]):
        make_release(f"release-{number}", said=[("2027", day)])

    page = client.get("/changes/")
    file = b"".join(client.get("/changes.csv")).decode()

    assert [day.iso for day in page.context["days"]] == ["2026-06-15", "2026-05-17"]
    assert "2 changes from 17 May 2026 to 15 June 2026, newest first." in page.content.decode()
    assert [name for name in ("release-0", "release-1", "release-2") if name in file] == [
        "release-1",
        "release-2",
    ]
    assert [day.iso for day in client.get("/changes/?as_of=2026-05-16").context["days"]] == ["2026-05-16"]
    assert [day.iso for day in client.get("/changes/?until=2026-05-17").context["days"]] == [
        "2026-05-17",
        "2026-05-16",
    ]


def test_what_is_known_to_its_month_counts_from_the_last_day_and_stands_after_it(client):
    release = make_release("first", said=())
    say(release, "2026", date(2025, 12, 31), announced_precision="month")
    make_release("second", said=[("2027", date(2025, 12, 31))])

    assert [(row["date"], row["release"]) for row in rows(client)] == [
        ("2025-12-31", "second"),
        ("2025-12", "first"),
    ]
    assert rows(client, until="2025-12-30") == rows(client, as_of="2025-12-30") == []


def day_by_day():
    """Instants and what was done at each, in order."""
    round, lots = None, []

    def publish():
        nonlocal round
        release = make_release("first", plot_count=2)
        round = make_round("R-1", sealed=True, disclosure="staged", disclosure_days=5, release=release)
        lots.extend(round.lots.all())

    yield hk(2026, 2, 28, 9), publish
    yield hk(2026, 3, 9, 9), lambda: lifecycle.amend(round, by=None, at=hk(2026, 3, 9, 9), reason="Rain.", closes_at=CLOSES + timedelta(days=2))  # fmt: skip
    yield hk(2026, 3, 12, 9), lambda: say(round.release, "2027", date(2026, 3, 12), plot_count=3)
    yield hk(2026, 3, 30, 15), lambda: [make_proposal(round) for _ in range(4)]
    yield hk(2026, 3, 31, 15), lambda: claim(4, date(2026, 3, 31))
    yield hk(2026, 4, 3, 15), lambda: open_box(round, hk(2026, 4, 3, 15))
    yield hk(2026, 4, 4, 15), lambda: [ProposalLot.objects.create(proposal=proposal, lot=lots[0], premium_hkd=5 + number) for number, proposal in enumerate(round.proposals.all())]  # fmt: skip
    yield hk(2026, 4, 10, 9), lambda: give(round, round.proposals.first(), at=hk(2026, 4, 10, 9))
    yield hk(2026, 4, 15, 9), lambda: None
    yield hk(2026, 4, 20, 9), lambda: lifecycle.sign(lots[0].award, by=None, signed_on=date(2026, 4, 20))


def test_a_past_day_asked_for_today_is_the_file_that_was_read_on_that_day(client, clock):
    then = {}
    for at, step in day_by_day():
        clock(at)
        step()
        clock(datetime.combine(at.date(), time.max, HONG_KONG))
        then[at.date().isoformat()] = rows(client)
    clock(NOW)

    now = {day: rows(client, as_of=day) for day in then}

    assert now == then
    assert [len(found) for found in then.values()] == sorted(len(found) for found in then.values())
    assert len(then["2026-04-20"]) == 10


# --- the page ---------------------------------------------------------------------------------------------------


def test_page_and_file_have_the_same_changes_in_one_order(client):
    make_round("R-1")
    make_release("first")
    claim(3, date(2026, 1, 1))

    assert [(day, kind) for day, kind, _words in shown(client)] == [
        (row["date"], row["kind"]) for row in rows(client)
    ]


def test_where_nothing_changed_the_page_leads_to_the_newest_day_on_which_something_did(client):
    make_release("first", said=[("2026", date(2025, 12, 31))])

    page = client.get("/changes/?park=hsitp").content.decode()

    assert "Nothing changed from 17 May 2026 to 15 June 2026" in page
    assert '<a href="/changes/?park=hsitp&amp;since=2025-12-31">31 December 2025</a>' in page
    assert [iso for iso, _kind, _words in shown(client, since="2025-12-31", park="hsitp")] == ["2025-12-31"]


def test_where_nothing_ever_changed_the_page_says_so_or_lets_go_of_the_filters(client):
    bare, narrowed = (client.get(f"/changes/{query}").content.decode() for query in ("", "?round=R-9"))

    assert "Nothing had been announced by then." in bare
    assert '<a href="/changes/">Clear the filters</a>' in narrowed


def test_a_long_span_stands_on_pages_and_whole_in_the_file(client, monkeypatch):
    monkeypatch.setattr("portal.views.changes.PER_PAGE", 2)
    for number in range(3):
        make_release(f"release-{number}")

    assert (len(shown(client)), len(shown(client, page="2")), len(rows(client))) == (2, 1, 3)


def test_the_form_keeps_what_it_does_not_show_and_the_day_form_lets_the_days_go(client):
    page = client.get("/changes/?round=R-1&since=2026-01-02&as_of=2026-06-01").content.decode()
    filters, as_of = page.split('id="filters"')[1].split('id="as-of"')

    assert '<input type="hidden" name="round" value="R-1"' in filters
    assert '<input type="hidden" name="as_of" value="2026-06-01"' in filters
    assert 'name="since" value="2026-01-02"' in filters
    assert ('name="since"' in as_of, 'name="round"' in as_of) == (False, True)


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/rounds/R-1/", "/changes/?round=R-1&amp;since=2026-02-28"),
        ("/releases/first/", "/changes/?release=first&amp;since=2026-01-05"),
        ("/parks/hsitp/", "/changes/?park=hsitp&amp;since=2025-01-01"),
        ("/rounds/R-1/?as_of=2026-03-04", "/changes/?round=R-1&amp;since=2026-02-28&amp;as_of=2026-03-04"),
    ],
)
def test_the_pages_of_a_round_a_release_and_a_park_lead_to_what_changed(client, address, link):
    make_round("R-1")
    make_release("first")

    assert f'<a class="more" href="{link}">What changed</a>' in client.get(address).content.decode()


# --- refusals ---------------------------------------------------------------------------------------------------


REFUSED = {
    "since=2026-02-30": "since must be a day such as 2025-12-31, from 1990 on.",
    "until=yesterday": "until must be a day such as 2025-12-31, from 1990 on.",
    "since=1989-12-31": "since must be a day such as 2025-12-31, from 1990 on.",
    "until=2026-06-16": "until: 2026-06-16 has not come yet. Ask for today or a day before.",
    "since=2026-05-02&as_of=2026-05-01": "since: 2026-05-02 comes after the day of as_of. Ask for that day or one before.",
    "since=2026-03-02&until=2026-03-01": "since is later than until: swap them.",
}  # fmt: skip


@pytest.mark.parametrize("address", ["/changes/", "/changes.csv", "/changes.atom", "/calendar.atom"])
@pytest.mark.parametrize(("query", "words"), REFUSED.items())
def test_days_that_cannot_be_are_refused_in_words(client, address, query, words):
    answer = client.get(f"{address}?{query}")

    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert answer["Content-Type"].startswith("text/html" if address.endswith("/") else "text/plain")


@pytest.mark.parametrize("address", ["/changes/", "/changes.csv", "/changes.atom"])
def test_a_kind_that_is_none_and_a_code_that_is_too_long_are_refused_in_words(client, address):
    kind, code = (client.get(f"{address}?{query}") for query in ("kind=sold", "round=" + "x" * 101))

    assert (kind.status_code, code.status_code) == (400, 400)
    assert (
        "kind must be one of release, milestone, round, amendment, award, figure, " in kind.content.decode()
    )
    assert "round: Ensure this value has at most 100 characters" in code.content.decode()


# --- how often it asks ------------------------------------------------------------------------------------------


def three_of_each(count):
    for number in range(count):
        release = make_release(
            f"release-{number}", said=[("2026", date(2026, 1, 5)), ("2027", date(2026, 2, 5))]
        )
        make_milestone(f"milestone-{number}")
        round = make_round(
            f"R-{number}", release=release, disclosure="staged", disclosure_days=1, phase=make_phase()
        )
        lifecycle.amend(round, by=None, at=OPENS, reason="Rain.", decision_window=read("May 2026"))
        offers = [make_proposal(round), make_proposal(round, received_at=CLOSES)]
        open_box(round)
        admit(offers[1])
        give(round, offers[0])
        Enquiry.objects.create(
            round=round, number=1, asked_on=OPENS.date(), question="?", answer="!", published_at=OPENS
        )
        Document.objects.create(round=round, title_en="Plan", url="https://example.org/", published_at=OPENS)
        claim(3, date(2026, 4, 1), round=round)


QUERIES = {"/changes/": 26, "/changes.csv": 23, "/changes.atom": 23, "/calendar.atom": 22, "/changes.csv?plot=P": 25}  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("address", QUERIES)
def test_it_asks_as_often_for_one_of_each_as_for_three(client, django_assert_num_queries, address, count):
    three_of_each(count)

    with django_assert_num_queries(QUERIES[address]):
        answer = client.get(address + ("&" if "?" in address else "?") + f"since={EVER}")

    assert b"".join(answer)  # read to its end, so that its file is closed


# --- languages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hant", "zh-hans"])
def test_days_and_titles_are_in_the_language_of_the_page(client, language):
    round = make_round("R-1", title_zh_hant="招標甲", title_zh_hans="招标甲")
    lifecycle.amend(round, by=None, at=OPENS, reason="Rain.", closes_at=hk(2026, 4, 14, 17))

    page = client.get(f"/{language}/changes/?since={EVER}").content.decode()

    assert ("招標甲" in page, "招标甲" in page) == (language == "zh-hant", language == "zh-hans")
    assert "2026年4月14日" in page
    assert f'href="/{language}/changes.atom?since={EVER}"' in page
