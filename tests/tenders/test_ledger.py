"""Claims, records, what leads, and what cannot be true together."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tenders import lifecycle
from tenders.ledger import Basis, Completeness, Law, course, ledger
from tenders.ledger.laws import offering
from tenders.models import Figure, Proposal, TenderRound
from tenders.subjects import of_phase
from tests.factories import (
    hk,
    make_lot,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
    say,
)

pytestmark = pytest.mark.django_db

AT = hk(2026, 6, 1, 10)
QUERIES = 15


def claim(indicator, value, day=date(2026, 1, 31), source="gazette", **fields):
    phase = None if {"round", "release", "park"} & set(fields) else make_phase()
    fields = {"park": phase.park if phase else None, "phase": phase, "unit": "plots"} | fields
    publisher = make_source(source, published=fields.pop("published", day))
    return Figure.objects.create(indicator=indicator, value=value, as_of=day, source=publisher, **fields)


def number(figure_id, at=AT):
    (found,) = ledger(at).called(figure_id)
    return found


def against(figure_id, at=AT):
    return [(conflict.law, conflict.value) for conflict in number(figure_id, at).conflicts]


# --- what leads ---------------------------------------------------------------------------------------------


def test_records_lead_where_every_plot_that_was_spoken_of_is_named():
    phase = make_phase()
    make_release(plot_count=2, phase=phase).plots.set([make_plot(phase=phase), make_plot(phase=phase)])

    total = number("hsitp-1-plots-total")

    assert (total.basis, total.value, total.record.why) == (Basis.RECORDED, 2, Completeness.NAMED)


def test_where_some_are_only_counted_the_newest_claim_leads_and_the_gap_is_named():
    make_release(plot_count=5, phase=make_phase()).plots.set([make_plot(phase=make_phase())])
    claim("plots_total", 5)

    total = number("hsitp-1-plots-total")

    assert (total.basis, total.value) == (Basis.REPORTED, 5)
    assert (total.record.value, total.record.missing) == (1, 4)


def test_plots_that_somebody_claims_beside_the_named_ones_are_missing_from_the_record():
    make_plot(phase=make_phase())
    claim("plots_total", 3)

    assert (number("hsitp-1-plots-total").value, number("hsitp-1-plots-total").record.missing) == (3, 2)


def test_records_with_a_gap_stand_where_nobody_claims_anything():
    make_release(plot_count=5, phase=make_phase()).plots.set([make_plot(phase=make_phase())])

    total = number("hsitp-1-plots-total")

    assert (total.basis, total.value, total.record.missing) == (Basis.PARTIAL, 1, 4)


def test_the_newest_announced_count_is_what_a_release_speaks_of():
    release = make_release("rest", plot_count=12)
    say(release, "2027", date(2026, 2, 1), plot_count=22)

    announced = number("rest-plots-announced")

    assert (announced.basis, [said.value for said in announced.claims]) == (Basis.STATED, [22, 12])


def test_a_plot_without_an_area_is_a_gap_and_no_nought():
    make_plot(phase=make_phase(), area_m2=100)
    make_plot(phase=make_phase())

    area = number("hsitp-1-area")

    assert (area.basis, area.value, area.record.missing) == (Basis.PARTIAL, 100, 1)


def test_a_part_of_a_phase_counts_once_in_the_whole_and_in_the_park():
    whole = make_phase("1")
    make_plot(phase=whole)
    make_plot(phase=make_phase("1.1", part_of=whole))

    found = {
        name: number(name).value
        for name in ("hsitp-1-plots-total", "hsitp-1.1-plots-total", "hsitp-plots-total")
    }

    assert found == {"hsitp-1-plots-total": 2, "hsitp-1.1-plots-total": 1, "hsitp-plots-total": 2}


def test_a_plot_that_is_offered_again_counts_once():
    first = make_round("R-1", lots=1, phase=make_phase())
    plot = first.lots.get().plots.get()
    lifecycle.cancel(first, by=None, reason="Withdrawn.", at=hk(2026, 3, 5))
    again = make_round("R-2", lots=0, phase=make_phase(), published=False, reoffer_of=first)
    make_lot(again, plots=0).plots.add(plot)
    lifecycle.publish(again, by=None, at=hk(2026, 3, 6))

    assert (number("hsitp-1-plots-offered").value, number("hsitp-1-plots-total").value) == (1, 1)


# --- proposals ----------------------------------------------------------------------------------------------


def test_a_proposal_for_two_lots_is_one_of_the_round_of_the_phase_and_of_the_park():
    round = make_round("R-1", lots=2, phase=make_phase())
    make_proposal(round)

    found = [number(name).value for name in (
        "r-1-proposals-received", "hsitp-1-proposals-received", "hsitp-proposals-received",
        "r-1-lot-1-proposals-received", "r-1-lot-2-proposals-received",
    )]  # fmt: skip

    assert found == [1, 1, 1, 1, 1]


def test_once_two_officers_opened_the_box_its_records_lead_before_a_claim():
    round = make_round("R-1", sealed=True)
    make_proposal(round)
    open_box(round, hk(2026, 4, 1, 9))
    claim("proposals_received", 2, date(2026, 4, 2), round=round, unit="proposals")

    received = number("r-1-proposals-received")

    assert (received.basis, received.value, received.record.why) == (Basis.RECORDED, 1, Completeness.OPENED)
    assert against("r-1-proposals-received") == [(Law.RECORDS, 2)]


def test_a_sealed_round_has_no_number_however_much_came_in():
    for count in range(3):
        round = make_round(f"R-{count}", sealed=True, closes_at=hk(2026, 7, 1, 12))
        for _ in range(count):
            make_proposal(round)

    found = [number(f"r-{count}-proposals-received") for count in range(3)]

    assert [(n.basis, n.value, n.record) for n in found] == [(Basis.SEALED, None, None)] * 3
    assert not ledger(AT).called("hsitp-proposals-received")


def test_rounds_that_are_not_counted_are_the_named_gap_of_their_phase():
    make_proposal(make_round("R-1", phase=make_phase()))
    make_round("R-2", phase=make_phase(), sealed=True, closes_at=hk(2026, 7, 1, 12))

    received = number("hsitp-1-proposals-received")

    assert (received.basis, received.value, received.record.missing) == (Basis.PARTIAL, 1, 1)
    assert [(part.subject.slug, part.value) for part in received.record.parts] == [("R-1", 1), ("R-2", None)]


# --- what cannot be true together ---------------------------------------------------------------------------


def reported():
    claim("plots_remaining", 22, date(2025, 12, 31), "wen-wei-po", as_of_precision="month")
    claim("plots_remaining", 12, date(2025, 9, 29), "ming-pao")
    claim("plots_total", 22, date(2025, 9, 24), "hk01")
    claim("plots_offered", 10, date(2025, 9, 25), "ming-pao-25")


def test_22_in_all_and_10_offered_stand_against_22_that_remain():
    reported()

    (conflict,) = number("hsitp-1-plots-remaining").conflicts

    assert (conflict.law, conflict.value, [said.source.code for said in conflict.saying]) == (
        Law.REMAINDER, 12, ["ming-pao"],
    )  # fmt: skip
    assert [(term.sign, term.indicator, term.value) for term in conflict.terms] == [
        (1, "plots_total", 22), (-1, "plots_offered", 10),
    ]  # fmt: skip


def test_a_part_that_is_offered_again_is_offered_once_and_a_whole_in_its_later_round():
    phase = make_phase()
    first = make_round("R-1", phase=phase, lots=0, plot_count=10)
    again = make_round("R-2", phase=phase, lots=0, plot_count=2, reoffer_of=first)
    in_part = [round.code for round in offering(of_phase(phase), ledger(AT).known)]
    TenderRound.objects.filter(pk=again.pk).update(plot_count=10)

    assert in_part == ["R-1"]
    assert [round.code for round in offering(of_phase(phase), ledger(AT).known)] == ["R-2"]


def test_what_a_round_of_a_part_offers_is_taken_from_the_whole():
    whole = make_phase("1")
    part = make_phase("1.1", part_of=whole)
    claim("plots_total", 20, phase=whole, park=whole.park)
    claim("plots_remaining", 15, phase=whole, park=whole.park)
    claim("plots_offered", 10, round=make_round("R-1", phase=part, lots=0))

    assert against("hsitp-1-plots-remaining") == [(Law.REMAINDER, 10)]


def test_what_remained_before_the_offer_is_not_contradicted_by_it():
    claim("plots_total", 32, date(2025, 1, 31), "a")
    claim("plots_remaining", 32, date(2025, 1, 31), "b")
    claim("plots_offered", 10, date(2026, 1, 31), "c")

    assert against("hsitp-1-plots-remaining") == []


def test_more_than_30_in_all_cannot_leave_5_of_which_10_are_offered():
    claim("plots_total", 30, qualifier="more than")
    claim("plots_offered", 10)
    claim("plots_remaining", 5)

    assert against("hsitp-1-plots-remaining") == [(Law.REMAINDER, 20)]


def test_land_that_was_withdrawn_is_land_all_the_same():
    round = make_round("R-1", lots=2, phase=make_phase())
    lifecycle.cancel(round, by=None, reason="Withdrawn.", at=hk(2026, 3, 5))

    assert (number("hsitp-1-plots-total").value, number("hsitp-1-plots-offered").value) == (2, 0)


def test_a_withdrawal_before_the_counts_are_public_is_no_day_of_the_course():
    round = make_round("R-1")
    claim("proposals_received", 9, date(2026, 3, 2), round=round, unit="proposals")
    before = course(number("r-1-proposals-received").key, ledger(AT), park="hsitp")
    for day in range(3, 20):
        gone = make_proposal(round, received_at=hk(2026, 3, 2))
        Proposal.objects.filter(pk=gone.pk).update(withdrawn_at=hk(2026, 3, day), status="withdrawn")

    assert course(number("r-1-proposals-received").key, ledger(AT), park="hsitp") == before


def test_what_nobody_says_to_remain_but_follows_from_the_rest_is_implied():
    claim("plots_total", 22)
    claim("plots_offered", 10)

    remaining = number("hsitp-1-plots-remaining")

    assert (remaining.basis, remaining.value, [rest.value for rest in remaining.conflicts]) == (
        Basis.NOTHING,
        None,
        [12],
    )


def test_about_22_that_remain_can_be_what_about_32_in_all_leave():
    claim("plots_total", 32, qualifier="about")
    claim("plots_offered", 10)
    claim("plots_remaining", 21)

    assert against("hsitp-1-plots-remaining") == []


def test_more_plots_named_than_anybody_claimed_in_all_stand_against_the_claim():
    for _ in range(3):
        make_plot(phase=make_phase())
    claim("plots_total", 2)

    assert against("hsitp-1-plots-total") == [(Law.RECORDS, 2)]


def test_a_claim_that_the_records_bear_out_does_not_stand_against_them():
    for _ in range(2):
        make_plot(phase=make_phase())
    claim("plots_total", 2)
    claim("plots_remaining", 9)

    assert [value for _law, value in against("hsitp-1-plots-remaining")] == []


def test_a_round_that_closed_and_was_not_counted_has_a_number_that_nobody_said():
    make_round("R-1")

    received = number("r-1-proposals-received")

    assert (received.basis, received.value, received.record) == (Basis.NOTHING, None, None)


def test_expressions_of_interest_and_bids_have_no_sum():
    phase = make_phase()
    make_proposal(make_round("R-1", phase=phase, kind="expression_of_interest"))
    make_proposal(make_round("R-2", phase=phase))

    assert ledger(AT).called("hsitp-1-proposals-received") == []


def test_offers_of_two_rounds_are_taken_from_the_total_together_and_a_reoffer_not_again():
    claim("plots_total", 22)
    claim("plots_remaining", 22)
    first = make_round("R-1", phase=make_phase(), lots=0)
    claim("plots_offered", 6, round=first)
    claim("plots_offered", 4, round=make_round("R-2", phase=make_phase(), lots=0))
    claim("plots_offered", 6, round=make_round("R-3", phase=make_phase(), lots=0, reoffer_of=first))

    assert against("hsitp-1-plots-remaining") == [(Law.REMAINDER, 12)]


def test_releases_that_announce_more_together_than_there_are_in_all_stand_against_the_total():
    claim("plots_total", 22)
    make_release("ten", plot_count=10, phase=make_phase())
    make_release("rest", plot_count=22, phase=make_phase())

    assert against("hsitp-1-plots-total") == [(Law.PARTS, 32)]
    assert ledger(AT).disputed_releases() == {}


def test_a_release_that_announces_what_is_disputed_to_remain_is_disputed_too():
    reported()
    make_release("rest", plot_count=22, phase=make_phase())

    assert ledger(AT).disputed_releases() == {"rest": 12}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"value": 10}, {"value": 11}, [(Law.SAME_DAYS, 11)]),
        ({"value": 10}, {"value": 10}, []),
        ({"value": 10, "day": date(2026, 1, 31)}, {"value": 11, "day": date(2025, 9, 1)}, []),
        ({"value": 10, "day": date(2026, 1, 31), "as_of_precision": "month"}, {"value": 11, "day": date(2026, 1, 5)}, [(Law.SAME_DAYS, 11)]),
        ({"value": 31}, {"value": 30, "qualifier": "more than"}, []),
        ({"value": 30}, {"value": 31, "qualifier": "less than"}, []),
        ({"value": 1000}, {"value": 1040, "qualifier": "about"}, []),
        ({"value": 87, "unit": "ha"}, {"value": 870000, "unit": "m2"}, []),
        ({"value": 87, "unit": "ha"}, {"value": 9364602, "unit": "sq ft"}, []),
        ({"value": 87, "unit": "ha"}, {"value": 880000, "unit": "m2"}, [(Law.SAME_DAYS, 880000)]),
    ],
)  # fmt: skip
def test_two_values_for_one_number_conflict_where_their_days_overlap_and_no_number_is_both(
    first, second, expected
):
    claim("area", source="a", **{"published": date(2026, 2, 1)} | first)
    claim("area", source="b", **{"published": date(2026, 2, 2)} | second)

    assert against("hsitp-1-area") == expected


def test_phases_whose_floor_areas_add_up_to_about_the_whole_do_not_conflict_with_it():
    whole = make_phase("1")
    claim("gfa", 10764000, phase=whole, park=whole.park, unit="sq ft", qualifier="about")
    for code, value in [("1.1", 1254544), ("1.2-3", 9509455)]:
        part = make_phase(code, part_of=whole)
        claim("gfa", value, phase=part, park=part.park, unit="sq ft")
    agreeing = against("hsitp-1-gfa")
    claim("gfa", 20000000, date(2026, 2, 5), "later", phase=part, park=part.park, unit="sq ft")

    assert agreeing == []
    assert against("hsitp-1-gfa") == [(Law.PARTS, 21254544)]


def test_more_awarded_than_offered_is_not_possible():
    claim("plots_offered", 10)
    claim("plots_awarded", 12)

    (conflict,) = number("hsitp-1-plots-awarded").conflicts

    assert (conflict.law, conflict.value, conflict.at_most) == (Law.WITHIN, 10, True)


def test_lots_that_add_up_to_another_number_than_is_claimed_of_their_round_stand_against_it():
    round = make_round("R-1", lots=0)
    make_lot(round, "1", plots=0, stated_plots=6)
    make_lot(round, "2", plots=0, stated_plots=5)
    claim("plots_offered", 10, date(2026, 5, 1), round=round)

    assert against("r-1-plots-offered") == [(Law.PARTS, 11)]


# --- names, days, queries -----------------------------------------------------------------------------------


def test_a_release_that_is_called_like_a_phase_is_another_number():
    park = make_park()
    claim("plots_total", 22, phase=make_phase("1", park), park=park)
    release = make_release("hsitp-1")
    claim("plots_total", 3, release=release)

    found = ledger(AT).called("hsitp-1-plots-total")

    assert [(standing.subject.kind.value, standing.value) for standing in found] == [
        ("phase", 22),
        ("release", 3),
    ]


def test_the_course_says_what_led_and_what_stood_against_it_on_each_day():
    reported()
    book = ledger(AT)

    steps = course(book.called("hsitp-1-plots-remaining")[0].key, book, park="hsitp").steps

    assert [(step.since, step.day, step.value, step.other) for step in steps] == [
        (date(2025, 9, 25), date(2025, 9, 25), None, 12),
        (date(2025, 9, 29), date(2025, 9, 29), 12, None),
        (date(2025, 12, 1), date(2025, 12, 31), 22, 12),
    ]


def test_the_course_of_proposals_begins_with_the_opening_and_follows_withdrawals():
    round = make_round("R-1", sealed=True)
    proposals = [make_proposal(round) for _ in range(3)]
    Proposal.objects.filter(pk=proposals[0].pk).update(withdrawn_at=hk(2026, 3, 30, 16), status="withdrawn")
    open_box(round, hk(2026, 4, 1, 9))
    Proposal.objects.filter(pk=proposals[1].pk).update(withdrawn_at=hk(2026, 4, 8, 9), status="withdrawn")
    book = ledger(AT)

    steps = course(book.called("r-1-proposals-received")[0].key, book, park="hsitp").steps

    assert [(step.day, step.value) for step in steps] == [(date(2026, 4, 1), 2), (date(2026, 4, 8), 1)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_ledger_asks_fifteen_times(rows, django_assert_num_queries):
    for count in range(rows):
        phase = make_phase(str(count))
        round = make_round(phase=phase, lots=2)
        make_proposal(round)
        make_release(plot_count=4, phase=phase).plots.add(make_plot(phase=phase))
        claim("plots_total", 9, AT.date() - timedelta(days=count), f"s{count}", phase=phase, park=phase.park)

    with django_assert_num_queries(QUERIES):
        ledger(AT)


def test_only_what_was_public_by_then_is_in_the_ledger():
    make_plot(phase=make_phase("2", published=False))
    claim("plots_total", Decimal(5), date(2026, 6, 2))

    assert [standing.figure_id for standing in ledger(AT)] == []
