"""When a proposal came: stamped by the server, or by an officer with a reason; and what two officers admit late."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from parks.importing import ImportRefused
from tenders import lifecycle, proposals_csv
from tenders.disclosure import disclosed
from tenders.importing import proposals
from tenders.lifecycle import AwardChoice, MoveRefused
from tenders.models import Admission, Figure, Proposal, TenderRound
from tenders.statistics import round_counts
from tests.factories import (
    CLOSES,
    OPENS,
    admit,
    hk,
    make_officer,
    make_organisation,
    make_proposal,
    make_round,
    make_source,
    make_user,
    open_box,
)
from tests.tables import csv_file, read_back

pytestmark = pytest.mark.django_db

LIST = "/admin/tenders/proposal/"
NOW = hk(2026, 3, 30, 15, 4, 5, 678901)
AFTER = CLOSES + timedelta(days=1)
NO_ROWS = {
    f"{prefix}-{count}": 0
    for prefix in ("proposal_lots", "proposal_members")
    for count in ("TOTAL_FORMS", "INITIAL_FORMS")
}


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.fixture
def clock(monkeypatch):
    def set_to(instant):
        monkeypatch.setattr("django.utils.timezone.now", lambda: instant)

    set_to(NOW)
    return set_to


@pytest.fixture
def round():
    return make_round("S-1", sealed=True)


def register(desk, round, **fields):
    form = {"round": round.pk, "proponent": make_organisation("Acme").pk, "channel": "counter", **NO_ROWS}
    return desk.post(f"{LIST}add/", form | fields, follow=True)


def at(day, time):
    return {"received_at_0": day, "received_at_1": time}


# --- the server's clock -----------------------------------------------------------------------------------------


def test_server_says_when_it_was_saved_to_the_microsecond(desk, clock, round):
    shown = desk.get(f"{LIST}add/").context["adminform"].form
    clock(NOW + timedelta(minutes=7))

    register(desk, round)

    proposal = Proposal.objects.get()
    assert shown["received_at"].value() in (None, [None, None])
    assert (proposal.received_at, proposal.received_at_reason) == (NOW + timedelta(minutes=7), "")


@pytest.mark.parametrize(("moment", "late"), [(CLOSES - timedelta(microseconds=1), False), (CLOSES, True)])
def test_saved_at_noon_sharp_is_late_whenever_the_form_was_opened(desk, clock, round, moment, late):
    desk.get(f"{LIST}add/")
    clock(moment)

    register(desk, round)

    assert Proposal.objects.get().late is late


def test_another_time_is_kept_with_its_reason_in_the_history_too(desk, clock, round):
    register(desk, round, **at("2026-03-30", "09:00:00"), received_at_reason="The desk had no power.")

    proposal = Proposal.objects.get()
    assert (proposal.received_at, proposal.received_at_reason) == (
        hk(2026, 3, 30, 9),
        "The desk had no power.",
    )
    assert proposal.history.get().history_change_reason == "The desk had no power."


REFUSED = {
    "without a reason": (at("2026-03-30", "09:00:00"), "Say why it was handed in at another time"),
    "with an empty reason": (at("2026-03-30", "09:00:00") | {"received_at_reason": " "}, "Say why it was handed"),
    "in the future": (at("2026-03-30", "15:04:06") | {"received_at_reason": "x"}, "That is still to come."),
    "before the round opened": (at("2026-03-01", "08:59:59") | {"received_at_reason": "x"}, "it was not open."),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "words"), REFUSED.values(), ids=REFUSED)
def test_time_is_refused_in_words(desk, clock, round, fields, words):
    answer = register(desk, round, **fields)

    assert words in answer.content.decode()
    assert not Proposal.objects.exists()


def test_nothing_is_registered_before_the_round_opens(desk, clock, round):
    clock(OPENS - timedelta(seconds=1))

    answer = register(desk, round)

    assert "S-1 took no proposals yet: it was not open." in answer.content.decode()
    assert not Proposal.objects.exists()


def correct(desk, proposal, **fields):
    form = {"proponent": proposal.proponent_id, "channel": "post", **at("2026-03-30", "15:04:05")}
    return desk.post(f"{LIST}{proposal.pk}/change/", form | fields, follow=True)


def test_correction_needs_a_reason_of_its_own(desk, clock, round):
    proposal = make_proposal(round, received_at=NOW, received_at_reason="First reason")

    refused = correct(desk, proposal, **at("2026-03-30", "14:00:00"))
    kept = Proposal.objects.get().received_at
    correct(desk, proposal, **at("2026-03-30", "14:00:00"), received_at_reason="The stamp says so.")

    proposal.refresh_from_db()
    assert "Say why it was handed in at another time" in refused.content.decode()
    assert (kept, proposal.received_at) == (NOW, hk(2026, 3, 30, 14))
    assert proposal.history.first().history_change_reason == "The stamp says so."


def test_another_correction_leaves_the_time_alone_to_the_microsecond(desk, clock, round):
    proposal = make_proposal(round, received_at=NOW, received_at_reason="First reason")

    correct(desk, proposal)

    proposal.refresh_from_db()
    assert (proposal.channel, proposal.received_at, proposal.received_at_reason) == (
        "post",
        NOW,
        "First reason",
    )


# --- files ------------------------------------------------------------------------------------------------------


def take(*times, reference=""):
    rows = [
        {"proposal": reference, "round": "S-1", "lots": "", "proponent": "Acme", "received_at": time}
        for time in times
    ]
    return proposals.run(csv_file(*rows), by=None, at=AFTER, file="box.csv")


def test_file_is_the_reason_for_its_times(round):
    take("2026-03-30T15:00:00+08:00")
    proposal = Proposal.objects.get()
    first = proposal.received_at_reason

    take("2026-03-30T16:00:00+08:00", reference=proposal.reference)

    proposal.refresh_from_db()
    assert (first, proposal.received_at_reason) == ("Import of box.csv", "Import of box.csv")
    assert proposal.received_at == hk(2026, 3, 30, 16)


def test_file_brings_nothing_from_before_the_opening(round):
    with pytest.raises(ImportRefused) as refusal:
        take("2026-03-01T08:59:59+08:00")

    assert "is before the round opened, 2026-03-01T09:00:00+08:00" in str(list(refusal.value.lines()))
    assert not Proposal.objects.exists()


def test_chosen_late_one_comes_back_unchanged_from_its_own_export():
    round = make_round("R-1")
    late = make_proposal(round, received_at=CLOSES)
    open_box(round)
    admit(late)
    lifecycle.shortlist(late, by=None, at=AFTER)
    rows = read_back(proposals_csv.lines(Proposal.objects.with_parts()))

    report = proposals.run(csv_file(*rows), by=None, at=AFTER)

    assert (rows[0]["late"], rows[0]["status"], str(report)) == (
        "true",
        "shortlisted",
        "0 new, 0 changed, 1 unchanged.",
    )


# --- admission --------------------------------------------------------------------------------------------------


@pytest.fixture
def late():
    return make_proposal(make_round("R-1"), received_at=CLOSES + timedelta(minutes=3))


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("in time", "came in time and needs no admission"),
        ("open", "between the closing time and the decision"),
        ("decided", "between the closing time and the decision"),
        ("withdrawn", "is withdrawn already"),
        ("reason", "An admission needs a reason"),
        ("stranger", "does not have the permission"),
        ("twice", "has been asked for already"),
    ],
)
def test_admission_is_refused_in_words(late, case, words):
    proposal, by, when, reason = late, make_officer("one"), AFTER, "Our clock was slow."
    if case == "in time":
        proposal = make_proposal(late.round)
    if case == "open":
        when = CLOSES - timedelta(microseconds=1)
    if case == "decided":
        lifecycle.declare_unsuccessful(late.round, by=None, at=AFTER, reason="Nobody.")
    if case == "withdrawn":
        lifecycle.withdraw(late, by=None, at=AFTER)
    if case == "reason":
        reason = " "
    if case == "stranger":
        by = make_user("stranger")
    if case == "twice":
        lifecycle.ask_admission(late, by=by, at=AFTER, reason=reason)
        by = make_officer("two")

    with pytest.raises(MoveRefused, match=words):
        lifecycle.ask_admission(proposal, by=by, at=when, reason=reason)

    assert Admission.objects.count() == (case == "twice")


def test_two_officers_admit_and_one_does_not(late):
    first, second = make_officer("one"), make_officer("two")
    with pytest.raises(MoveRefused, match="Nobody has asked"):
        lifecycle.confirm_admission(late, by=second, at=AFTER)
    lifecycle.ask_admission(late, by=first, at=AFTER, reason="Our clock was slow.")
    with pytest.raises(MoveRefused, match="It takes two"):
        lifecycle.confirm_admission(late, by=first, at=AFTER)
    with pytest.raises(MoveRefused, match="does not have the permission"):
        lifecycle.confirm_admission(late, by=make_user("stranger"), at=AFTER)

    admission = lifecycle.confirm_admission(late, by=second, at=AFTER)

    with pytest.raises(MoveRefused, match="is admitted already"):
        lifecycle.confirm_admission(late, by=make_officer("three"), at=AFTER)
    assert (admission.first_officer, admission.second_officer, admission.admitted_at) == (
        first,
        second,
        AFTER,
    )
    assert admission.history.count() == 2


def test_staff_admit_on_the_page_of_the_proposal(desk, clock, late):
    clock(AFTER)
    page = f"{LIST}{late.pk}"

    asked = desk.post(f"{page}/ask-admission/", {"reason": "Our clock was slow."}, follow=True)
    alone = desk.post(f"{page}/confirm-admission/")
    desk.force_login(User.objects.create_superuser("second"))
    done = desk.post(f"{page}/confirm-admission/", follow=True)

    said = [[str(message) for message in answer.context["messages"]] for answer in (asked, alone, done)]
    assert said == [
        [f"The admission of {late} is asked for. A second officer confirms it."],
        ["It takes two: the officer who asked for the admission cannot confirm it."],
        [f"{late} is admitted and counts from now on."],
    ]
    assert "late, admitted" in desk.get(LIST).content.decode()


def test_form_of_an_admission_says_that_its_reason_is_published(desk, clock, late):
    clock(AFTER)

    told = desk.get(f"{LIST}{late.pk}/ask-admission/").content.decode()

    assert "Published on the round’s page with the totals, word for word." in told


# --- who counts -------------------------------------------------------------------------------------------------


def test_python_and_sql_agree_on_who_is_eligible():
    round, without = make_round(), make_round(closes_at=None, kind="direct_grant")
    instants = [CLOSES - timedelta(microseconds=1), CLOSES, CLOSES + timedelta(microseconds=1)]
    rows = [make_proposal(round, received_at=instant) for instant in instants]
    admitted, asked = (make_proposal(round, received_at=CLOSES) for _ in range(2))
    make_proposal(without)
    admit(admitted, AFTER)
    lifecycle.ask_admission(asked, by=make_officer(), at=AFTER, reason="Our clock.")

    for when in (CLOSES, AFTER - timedelta(microseconds=1), AFTER, AFTER + timedelta(days=9)):
        in_sql = set(Proposal.objects.eligible(when))
        in_python = {row for row in Proposal.objects.select_related("round") if row.eligible(when)}
        assert in_sql == in_python
        assert (admitted in in_sql, asked in in_sql, rows[0] in in_sql, rows[1] in in_sql) == (
            when >= AFTER,
            False,
            True,
            False,
        )


def counts(round, when):
    row = TenderRound.objects.with_stage(when).get(pk=round.pk)
    return round_counts([row], when)[round.pk]


def test_admitted_one_counts_from_its_admission_on(late):
    make_proposal(late.round)
    open_box(late.round)
    admit(late, AFTER)

    before, after = counts(late.round, AFTER - timedelta(microseconds=1)), counts(late.round, AFTER)

    lot = late.round.lots.get().pk
    assert (before.proposals, before.proponents, before.per_lot) == (1, 1, {lot: 1})
    assert (after.proposals, after.proponents, after.per_lot) == (2, 2, {lot: 2})


def test_admitted_one_is_shortlisted_wins_and_is_named(desk, clock):
    clock(AFTER)
    round = make_round("R-1", disclosure="full")
    late = make_proposal(round, proponent=make_organisation("Late Limited"), received_at=CLOSES)
    loser = make_proposal(round, proponent=make_organisation("Also Late Limited"), received_at=CLOSES)
    open_box(round)
    award = f"/admin/tenders/tenderround/{round.pk}/award/"
    choice = AwardChoice(round.lots.get(), late, AFTER.date(), Decimal(5))
    with pytest.raises(MoveRefused, match="came late and cannot win"):
        lifecycle.award(round, by=None, at=AFTER, choices=[choice])
    offered = re.findall("Late Limited", desk.get(award).content.decode())
    admit(late)

    now_offered = re.findall("Late Limited", desk.get(award).content.decode())
    lifecycle.shortlist(late, by=None, at=AFTER)
    lifecycle.award(round, by=None, at=AFTER, choices=[choice])

    assert (len(offered), len(now_offered)) == (0, 1)
    late.refresh_from_db()
    loser.refresh_from_db()
    assert (late.status, loser.status) == ("successful", "unsuccessful")
    assert [offer.proponent for offer in disclosed(round, AFTER).offers or []] == ["Late Limited"]


# --- what the public sees ---------------------------------------------------------------------------------------


REASON = "Our clock was slow."
SENTENCE = "1 of them came late and was admitted on 1 April 2026</a>: <q"


def public(client, round, **query):
    words = client.get(f"/rounds/{round.code}/", query).content.decode()
    return SENTENCE in words, REASON in words


def test_page_says_who_was_admitted_why_and_when_once_counts_are_public(client, clock):
    round = make_round("S-1", sealed=True)
    late = make_proposal(round, received_at=CLOSES)
    make_proposal(round)
    clock(AFTER + timedelta(days=3))
    lifecycle.ask_admission(late, by=make_officer("one"), at=AFTER, reason=REASON)
    asked = public(client, round)
    lifecycle.confirm_admission(late, by=make_officer("two"), at=AFTER)
    shut = public(client, round)
    open_box(round, AFTER + timedelta(days=1))

    assert (asked, shut) == ((False, False), (False, False))
    assert public(client, round) == (True, True)
    assert public(client, round, as_of="2026-04-01") == (False, False)  # the box was still shut
    assert ">2</a>" in client.get("/rounds/S-1/").content.decode()


def test_page_tells_of_the_admission_from_its_day_on(client, clock):
    round = make_round("R-1")
    late = make_proposal(round, received_at=CLOSES)
    make_proposal(round)
    admit(late, AFTER, REASON)
    clock(AFTER + timedelta(days=3))

    assert public(client, round, as_of="2026-03-31") == (False, False)
    assert public(client, round, as_of="2026-04-01") == (True, True)


def test_withdrawn_after_its_admission_is_not_told_any_more(client, clock):
    round = make_round("R-1")
    late = make_proposal(round, received_at=CLOSES)
    make_proposal(round)
    admit(late, AFTER, REASON)
    lifecycle.withdraw(late, by=None, at=AFTER + timedelta(hours=1))
    clock(AFTER + timedelta(days=3))

    assert public(client, round) == (False, False)


def test_admission_is_told_beside_a_claim_too(client, clock):
    round = make_round("R-1")
    late = make_proposal(round, received_at=CLOSES)
    admit(late, AFTER, REASON)
    Figure.objects.create(
        round=round, indicator="proposals_received", value=27, unit="proposals", as_of=date(2026, 4, 1),
        source=make_source(),
    )  # fmt: skip
    clock(AFTER + timedelta(days=3))

    assert public(client, round) == (True, True)
