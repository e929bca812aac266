"""One shape for everything dated: the calendar makes it of rows, drawings, lists and files are made of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from parks.windows import Precision, Window, overlaps
from portal.words.speech import has_time, hong_kong, quoted

INSTANT = "instant"  # the precision of a time on a day, beside those of parks.windows
LONGEST_SPAN = timedelta(days=31)


class Kind(TextChoices):
    """What happens. The values are published: a column of calendar.csv and the parameter `kind`."""

    RELEASE = "release", _("Release")
    MILESTONE = "milestone", _("Milestone")
    OPENS = "round_opens", _("Round opens")
    BRIEFING = "briefing", _("Briefing")
    ENQUIRIES = "enquiries_close", _("Enquiries close")
    CLOSES = "round_closes", _("Round closes")
    AMENDED = "amendment", _("Amendment")
    OPENED = "opening", _("Opening")
    DECISION = "decision", _("Decision")
    AWARD = "award", _("Award")


# What calendar.csv has rows for. Briefings, amendments and openings stand on the pages and in the iCalendar file.
PUBLISHED_KINDS = frozenset(
    {Kind.RELEASE, Kind.MILESTONE, Kind.OPENS, Kind.ENQUIRIES, Kind.CLOSES, Kind.DECISION, Kind.AWARD}
)

ROUND = "round"  # stands for all kinds of a round in the parameter `kind`
OF_ROUNDS = frozenset(Kind) - {Kind.RELEASE, Kind.MILESTONE}


class Status(TextChoices):
    """How firm it is (RFC 5545, section 3.8.1.11)."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Place:
    """A park (code is its slug) or a phase, with its rank among its like."""

    code: str
    name: str
    order: int
    is_sample: bool = False


@dataclass(frozen=True)
class Said:
    """One announcement: the window, its words as published, and who said so when."""

    window: Window
    text: str
    verbatim: bool
    announced_on: date
    announced_precision: str
    publisher: str
    plots: int | None = None
    language: str = ""  # of `text`, where it is another than the page's

    @property
    def words(self) -> str:
        """The words as published: between quotation marks if they are the source's own."""
        return quoted(self.text) if self.verbatim else self.text


@dataclass(frozen=True)
class Former:
    """A time that stood until an amendment moved it."""

    instant: datetime
    moved_on: date
    amendment: int


@dataclass(frozen=True)
class Entry:
    """Something dated: in a `window`, or at an `instant` (midnight in Hong Kong: that day, no time said)."""

    kind: Kind
    uid: str
    title: str  # says all, as a file needs it: "Tender closes: Tender for the first three plots"
    subject: str  # the release, milestone or round by name
    action: str  # what happens to it: "Tender closes"; empty for releases and milestones
    park: Place
    phase: Place | None
    url: str  # within the site
    updated_at: datetime
    sequence: int
    status: Status
    window: Window | None = None
    instant: datetime | None = None
    code: str = ""  # of the release, round or milestone
    release: str = ""
    round: str = ""
    stage: str = ""  # of the round, at the instant asked for
    note: str = ""  # a second line in words: why an amendment was made, which lot was awarded
    plots: int | None = None
    lots: int | None = None
    said: tuple[Said, ...] = ()  # all announcements so far, oldest first
    formers: tuple[Former, ...] = ()  # earlier times, oldest first
    slip_days: int | None = None
    announced_on: date | None = None
    announced_precision: str = "day"
    source: str = ""
    cancelled_on: date | None = None

    @property
    def is_sample(self) -> bool:
        return self.park.is_sample

    @property
    def is_cancelled(self) -> bool:
        return self.status == Status.CANCELLED

    @property
    def precision(self) -> str:
        if self.window is not None:
            return self.window.precision.value
        return Precision.DAY.value if self.all_day else INSTANT

    @property
    def all_day(self) -> bool:
        return self.instant is None or not has_time(self.instant)

    @property
    def earliest(self) -> date | None:
        return self.window.earliest if self.window else self.day

    @property
    def latest(self) -> date | None:
        return self.window.latest if self.window else self.day

    @property
    def day(self) -> date | None:
        """The one day that it is on; None while that is not known."""
        if self.instant is not None:
            return hong_kong(self.instant).date()
        known = self.window is not None and self.window.precision is Precision.DAY
        return self.window.earliest if self.window and known else None

    @property
    def is_brief(self) -> bool:
        """Whether both limits are known and a month or less apart, so that a calendar can show the span."""
        if self.earliest is None or self.latest is None:
            return False
        return self.latest - self.earliest < LONGEST_SPAN

    @property
    def starts(self) -> date | datetime | None:
        return self.earliest if self.all_day else self.instant

    @property
    def ends(self) -> date | datetime | None:
        """The last day that it may be, or the instant itself; None where no end was said."""
        return self.latest if self.all_day else self.instant

    @property
    def words(self) -> str:
        """The current window's words as published; nothing for a date of a round."""
        return self.said[-1].words if self.said else ""

    @property
    def earlier(self) -> tuple[Said, ...]:
        return self.said[:-1]

    def falls_in(self, first: date, last: date) -> bool:
        """Whether it can fall on a day from `first` to `last`, both included."""
        if self.window is not None:
            return overlaps(self.window, first, last)
        return self.day is not None and first <= self.day <= last

    @property
    def by_day(self) -> tuple[date, int, str]:
        """Of one day, in the order in which things happen: a round opens, closes, its box is opened."""
        return (self.day or self.latest or date.max, list(Kind).index(self.kind), self.uid)

    @property
    def order(self) -> tuple[date, str]:
        """By the first day that it may be on; what has only a last day by that, what is not dated last."""
        return (self.earliest or self.latest or date.max, self.uid)
