"""The sample's rounds, one in every stage, brought there by the verbs of lifecycle on past days."""

from datetime import date, timedelta
from decimal import Decimal

from parks.models import Release
from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import Lot, Proposal, TenderRound
from tenders.seeding.land import Land
from tenders.seeding.maker import Maker
from tenders.seeding.offers import Offer, ask, closing_time, draft, publish
from tenders.seeding.proposals import receipt, reveal, times_before
from tenders.statuses import Disclosure, RoundKind

# Of the 27 proposals 14 want the first package, 9 the second and 4 both: 18 and 13 a package, 27 in all.
FIRST_ONLY, SECOND_ONLY, BOTH = 14, 9, 4
PROPONENTS = 25  # two of them hand in a second proposal


def make_rounds(maker: Maker, land: Land, releases: dict[str, Release]) -> TenderRound:
    """All rounds; returns the one for ten plots in two packages."""
    packages = _evaluating(maker, land, releases["sample-packages"])
    _open(maker, land, releases["sample-first-three"])
    _waiting_for_second_officer(maker, land)
    _upcoming(maker, land)
    _awarded(maker, land)
    _offered_again(maker, land, first=_unsuccessful(maker, land))
    _cancelled(maker, land)
    _draft(maker, land)
    return packages


def _evaluating(maker: Maker, land: Land, release: Release) -> TenderRound:
    round = publish(
        maker,
        Offer(
            "SAMPLE-EOI-1",
            land.phase_a,
            "Sample expressions of interest for ten plots in two packages",
            "樣本十幅地塊（兩個組合）意向書邀請",
            opens=-119,
            closes=-40,
            lots=[land.between(1, 6), land.between(7, 10)],
            kind=RoundKind.EXPRESSION_OF_INTEREST,
            release=release,
            disclosure=Disclosure.TOTALS,
        ),
    )
    first, second = round.lots.all()
    wishes: list[list[Lot]] = [[first]] * FIRST_ONLY + [[second]] * SECOND_ONLY + [[first, second]] * BOTH
    maker.dice.shuffle(wishes)
    received = times_before(maker, closing_time(round), len(wishes))
    proposals = [receipt(maker, round, 1 + n % PROPONENTS, at) for n, at in enumerate(received)]
    ask(maker, round, "May a proponent ask for both packages?", -90, "Yes, in one proposal.", -85)
    _open_box(maker, round)
    for proposal, lots in zip(proposals, wishes, strict=True):
        reveal(maker, proposal, lots)
    for proposal in proposals[:5]:
        lifecycle.shortlist(proposal, by=maker.second_officer, at=maker.days.time(-12, 16))
    return round


def _open(maker: Maker, land: Land, release: Release) -> None:
    """Its closing time was moved by fourteen days; it has three receipts, and one enquiry without answer."""
    offer = Offer(
        "SAMPLE-T-1",
        land.phase_a,
        "Sample tender for the first three plots",
        "樣本首三幅地塊招標",
        opens=-10,
        closes=35,
        lots=[[plot] for plot in land.between(11, 13)],
        release=release,
    )
    round = publish(maker, offer)
    maker.made(
        lifecycle.amend(
            round,
            by=maker.first_officer,
            at=maker.days.time(-3, 10),
            closes_at=closing_time(round) + timedelta(days=14),
            reason="Sample reason: a second visit to the site was added.",
        )
    )
    for number, days_ago in [(26, -6), (4, -4), (11, -3)]:
        receipt(maker, round, number, maker.days.time(days_ago, 11, number))
    ask(maker, round, "Is the site handed over with its fence?", -9, "Yes.", -7)
    ask(maker, round, "May two lots share one basement?", -8, "No, each lot is built by itself.", -4)
    ask(maker, round, "Is a bank guarantee accepted as deposit?", -6)


def _waiting_for_second_officer(maker: Maker, land: Land) -> None:
    offer = Offer(
        "SAMPLE-T-2",
        land.phase_b,
        "Sample tender for plot S-22",
        "樣本地塊 S-22 招標",
        opens=-58,
        closes=-2,
        lots=[land.between(22, 22)],
    )
    round = publish(maker, offer)
    for number, received_at in enumerate(times_before(maker, closing_time(round), 4), start=12):
        receipt(maker, round, number, received_at)
    maker.made(lifecycle.begin_opening(round, by=maker.first_officer, at=maker.days.time(-2, 14, 5)))


def _upcoming(maker: Maker, land: Land) -> None:
    publish(
        maker,
        Offer(
            "SAMPLE-PQ-1",
            land.phase_b,
            "Sample prequalification for plots S-20 and S-21",
            "樣本地塊 S-20 及 S-21 資格預審",
            opens=26,
            closes=87,
            lots=[land.between(20, 21)],
            kind=RoundKind.PREQUALIFICATION,
            notice=33,
        ),
    )


def _awarded(maker: Maker, land: Land) -> None:
    """Six proposals in time; besides them one that came at noon sharp, and one that was taken back."""
    days = maker.days
    round = publish(
        maker,
        Offer(
            "SAMPLE-T-3",
            land.phase_b,
            "Sample tender for plots S-23 and S-24",
            "樣本地塊 S-23 及 S-24 招標",
            opens=-210,
            closes=-150,
            lots=[land.between(23, 23), land.between(24, 24)],
        ),
    )
    one, two = round.lots.all()
    *in_time, taken_back = [
        receipt(maker, round, number, at)
        for number, at in zip(
            [3, 8, 15, 19, 22, 24, 10], times_before(maker, closing_time(round), 7), strict=True
        )
    ]
    lifecycle.withdraw(
        taken_back,
        by=maker.first_officer,
        at=closing_time(round) - timedelta(seconds=1),
        reason="Sample reason: by letter.",
    )
    late = receipt(maker, round, 17, closing_time(round))
    _open_box(maker, round)
    wishes = [
        ([one], [98]),
        ([one], [121]),
        ([two, one], [104, 88]),
        ([two], [93]),
        ([two], [86]),
        ([one], [79]),
    ]
    for proposal, (lots, premiums) in zip([*in_time, late], [*wishes, ([two], [140])], strict=True):
        reveal(maker, proposal, lots, premiums)
    lifecycle.reject(
        in_time[5],
        by=maker.second_officer,
        at=days.time(-120, 10),
        reason="Sample reason: below the minimum.",
    )
    for proposal in in_time[:3]:
        lifecycle.shortlist(proposal, by=maker.second_officer, at=days.time(-110, 10))
    decided_on = days.day(-76)
    awards = lifecycle.award(
        round,
        by=maker.second_officer,
        at=days.time(-75, 11),
        choices=[_choice(one, in_time[1], 121, decided_on), _choice(two, in_time[2], 104, decided_on)],
    )
    lifecycle.sign(awards[0], by=maker.second_officer, signed_on=days.day(-50))
    maker.made(*awards)


def _choice(lot: Lot, proposal: Proposal, premium: int, decided_on: date) -> AwardChoice:
    return AwardChoice(lot, proposal, decided_on, premium_hkd=Decimal(premium) * 1_000_000, tenure_years=50)


def _unsuccessful(maker: Maker, land: Land) -> TenderRound:
    offer = Offer(
        "SAMPLE-T-4",
        land.phase_b,
        "Sample tender for plot S-25",
        "樣本地塊 S-25 招標",
        opens=-160,
        closes=-100,
        lots=[land.between(25, 25)],
    )
    round = publish(maker, offer)
    only = receipt(maker, round, 6, times_before(maker, closing_time(round), 1)[0])
    _open_box(maker, round)
    reveal(maker, only, list(round.lots.all()), [41])
    reason = "Sample reason: the only proposal was below the reserve."
    lifecycle.reject(only, by=maker.second_officer, at=maker.days.time(-82, 10), reason=reason)
    lifecycle.declare_unsuccessful(round, by=maker.second_officer, at=maker.days.time(-80, 10), reason=reason)
    return round


def _offered_again(maker: Maker, land: Land, *, first: TenderRound) -> None:
    publish(
        maker,
        Offer(
            "SAMPLE-T-6",
            land.phase_b,
            "Sample tender for plot S-25, offered again",
            "樣本地塊 S-25 再次招標",
            opens=20,
            closes=82,
            lots=[land.between(25, 25)],
            reoffer_of=first,
            notice=23,
        ),
    )


def _cancelled(maker: Maker, land: Land) -> None:
    offer = Offer(
        "SAMPLE-T-5",
        land.phase_b,
        "Sample tender for plot S-26",
        "樣本地塊 S-26 招標",
        opens=-55,
        closes=12,
        lots=[land.between(26, 26)],
    )
    round = publish(maker, offer)
    reason = "Sample reason: a water main was found under the plot."
    lifecycle.cancel(round, by=maker.second_officer, at=maker.days.time(-28, 10), reason=reason)


def _draft(maker: Maker, land: Land) -> None:
    draft(
        maker,
        Offer(
            "SAMPLE-DRAFT-1",
            land.phase_a,
            "Sample draft tender for plot S-DRAFT-1",
            "樣本草稿：地塊 S-DRAFT-1 招標",
            opens=30,
            closes=90,
            lots=[[land.plots["S-DRAFT-1"]]],
        ),
    )


def _open_box(maker: Maker, round: TenderRound) -> None:
    """Two officers, on the afternoon of the closing day."""
    noon = closing_time(round)
    lifecycle.begin_opening(round, by=maker.first_officer, at=noon.replace(hour=14, minute=5))
    maker.made(lifecycle.confirm_opening(round, by=maker.second_officer, at=noon.replace(hour=14, minute=20)))
