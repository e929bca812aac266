"""What of a round's proposals is public beside their number: its disclosure rule, applied in this one place.

Nothing before the award. Then by rule: `totals` says which lots were awarded; `names` also to whom and for
how much, and who else took part, by the alphabet; `staged` adds the losing amounts some days later, unnamed;
`full` says who offered what. Decision record 0019 says against whom the staged lists are kept apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.timezone import localdate

from tenders.models import Award, Lot, Proposal, ProposalLot, TenderRound
from tenders.statuses import Disclosure

# With fewer other proponents, or one amount for all of them, an amount without a name would tell the name.
FEWEST = 2

MOST_REOFFERS = 20  # of one another; beyond, and in a circle, nothing is told


@dataclass(frozen=True)
class PublicAward:
    """A lot that was awarded. `proponent` is empty and `premium_hkd` None where the rule keeps them."""

    lot: Lot
    proponent: str
    premium_hkd: Decimal | None
    tenure_years: int | None
    decided_on: date
    signed_on: date | None
    lapsed_on: date | None


@dataclass(frozen=True)
class PublicOffer:
    """Who offered what for a lot: under `full` only."""

    lot: Lot
    proponent: str
    premium_hkd: Decimal | None
    won: bool


@dataclass(frozen=True)
class Disclosed:
    """What may be told. None: the rule does not tell it, or not yet.

    others: who else took part, alphabetical · amounts: losing amounts, descending · amounts_on: the day from
    which they are told · offers: everything, by lot and amount
    """

    rule: Disclosure
    awards: list[PublicAward]
    others: list[str] | None = None
    amounts: list[Decimal] | None = None
    amounts_on: date | None = None
    offers: list[PublicOffer] | None = None


def disclosed(round: TenderRound, at: datetime) -> Disclosed:
    """What was public of the proposals of a public round at `at`. One query, after the award two.

    A staged re-offer asks three more a round that it offers again.
    """
    rule = Disclosure(round.disclosure)
    awards = list(_awards(round, at))
    told = [public_award(award, localdate(at)) for award in awards]
    if not awards or rule == Disclosure.TOTALS:
        return Disclosed(rule, told)
    asked = list(_asked(round, at))
    if rule == Disclosure.FULL:
        return Disclosed(rule, told, others=_others(asked, awards), offers=_offers(asked, awards))
    if rule == Disclosure.NAMES:
        return Disclosed(rule, told, others=_others(asked, awards))
    amounts_on = _staged_day(round, awards)
    is_told = localdate(at) >= amounts_on and not _seen_before(round, asked, at)
    amounts = _losing_amounts(asked, awards) if is_told else None
    return Disclosed(rule, told, others=_others(asked, awards), amounts=amounts, amounts_on=amounts_on)


def amounts_told(at: datetime) -> dict[int, date]:
    """The public staged rounds whose losing amounts are told at `at`, by key, and since which day.

    It says of all what `disclosed` says of one. Two queries; a staged re-offer asks three more a round that it
    offers again.
    """
    awards: dict[int, list[Award]] = defaultdict(list)
    staged = Award.objects.public(at).filter(lot__round__disclosure=Disclosure.STAGED)
    for award in staged.select_related("lot__round", "proposal").order_by("lot__round__code", "lot__code"):
        awards[award.lot.round_id].append(award)
    days = {key: _staged_day(given[0].lot.round, given) for key, given in awards.items()}
    due = [key for key, day in days.items() if day <= localdate(at)]
    asked: dict[int, list[ProposalLot]] = defaultdict(list)
    counted = Proposal.objects.filter(round__in=due).eligible(at).standing(at)
    for row in ProposalLot.objects.filter(proposal__in=counted).select_related("proposal"):
        asked[row.proposal.round_id].append(row)
    return {
        key: days[key]
        for key in due
        if _losing_amounts(asked[key], awards[key]) is not None
        and not _seen_before(awards[key][0].lot.round, asked[key], at)
    }


def _awards(round: TenderRound, at: datetime) -> Iterable[Award]:
    awards = Award.objects.public(at).filter(lot__round=round)
    return awards.select_related("lot__round", "proposal__proponent").order_by("lot__code")


def _asked(round: TenderRound, at: datetime) -> Iterable[ProposalLot]:
    """What the proposals that count asked for: in time or admitted, not withdrawn."""
    counted = Proposal.objects.filter(round=round).eligible(at).standing(at)
    return ProposalLot.objects.filter(proposal__in=counted).select_related("lot", "proposal__proponent")


def public_award(award: Award, day: date) -> PublicAward:
    """What its round's rule tells of a public award by the end of `day`. It comes with lot, round and proponent."""
    named = award.lot.round.disclosure != Disclosure.TOTALS
    return PublicAward(
        lot=award.lot,
        proponent=award.proposal.proponent.name if named else "",
        premium_hkd=award.premium_hkd if named else None,
        tenure_years=award.tenure_years,
        decided_on=award.decided_on,
        signed_on=_by(award.signed_on, day),
        lapsed_on=_by(award.lapsed_on, day),
    )


def _by(event: date | None, day: date) -> date | None:
    return event if event is not None and event <= day else None


def _losing(asked: list[ProposalLot], awards: list[Award]) -> list[ProposalLot]:
    """What those asked for who won nothing. Beside a winner's public premium a lost offer would be known again."""
    winners = {award.proposal.proponent_id for award in awards}
    return [row for row in asked if row.proposal.proponent_id not in winners]


def _others(asked: list[ProposalLot], awards: list[Award]) -> list[str]:
    """Two of one name are two. The last key leaves nothing to the order of rows."""
    names = {row.proposal.proponent_id: row.proposal.proponent.name for row in _losing(asked, awards)}
    return sorted(names.values(), key=lambda name: (name.casefold(), name))


def _losing_amounts(asked: list[ProposalLot], awards: list[Award]) -> list[Decimal] | None:
    """Of all lots together, so that a lot with one loser names nobody. None where they would tell who.

    The check reads only what is public itself, how many and which amounts, never who offered which: so whether
    the list is there tells nothing of that either.
    """
    losing = _losing(asked, awards)
    people = {row.proposal.proponent_id for row in losing}
    amounts = sorted((row.premium_hkd for row in losing if row.premium_hkd is not None), reverse=True)
    return amounts if len(people) >= FEWEST and len(set(amounts)) >= FEWEST else None


def _seen_before(round: TenderRound, asked: list[ProposalLot], at: datetime) -> bool:
    """Whether somebody took part already in a round that this one offers again, and that told names or amounts.

    Laid beside each other, two lists of the same people tell whose amount came, went or moved.
    """
    people = {row.proposal.proponent_id for row in asked}
    earlier = round.reoffer_of
    for _step in range(MOST_REOFFERS):
        if earlier is None:
            return False
        if earlier.disclosure != Disclosure.TOTALS and _met(people, earlier, at):
            return True
        earlier = earlier.reoffer_of
    return True


def _met(people: set[int], earlier: TenderRound, at: datetime) -> bool:
    counted = Proposal.objects.filter(round=earlier, proponent__in=people).eligible(at).standing(at)
    return Award.objects.public(at).filter(lot__round=earlier).exists() and counted.exists()


def _staged_day(round: TenderRound, awards: list[Award]) -> date:
    """Days are counted from the last award, and from its publication if that came after the decision."""
    last = max(max(award.decided_on, localdate(award.decided_at)) for award in awards)
    return last + timedelta(days=round.disclosure_days or 0)


def _offers(asked: list[ProposalLot], awards: list[Award]) -> list[PublicOffer]:
    won = {(award.lot_id, award.proposal_id) for award in awards}
    offers = [
        PublicOffer(
            row.lot, row.proposal.proponent.name, row.premium_hkd, (row.lot_id, row.proposal_id) in won
        )
        for row in asked
    ]
    return sorted(
        offers,
        key=lambda o: (
            o.lot.code,
            not o.won,
            o.premium_hkd is None,
            -(o.premium_hkd or 0),
            o.proponent.casefold(),
            o.proponent,
        ),
    )
