"""The sample's proposals: receipts while the box is shut, and what was in them once it is open."""

from datetime import datetime, timedelta
from decimal import Decimal

from parks.models import Organisation
from parks.terms import SECTORS
from tenders.models import Lot, Proposal, ProposalLot, ProposalMember, TenderRound
from tenders.seeding.maker import Maker
from tenders.statuses import Channel

CHANNELS = (Channel.TENDER_BOX, Channel.TENDER_BOX, Channel.ELECTRONIC, Channel.COUNTER)
PARTNERS = 6


def proponent(maker: Maker, number: int) -> Organisation:
    return maker.organisation(f"Sample Developments {number:02} Limited", f"樣本發展 {number:02} 有限公司")


def receipt(maker: Maker, round: TenderRound, number: int, received_at: datetime) -> Proposal:
    """All that may be known of a proposal in a sealed round before the opening."""
    return maker.make(
        Proposal(
            reference=maker.reference(),
            round=round,
            proponent=proponent(maker, number),
            received_at=received_at,
            channel=maker.dice.choice(CHANNELS),
        )
    )


def times_before(maker: Maker, closes_at: datetime, count: int) -> list[datetime]:
    """In order: office hours of the last four weeks, most of them in the last days, all in time."""
    times: set[datetime] = set()
    while len(times) < count:
        days_before = int(28 * maker.dice.random() ** 3)
        hour = 9 + maker.dice.randrange(3 if days_before == 0 else 8)
        minute = maker.dice.randrange(60)
        times.add((closes_at - timedelta(days=days_before)).replace(hour=hour, minute=minute))
    return sorted(times)


def reveal(maker: Maker, proposal: Proposal, lots: list[Lot], premiums: list[int] | None = None) -> None:
    """Enter what the envelope held, after the opening. Premiums in millions of HKD, one a lot."""
    dice = maker.dice
    proposal.sector = dice.choice(SECTORS)
    proposal.summary = f"Sample proposal for {' and '.join(lot.title_en for lot in lots)}."
    proposal.investment_hkd = Decimal(dice.randrange(200, 4000)) * 1_000_000
    proposal.gfa_m2 = Decimal(dice.randrange(80, 400)) * 100
    proposal.jobs = dice.randrange(8, 120) * 10
    proposal.full_clean()
    proposal.save()
    for preference, lot in enumerate(lots, start=1):
        premium = Decimal(premiums[preference - 1]) * 1_000_000 if premiums else None
        maker.make(ProposalLot(proposal=proposal, lot=lot, preference=preference, premium_hkd=premium))
    if dice.random() < 0.4:
        _take_partner(maker, proposal)


def _take_partner(maker: Maker, proposal: Proposal) -> None:
    number = maker.dice.randrange(1, PARTNERS + 1)
    partner = maker.organisation(f"Sample Partners {number:02} Limited", f"樣本夥伴 {number:02} 有限公司")
    share = Decimal(maker.dice.randrange(10, 50))
    maker.make(ProposalMember(proposal=proposal, organisation=partner, share_percent=share))
