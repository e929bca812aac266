"""What of proposals becomes public at the award and after it, by the round's rule."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from parks.models import Organisation
from tenders import lifecycle
from tenders.disclosure import amounts_told, disclosed
from tenders.lifecycle import AwardChoice
from tenders.models import ProposalLot
from tests.factories import (
    CLOSES,
    make_lot,
    make_organisation,
    make_proposal,
    make_round,
    make_user,
    open_box,
)

pytestmark = pytest.mark.django_db

OPENED = CLOSES + timedelta(hours=1)
AWARDED = CLOSES + timedelta(days=30)
DAY = timedelta(days=1)


def proposal(round, name, premium, **fields):
    found = make_proposal(round, proponent=make_organisation(name), **fields)
    ProposalLot.objects.filter(proposal=found).update(premium_hkd=premium)
    return found


def awarded_round(
    rule, losers=(("Zhao", 90), ("Chan", 70), ("Ma", 80)), days=None, winner="Winner", **fields
):
    round = make_round(disclosure=rule, disclosure_days=days, sealed=True, **fields)
    open_box(round, OPENED)
    winner = proposal(round, winner, 100)
    for name, premium in losers:
        proposal(round, name, premium)
    choice = AwardChoice(round.lots.get(), winner, AWARDED.date(), premium_hkd=Decimal(100), tenure_years=50)
    lifecycle.award(round, by=make_user(), at=AWARDED, choices=[choice])
    return round


@pytest.mark.parametrize("rule", ["totals", "names", "staged", "full"])
def test_nothing_is_told_before_the_award(rule):
    round = awarded_round(rule, days=10 if rule == "staged" else None)

    told = disclosed(round, AWARDED - timedelta(microseconds=1))

    assert (told.awards, told.others, told.amounts, told.offers) == ([], None, None, None)


def test_totals_tell_that_a_lot_was_awarded_and_nothing_else():
    told = disclosed(awarded_round("totals"), AWARDED)

    assert [(award.proponent, award.premium_hkd, award.tenure_years) for award in told.awards] == [
        ("", None, 50)
    ]
    assert (told.others, told.amounts, told.offers) == (None, None, None)


def test_names_tell_the_winner_with_premium_and_the_others_by_the_alphabet():
    told = disclosed(awarded_round("names"), AWARDED)

    assert [(award.proponent, award.premium_hkd) for award in told.awards] == [("Winner", Decimal(100))]
    assert (told.others, told.amounts, told.offers) == (["Chan", "Ma", "Zhao"], None, None)


def test_staged_tells_the_losing_amounts_from_the_day_on_and_not_a_day_before():
    round = awarded_round("staged", days=10)

    before, after = disclosed(round, AWARDED + 9 * DAY), disclosed(round, AWARDED + 10 * DAY)

    assert (before.others, before.amounts, before.amounts_on) == (
        ["Chan", "Ma", "Zhao"],
        None,
        (AWARDED + 10 * DAY).date(),
    )
    assert after.amounts == [Decimal(90), Decimal(80), Decimal(70)]
    assert after.offers is None


# Who lost, with what, and why the amounts stay untold. Each letter is somebody; a number twice is one amount twice.
TOLD_TO_NOBODY = {
    "one bidder": {},
    "one loser": {"Zhao": 90},
    "all of them alike": {"Zhao": 90, "Chan": 90, "Ma": 90},
    "one amount among two": {"Zhao": 90, "Chan": None},
    "nobody with an amount": {"Zhao": None, "Chan": None, "Ma": None},
    "all nought": {"Zhao": 0, "Chan": 0, "Ma": 0},
}


@pytest.mark.parametrize("losers", TOLD_TO_NOBODY.values(), ids=TOLD_TO_NOBODY)
def test_staged_never_tells_amounts_that_would_name_who_offered_them(losers):
    told = disclosed(awarded_round("staged", losers.items(), days=0), AWARDED)

    assert (told.amounts, told.others) == (None, sorted(losers))


def test_two_pairs_of_one_amount_each_name_nobody():
    losers = {"Zhao": 90, "Chan": 90, "Ma": 80, "Lee": 80}

    assert disclosed(awarded_round("staged", losers.items(), days=0), AWARDED).amounts == [90, 90, 80, 80]


# Lots, who offered what for them (the first of a lot wins it), and the amounts that are told.
SEVERAL_LOTS = {
    "one loser a lot": ({"A": {"Win": 100, "Zhao": 90}, "B": {"Vic": 100, "Chan": 80}}, [90, 80]),
    "one loser of both": ({"A": {"Win": 100, "Zhao": 90}, "B": {"Vic": 100, "Zhao": 70}}, None),
    "a winner's lost offer is left out": (
        {"A": {"Win": 100, "Zhao": 90, "Chan": 80, "Ma": 70, "Lee": 60}, "B": {"Vic": 100, "Win": 55}},
        [90, 80, 70, 60],
    ),
    "of a winner's lost offer nothing is gained": (
        {"A": {"Win": 100, "Zhao": 90}, "B": {"Vic": 100, "Win": 55}},
        None,
    ),
    "a loser of both among others": (
        {"A": {"Win": 100, "Zhao": 90, "Chan": 80}, "B": {"Vic": 100, "Zhao": 70, "Ma": 60}},
        [90, 80, 70, 60],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lots", "amounts"), SEVERAL_LOTS.values(), ids=SEVERAL_LOTS)
def test_amounts_of_several_lots_stand_in_one_list_that_links_nobody_to_a_lot(lots, amounts):
    told = disclosed(several_lots(lots), AWARDED)

    assert told.amounts == amounts
    losers = {name for offers in lots.values() for name in offers} - {"Win", "Vic"}
    assert told.others == sorted(losers)


def several_lots(lots, **fields):
    round = make_round(lots=0, disclosure="staged", disclosure_days=0, sealed=True, **fields)
    open_box(round, OPENED)
    proposals, choices = {}, []
    for code, offers in lots.items():
        lot = make_lot(round, code)
        for name, premium in offers.items():
            if name not in proposals:
                proposals[name] = make_proposal(round, proponent=make_organisation(name), lots=[])
            ProposalLot.objects.create(proposal=proposals[name], lot=lot, premium_hkd=premium)
        choices.append(AwardChoice(lot, proposals[next(iter(offers))], AWARDED.date(), Decimal(100)))
    lifecycle.award(round, by=make_user(), at=AWARDED, choices=choices)
    return round


def test_who_made_two_proposals_is_one_name_and_two_amounts():
    round = make_round(disclosure="staged", disclosure_days=0, sealed=True)
    open_box(round, OPENED)
    winner = proposal(round, "Winner", 100)
    for name, premium in (("Zhao", 90), ("Zhao", 70), ("Chan", 80)):
        proposal(round, name, premium)
    choice = AwardChoice(round.lots.get(), winner, AWARDED.date(), Decimal(100))
    lifecycle.award(round, by=make_user(), at=AWARDED, choices=[choice])

    told = disclosed(round, AWARDED)

    assert (told.others, told.amounts) == (["Chan", "Zhao"], [90, 80, 70])


NEWCOMERS = (("Ho", 90), ("Ng", 70), ("Tse", 80))
REOFFERS = {
    "the same people": ("staged", (("Zhao", 90), ("Chan", 70), ("Ma", 80)), None),
    "one of them": ("names", (("Zhao", 90), ("Ng", 70), ("Tse", 80)), None),
    "nobody of them": ("staged", NEWCOMERS, [90, 80, 70]),
    "the same, whom the first round never named": ("totals", (("Zhao", 90), ("Chan", 70), ("Ma", 80)), [90, 80, 70]),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "losers", "amounts"), REOFFERS.values(), ids=REOFFERS)
def test_a_reoffer_tells_no_amounts_that_could_be_laid_beside_those_of_the_first_round(rule, losers, amounts):
    first = awarded_round(rule, days=0 if rule == "staged" else None)
    lifecycle.lapse(first.lots.get().award, by=None, lapsed_on=AWARDED.date(), reason="No agreement")
    again = awarded_round("staged", losers, days=0, reoffer_of=first, winner="Newcomer")

    assert disclosed(again, AWARDED).amounts == amounts


def test_a_reoffer_of_a_round_without_an_award_tells_its_amounts():
    first = make_round(disclosure="names")
    open_box(first, OPENED)
    proposal(first, "Zhao", 90)
    lifecycle.declare_unsuccessful(first, by=None, at=OPENED, reason="Too low")

    again = awarded_round("staged", days=0, reoffer_of=first)

    assert disclosed(again, AWARDED).amounts == [90, 80, 70]


def test_rejected_ones_took_part_and_late_and_withdrawn_ones_did_not():
    round = make_round(disclosure="staged", disclosure_days=0, sealed=True)
    open_box(round, OPENED)
    winner = proposal(round, "Winner", 100)
    for name, premium in (("Zhao", 90), ("Chan", 70), ("Ma", 80)):
        proposal(round, name, premium)
    rejected = proposal(round, "Rejected", 200)
    proposal(round, "Late", 300, received_at=CLOSES)
    gone = proposal(round, "Gone", 400)
    lifecycle.reject(rejected, by=None, at=OPENED, reason="Incomplete")
    lifecycle.withdraw(gone, by=None, at=OPENED)
    choice = AwardChoice(round.lots.get(), winner, AWARDED.date(), Decimal(100))
    lifecycle.award(round, by=make_user(), at=AWARDED, choices=[choice])

    told = disclosed(round, AWARDED)

    assert (told.others, told.amounts) == (["Chan", "Ma", "Rejected", "Zhao"], [200, 90, 80, 70])


def test_staged_days_count_from_the_last_award_and_from_the_day_it_was_entered():
    round = make_round(lots=2, disclosure="staged", disclosure_days=10, sealed=True)
    open_box(round, OPENED)
    for name, premium in (("Winner", 100), ("Zhao", 90), ("Chan", 80), ("Ma", 70), ("Lee", 60)):
        proposal(round, name, premium)
    winner = round.proposals.get(proponent__name_en="Winner")
    days = [AWARDED.date() - timedelta(days=3), AWARDED.date() - timedelta(days=2)]
    choices = [AwardChoice(lot, winner, day) for lot, day in zip(round.lots.all(), days, strict=True)]
    lifecycle.award(round, by=make_user(), at=AWARDED, choices=choices)

    told = [disclosed(round, AWARDED + days * DAY) for days in (0, 9, 10)]

    assert {one.amounts_on for one in told} == {(AWARDED + 10 * DAY).date()}
    assert [one.amounts is None for one in told] == [True, True, False]


COMPANIES = [("Acme", "甲"), ("ACME", "乙"), ("acme", "甲"), ("", "丙")]


@pytest.mark.parametrize("order", [COMPANIES, COMPANIES[::-1]], ids=["as they came", "the other way round"])
def test_two_of_one_name_are_two_and_nothing_is_left_to_the_order_of_rows(order):
    round = make_round(disclosure="names")
    winner = proposal(round, "Winner", 100)
    for name_en, name_zh in order:
        company = Organisation.objects.create(name_en=name_en, name_zh_hant=name_zh)
        make_proposal(round, proponent=company)
    open_box(round, OPENED)
    choice = AwardChoice(round.lots.get(), winner, AWARDED.date())
    lifecycle.award(round, by=make_user(), at=AWARDED, choices=[choice])

    assert disclosed(round, AWARDED).others == ["ACME", "Acme", "acme", "丙"]
    with translation.override("zh-hant"):
        assert disclosed(round, AWARDED).others == ["丙", "乙", "甲", "甲"]


def test_full_tells_every_offer_with_its_name():
    told = disclosed(awarded_round("full"), AWARDED)

    assert [(offer.proponent, offer.premium_hkd, offer.won) for offer in told.offers] == [
        ("Winner", Decimal(100), True), ("Zhao", Decimal(90), False), ("Ma", Decimal(80), False), ("Chan", Decimal(70), False),
    ]  # fmt: skip


@pytest.mark.parametrize("rule", ["names", "full"])
def test_late_and_withdrawn_proposals_are_named_nowhere(rule):
    round = make_round(disclosure=rule)
    winner = proposal(round, "Winner", 100)
    proposal(round, "Late", 200, received_at=CLOSES)
    lifecycle.withdraw(proposal(round, "Gone", 50), by=None, at=CLOSES - DAY / 2)
    open_box(round, OPENED)
    choice = AwardChoice(round.lots.get(), winner, AWARDED.date())
    lifecycle.award(round, by=make_user(), at=AWARDED, choices=[choice])

    told = disclosed(round, AWARDED)

    assert told.others == []
    assert [offer.proponent for offer in told.offers or []] == ([] if rule == "names" else ["Winner"])


def test_a_lapsed_award_is_still_told_and_says_so_from_its_day_on():
    round = awarded_round("names")
    lapsed = AWARDED.date() + timedelta(days=5)
    lifecycle.lapse(round.lots.get().award, by=None, lapsed_on=lapsed, reason="No agreement")

    days = [disclosed(round, at).awards[0].lapsed_on for at in (AWARDED + 4 * DAY, AWARDED + 5 * DAY)]

    assert days == [None, lapsed]
    assert lapsed == date(2026, 5, 5)


@pytest.mark.parametrize("losers", [(("Zhao", 90), ("Chan", 70)), (("Zhao", 90),)], ids=["two", "too few"])
def test_all_staged_rounds_at_once_are_told_as_each_by_itself(losers):
    first = awarded_round("staged", losers, days=10)
    again = awarded_round("staged", losers, days=5, winner="Other", reoffer_of=first)
    awarded_round("full", losers, winner="Third")

    for at in (AWARDED, AWARDED + 5 * DAY, AWARDED + 10 * DAY - timedelta(hours=20), AWARDED + 10 * DAY):
        alone = {round.pk: disclosed(round, at) for round in (first, again)}
        told = {key: one.amounts_on for key, one in alone.items() if one.amounts is not None}

        assert amounts_told(at) == told

    assert bool(amounts_told(AWARDED + 10 * DAY)) == (len(losers) > 1)
