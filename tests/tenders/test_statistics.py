from datetime import date, timedelta
from decimal import Decimal

import pytest

from tenders import lifecycle
from tenders.models import Figure, Lot, TenderRound
from tenders.statistics import counted_at_opening, round_counts
from tests.factories import (
    CLOSES,
    admit,
    hk,
    make_lot,
    make_organisation,
    make_proposal,
    make_round,
    make_source,
    make_user,
    open_box,
)

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
AFTER = CLOSES + timedelta(days=1)


def counts(round, at=AFTER):
    return round_counts(TenderRound.objects.with_stage(at).filter(pk=round.pk), at)[round.pk]


def claim(round, value=27, as_of=date(2025, 12, 31), **fields):
    return Figure.objects.create(
        park=round.park, round=round, indicator="proposals_received", value=value, unit="proposals", as_of=as_of,
        source=make_source(), **fields,
    )  # fmt: skip


def test_a_proposal_for_two_lots_is_one_proposal_and_counts_for_each_lot():
    round = make_round(lots=2)
    first, second = round.lots.all()
    company = make_organisation()
    make_proposal(round, lots=[first, second], proponent=company)
    make_proposal(round, lots=[first], proponent=company)
    make_proposal(round, lots=[first])

    found = counts(round)

    assert (found.proposals, found.proponents, found.per_lot) == (3, 2, {first.pk: 3, second.pk: 1})
    assert (found.per_plot, found.plots, found.basis) == (Decimal("2.00"), 2, "recorded")


def test_late_and_withdrawn_proposals_are_not_counted():
    round = make_round()
    make_proposal(round)
    make_proposal(round, received_at=CLOSES)
    gone = make_proposal(round)
    lifecycle.withdraw(gone, by=None, at=hk(2026, 3, 31, 9))

    assert counts(round).proposals == 1


@pytest.mark.parametrize("number", [0, 1, 27])
def test_before_the_closing_time_nothing_depends_on_the_number_of_proposals(number):
    round = make_round()
    empty = counts(round, CLOSES - MICROSECOND)
    for _ in range(number):
        make_proposal(round)

    assert counts(round, CLOSES - MICROSECOND) == empty
    assert (empty.basis, empty.proposals, empty.per_plot) == ("sealed", None, None)


def test_counts_of_a_sealed_round_follow_the_opening_not_the_closing_time():
    round = make_round(sealed=True)
    make_proposal(round)
    shut = counts(round, AFTER)
    open_box(round, AFTER)

    assert (shut.basis, shut.proposals) == ("sealed", None)
    assert (counts(round, AFTER - MICROSECOND).basis, counts(round, AFTER).proposals) == ("sealed", 1)
    assert counts(round, AFTER).as_of == AFTER.date()


def test_a_claim_without_records_is_reported_and_has_no_ratio():
    round = make_round()
    claim(round)
    Lot.objects.filter(round=round).update(stated_plots=None)

    found = counts(round)

    assert (found.basis, found.proposals, found.as_of, found.per_plot) == (
        "reported",
        27,
        date(2025, 12, 31),
        None,
    )


def test_records_lead_once_they_reach_what_was_claimed():
    round = make_round()
    claim(round, value=2)
    make_proposal(round)
    fewer = counts(round)
    make_proposal(round)

    assert (fewer.basis, fewer.proposals, fewer.recorded) == ("reported", 2, 1)
    assert (counts(round).basis, counts(round).proposals) == ("recorded", 2)


def test_once_the_box_was_opened_its_records_lead_whatever_was_claimed():
    round = make_round()
    claim(round, value=2)
    make_proposal(round)
    open_box(round)

    assert (counts(round).basis, counts(round).proposals, counts(round).opened) == ("recorded", 1, True)


def test_nothing_received_is_a_nought_only_once_the_box_was_opened():
    round = make_round()
    before = counts(round)
    open_box(round)

    assert (before.basis, before.proposals) == ("", None)
    assert (counts(round).basis, counts(round).proposals) == ("recorded", 0)


def test_a_claim_of_a_later_day_is_not_known_yet():
    round = make_round()
    claim(round, as_of=AFTER.date() + timedelta(days=1))

    assert counts(round).proposals is None


def test_mean_per_plot_weighs_packages_by_their_plots_and_is_absent_where_plots_are_not_known():
    round = make_round(lots=0)
    big, small = make_lot(round, "1", plots=0, stated_plots=6), make_lot(round, "2")
    make_proposal(round, lots=[big])
    make_proposal(round, lots=[big, small])

    assert (counts(round).plots, counts(round).per_plot) == (7, Decimal("1.86"))  # (2 * 6 + 1 * 1) / 7
    Lot.objects.filter(pk=big.pk).update(stated_plots=None)
    assert (counts(round).plots, counts(round).per_plot) == (None, None)


@pytest.mark.parametrize("rounds", [1, 3])
def test_counting_asks_six_times(rounds, django_assert_num_queries):
    for _ in range(rounds):
        make_proposal(make_round())
    listed = list(TenderRound.objects.with_stage(AFTER))

    with django_assert_num_queries(6):
        assert len(round_counts(listed, AFTER)) == rounds


@pytest.mark.parametrize("number", [1, 3])
def test_what_counted_at_the_opening_leaves_out_what_was_admitted_or_withdrawn_around_it(
    number, django_assert_num_queries
):
    rounds = [make_round(sealed=True) for _ in range(number)]
    for round in rounds:
        gone, stays = make_proposal(round), make_proposal(round)
        late = make_proposal(round, received_at=CLOSES)
        open_box(round)
        admit(late)
        lifecycle.withdraw(stays, by=make_user(), at=CLOSES + timedelta(days=1), reason="Ours.")
        lifecycle.withdraw(gone, by=make_user(), at=CLOSES + timedelta(minutes=1), reason="Ours.")

    with django_assert_num_queries(1):
        counted = counted_at_opening(rounds)

    assert counted == {round.pk: 1 for round in rounds}
