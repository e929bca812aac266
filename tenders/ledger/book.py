"""The ledger itself: puts together what is claimed, stated and recorded, and says which value leads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from parks.models import Phase
from tenders.claims import rank
from tenders.ledger.facts import Facts, facts
from tenders.ledger.indicators import ANNOUNCED, OFFERED, PROPOSALS, REMAINING, TOTAL, UNITS
from tenders.ledger.laws import conflicts, offering, remainder
from tenders.ledger.records import records
from tenders.ledger.shapes import Basis, Claim, Conflict, Key, Record, Standing, Statement
from tenders.ledger.statements import statements, to_come
from tenders.models import Figure
from tenders.statistics import NOTHING, SEALED
from tenders.subjects import Kind, Subject, of_figure, of_phase, of_release, of_round


@dataclass(frozen=True)
class Ledger:
    """All numbers of some parks at an instant, by subject and indicator."""

    known: Facts
    numbers: dict[Key, Standing]

    def __iter__(self) -> Iterator[Standing]:
        return iter(self.numbers.values())

    def number(self, subject: Subject | None, indicator: str) -> Standing | None:
        return self.numbers.get((subject, indicator)) if subject is not None else None

    def offered_of(self, phase: Phase) -> Standing | None:
        """What was offered of a phase: said or recorded of it as a whole, else of its only round that stands."""
        own = self.number(of_phase(phase), OFFERED)
        rounds = offering(of_phase(phase), self.known)
        return self.number(of_round(rounds[0]), OFFERED) if own is None and len(rounds) == 1 else own

    def called(self, figure_id: str) -> list[Standing]:
        """Those of the name; nearly always one. Codes are free, so a release may be called like a phase."""
        found = [standing for standing in self if standing.figure_id == figure_id]
        return sorted(
            found, key=lambda standing: (list(Kind).index(standing.subject.kind), standing.subject.pk)
        )

    def disputed_releases(self) -> dict[str, Decimal]:
        """By release code, the number that stands against what its newest announcement says."""
        announced = {
            release.code: self.number(of_release(release), ANNOUNCED) for release in self.known.releases
        }
        return {
            code: standing.other
            for code, standing in announced.items()
            if standing is not None and standing.other is not None
        }


def ledger(
    at: datetime, *, park: str | None = None, known_at: datetime | None = None, offers: bool = True
) -> Ledger:
    """As public at `at`. Fifteen queries, nine without the numbers of `offers`; see tenders.ledger.facts."""
    return ledger_of(facts(at, park=park, known_at=known_at, offers=offers))


def remainder_of(book: Ledger, key: Key) -> Conflict | None:
    """What would remain of the land by what else was claimed of it, where `key` asks what remains."""
    subject, indicator = key
    return remainder(subject, book.numbers, book.known) if indicator == REMAINING else None


def ledger_of(known: Facts) -> Ledger:
    claimed, recorded, stated = _claims(known.figures), records(known), statements(known)
    waiting = _waiting(known)
    keys = [*dict.fromkeys([*claimed, *recorded, *stated, *waiting])]
    sealed = {key for key, basis in waiting.items() if basis == SEALED}
    numbers = {}
    for key in keys:
        said: list[Claim] = [*claimed.get(key, []), *_weighed(key, stated, claimed)]
        numbers[key] = _standing(key, said, recorded.get(key), is_sealed=key in sealed)
    weighed = {
        key: replace(standing, conflicts=conflicts(standing, numbers, known))
        for key, standing in numbers.items()
    }
    unsaid = _implied(numbers, known)
    return Ledger(known, {**weighed, **unsaid, **_disputed_with_what_remains(weighed, known)})


def _implied(numbers: dict[Key, Standing], known: Facts) -> dict[Key, Standing]:
    """What remains of land where nobody has said so, and it follows from what else was claimed."""
    found = {}
    for subject, indicator in numbers:
        key = (subject, REMAINING)
        if indicator == TOTAL and key not in numbers:
            rest = remainder(subject, numbers, known)
            if rest is not None:
                found[key] = Standing(
                    subject, REMAINING, UNITS[REMAINING], Basis.NOTHING, None, conflicts=[rest]
                )
    return found


def _disputed_with_what_remains(numbers: dict[Key, Standing], known: Facts) -> dict[Key, Standing]:
    """A release that announces just what remains in its phase is disputed where that is."""
    found = {}
    for release in known.releases:
        announced = numbers.get((of_release(release), ANNOUNCED))
        remaining = numbers.get((of_phase(release.phase), REMAINING)) if release.phase else None
        alone = [other for other in to_come(known) if other.phase_id == release.phase_id] == [release]
        if not (announced and remaining and alone) or release.named or announced.conflicts:
            continue
        if announced.value == remaining.value:
            found[announced.key] = replace(announced, conflicts=remaining.conflicts)
    return found


def _claims(figures: Iterable[Figure]) -> dict[Key, list[Figure]]:
    found: dict[Key, list[Figure]] = {}
    for figure in figures:
        found.setdefault((of_figure(figure), figure.indicator), []).append(figure)
    return found


def _weighed(
    key: Key, stated: dict[Key, list[Statement]], claimed: dict[Key, list[Figure]]
) -> list[Statement]:
    """What follows from announcements is weighed beside claims, unless it is only their sum."""
    return [said for said in stated.get(key, []) if not (key in claimed and said.parts)]


def _waiting(known: Facts) -> dict[Key, str]:
    """Proposals of rounds in which something may have come in, with why no number of it is public."""
    return {
        (of_round(round), PROPOSALS): known.counts[round.pk].basis
        for round in known.rounds
        if round.pk in known.counts and known.counts[round.pk].basis in {SEALED, NOTHING}
        if round.stage_now not in {"upcoming", "cancelled"}
    }


def _standing(key: Key, said: list[Claim], record: Record | None, *, is_sealed: bool) -> Standing:
    subject, indicator = key
    claims = sorted(said, key=rank, reverse=True)
    basis, value = _leading(claims, record, is_sealed=is_sealed)
    unit = claims[0].unit if basis in {Basis.REPORTED, Basis.STATED} else UNITS.get(indicator, "")
    return Standing(subject, indicator, unit, basis, value, claims, record)


def _leading(claims: list[Claim], record: Record | None, *, is_sealed: bool) -> tuple[Basis, Decimal | None]:
    if record is not None and record.complete:
        return Basis.RECORDED, record.value
    if claims:
        return (Basis.REPORTED if isinstance(claims[0], Figure) else Basis.STATED), claims[0].value
    if record is not None:
        return Basis.PARTIAL, record.value
    return (Basis.SEALED if is_sealed else Basis.NOTHING), None
