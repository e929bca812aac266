"""The course of the balance: every day on which it changed in a phase, what happened, and how it stood after.

Each plot and each group of counted plots is followed over its own days only; the phases are sums of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from tenders.availability import Availability
from tenders.balance.counted import Group, all_groups, counted
from tenders.balance.facts import Facts, Place, PlotFacts
from tenders.balance.happenings import Happening, of_release, of_round
from tenders.balance.named import Ties, availability, one_plot, ties
from tenders.balance.tally import EMPTY, States, Tally

Key = tuple[Place, Availability]
Holding = dict[Key, Tally]


@dataclass(frozen=True)
class Step:
    """How a phase stood from a day on; `day` is None for what was so before anything dated.

    groups: plots counted and not named by each release or round that counts any, in the order they were first told
    """

    day: date | None
    states: States
    groups: tuple[int, ...] = ()
    happenings: tuple[Happening, ...] = ()

    @property
    def precision(self) -> str:
        """As much as is known of the day: by the vaguest of what happened."""
        said = {happening.precision for happening in self.happenings}
        return next((precision for precision in ("year", "month") if precision in said), "day")


@dataclass(frozen=True)
class _Happen:
    """What happens to each release and each round."""

    releases: dict[int, list[Happening]]
    rounds: dict[int, list[Happening]]

    def to(self, releases: Iterable[int], rounds: Iterable[int]) -> list[Happening]:
        return [
            *(happening for key in releases for happening in self.releases[key]),
            *(happening for key in rounds for happening in self.rounds[key]),
        ]


@dataclass(frozen=True)
class _Held:
    """What a plot or a group holds, and the sizes of the groups that it was then, by place."""

    holding: Holding
    groups: dict[Place, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Subject:
    """A plot or a group: what it holds before anything happened, and at an instant; and what happens to it."""

    before: _Held
    hold: Callable[[datetime], _Held]
    happenings: list[Happening]


@dataclass(frozen=True)
class _Change:
    subject: int
    after: _Held
    happenings: list[Happening] = field(default_factory=list)


def courses(facts: Facts) -> dict[Place, list[Step]]:
    """By place, oldest first. The last step is how it stands at the instant of the facts."""
    happen = _Happen(
        {pk: [h for h in of_release(one) if h.day <= facts.day] for pk, one in facts.releases.items()},
        {pk: list(of_round(one, facts.at)) for pk, one in facts.rounds.items()},
    )
    subjects = [*_groups(facts, happen), *_plots(facts, happen)]
    changes: dict[date | None, list[_Change]] = defaultdict(list)
    for number, subject in enumerate(subjects):
        for day, change in _changes(number, subject, facts):
            changes[day].append(change)
    return _fold(changes)


def _plots(facts: Facts, happen: _Happen) -> list[_Subject]:
    tied = ties(facts)
    return [_plot(plot, tied.get(pk, Ties()), happen) for pk, plot in facts.plots.items()]


def _plot(plot: PlotFacts, own: Ties, happen: _Happen) -> _Subject:
    one = one_plot(plot)

    def hold(at: datetime) -> _Held:
        return _Held({(plot.place, availability(own, at)): one})

    releases = {release.pk for release, _link in own.releases}
    rounds = {round.pk for round, _lot, _link in own.offers}
    before = _Held({(plot.place, Availability.PLANNED): one})
    return _Subject(before, hold, happen.to(releases, rounds))


def _groups(facts: Facts, happen: _Happen) -> list[_Subject]:
    subjects = [_group(group, happen) for group in all_groups(facts)]
    return sorted(subjects, key=lambda subject: min((h.day for h in subject.happenings), default=date.max))


def _group(group: Group, happen: _Happen) -> _Subject:
    def hold(at: datetime) -> _Held:
        held: Holding = {}
        sizes: dict[Place, tuple[int, ...]] = {}
        for known in group.at(at):
            pieces = counted(known, at)
            for piece in pieces:
                key = (known.place, piece.state)
                held[key] = held.get(key, EMPTY) + piece.tally
            size = sum(piece.count for piece in pieces)
            sizes[known.place] = (*sizes.get(known.place, ()), *([size] if size else []))
        return _Held(held, sizes)

    releases = {release.pk for release in group.releases}
    rounds = {round.pk for round in group.rounds}
    return _Subject(_Held({}), hold, happen.to(releases, rounds))


def _changes(number: int, subject: _Subject, facts: Facts) -> Iterable[tuple[date | None, _Change]]:
    """Each day on which what the subject holds became other than before, with what happened to it then."""
    by_day: dict[date, list[Happening]] = defaultdict(list)
    for happening in subject.happenings:
        by_day[happening.day].append(happening)
    held = subject.before
    if held.holding:
        yield None, _Change(number, held)
    for day in sorted(by_day):
        now = subject.hold(facts.instant(day))
        if now.holding != held.holding:
            held = now
            yield day, _Change(number, now, by_day[day])


def _fold(changes: dict[date | None, list[_Change]]) -> dict[Place, list[Step]]:
    sums: dict[Place, States] = defaultdict(dict)
    held: dict[int, _Held] = {}
    steps: dict[Place, list[Step]] = defaultdict(list)
    for day in sorted(changes, key=lambda day: day or date.min):
        told: dict[Place, set[Happening]] = defaultdict(set)
        for change in changes[day]:
            before = held.get(change.subject, _Held({}))
            for place in _apply(sums, before.holding, change.after.holding):
                told[place].update(change.happenings)
            held[change.subject] = change.after
        for place, happenings in told.items():
            sizes = (size for _subject, one in sorted(held.items()) for size in one.groups.get(place, ()))
            ordered = sorted(happenings, key=lambda happening: happening.rank)
            steps[place].append(Step(day, _standing(sums[place]), tuple(sizes), tuple(ordered)))
    return dict(steps)


def _apply(sums: dict[Place, States], before: Holding, after: Holding) -> set[Place]:
    """Takes the one from the sums and adds the other; the places that this touches."""
    for (place, state), held in before.items():
        sums[place][state] = sums[place].get(state, EMPTY) - held
    for (place, state), held in after.items():
        sums[place][state] = sums[place].get(state, EMPTY) + held
    keys = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    return {place for place, _state in keys}


def _standing(states: States) -> States:
    return {state: states[state] for state in Availability if states.get(state)}
