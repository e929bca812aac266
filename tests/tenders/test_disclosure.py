"""What of proposals becomes public at the award and after it, by the round's rule."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tenders import lifecycle
from tenders.disclosure import disclosed
from tenders.lifecycle import AwardChoice
from tenders.models import ProposalLot
from tests.factories import CLOSES, make_organisation, make_proposal, make_round, make_user, open_box

pytestmark = pytest.mark.django_db

OPENED = CLOSES + timedelta(hours=1)
AWARDED = CLOSES + timedelta(days=30)
DAY = timedelta(days=1)


def proposal(round, name, premium, **fields):
    found = make_proposal(round, proponent=make_organisation(name), **fields)
    ProposalLot.objects.filter(proposal=found).update(premium_hkd=premium)
    return found


def awarded_round(rule, losers=(("Zhao", 90), ("Chan", 70), ("Ma", 80)), days=None):
    round = make_round(disclosure=rule, disclosure_days=days, sealed=True)
    open_box(round, OPENED)
    winner = proposal(round, "Winner", 100)
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


@pytest.mark.parametrize("losers", [(), (("Zhao", 90),), (("Zhao", 90), ("Chan", 90))])
def test_staged_never_tells_amounts_that_would_name_who_offered_them(losers):
    told = disclosed(awarded_round("staged", losers, days=0), AWARDED)

    assert (told.amounts, told.others) == (None, sorted(name for name, _ in losers))


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
