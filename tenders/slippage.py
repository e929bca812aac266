"""How releases kept to what was first said of them: how far each moved, when it came, and a park's together.

Rules and numbers alone; `portal/words/slippage.py` puts them into words.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from statistics import median
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from parks.models import Release, ReleaseRevision
from parks.windows import Precision, Window, narrows, slip_days
from tenders.availability import rounds_on_the_market


class Unsaid(Enum):
    """Why it cannot be said how far a release moved."""

    NEVER_DATED = "never dated"
    FIRST_UNDATED = "the first was not dated"
    NO_LONGER_DATED = "not dated any more"
    NOTHING_IN_COMMON = "no limit in common"


class Outcome(Enum):
    """How a release stands to the window that was first announced for it."""

    BEFORE = "came before it"
    INSIDE = "came inside it"
    AFTER = "came after it"
    OVERDUE = "has not come, and it is over"
    CALLED_OFF = "called off, so it will not come"
    WAITING = "has not come, and it is not over"
    UNMEASURED = "it has no last day, or there is none"


# The question whether it came inside the first window is answered, one way or the other.
SETTLED = {Outcome.BEFORE, Outcome.INSIDE, Outcome.AFTER, Outcome.OVERDUE, Outcome.CALLED_OFF}


@dataclass(frozen=True)
class Move:
    """From an earlier window to a later one, in days; negative is sooner.

    `slip` is the rule of parks.windows.slip_days, None where that cannot be said. `least` and `most` are what it may
    have been, wherever in both windows the day lay and lies: None unless both have both limits. Where the later
    window lies inside the earlier one nothing was taken back: all three are 0.
    """

    first: Window
    now: Window
    slip: int | None
    least: int | None
    most: int | None

    @property
    def is_inside(self) -> bool:
        return _lies_inside(self.first, self.now)

    @property
    def unsaid(self) -> Unsaid | None:
        """Why `slip` is None; None where it is not."""
        if self.slip is not None:
            return None
        undated = [window.precision is Precision.UNKNOWN for window in (self.first, self.now)]
        if all(undated):
            return Unsaid.NEVER_DATED
        if any(undated):
            return Unsaid.FIRST_UNDATED if undated[0] else Unsaid.NO_LONGER_DATED
        return Unsaid.NOTHING_IN_COMMON

    @property
    def counted(self) -> tuple[date, date] | None:
        """The days that the slip was counted between; None where the rule needed none, or it cannot be said."""
        days = _counted_between(self.first, self.now)
        if days is None or self.is_inside or (days[1] - days[0]).days != self.slip:
            return None
        return days


def move(first: Window, now: Window) -> Move:
    if _lies_inside(first, now):
        return Move(first, now, slip_days(first, now), 0, 0)
    least = most = None
    if first.earliest and first.latest and now.earliest and now.latest:
        least, most = (now.earliest - first.latest).days, (now.latest - first.earliest).days
    return Move(first, now, slip_days(first, now), least, most)


def _lies_inside(first: Window, now: Window) -> bool:
    """Whether the later window takes nothing back: it is the earlier one, or lies inside it."""
    if Precision.UNKNOWN in (first.precision, now.precision):
        return False
    return (first.earliest, first.latest) == (now.earliest, now.latest) or narrows(first, now)


def _counted_between(first: Window, now: Window) -> tuple[date, date] | None:
    if first.earliest and now.earliest:
        return first.earliest, now.earliest
    if first.latest and now.latest:
        return first.latest, now.latest
    return None


@dataclass(frozen=True)
class Actual:
    """The day on which a release came: when `round`, its first public tender or direct grant, opened."""

    day: date
    round: Any


@dataclass(frozen=True)
class Course:
    """How one release went, as known on `day`: what was said of it, oldest first, and when it came if it did."""

    release: Any
    told: Sequence[ReleaseRevision]
    actual: Actual | None
    day: date

    @property
    def first(self) -> ReleaseRevision:
        return self.told[0]

    @property
    def now(self) -> ReleaseRevision:
        return self.told[-1]

    @property
    def move(self) -> Move:
        return move(self.first.window, self.now.window)

    @property
    def outcome(self) -> Outcome:
        first = self.first.window
        if self.actual and first.earliest and self.actual.day < first.earliest:
            return Outcome.BEFORE
        if first.latest is None:
            return Outcome.UNMEASURED
        if self.actual:
            return Outcome.INSIDE if self.actual.day <= first.latest else Outcome.AFTER
        if self.now.cancelled:
            return Outcome.CALLED_OFF
        return Outcome.OVERDUE if self.day > first.latest else Outcome.WAITING

    @property
    def off_by(self) -> tuple[date, date] | None:
        """The limit of the first window that was missed and the day that missed it; for what is overdue, `day`."""
        first, came = self.first.window, self.actual.day if self.actual else self.day
        match self.outcome:
            case Outcome.BEFORE if first.earliest:
                return first.earliest, came
            case Outcome.AFTER | Outcome.OVERDUE if first.latest:
                return first.latest, came
        return None

    @property
    def days_off(self) -> int | None:
        """Days before the first window's first day (negative) or after its last; None where it is not off."""
        return (self.off_by[1] - self.off_by[0]).days if self.off_by else None


def courses(releases: Iterable[Release], at: datetime) -> list[Course]:
    """`releases` come from `as_of(day of at)`, public ones only. One query, however many."""
    releases = list(releases)
    actual = _actual_days(releases, at)
    return [Course(release, release.told, actual.get(release.pk), localdate(at)) for release in releases]


def _actual_days(releases: Sequence[Release], at: datetime) -> dict[int, Actual]:
    """When each release came, by its key. A round without an opening time opened when it was published."""
    opened = (
        rounds_on_the_market(at)
        .filter(release__in=releases)
        .annotate(came_at=Coalesce("opening_time", "published_at"))
        .filter(came_at__lte=at)
        .order_by("-came_at", "-pk")
    )
    return {round.release_id: Actual(localdate(round.came_at), round) for round in opened}


@dataclass(frozen=True)
class Keeping:
    """How the releases of one park kept to what was first said, taken together.

    The median slip is of those that are not called off and whose slip can be said. The share that came inside the
    first window is `inside` of `settled`: what came, was called off, or let its first window pass without coming.
    """

    courses: Sequence[Course]

    @property
    def standing(self) -> list[Course]:
        return [course for course in self.courses if not course.now.cancelled]

    @property
    def slips(self) -> list[int]:
        return sorted(course.move.slip for course in self.standing if course.move.slip is not None)

    @property
    def median(self) -> Decimal | None:
        """In days; the mean of the middle two of an even number. None of nothing."""
        return median(map(Decimal, self.slips)) if self.slips else None

    @property
    def once(self) -> int:
        """How many of those that the median is of were announced once only, so that they could not move."""
        return sum(len(course.told) == 1 and course.move.slip is not None for course in self.standing)

    @property
    def unsaid(self) -> Counter[Unsaid]:
        return Counter(course.move.unsaid for course in self.standing if course.move.unsaid)

    @property
    def called_off(self) -> int:
        return len(self.courses) - len(self.standing)

    @property
    def outcomes(self) -> Counter[Outcome]:
        return Counter(course.outcome for course in self.courses)

    @property
    def inside(self) -> int:
        return self.outcomes[Outcome.INSIDE]

    @property
    def settled(self) -> int:
        return sum(count for outcome, count in self.outcomes.items() if outcome in SETTLED)
