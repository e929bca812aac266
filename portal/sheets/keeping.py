"""How the programmes of parks kept to what was first said: the two figures of each park, and what they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from parks.models import Park, Release
from portal.asof import Moment
from portal.words.slippage import days_of_median, outcome, signed_days, slip_answer
from tenders.slippage import Course, Keeping, Outcome, Unsaid, courses

FEW = 3  # fewer than these say little of a habit


@dataclass(frozen=True)
class Part:
    """Some releases of those counted, or of those left out, and why."""

    count: int
    words: str


@dataclass(frozen=True)
class KeptRelease:
    """A release as the table under the figures has it: what each figure takes of it."""

    course: Course
    slip: str
    is_later: bool
    outcome: str


@dataclass(frozen=True)
class Kept:
    """A park's median slip and its share that came inside the first window, with the counts behind each.

    `median` and `share` are empty where there is nothing to measure yet. `url` is where they are proved.
    """

    park: Park
    keeping: Keeping
    median: str
    share: str
    url: str
    releases: list[KeptRelease]
    median_of: list[Part]
    share_of: list[Part]

    @property
    def is_later(self) -> bool:
        return (self.keeping.median or 0) > 0

    @property
    def total(self) -> int:
        return len(self.keeping.courses)

    @property
    def median_is_of_few(self) -> bool:
        return 0 < len(self.keeping.slips) < FEW

    @property
    def share_is_of_few(self) -> bool:
        return 0 < self.keeping.settled < FEW


def kept_by_park(moment: Moment) -> list[Kept]:
    """Every park with a release announced by that day. Three queries."""
    releases = Release.objects.public().as_of(moment.day).select_related("park")
    found = groupby(courses(releases, moment.at), key=lambda course: course.release.park)
    return [_kept(park, list(of_park), moment) for park, of_park in found]


def kept_in(park: Park, releases: Sequence[Release], moment: Moment) -> Kept | None:
    """The same of one park, whose public releases as of the day are at hand; None where it has none. One query."""
    found = courses(releases, moment.at)
    return _kept(park, found, moment) if found else None


def _kept(park: Park, found: list[Course], moment: Moment) -> Kept:
    keeping = Keeping(found)
    day = "" if moment.is_now else f"?as_of={moment.day.isoformat()}"
    share = _("%(inside)d of %(settled)d") % {"inside": keeping.inside, "settled": keeping.settled}
    return Kept(
        park=park,
        keeping=keeping,
        median="" if keeping.median is None else days_of_median(keeping.median),
        share=share if keeping.settled else "",
        url=f"{reverse('park', args=[park.slug])}{day}#kept",
        releases=[_release(course) for course in found],
        median_of=_median_of(keeping),
        share_of=_share_of(keeping),
    )


def _release(course: Course) -> KeptRelease:
    answer = slip_answer(course)
    counted = course.move.slip is not None and not course.now.cancelled
    words = signed_days(course.move.slip or 0) if counted else answer.words
    return KeptRelease(course, words, answer.is_later, outcome(course))


def _median_of(keeping: Keeping) -> list[Part]:
    """What the median is of, then what it leaves out and why."""
    counts = keeping.unsaid
    parts = [
        Part(len(keeping.slips), _("counted")),
        Part(keeping.once, _("of these announced once, so counted as 0 days")),
        Part(counts[Unsaid.NEVER_DATED], _("left out: not dated so far")),
        Part(counts[Unsaid.FIRST_UNDATED], _("left out: the first announcement was not dated")),
        Part(counts[Unsaid.NO_LONGER_DATED], _("left out: not dated any more")),
        Part(counts[Unsaid.NOTHING_IN_COMMON], _("left out: the windows have no limit in common")),
        Part(keeping.called_off, _("left out: called off")),
    ]
    return [part for part in parts if part.count]


def _share_of(keeping: Keeping) -> list[Part]:
    """What came of those whose first window is settled, then what is left out and why."""
    counts = keeping.outcomes
    parts = [
        Part(counts[Outcome.INSIDE], _("came inside it")),
        Part(counts[Outcome.BEFORE], _("not inside: came before it")),
        Part(counts[Outcome.AFTER], _("not inside: came after it")),
        Part(counts[Outcome.OVERDUE], _("not inside: not come, and it is over")),
        Part(counts[Outcome.CALLED_OFF], _("not inside: called off before it came")),
        Part(counts[Outcome.WAITING], _("left out: not come, and it is not over")),
        Part(counts[Outcome.UNMEASURED], _("left out: it is not dated or has no last day")),
    ]
    return [part for part in parts if part.count]
