"""The only writer of revisions: what was announced of a release or a milestone, when, by which source."""

from datetime import date
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from parks.models import Milestone, MilestoneRevision, Release, ReleaseRevision, Source
from parks.windows import Window

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class AnnouncementRefused(Exception):
    """An announcement that cannot be kept, in words for staff."""


class Announcement(TypedDict):
    """What both a release and a milestone are announced with.

    `announced_on` is the last day that it may be, `announced_precision` how much of it is known. `verbatim`: the
    window's text is the source's own words. `cancelled`: it was called off.
    """

    window: Window
    announced_on: date
    source: Source
    announced_precision: NotRequired[str]
    by: NotRequired["User | None"]
    reason: NotRequired[str]
    verbatim: NotRequired[bool]
    cancelled: NotRequired[bool]
    window_text_zh_hant: NotRequired[str]
    window_text_zh_hans: NotRequired[str]


@transaction.atomic
def announce(release: Release, *, plot_count: int | None, **said: Unpack[Announcement]) -> ReleaseRevision:
    """Add a revision to a release. Raises AnnouncementRefused for a repetition of the one before it."""
    Release.objects.select_for_update().get(pk=release.pk)
    number = _next(ReleaseRevision, release)
    revision = ReleaseRevision(subject=release, number=number, plot_count=plot_count, **_fields(said))
    _keep(revision)
    return revision


@transaction.atomic
def announce_milestone(milestone: Milestone, **said: Unpack[Announcement]) -> MilestoneRevision:
    """Add a revision to a milestone. Raises AnnouncementRefused for a repetition of the one before it."""
    Milestone.objects.select_for_update().get(pk=milestone.pk)
    revision = MilestoneRevision(
        subject=milestone, number=_next(MilestoneRevision, milestone), **_fields(said)
    )
    _keep(revision)
    return revision


def _next(model: type[ReleaseRevision] | type[MilestoneRevision], subject: Release | Milestone) -> int:
    last = model.objects.filter(subject=subject).order_by("-number").values_list("number", flat=True).first()
    return int(last or 0) + 1


def _fields(said: Announcement) -> dict[str, Any]:
    """The columns of a revision: the window spread over its own, all else by its name."""
    window = said["window"]
    return {name: value for name, value in said.items() if name != "window"} | {
        "window_text": window.text,
        "window_earliest": window.earliest,
        "window_latest": window.latest,
        "window_precision": window.precision.value,
    }


# What makes two revisions say the same thing.
SAID = (
    "plot_count",
    "window_text",
    "window_earliest",
    "window_latest",
    "window_precision",
    "cancelled",
    "announced_on",
)


def _keep(revision: ReleaseRevision | MilestoneRevision) -> None:
    before = type(revision).objects.filter(subject=revision.subject).in_order().last()
    same_source = before is not None and before.source_id == revision.source_id
    if same_source and all(getattr(before, name, None) == getattr(revision, name, None) for name in SAID):
        raise AnnouncementRefused(
            _("The newest announcement already says exactly this, from the same source.")
        )
    if not revision.window_text.strip():
        raise AnnouncementRefused(
            _("Say when in words, as it was published: “Q3 2026”, “gradually next year”.")
        )
    revision.full_clean(exclude=["by"])
    revision.save()
