"""Differences between figures, records, names and openings: each law once, and nothing of a box that is shut."""

from datetime import date

import pytest
from django.db import transaction

from parks.models import ReleasePlot
from tenders import lifecycle
from tenders.models import Figure, Opening, Proposal
from tenders.reconciling import Why, reconcile
from tests.factories import (
    hk,
    make_lot,
    make_officer,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
)

pytestmark = pytest.mark.django_db

AT = hk(2026, 6, 1, 10)


def claim(indicator, value, day=date(2026, 1, 31), source="gazette", **fields):
    phase = None if {"round", "release"} & set(fields) else make_phase()
    fields = {"park": phase.park if phase else None, "phase": phase, "unit": "plots"} | fields
    return Figure.objects.create(
        indicator=indicator, value=value, as_of=day, source=make_source(source), **fields
    )


def differences(at=AT, **asked):
    return [
        (found.figure_id, found.why, found.leads.value, found.against.value)
        for found in reconcile(at, **asked).differences
    ]


def test_two_claims_on_one_day():
    claim("plots_total", 22)
    claim("plots_total", 20, source="other")

    assert differences() == [("hsitp-1-plots-total", Why.SAME_DAYS, 22, 20)]


def test_what_remains_against_all_without_what_was_offered():
    claim("plots_total", 22)
    claim("plots_offered", 10)
    claim("plots_remaining", 22)

    (found,) = reconcile(AT).differences

    assert (found.figure_id, found.why, found.against.value) == (
        "hsitp-1-plots-remaining",
        Why.REMAINDER,
        12,
    )
    assert [(term.sign, term.value) for term in found.against.terms] == [(1, 22), (-1, 10)]


def test_more_awarded_than_offered():
    claim("plots_offered", 10)
    claim("plots_awarded", 12)

    assert differences() == [("hsitp-1-plots-awarded", Why.WITHIN, 12, 10)]


def test_releases_that_announce_more_together_than_there_are():
    claim("plots_total", 22)
    make_release("ten", plot_count=10, phase=make_phase())
    make_release("rest", plot_count=22, phase=make_phase())

    assert differences() == [
        ("hsitp-1-plots-remaining", Why.WITHIN, 32, 22),
        ("hsitp-1-plots-total", Why.PARTS, 22, 32),
    ]


@pytest.mark.parametrize(("claimed", "recorded", "expected"), [
    (27, 2, [("r-1-proposals-received", Why.RECORDS, 27, 2)]),
    (2, 2, []),
    (27, 0, []),  # only claimed
])  # fmt: skip
def test_fewer_proposals_on_record_than_were_reported(claimed, recorded, expected):
    round = make_round("R-1")
    for _ in range(recorded):
        make_proposal(round)
    claim("proposals_received", claimed, date(2026, 4, 2), round=round, unit="proposals")

    assert differences() == expected


def test_an_opened_box_holds_its_count_against_a_later_claim():
    round = make_round("R-1", sealed=True)
    make_proposal(round)
    open_box(round, hk(2026, 4, 1, 9))
    claim("proposals_received", 2, date(2026, 4, 2), round=round, unit="proposals")

    assert differences() == [("r-1-proposals-received", Why.RECORDS, 1, 2)]


@pytest.mark.parametrize(("counted", "named", "expected"), [
    (5, 2, [("rest-plots-announced", Why.NAMES, 5, 2)]),
    (2, 3, [("rest-plots-announced", Why.NAMES, 2, 3)]),
    (2, 2, []),
    (5, 0, []),
])  # fmt: skip
def test_a_release_that_counts_other_plots_than_it_names(counted, named, expected):
    release = make_release("rest", plot_count=counted)
    for _ in range(named):
        ReleasePlot.objects.create(release=release, plot=make_plot())

    assert differences() == expected


def test_a_lot_that_counts_other_plots_than_it_names():
    make_lot(make_round("R-1", lots=0), "1", plots=2, stated_plots=3)

    assert differences() == [("r-1-lot-1-plots-offered", Why.NAMES, 3, 2)]


@pytest.mark.parametrize(("stated", "lots", "expected"), [
    (3, [1, 1], [("r-1-plots-offered", Why.PARTS, 3, 2)]),
    (1, [1, 1], [("r-1-plots-offered", Why.PARTS, 1, 2)]),
    (2, [1, 1], []),
    (3, [1, 0], []),  # the other lot's plots are not known yet
    (1, [2, 0], [("r-1-plots-offered", Why.PARTS, 1, 2)]),
])  # fmt: skip
def test_lots_that_come_to_other_plots_than_their_round_says(stated, lots, expected):
    round = make_round("R-1", lots=0, plot_count=stated)
    for number, plots in enumerate(lots):
        make_lot(round, str(number), plots=plots)

    assert differences() == expected


def opened_with_two():
    round = make_round("R-1", sealed=True)
    kept = [make_proposal(round) for _ in range(2)]
    open_box(round, hk(2026, 4, 1, 9))
    return round, kept


def test_a_receipt_of_before_the_opening_that_the_opening_did_not_find():
    round, _kept = opened_with_two()
    assert differences() == []

    make_proposal(round, lots=[])
    make_proposal(round, lots=[], received_at=hk(2026, 4, 1, 10))  # came after it

    (found,) = reconcile(AT).differences
    assert (found.why, found.leads.value, found.against.value, found.against.strangers) == (
        Why.OPENING, 2, 3, 1,
    )  # fmt: skip


def test_one_receipt_in_the_place_of_another_is_found_by_the_list():
    round, kept = opened_with_two()
    make_proposal(round, lots=[])
    Proposal.objects.filter(pk=kept[0].pk).update(
        received_at=hk(2026, 4, 1, 10), received_at_reason="A wrong clock"
    )

    (found,) = reconcile(AT).differences

    assert (found.leads.value, found.against.value, found.against.strangers) == (2, 2, 1)


def test_an_opening_counts_late_and_withdrawn_ones_and_is_known_from_its_day_on():
    round = make_round("R-1", sealed=True)
    gone = make_proposal(round)
    Proposal.objects.filter(pk=gone.pk).update(withdrawn_at=hk(2026, 3, 30, 16), status="withdrawn")
    make_proposal(round, received_at=hk(2026, 3, 31, 13))
    open_box(round, hk(2026, 4, 1, 9))
    agreed = differences()
    make_proposal(round, lots=[])

    assert (agreed, differences(hk(2026, 3, 31, 23))) == ([], [])
    assert [why for _id, why, *_values in differences()] == [Why.OPENING]
    assert Opening.objects.get().proposal_count == 2


@pytest.mark.parametrize("closes_at", [hk(2026, 5, 1, 12), hk(2026, 7, 1, 12)], ids=["closed", "open"])
def test_a_shut_box_tells_nothing_however_much_came_in(closes_at):
    assert told_of(0, closes_at) == told_of(1, closes_at) == told_of(27, closes_at)


def told_of(count, closes_at):
    with transaction.atomic():
        round = make_round("R-1", sealed=True, closes_at=closes_at)
        for _ in range(count):
            make_proposal(round)
        if closes_at < AT:
            lifecycle.begin_opening(round, by=make_officer(), at=hk(2026, 5, 2, 9))
        claim("proposals_received", 27, date(2026, 5, 2), round=round, unit="proposals")
        found = reconcile(AT)
        transaction.set_rollback(True)
    return found.differences, [(number.figure_id, number.value) for number in found.agreeing]


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_seventeen_times(rows, django_assert_num_queries):
    for number in range(rows):
        round = make_round(f"R-{number}", phase=make_phase(str(number)), lots=0, plot_count=3)
        make_lot(round, "1", stated_plots=2)
        make_proposal(round)
        open_box(round, hk(2026, 4, 1, 9))
        make_proposal(round, lots=[])
        claim("plots_total", 9, source=f"s{number}", phase=round.phase, park=round.park)
        make_release(plot_count=4, phase=round.phase).plots.add(make_plot(phase=round.phase))

    with django_assert_num_queries(17):
        found = reconcile(AT)
        names = [(one.figure_id, found.is_sample(one.subject)) for one in found.differences]

    assert len(names) == 5 * rows
