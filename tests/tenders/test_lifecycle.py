from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tenders import lifecycle
from tenders.lifecycle import AwardChoice, MoveRefused
from tenders.lifecycle.writer import move
from tenders.models import Award, LotPlot, Opening, Proposal, RoundEvent, TenderRound
from tenders.statuses import MOVES, Decision, ProposalStatus, Stage
from tests.factories import (
    CLOSES,
    OPENS,
    hk,
    make_lot,
    make_officer,
    make_proposal,
    make_round,
    make_user,
    open_box,
)

pytestmark = pytest.mark.django_db
AFTER = CLOSES + timedelta(days=1)


def to_opened(round):
    open_box(round)


def to_awarded(round):
    proposal = make_proposal(round)
    open_box(round)
    lifecycle.award(
        round, by=None, at=AFTER, choices=[AwardChoice(round.lots.first(), proposal, AFTER.date())]
    )


WAYS = {
    Decision.DRAFT: lambda round: None,
    Decision.PUBLISHED: lambda round: lifecycle.publish(round, by=None, at=OPENS),
    Decision.OPENED: lambda round: (WAYS[Decision.PUBLISHED](round), to_opened(round)),
    Decision.AWARDED: lambda round: (WAYS[Decision.PUBLISHED](round), to_awarded(round)),
    Decision.UNSUCCESSFUL: lambda round: (
        WAYS[Decision.PUBLISHED](round),
        lifecycle.declare_unsuccessful(round, by=None, at=AFTER, reason="No bid met the premium."),
    ),
    Decision.CANCELLED: lambda round: (
        WAYS[Decision.PUBLISHED](round),
        lifecycle.cancel(round, by=None, at=AFTER, reason="The road is late."),
    ),
}


def take(round, new, lot_proposal=None):
    """Try to move `round` to `new` by its verb."""
    if new == Decision.PUBLISHED:
        lifecycle.publish(round, by=None, at=AFTER)
    elif new == Decision.OPENED:
        open_box(round, AFTER)
    elif new == Decision.AWARDED:
        proposal = round.proposals.first() or make_proposal(
            make_round() if round.decision == Decision.DRAFT else round
        )
        lifecycle.award(
            round, by=None, at=AFTER, choices=[AwardChoice(round.lots.first(), proposal, AFTER.date())]
        )
    elif new == Decision.UNSUCCESSFUL:
        lifecycle.declare_unsuccessful(round, by=None, at=AFTER, reason="Nobody came.")
    elif new == Decision.CANCELLED:
        lifecycle.cancel(round, by=None, at=AFTER, reason="The road is late.")
    else:
        move(round, new, by=None, at=AFTER)


@pytest.mark.parametrize("now", Decision)
@pytest.mark.parametrize("new", Decision)
def test_every_pair_of_the_table_is_done_or_refused_and_recorded(now, new):
    round = make_round(published=False)
    WAYS[now](round)
    events = RoundEvent.objects.filter(round=round).count()

    try:
        take(round, new)
        done = True
    except MoveRefused:
        done = False

    assert done == (new in MOVES[now])
    assert TenderRound.objects.get(pk=round.pk).decision == (new if done else now)
    assert RoundEvent.objects.filter(round=round).count() == events + done


def test_a_round_without_closing_time_is_not_published():
    with pytest.raises(MoveRefused, match="closing time"):
        lifecycle.publish(make_round(published=False, closes_at=None), by=None, at=OPENS)


def test_amendment_moves_the_closing_time_and_keeps_the_old_one():
    round = make_round()
    later = CLOSES + timedelta(days=14)

    amendment = lifecycle.amend(
        round, by=make_user(), at=hk(2026, 3, 9), reason="Site visits.", closes_at=later
    )

    assert (amendment.number, amendment.closes_at_before, amendment.closes_at_after) == (1, CLOSES, later)
    assert round.closes_at == later
    as_it_stood = TenderRound.objects.with_stage(hk(2026, 3, 8)).get(pk=round.pk)
    assert (as_it_stood.closing_time, as_it_stood.closes_at) == (CLOSES, later)


@pytest.mark.parametrize(
    ("at", "reason", "changes", "words"),
    [
        (hk(2026, 3, 9), " ", {"closes_at": CLOSES + timedelta(days=1)}, "reason"),
        (hk(2026, 3, 9), "Why.", {}, "changes no date"),
        (hk(2026, 3, 9), "Why.", {"closes_at": CLOSES}, "changes no date"),
        (CLOSES, "Why.", {"closes_at": CLOSES + timedelta(days=1)}, "closing time has passed"),
        (hk(2026, 3, 9), "Why.", {"closes_at": hk(2026, 3, 8)}, "already passed"),
        (hk(2026, 3, 9), "Why.", {"opens_at": hk(2026, 3, 10)}, "already open"),
        (hk(2026, 3, 9), "Why.", {"enquiries_until": CLOSES + timedelta(days=1)}, "Enquiries end by the"),
        (hk(2026, 2, 20), "Why.", {"opens_at": CLOSES}, "closes before it opens"),
    ],
)
def test_amendments_that_would_mislead_are_refused_in_words(at, reason, changes, words):
    round = make_round()

    with pytest.raises(MoveRefused, match=words):
        lifecycle.amend(round, by=None, at=at, reason=reason, **changes)

    assert (TenderRound.objects.get(pk=round.pk).closes_at, round.amendments.count()) == (CLOSES, 0)


def test_the_box_opens_at_the_closing_time_and_not_a_microsecond_earlier():
    round = make_round()
    officer = make_officer("officer-1")

    with pytest.raises(MoveRefused, match="stays shut"):
        lifecycle.begin_opening(round, by=officer, at=CLOSES - timedelta(microseconds=1))

    assert lifecycle.begin_opening(round, by=officer, at=CLOSES).opened_at is None


def test_one_officer_cannot_open_the_box_alone():
    round = make_round()
    officer = make_officer("officer-1")
    with pytest.raises(MoveRefused, match="not begun"):
        lifecycle.confirm_opening(round, by=officer, at=AFTER)
    lifecycle.begin_opening(round, by=officer, at=AFTER)
    with pytest.raises(MoveRefused, match="already begun"):
        lifecycle.begin_opening(round, by=make_officer("officer-2"), at=AFTER)

    with pytest.raises(MoveRefused, match="takes two"):
        lifecycle.confirm_opening(round, by=officer, at=AFTER)

    assert TenderRound.objects.get(pk=round.pk).decision == Decision.PUBLISHED
    with pytest.raises(IntegrityError, match="opening_needs_two_officers"), transaction.atomic():
        Opening.objects.filter(round=round).update(second_officer=officer, opened_at=AFTER, proposal_count=0)


def test_opening_lists_what_was_in_the_box():
    round = make_round()
    references = sorted(make_proposal(round).reference for _ in range(2))

    opening = open_box(round)

    assert (opening.proposal_count, opening.references) == (2, references)
    assert round.stage(AFTER) == Stage.EVALUATING


def test_award_gives_the_lot_and_settles_everybody_else():
    round = make_round(lots=2)
    winner, loser, gone = (make_proposal(round) for _ in range(3))
    lifecycle.withdraw(gone, by=None, at=hk(2026, 3, 31, 9))
    open_box(round)
    choice = AwardChoice(round.lots.first(), winner, date(2026, 4, 20), Decimal("1000000.00"), 50)

    (award,) = lifecycle.award(round, by=make_user(), at=hk(2026, 4, 20, 10), choices=[choice])

    statuses = {
        proposal: type(proposal).objects.get(pk=proposal.pk).status for proposal in (winner, loser, gone)
    }
    assert statuses == {winner: "successful", loser: "unsuccessful", gone: "withdrawn"}
    assert (award.premium_hkd, award.tenure_years, round.decision) == (Decimal("1000000.00"), 50, "awarded")
    assert loser.history.first().status == "unsuccessful"
    assert not LotPlot.objects.filter(lot__round=round, live=True).exists()


@pytest.mark.parametrize(
    "case", ["late", "withdrawn", "rejected", "other lot", "other round", "nothing", "twice"]
)
def test_a_proposal_that_may_not_win_does_not(case):
    round = make_round(lots=2)
    lot, other = round.lots.all()
    received = CLOSES if case == "late" else hk(2026, 3, 30)
    proposal = make_proposal(round, lots=[lot], received_at=received)
    if case == "withdrawn":
        lifecycle.withdraw(proposal, by=None, at=hk(2026, 3, 31))
    open_box(round)
    proposal.refresh_from_db()
    if case == "rejected":
        lifecycle.reject(proposal, by=None, at=AFTER, reason="Incomplete.")
    if case == "other round":
        proposal = make_proposal(make_round())
    choices = [AwardChoice(other if case == "other lot" else lot, proposal, AFTER.date())]
    choices = {"nothing": [], "twice": choices * 2}.get(case, choices)

    with pytest.raises(MoveRefused):
        lifecycle.award(round, by=None, at=AFTER, choices=choices)

    assert (Award.objects.count(), TenderRound.objects.get(pk=round.pk).decision) == (0, "opened")


def test_a_proposal_that_was_withdrawn_meanwhile_cannot_win():
    round = make_round()
    proposal = make_proposal(round)
    open_box(round)
    seen_before = Proposal.objects.get(pk=proposal.pk)
    lifecycle.withdraw(proposal, by=None, at=AFTER)

    with pytest.raises(MoveRefused, match="was withdrawn"):
        lifecycle.award(
            round, by=None, at=AFTER, choices=[AwardChoice(round.lots.get(), seen_before, AFTER.date())]
        )


def test_late_proposal_is_kept_and_cannot_be_shortlisted():
    round = make_round()
    late = make_proposal(round, received_at=CLOSES)
    open_box(round)
    late.refresh_from_db()

    with pytest.raises(MoveRefused, match="came late"):
        lifecycle.shortlist(late, by=None, at=AFTER)

    assert (late.late, type(late).objects.get(pk=late.pk).status) == (True, ProposalStatus.RECEIVED)


def test_proposals_are_judged_only_while_the_box_is_open_and_nothing_is_decided():
    round = make_round()
    proposal = make_proposal(round)
    with pytest.raises(MoveRefused, match="opening of the box"):
        lifecycle.shortlist(proposal, by=None, at=AFTER)
    open_box(round)
    proposal.refresh_from_db()

    lifecycle.shortlist(proposal, by=None, at=AFTER)
    with pytest.raises(MoveRefused, match="needs a reason"):
        lifecycle.reject(proposal, by=None, at=AFTER, reason="")
    lifecycle.withdraw(proposal, by=None, at=AFTER)
    with pytest.raises(MoveRefused, match="already"):
        lifecycle.withdraw(proposal, by=None, at=AFTER)

    assert [row.status for row in proposal.history.order_by("history_id")] == [
        "received",
        "shortlisted",
        "withdrawn",
    ]


def test_a_plot_is_in_one_live_round_and_free_again_once_it_is_over():
    first, second = make_round(), make_round(published=False, lots=0)
    plot = first.lots.get().plots.get()
    LotPlot.objects.create(lot=make_lot(second, plots=0), plot=plot)

    with pytest.raises(MoveRefused, match=f"{plot.code} is in round {first.code}"):
        lifecycle.publish(second, by=None, at=OPENS)
    lifecycle.cancel(first, by=None, at=OPENS, reason="Called off.")
    lifecycle.publish(second, by=None, at=OPENS)

    assert [link.lot.round for link in LotPlot.objects.filter(plot=plot, live=True)] == [second]
    with pytest.raises(IntegrityError), transaction.atomic():
        LotPlot.objects.filter(lot__round=first).update(live=True)


def test_award_is_signed_or_lapses_but_not_before_its_decision():
    round = make_round()
    to_awarded(round)
    award = Award.objects.get()

    with pytest.raises(MoveRefused, match="award_is_signed_after_its_decision"):
        lifecycle.sign(award, by=None, signed_on=date(2026, 1, 1))
    award.refresh_from_db()
    with pytest.raises(MoveRefused, match="why the award lapsed"):
        lifecycle.lapse(award, by=None, lapsed_on=date(2026, 6, 1), reason="")
    lifecycle.lapse(award, by=None, lapsed_on=date(2026, 6, 1), reason="The premium was not paid.")
    with pytest.raises(MoveRefused, match="has lapsed"):
        lifecycle.sign(award, by=None, signed_on=date(2026, 6, 2))


def test_an_unsealed_box_may_be_read_and_a_sealed_one_only_after_its_opening():
    sealed, open_round = make_round(sealed=True), make_round()
    before = (lifecycle.sealed_now(sealed), lifecycle.sealed_now(open_round))

    open_box(sealed)

    assert (*before, lifecycle.sealed_now(sealed)) == (True, False, False)


def test_a_sealed_round_that_is_called_off_stays_sealed():
    round = make_round(sealed=True)

    lifecycle.cancel(round, by=None, at=OPENS, reason="Called off.")

    assert lifecycle.sealed_now(round)
