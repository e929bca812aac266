"""What sources say of a phase as a whole: how many plots in all, how much land and floor area.

None of it is added to records. Where the plots of a phase, named and counted, are more or fewer than a source says
there are in all, the gap has a name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tenders.balance.course import Step
from tenders.balance.facts import Place
from tenders.balance.happenings import Happening, Kind
from tenders.balance.tally import together, whole
from tenders.claims import headlines
from tenders.ledger.indicators import AREA, GFA, IN_SQUARE_METRES, TOTAL
from tenders.models import Figure


@dataclass(frozen=True)
class Gap:
    """By how much what the parts add up to differs from what a source says there is in all.

    named: plots with a name · counted: those without, one number for each release or round that counts them
    """

    claim: Figure
    named: int
    counted: tuple[int, ...]

    @property
    def sum(self) -> int:
        return self.named + sum(self.counted)

    @property
    def in_all(self) -> int:
        return int(self.claim.value)

    @property
    def difference(self) -> int:
        """More than in all if above nought, fewer if below."""
        return self.sum - self.in_all

    @property
    def terms(self) -> list[int]:
        """What is added up: the named plots, then each count."""
        return [number for number in (self.named, *self.counted) if number]


@dataclass(frozen=True)
class Whole:
    """A claim about a phase or a park as a whole, in m² and with the factor; None for a unit that is no area."""

    claim: Figure
    m2: Decimal | None
    factor: Decimal | None


def converted(claim: Figure) -> Whole:
    factor = IN_SQUARE_METRES.get(claim.unit)
    return Whole(claim, claim.value * factor if factor is not None else None, factor)


def wholes(claims: Iterable[Figure]) -> list[Whole]:
    """The leading claim of each land and floor area, as the rule of tenders.claims has it."""
    said = [claim for claim in claims if claim.indicator in {AREA, GFA}]
    return [converted(headline.headline) for headline in headlines(said)]


def course_of(steps: Mapping[Place, Sequence[Step]], places: Iterable[Place]) -> list[Step]:
    """The courses of several places as one; a day on which two of them changed is one step."""
    own = {place: list(steps.get(place, [])) for place in places}
    days = sorted({step.day for course in own.values() for step in course}, key=lambda day: day or date.min)
    return [_at(day, [_latest(course, day) for course in own.values()]) for day in days]


def _latest(course: list[Step], day: date | None) -> Step | None:
    until = day or date.min
    return next((step for step in reversed(course) if (step.day or date.min) <= until), None)


def _at(day: date | None, latest: list[Step | None]) -> Step:
    known = [step for step in latest if step]
    return Step(
        day,
        together([step.states for step in known]),
        tuple(size for step in known for size in step.groups),
        tuple(happening for step in known if step.day == day for happening in step.happenings),
    )


def with_gaps(course: Sequence[Step], claims: Sequence[Figure]) -> list[tuple[Step, Gap | None]]:
    """Each step with the gap after it. A claim that makes one, or mends one, is a step too."""
    totals = [claim for claim in claims if claim.indicator == TOTAL]
    days = sorted(
        {step.day for step in course} | {_known_on(claim) for claim in totals}, key=lambda d: d or date.min
    )
    found: list[tuple[Step, Gap | None]] = []
    for day in days:
        step = _latest(list(course), day) or Step(day, {})
        known = [claim for claim in totals if day and _known_on(claim) <= day]
        now = gap(step, known)
        if step.day == day or now != (found[-1][1] if found else None):
            found.append((_claimed(step, day, known), now))
    return found


def _known_on(claim: Figure) -> date:
    """Nobody could read it before its source was out."""
    return max(claim.as_of, claim.source.published)


def _claimed(step: Step, day: date | None, known: Sequence[Figure]) -> Step:
    """The step on that day, or one made of the latest, with what was claimed then."""
    told = step.happenings if step.day == day else ()
    said = tuple(
        Happening(_known_on(claim), Kind.CLAIMED, claim.as_of_precision, claim=claim.pk)
        for claim in known
        if _known_on(claim) == day
    )
    return Step(day, step.states, step.groups, told + said)


def gap(step: Step, totals: Sequence[Figure]) -> Gap | None:
    """None where nothing is claimed or nothing is counted, and where the parts add up to what the claim says."""
    leading = headlines(totals)
    if not leading or not step.states:
        return None
    claim = leading[0].headline
    found = Gap(claim, whole(step.states).named, step.groups)
    return None if _fits(found) else found


def _fits(found: Gap) -> bool:
    """ "More than 30" is kept by 31, and broken by 30."""
    if found.claim.qualifier == "more than":
        return found.difference > 0
    if found.claim.qualifier == "less than":
        return found.difference < 0
    return found.difference == 0
