"""One shape for everything that changed: builders make it of rows, the page, the file and the feeds are made of it."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parks.windows import Precision, Window, iso_day
from portal.entries import Place
from portal.words.speech import hong_kong


class ChangeKind(TextChoices):
    """What happened. The values are published: in changes.csv, as categories of the feeds, in the parameter `kind`."""

    RELEASE_ANNOUNCED = "release_announced", _("Release announced")
    RELEASE_REVISED = "release_revised", _("Release: window changed")
    RELEASE_PLOTS_CHANGED = "release_plots_changed", _("Release: plots changed")
    RELEASE_REPEATED = "release_repeated", _("Release: said again")
    RELEASE_CANCELLED = "release_cancelled", _("Release called off")
    MILESTONE_ANNOUNCED = "milestone_announced", _("Milestone announced")
    MILESTONE_REVISED = "milestone_revised", _("Milestone: window changed")
    MILESTONE_REPEATED = "milestone_repeated", _("Milestone: said again")
    MILESTONE_CANCELLED = "milestone_cancelled", _("Milestone called off")
    ROUND_PUBLISHED = "round_published", _("Round published")
    OPENS_AMENDED = "opens_amended", _("Opening time amended")
    BRIEFING_AMENDED = "briefing_amended", _("Briefing amended")
    ENQUIRIES_AMENDED = "enquiries_amended", _("End of enquiries amended")
    CLOSES_AMENDED = "closes_amended", _("Closing time amended")
    DECISION_AMENDED = "decision_amended", _("Expected decision amended")
    ENQUIRY_ANSWERED = "enquiry_answered", _("Enquiry answered")
    DOCUMENT_PUBLISHED = "document_published", _("Document published")
    BOX_OPENED = "box_opened", _("Box opened")
    LATE_ADMITTED = "late_admitted", _("Late proposal admitted")
    AWARDED = "awarded", _("Lot awarded")
    AWARD_SIGNED = "award_signed", _("Award signed")
    AWARD_LAPSED = "award_lapsed", _("Award lapsed")
    AMOUNTS_PUBLISHED = "amounts_published", _("Losing amounts published")
    ROUND_UNSUCCESSFUL = "round_unsuccessful", _("Round unsuccessful")
    ROUND_CANCELLED = "round_cancelled", _("Round cancelled")
    FIGURE_REPORTED = "figure_reported", _("Figure reported")


Kinds = frozenset[ChangeKind]


def _beginning(prefix: str) -> Kinds:
    return frozenset(kind for kind in ChangeKind if kind.value.startswith(prefix))


OF_RELEASES, OF_MILESTONES, OF_FIGURES = (
    _beginning("release_"),
    _beginning("milestone_"),
    _beginning("figure_"),
)
OF_ROUNDS: Kinds = frozenset(ChangeKind) - OF_RELEASES - OF_MILESTONES - OF_FIGURES
AMENDED: Kinds = frozenset(kind for kind in OF_ROUNDS if kind.value.endswith("_amended"))
OF_AWARDS: Kinds = frozenset({ChangeKind.AWARDED, ChangeKind.AWARD_SIGNED, ChangeKind.AWARD_LAPSED})

# Names in the parameter `kind` that stand for several kinds.
GROUPS: dict[str, tuple[Promise, Kinds]] = {
    "release": (_("Releases"), OF_RELEASES),
    "milestone": (_("Milestones"), OF_MILESTONES),
    "round": (_("Rounds"), OF_ROUNDS),
    "amendment": (_("Amendments"), AMENDED),
    "award": (_("Awards"), OF_AWARDS),
    "figure": (_("Figures"), OF_FIGURES),
}
KINDS: dict[str, Kinds] = {name: kinds for name, (_label, kinds) in GROUPS.items()} | {
    kind.value: frozenset([kind]) for kind in ChangeKind
}
KIND_CHOICES = [
    ("", _("Everything")),
    *((name, label) for name, (label, _kinds) in GROUPS.items()),
    (pgettext_lazy("of kinds of changes", "In detail"), ChangeKind.choices),
]


@dataclass(frozen=True)
class Said:
    """Who said it: the code of the source, its publisher, its address where it has one."""

    code: str = ""
    publisher: str = ""
    url: str = ""


@dataclass(frozen=True)
class Change:
    """One thing that changed on one day, as far as it was public."""

    key: tuple[str, ...]  # names it for good
    kind: ChangeKind
    date: date  # on which it became public, in Hong Kong; the last day that it may be
    subject: str  # the release, milestone, round or land by name
    words: str  # what changed, without the subject: "Closing time moved from … to …"
    url: str  # within the site
    park: Place | None
    phase: Place | None
    precision: str = "day"
    at: datetime | None = None  # where the instant is known
    wider_phase: str = ""  # code of the phase that `phase` is a part of
    release: str = ""
    round: str = ""
    lot: str = ""
    plots: tuple[str, ...] = ()  # of the lot, where it is about one
    before: str = ""  # for a program: an ISO 8601 day, time or interval, or a number
    after: str = ""
    reason: str = ""  # as staff wrote it
    said: Said = Said()
    is_slip: bool = False

    @property
    def title(self) -> str:
        """All of it in one line."""
        return now("%(subject)s: %(words)s") % {"subject": self.subject, "words": self.words}

    @property
    def is_sample(self) -> bool:
        return self.park is not None and self.park.is_sample

    @property
    def updated(self) -> datetime:
        """Its instant, else midnight of its day in Hong Kong. Never of the clock."""
        begins = datetime.combine(self.date, time.min, get_default_timezone())
        return hong_kong(self.at) if self.at else begins

    @property
    def iso_day(self) -> str:
        """As much of the day as is known: 2025-12-31, 2025-12, 2025."""
        return iso_day(self.date, self.precision)

    @property
    def order(self) -> tuple[object, ...]:
        """Newest first; of a month or a year only after its last day; of one instant by kind."""
        return (
            -self.date.toordinal(),
            PRECISIONS.index(self.precision),
            -self.updated.timestamp(),
            list(ChangeKind).index(self.kind),
            self.key,
        )


PRECISIONS = ["day", "month", "year"]


def iso_window(window: Window | None) -> str:
    """A window for a program: a day, a month or a year, else an interval with `..` for a limit that was not said."""
    if window is None or window.precision is Precision.UNKNOWN:
        return ""
    first, last = window.earliest, window.latest
    reduced = window.precision.value
    if last is not None and reduced in PRECISIONS:
        return iso_day(last, reduced)
    return "/".join(day.isoformat() if day else ".." for day in (first, last))
