"""What may not be known is in no byte and no header: each guard stands here beside something that could leak past it."""

import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from parks.models import ReleasePlot
from portal import urls
from tenders import lifecycle
from tenders.importing import proposals
from tenders.lifecycle import AwardChoice
from tenders.models import Document, Enquiry, Figure, LotPlot, Opening, Proposal, ProposalLot
from tenders.statuses import Disclosure
from tests.factories import (
    CLOSES,
    hk,
    make_lot,
    make_officer,
    make_organisation,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
)  # fmt: skip
from tests.unguarded import unguarded

pytestmark = pytest.mark.django_db

PLAIN = [reverse(path.name) for path in [*urls.pages, *urls.downloads] if "<" not in str(path.pattern)]
ABOUT_ONE = [
    "/parks/hsitp/",
    "/parks/hsitp/plots/NT-A/",
    "/releases/first/",
    "/rounds/R-LEAK/",
    "/figures/r-leak-proposals-received/",
    "/figures/hsitp-1-proposals-received/",
]
SHAPED = [
    "/calendar/?view=month&month=2026-03",
    "/calendar/?view=agenda",
    "/plots/?sort=-availability",
    "/lots.csv?round=R-LEAK",
    "/press/?round=R-LEAK",
    "/press/?park=hsitp",
    "/rounds.csv?q=R-LEAK",
    "/rounds.csv?q=Canary",
    *[f"/rounds.csv?stage={stage}" for stage in ("open", "closed", "evaluating")],
]
CHINESE = [
    f"/{prefix}{address}"
    for prefix, address in (("zh-hant", "/"), ("zh-hans", "/rounds/R-LEAK/"), ("zh-hant", "/calendar.ics"))
]
EVERYWHERE = [*PLAIN, *ABOUT_ONE, *SHAPED, *CHINESE, "/sitemap.xml", "/robots.txt"]
# Each page and file once: a filter or another language shows no word that these do not.
ONCE = [*PLAIN, *ABOUT_ONE, "/rounds.csv?q=Canary", "/zh-hant/rounds/R-LEAK/", "/sitemap.xml"]


def ask(client, address: str) -> tuple:
    """All that an address answers: status, headers, bytes."""
    response = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, dict(response.headers), body


def look(client, addresses=EVERYWHERE) -> dict[str, tuple]:
    return {address: ask(client, address) for address in addresses}


def changed(before: dict[str, tuple], after: dict[str, tuple]) -> list[tuple]:
    """Each address that answers otherwise, with the first header or line that differs."""
    return [
        (address, *next((one, other) for one, other in zip_longest(*map(_parts, pair)) if one != other))
        for address in before
        if (pair := (before[address], after[address]))[0] != pair[1]
    ]


def _parts(answer: tuple) -> list:
    status, headers, body = answer
    lengths = {"Content-Length", "ETag"}  # they follow from the body, which tells more
    told = sorted(item for item in headers.items() if item[0] not in lengths)
    return [status, *told, *body.splitlines(keepends=True), headers]


def told(client, *canaries: str) -> set[str]:
    """Which of the words are to be found anywhere."""
    answers = look(client, ONCE).values()
    everything = "\n".join(f"{headers} {body.decode()}" for _status, headers, body in answers)
    return {word for word in canaries if word in everything}


@pytest.fixture
def clock(monkeypatch):
    def set_to(instant):
        monkeypatch.setattr("django.utils.timezone.now", lambda: instant)

    return set_to


def make_leaky_round(**fields):
    plot = make_plot("NT-A", make_phase())
    release = make_release("first")
    ReleasePlot.objects.create(release=release, plot=plot)
    round = make_round("R-LEAK", lots=0, release=release, phase=plot.phase, published=False, **fields)
    lot = make_lot(round, "L1", plots=0, reserve_premium_hkd=Decimal("777333111"))
    LotPlot.objects.create(lot=lot, plot=plot)
    make_lot(round, "L2")
    lifecycle.publish(round, by=None, at=hk(2026, 2, 1))
    return round


def fill(round, number: int) -> None:
    """Proposals of every fate, each with words and numbers of its own; of a box that is shut the receipts."""
    for index in range(number):
        content = {
            "investment_hkd": Decimal(424242000 + index),
            "sector": "Canary sector",
            "summary": "Canary summary",
            "jobs": 99173,
        }
        proposal = make_proposal(
            round, proponent=make_organisation(f"Canary {index} Limited"),
            received_at=CLOSES + timedelta(minutes=index - 20), **{} if round.sealed else content,
        )  # fmt: skip
        ProposalLot.objects.filter(proposal=proposal).update(premium_hkd=Decimal(515151000 + index))
        if index % 9 == 4:
            lifecycle.withdraw(proposal, by=None, at=CLOSES + timedelta(minutes=8), reason="Canary reason")


STAGES = {
    "upcoming": (True, hk(2026, 2, 15)),
    "open, sealed": (True, CLOSES - timedelta(minutes=30)),
    "open, not sealed": (False, CLOSES - timedelta(microseconds=1)),
}


@pytest.mark.parametrize(("sealed", "now"), STAGES.values(), ids=STAGES)
def test_bytes_and_headers_are_the_same_for_0_and_27_proposals(client, clock, sealed, now):
    round = make_leaky_round(sealed=sealed)
    clock(now)
    without = look(client)

    fill(round, 27)

    assert changed(without, look(client)) == []


def test_a_closed_box_is_the_same_with_0_1_and_27_proposals_and_one_officer_alone_opens_nothing(
    client, clock
):
    round = make_leaky_round(sealed=True)
    clock(CLOSES + timedelta(days=3))
    without = look(client)

    for number in (1, 26):
        fill(round, number)
        assert changed(without, look(client)) == []

    lifecycle.begin_opening(round, by=make_officer(), at=CLOSES + timedelta(hours=1))
    assert changed(without, look(client)) == []


# Every sort, filter and error that could depend on what lies in the box.
ODD = [
    *[f"/plots/?sort={sort}" for sort in ("proposals", "-proposals", "round", "-updated_at")],
    *[f"/plots.csv?availability={name}" for name in ("on_offer", "under_evaluation")],
    *[f"/rounds/?stage={stage}" for stage in ("open", "closed", "evaluating")],
    "/rounds/?sort=-proposals&page=2",
    "/rounds.csv?q=SECRET-REASON",
    "/calendar.ics?kind=round",
    "/calendar.csv?park=hsitp",
    "/rounds/NO-SUCH/",
    "/rounds.csv?stage=bogus",
]


def register_at_the_desk(desk, round) -> Proposal:
    form = {"round": round.pk, "proponent": make_organisation("Canary Limited").pk, "channel": "counter"}
    rows = {
        f"proposal_{name}-{count}": 0
        for name in ("lots", "members")
        for count in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    desk.post("/admin/tenders/proposal/add/", form | rows)
    return Proposal.objects.get(proponent__name_en="Canary Limited")


def hand_in_by_file(round) -> None:
    rows = f"round,proponent,received_at\n{round.code},Canary by file,2026-03-31T11:00:00+08:00\n"
    proposals.run(io.BytesIO(rows.encode()), by=None, at=CLOSES + timedelta(days=1), file="SECRET-REASON.csv")


def all_that_staff_do_around_a_shut_box(desk, round) -> list[str]:
    """What was done, in order; nobody opens it."""
    at = CLOSES + timedelta(hours=1)
    late = register_at_the_desk(desk, round)
    receipt = desk.get(f"/admin/tenders/proposal/{late.pk}/receipt/")
    hand_in_by_file(round)
    change = {"proponent": late.proponent_id, "channel": "post", "received_at_reason": "SECRET-REASON"}
    change |= {"received_at_0": "2026-03-31", "received_at_1": "12:30:00"}
    desk.post(f"/admin/tenders/proposal/{late.pk}/change/", change)
    lifecycle.ask_admission(late, by=make_officer("one"), at=at, reason="SECRET-REASON")
    lifecycle.confirm_admission(late, by=make_officer("two"), at=at)
    lifecycle.begin_opening(round, by=make_officer("one"), at=at)
    refused = desk.post(f"/admin/tenders/tenderround/{round.pk}/begin-opening/")
    User.objects.filter(username="one").update(is_active=False)
    lifecycle.begin_opening(round, by=make_officer("three"), at=at)
    late.refresh_from_db()
    return [str(receipt.status_code), late.channel, late.received_at_reason, str(refused.status_code)]


def test_nothing_that_staff_do_around_a_shut_box_moves_a_byte_or_a_header(client, clock):
    round = make_leaky_round(sealed=True)
    clock(CLOSES + timedelta(days=3))
    desk = Client()
    desk.force_login(User.objects.create_superuser("boss"))
    desk.get("/admin/")
    everywhere = [*EVERYWHERE, *ODD]
    without = look(client, everywhere)

    done = all_that_staff_do_around_a_shut_box(desk, round)

    assert done == ["200", "post", "SECRET-REASON", "200"]
    assert (round.proposals.count(), Opening.objects.get().first_officer.username) == (2, "three")
    assert changed(without, look(client, everywhere)) == []
    etags = {
        address: headers["ETag"]
        for address, (status, headers, _body) in without.items()
        if status == 200 and "ETag" in headers
    }
    kept = {
        client.get(address, headers={"if-none-match": etag}).status_code for address, etag in etags.items()
    }
    assert (len(etags) > 10, kept) == (True, {304})


def test_saving_the_secret_reserve_moves_no_byte_and_no_header(client, clock):
    round = make_leaky_round(sealed=True)
    clock(CLOSES + timedelta(days=3))
    without = look(client)

    lot = round.lots.first()
    lot.reserve_premium_hkd = Decimal("888222444")
    lot.save()

    assert changed(without, look(client)) == []


def test_a_day_before_the_opening_tells_nothing_afterwards_either(client, clock):
    round = make_leaky_round(sealed=True)
    fill(round, 27)
    open_box(round, CLOSES + timedelta(days=2))
    clock(CLOSES + timedelta(days=9))

    before = f"{CLOSES + timedelta(days=1):%Y-%m-%d}"
    csv = ask(client, f"/rounds.csv?q=R-LEAK&as_of={before}")[2].decode().splitlines()

    row = dict(zip(csv[0].removeprefix("\ufeff").split(","), csv[1].split(","), strict=True))
    assert (row["stage"], row["proposals"], row["proponents"], row["opened_at"]) == ("closed", "", "", "")


SECRETS = [
    "Canary 0",
    "Canary 1 ",
    "Canary 4",
    "Canary 25",
    "Canary sector",
    "Canary summary",
    "Canary reason",
]
AMOUNTS = ["515151000", "515151001", "515,151,001", "515151004", "515151025", "424242", "99173", "777333111"]
WINNER = {"Canary 0", "515151000"}
LOSER = {"Canary 1 "}
DISCLOSED = {
    (Disclosure.TOTALS, None): set(),
    (Disclosure.NAMES, None): WINNER | LOSER,
    (Disclosure.STAGED, 30): WINNER | LOSER,
    (Disclosure.STAGED, 0): WINNER | LOSER | {"515,151,001"},
    (Disclosure.FULL, None): WINNER | LOSER | {"515,151,001"},
}


@pytest.mark.parametrize(
    ("rule", "days", "public"),
    [(*case, public) for case, public in DISCLOSED.items()],
    ids=[f"{rule}-{days}" for rule, days in DISCLOSED],
)
def test_after_the_award_the_rule_says_what_is_told_and_the_rest_is_nowhere(
    client, clock, rule, days, public
):
    round = make_leaky_round(sealed=False, disclosure=rule, disclosure_days=days)
    fill(round, 27)
    open_box(round, CLOSES + timedelta(days=2))
    winner = round.proposals.get(proponent__name_en="Canary 0 Limited")
    choice = AwardChoice(
        round.lots.get(code="L1"), winner, date(2026, 4, 5), premium_hkd=Decimal("515151000")
    )
    lifecycle.award(round, by=None, at=hk(2026, 4, 5, 12), choices=[choice])
    clock(hk(2026, 4, 15, 10))

    # Number 4 was withdrawn, number 25 came late.
    assert told(client, *SECRETS, *AMOUNTS) == public


def test_what_goes_with_a_draft_is_nowhere(client, clock):
    """Enquiries and documents that wait, sources and organisations that only drafts name."""
    clock(hk(2026, 3, 15))
    round = make_leaky_round(sealed=True)
    Enquiry.objects.create(
        round=round, number=1, asked_on=date(2026, 3, 2), question="Canary question", answer="Canary answer"
    )
    for published_at in (None, hk(2026, 3, 20)):
        Document.objects.create(
            round=round, title_en="Canary document", url="https://example.org/canary", language="en",
            published_at=published_at,
        )  # fmt: skip
    source = make_source(
        "canary-source", publisher_en="Canary press", url="https://example.org/canary-source"
    )
    draft = make_release("canary-release", published=False, said=())
    Figure.objects.create(
        park=make_park(), release=draft, indicator="plots_remaining", value=98765, unit="plots",
        as_of=date(2026, 3, 1), source=source,
    )  # fmt: skip
    make_park("canary-park", published=False, website="https://example.org/canary-park")

    assert told(client, "Canary", "canary", "98765", "98,765") == set()


def test_a_release_that_is_not_announced_yet_is_named_by_no_figure(client, clock):
    clock(hk(2026, 3, 15))
    make_leaky_round(sealed=True)
    later = make_release("canary-release", said=(("2027", date(2026, 4, 1)),))
    Figure.objects.create(
        park=make_park(), release=later, indicator="plots_remaining", value=98765, unit="plots",
        as_of=date(2026, 3, 1), source=make_source(),
    )  # fmt: skip

    assert told(client, "canary-release", "98765", "98,765") == set()


def test_a_plot_in_a_part_of_a_draft_phase_is_not_even_counted(client, clock):
    clock(hk(2026, 3, 15))
    whole = make_phase("9", published=False)
    plot = make_plot("NT-A", make_phase())
    hidden = make_plot("NT-B", make_phase("9a", part_of=whole))
    release = make_release("first")
    round = make_round("R-LEAK", lots=0, published=False)
    lot = make_lot(round, "L1", plots=0)
    for one in (plot, hidden):
        ReleasePlot.objects.create(release=release, plot=one)
        LotPlot.objects.create(lot=lot, plot=one)
    lifecycle.publish(round, by=None, at=hk(2026, 2, 1))

    with_it = look(client, ONCE)
    ReleasePlot.objects.filter(plot=hidden).delete()
    with unguarded("tenders_lotplot"):
        LotPlot.objects.filter(plot=hidden).delete()

    assert {a: body for a, (_s, _h, body) in look(client, ONCE).items()} == {
        a: body for a, (_s, _h, body) in with_it.items()
    }


def test_a_code_with_odd_letters_has_a_page(client, clock):
    clock(hk(2026, 3, 15))
    make_plot("NT 1/2 ?#%", make_phase())
    make_round("R 1/2 ?#%", lots=1)

    for address in (
        reverse("plot", kwargs={"park": "hsitp", "plot": "NT 1/2 ?#%"}),
        reverse("round", kwargs={"round": "R 1/2 ?#%"}),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert f'hreflang="zh-Hant" href="http://testserver/zh-hant{address}"' in page.content.decode()
