"""Where a plot stands on its way to market: derived from releases, rounds and awards, in one place."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from parks.models import Plot, Release, ReleaseQuerySet, ReleaseRevision
from tenders.models import Award, TenderRound
from tenders.statuses import RoundKind, Stage


class Availability(TextChoices):
    """What a plot is, to somebody who would like to have it."""

    PLANNED = "planned", pgettext_lazy("availability", "planned")
    ANNOUNCED = "announced", pgettext_lazy("availability", "announced")
    ON_OFFER = "on_offer", pgettext_lazy("availability", "on offer")
    EVALUATING = "under_evaluation", pgettext_lazy("availability", "under evaluation")
    AWARDED = "awarded", pgettext_lazy("availability", "awarded")
    WITHDRAWN = "withdrawn", pgettext_lazy("availability", "withdrawn")


class ReleaseStatus(TextChoices):
    """How far a release has come."""

    ANNOUNCED = "announced", pgettext_lazy("release", "announced")
    RELEASED = "released", pgettext_lazy("release", "released")
    CANCELLED = "cancelled", pgettext_lazy("release", "cancelled")


# The kinds of round that put plots on the market; the others only ask who would come.
PUTS_ON_THE_MARKET = [RoundKind.TENDER, RoundKind.DIRECT_GRANT]

# Where a plot is while the newest round that offers it is at a stage; at any other stage the round decides nothing.
AT_STAGE = {
    Stage.OPEN: Availability.ON_OFFER,
    Stage.CLOSED: Availability.EVALUATING,
    Stage.EVALUATING: Availability.EVALUATING,
    Stage.UPCOMING: Availability.ANNOUNCED,
}


def with_availability(plots: QuerySet[Plot], at: datetime) -> QuerySet[Plot]:
    """Annotates `availability`, `round_code` and `release_code` as they stood publicly at `at`.

    The newest public round decides: open is on offer, closed or evaluating is under evaluation, upcoming is
    announced. An award that has not lapsed is awarded. Else a public release that names the plot and is not
    called off makes it announced. A plot whose newest round or every release was called off is withdrawn; else it
    is planned. The codes are "" where there is none.
    """
    day = localdate(at)
    # Python's idea of a round's stage is with_stage's; the newest by publication is the one that counts.
    rounds: QuerySet[Any] = (
        TenderRound.objects.public(at)
        .with_stage(at)
        .naming(OuterRef("pk"), day)
        .order_by("-published_at", "-pk")
    )
    awarded = Award.objects.public(at).standing(day).naming(OuterRef("pk"), day)
    called_off = _announced_releases(at).naming(OuterRef("pk"), day).filter(off=True)
    releases = public_releases(at).naming(OuterRef("pk"), day).order_by("-announced", "-pk")
    return plots.annotate(
        round_code=Coalesce(Subquery(rounds.values("code")[:1]), Value("")),
        round_stage=Coalesce(Subquery(rounds.values("stage_now")[:1]), Value("")),
        release_code=Coalesce(Subquery(releases.values("code")[:1]), Value("")),
    ).annotate(
        availability=Case(
            When(Exists(awarded), then=Value(Availability.AWARDED.value)),
            *[When(round_stage=stage.value, then=Value(there.value)) for stage, there in AT_STAGE.items()],
            When(~Q(release_code=""), then=Value(Availability.ANNOUNCED.value)),
            When(
                Q(round_stage=Stage.CANCELLED.value) | Exists(called_off),
                then=Value(Availability.WITHDRAWN.value),
            ),
            default=Value(Availability.PLANNED.value),
            output_field=CharField(),
        )
    )


def public_releases(at: datetime) -> ReleaseQuerySet:
    """Public releases whose newest announcement by `at` did not call them off; `announced` is its day."""
    return _announced_releases(at).filter(off=False)


def _announced_releases(at: datetime) -> ReleaseQuerySet:
    newest = _newest_by(at)
    annotated: ReleaseQuerySet = Release.objects.public().annotate(
        announced=Subquery(newest.values("announced_on")[:1]),
        off=Subquery(newest.values("cancelled")[:1]),
    )
    return annotated.filter(announced__isnull=False)


def with_status(releases: QuerySet[Release], at: datetime) -> QuerySet[Release]:
    """Annotates `status` as it stood publicly at `at`.

    Called off by its newest announcement is cancelled. Once a public tender or direct grant of it has opened,
    and was not called off, it is released. Else it is announced.
    """
    begun = rounds_on_the_market(at).filter(release=OuterRef("pk"))
    return releases.annotate(off=Subquery(_newest_by(at).values("cancelled")[:1])).annotate(
        status=Case(
            When(off=True, then=Value(ReleaseStatus.CANCELLED.value)),
            When(Exists(begun), then=Value(ReleaseStatus.RELEASED.value)),
            default=Value(ReleaseStatus.ANNOUNCED.value),
            output_field=CharField(),
        )
    )


def rounds_on_the_market(at: datetime) -> QuerySet[Any]:
    """Public tenders and direct grants that had opened by `at` and were not called off, `with_stage`."""
    rounds: QuerySet[Any] = TenderRound.objects.public(at).with_stage(at)
    return rounds.filter(kind__in=PUTS_ON_THE_MARKET).exclude(
        stage_now__in=[Stage.UPCOMING.value, Stage.CANCELLED.value]
    )


def _newest_by(at: datetime) -> QuerySet[ReleaseRevision]:
    """The announcements of the release at hand that were made by `at`, the newest first."""
    told: QuerySet[ReleaseRevision] = ReleaseRevision.objects.announced_by(localdate(at))
    return told.filter(subject=OuterRef("pk")).order_by("-announced_on", "-number")
