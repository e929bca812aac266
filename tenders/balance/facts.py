"""The dated facts that the balance is folded from: plain shapes that know how they stood at an instant. No query."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeAlias

from django.utils.timezone import get_default_timezone, localdate

from tenders.statuses import Decision, RoundKind, Stage, stage

Place: TypeAlias = tuple[int, int | None]  # keys of a park and of a phase of it; None: no phase is said


def end_of(day: date) -> datetime:
    """The last instant of the day in Hong Kong."""
    return datetime.combine(day, time.max, get_default_timezone())


@dataclass(frozen=True)
class PlotFacts:
    """A plot that is named: a row of its own."""

    pk: int
    place: Place
    area_m2: Decimal | None = None
    max_gfa_m2: Decimal | None = None


@dataclass(frozen=True)
class Link:
    """A plot that a release or a lot names, from a day on."""

    plot: int
    since: date = date.min


@dataclass(frozen=True)
class Announcement:
    """One announcement of a release: how many plots it spoke of, and whether it called them off."""

    day: date
    precision: str = "day"
    plots: int | None = None
    off: bool = False


@dataclass(frozen=True)
class ReleaseFacts:
    """A release with its announcements, oldest first, and the plots that it names."""

    pk: int
    place: Place
    said: tuple[Announcement, ...]
    links: tuple[Link, ...] = ()

    def told(self, day: date) -> Announcement | None:
        """The newest announcement by the end of the day; None before the first."""
        return next((said for said in reversed(self.said) if said.day <= day), None)


@dataclass(frozen=True)
class Dated:
    """A published date, and what stood before each amendment of it, oldest first."""

    now: datetime | None = None
    before: tuple[tuple[datetime, datetime | None], ...] = ()

    def at(self, instant: datetime) -> datetime | None:
        """As TenderRoundQuerySet.with_stage has it: what stood before the first later amendment."""
        return next((stood for changed, stood in self.before if changed > instant), self.now)

    @property
    def ever(self) -> set[datetime]:
        """All that the date has been."""
        return {value for value in [self.now, *(stood for _changed, stood in self.before)] if value}


@dataclass(frozen=True)
class LotFacts:
    """A lot: the plots that it names or only counts, its award, and the day on which its round got it."""

    pk: int
    stated: int | None = None
    max_gfa_m2: Decimal | None = None
    links: tuple[Link, ...] = ()
    awarded_at: datetime | None = None
    lapsed_on: date | None = None
    since: date = date.min

    def is_awarded(self, at: datetime) -> bool:
        """Whether an award stands: entered by then, and not lapsed by the end of that day."""
        if self.awarded_at is None or self.awarded_at > at:
            return False
        return self.lapsed_on is None or self.lapsed_on > localdate(at)

    def named(self, day: date) -> set[int]:
        return {link.plot for link in self.links if link.since <= day}

    def count(self, day: date) -> int:
        """All its plots: those it names, and those beyond them that it only counts."""
        return max(self.stated or 0, len(self.named(day)))

    def unnamed(self, day: date) -> int:
        return self.count(day) - len(self.named(day))


@dataclass(frozen=True)
class RoundFacts:
    """A public round with its decisions, oldest first, its dates and its lots."""

    pk: int
    place: Place
    kind: RoundKind
    published_at: datetime
    release: int | None = None
    reoffer_of: int | None = None
    plot_count: int | None = None
    opens: Dated = Dated()
    closes: Dated = Dated()
    decisions: tuple[tuple[datetime, Decision], ...] = ()
    amended: tuple[datetime, ...] = ()
    lots: tuple[LotFacts, ...] = ()

    @property
    def age(self) -> tuple[datetime, int]:
        """The order of rounds, by publication: the newest decides."""
        return (self.published_at, self.pk)

    def decided(self, at: datetime) -> Decision:
        taken = [decision for when, decision in self.decisions if when <= at]
        return taken[-1] if taken else Decision.DRAFT

    def stage(self, at: datetime) -> Stage:
        return stage(self.decided(at), self.opens.at(at), self.closes.at(at), at)

    def offered(self, day: date) -> list[LotFacts]:
        """The lots that it had by the end of the day."""
        return [lot for lot in self.lots if lot.since <= day]

    def named(self, day: date) -> set[int]:
        return {plot for lot in self.lots for plot in lot.named(day)}

    def count(self, day: date) -> int:
        """The plots of its lots; where a lot does not say how many, at least what was said of the round."""
        counts = [lot.count(day) for lot in self.offered(day)]
        return sum(counts) if counts and all(counts) else max(self.plot_count or 0, sum(counts))


@dataclass(frozen=True)
class Facts:
    """Everything by its key, as public at `at`."""

    at: datetime
    plots: dict[int, PlotFacts] = field(default_factory=dict)
    releases: dict[int, ReleaseFacts] = field(default_factory=dict)
    rounds: dict[int, RoundFacts] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return localdate(self.at)

    def instant(self, day: date) -> datetime:
        """The end of a day; of the last day, the instant that the facts were asked for."""
        return min(end_of(day), self.at)
