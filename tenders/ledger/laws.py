"""What cannot be true together. Each law reads the numbers of one thing and says which one the others stand against.

A law only ever adds a conflict. It removes no claim and moves no headline.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from parks.models import Phase
from tenders.ledger.agreement import agree, first_day, limits, same_days
from tenders.ledger.facts import Facts, phases_in
from tenders.ledger.indicators import (
    ADDITIVE,
    ANNOUNCED,
    AREA,
    GFA,
    OFFERED,
    REMAINING,
    TOTAL,
    WITHIN,
    comparable,
)
from tenders.ledger.shapes import Claim, Conflict, Key, Law, Standing, Term
from tenders.ledger.statements import NOT_OFFERED
from tenders.models import TenderRound
from tenders.statistics import plots_on_offer
from tenders.subjects import Kind, Subject, of_phase, of_release, of_round

NO_END = Decimal(10) ** 15  # more than any number of plots or square metres
Numbers = Mapping[Key, Standing]


def conflicts(standing: Standing, numbers: Numbers, known: Facts) -> list[Conflict]:
    """All that stands against the leading value of one number; each other value once, the best founded first."""
    if standing.value is None:
        return []
    found = [
        *_remainder(standing, numbers, known),
        *_programme(standing, numbers, known),
        *_parts(standing, numbers, known),
        *_within(standing, numbers),
        *_records(standing),
        *_same_days(standing),
    ]
    once: dict[tuple[Decimal, bool], Conflict] = {}
    for conflict in found:
        # What stands against the newest claim may be just what the records say, and they lead.
        borne_out = standing.value <= conflict.value if conflict.at_most else standing.value == conflict.value
        if not borne_out:
            once.setdefault((conflict.value, conflict.at_most), conflict)
    return list(once.values())


def _same_days(standing: Standing) -> Iterator[Conflict]:
    """Another value, said for a day of which the leading claim speaks too."""
    lead = standing.lead
    if lead is None:
        return
    for claim in standing.claims[1:]:
        if same_days(claim, lead) and not agree(claim, lead):
            saying = tuple(other for other in standing.claims if other.value == claim.value)
            yield Conflict(Law.SAME_DAYS, claim.value, saying=saying)


def _records(standing: Standing) -> Iterator[Conflict]:
    """More is on record than the newest claim allows, or, where the record is whole, less."""
    record, lead = standing.record, standing.lead
    if record is None or lead is None or comparable(lead.value, lead.unit)[1] != record.unit:
        return
    least, most = limits(lead)
    more = most is not None and record.value > most
    # Land that is named stays; whatever else is counted may have changed since somebody said it.
    dated = record.as_of <= lead.as_of or (more and standing.indicator in {TOTAL, AREA, GFA})
    if record.complete and (more or record.value < least) and dated:
        yield Conflict(Law.RECORDS, lead.value, saying=(lead,))
    elif not record.complete and more:
        yield Conflict(Law.RECORDS, record.value, terms=(_recorded(standing, record.value),))


def _same_unit(one: Claim, other: Claim) -> bool:
    return comparable(one.value, one.unit)[1] == comparable(other.value, other.unit)[1]


def _recorded(standing: Standing, value: Decimal) -> Term:
    return Term(1, standing.subject, standing.indicator, value)


# --- one land -----------------------------------------------------------------------------------------------


def _remainder(standing: Standing, numbers: Numbers, known: Facts) -> Iterator[Conflict]:
    """In all − offered = remaining, of claims alone; the last of the three to be said is the one in question."""
    if standing.indicator != REMAINING or standing.lead is None:
        return
    rest = remainder(standing.subject, numbers, known)
    if rest is not None and _is_before_the_offer(standing.lead, rest):
        return
    if rest is not None and not _can_be(standing.lead, rest):
        yield replace(rest, saying=tuple(claim for claim in standing.claims if claim.value == rest.value))


def _is_before_the_offer(said: Claim, rest: Conflict) -> bool:
    """What remained before anything was offered is no contradiction of what was offered since."""
    offered = [first_day(claim) for term in rest.terms if term.sign < 0 for claim in term.said]
    return bool(offered) and said.as_of < min(offered)


def _can_be(said: Claim, rest: Conflict) -> bool:
    """Whether what is said to remain can be what the others leave, as exactly as each of them was said."""
    least, most = limits(said)
    low = high = Decimal()
    for term in rest.terms:
        bounds = [limits(claim) for claim in term.said]
        smallest = min((bound[0] for bound in bounds), default=term.value)
        greatest = max((NO_END if bound[1] is None else bound[1] for bound in bounds), default=term.value)
        low += smallest if term.sign > 0 else -greatest
        high += greatest if term.sign > 0 else -smallest
    return least <= high and (most is None or max(low, Decimal()) <= most)


def remainder(land: Subject, numbers: Numbers, known: Facts) -> Conflict | None:
    """What is left of the land if what was claimed of it in all and as offered is right."""
    total = numbers.get((land, TOTAL))
    offered = _offered(land, numbers, known)
    if total is None or total.lead is None or not offered:
        return None
    rest = total.lead.value - sum(term.value for term in offered)
    whole = Term(1, land, TOTAL, total.lead.value, (total.lead,))
    return Conflict(Law.REMAINDER, rest, (whole, *offered)) if rest >= 0 else None


def _offered(land: Subject, numbers: Numbers, known: Facts) -> list[Term]:
    """What was claimed to be offered of the land: of it as a whole, else of each of its rounds."""
    own = numbers.get((land, OFFERED))
    if own is not None and own.lead is not None:
        return [Term(-1, land, OFFERED, own.lead.value, _same_value(own))]
    terms = []
    for round in offering(land, known):
        said = numbers.get((of_round(round), OFFERED))
        if said is None or said.lead is None:
            return []
        terms.append(Term(-1, of_round(round), OFFERED, said.lead.value, _same_value(said)))
    return terms


def offering(land: Subject, known: Facts) -> list[TenderRound]:
    """Rounds of the land that stand; one that another offers again is that one's."""
    phases = {phase.pk for phase in phases_in(land.row, known)} if land.kind is Kind.PHASE else set()
    of_land = [
        round
        for round in known.rounds
        if round.stage_now not in NOT_OFFERED
        if (round.phase_id in phases if land.kind is Kind.PHASE else round.park_id == land.pk)
    ]
    sizes = {round.pk: _size(round, known) for round in of_land}
    # Offered again as a whole it is the later round's; a part that is offered again is in the first one already.
    whole = {round.reoffer_of_id for round in of_land if sizes[round.pk] >= sizes.get(round.reoffer_of_id, 0)}
    part = {round.pk for round in of_land if sizes[round.pk] < sizes.get(round.reoffer_of_id, 0)}
    return [round for round in of_land if round.pk not in whole | part]


def _size(round: TenderRound, known: Facts) -> int:
    """Plots of the round as far as it says; 0 where it does not."""
    lots = known.lots.get(round.pk, [])
    return plots_on_offer([lot.named or lot.stated_plots for lot in lots], round.plot_count) or 0


def _same_value(standing: Standing) -> tuple[Claim, ...]:
    lead = standing.lead
    return tuple(claim for claim in standing.claims if lead is not None and claim.value == lead.value)


def _within(standing: Standing, numbers: Numbers) -> Iterator[Conflict]:
    """More is said of a part than of its whole."""
    if standing.lead is None:
        return
    for indicator, parts in WITHIN.items():
        whole = numbers.get((standing.subject, indicator))
        if standing.indicator not in parts or whole is None or whole.lead is None:
            continue
        if not _same_unit(whole.lead, standing.lead):
            continue
        most = limits(whole.lead)[1]
        if most is not None and limits(standing.lead)[0] > most:
            term = Term(1, standing.subject, indicator, whole.lead.value, (whole.lead,))
            yield Conflict(Law.WITHIN, whole.lead.value, (term,), at_most=True)


def _programme(standing: Standing, numbers: Numbers, known: Facts) -> Iterator[Conflict]:
    """The releases of a phase announce more plots together than there are said to be in all."""
    if standing.indicator != TOTAL or standing.subject.kind is not Kind.PHASE or standing.lead is None:
        return
    terms = []
    phases = {phase.pk for phase in phases_in(standing.subject.row, known)}
    for release in known.releases:
        said = numbers.get((of_release(release), ANNOUNCED))
        if release.phase_id not in phases or release.current.cancelled or said is None:
            continue
        if said.lead is not None:
            terms.append(Term(1, said.subject, ANNOUNCED, said.lead.value, (said.lead,)))
    together = sum((term.value for term in terms), Decimal())
    most = limits(standing.lead)[1]
    if most is not None and together > most:
        yield Conflict(Law.PARTS, together, tuple(terms))


# --- parts --------------------------------------------------------------------------------------------------


def _parts(standing: Standing, numbers: Numbers, known: Facts) -> Iterator[Conflict]:
    """What is claimed of the parts comes to more than the whole; or to less, where every part is said."""
    if standing.subject.kind is Kind.ROUND and standing.indicator == OFFERED:
        yield from _lots(standing, known)
        return
    if standing.indicator not in ADDITIVE or standing.lead is None:
        return
    inside = [of_phase(phase) for phase in known.phases if _is_part(phase, standing.subject)]
    said = [
        found
        for part in inside
        if (found := numbers.get((part, standing.indicator)))
        and found.lead
        and _same_unit(found.lead, standing.lead)
    ]
    if not said:
        return
    least, most = _together(claim for found in said if (claim := found.lead))
    low, high = limits(standing.lead)
    too_much = high is not None and least > high
    too_little = len(said) == len(inside) and most is not None and most < low
    if too_much or too_little:
        terms = tuple(_share(found) for found in said)
        yield Conflict(Law.PARTS, _in_unit(least if too_much else most or least, standing.lead), terms)


def _is_part(phase: Phase, whole: Subject) -> bool:
    """Directly: parts of parts are in the parts."""
    if whole.kind is Kind.PHASE:
        return phase.part_of_id == whole.pk
    return whole.kind is Kind.PARK and phase.part_of_id is None and phase.park_id == whole.pk


def _together(claims: Iterable[Claim]) -> tuple[Decimal, Decimal | None]:
    least, most = Decimal(), Decimal()
    unbounded = False
    for claim in claims:
        low, high = limits(claim)
        least += low
        most += high or Decimal()
        unbounded = unbounded or high is None
    return least, None if unbounded else most


def _share(standing: Standing) -> Term:
    lead = standing.lead
    value = lead.value if lead is not None else Decimal()
    return Term(1, standing.subject, standing.indicator, value, (lead,) if lead is not None else ())


def _in_unit(square_metres: Decimal, claim: Claim) -> Decimal:
    factor = comparable(Decimal(1), claim.unit)[0]
    return (square_metres / factor).quantize(Decimal(1)) if factor != 1 else square_metres


def _lots(standing: Standing, known: Facts) -> Iterator[Conflict]:
    """The lots of a round add up to another number of plots than is claimed of the round."""
    lots = known.lots.get(standing.subject.pk, [])
    counts = [lot.named or lot.stated_plots for lot in lots]
    if standing.lead is None or not counts or not all(counts):
        return
    together = Decimal(sum(counts))
    least, most = limits(standing.lead)
    if together < least or (most is not None and together > most):
        terms = tuple(Term(1, standing.subject, OFFERED, Decimal(count)) for count in counts)
        yield Conflict(Law.PARTS, together, terms)
