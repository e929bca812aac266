"""Where a plot stands on its way to market: derived from releases, rounds and awards, in one place."""

from datetime import datetime

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from parks.models import Plot, Release, ReleaseRevision
from tenders.models import Award, TenderRound
from tenders.statuses import Stage


class Availability(TextChoices):
    """What a plot is, to somebody who would like to have it."""

    PLANNED = "planned", pgettext_lazy("availability", "planned")
    ANNOUNCED = "announced", pgettext_lazy("availability", "announced")
    ON_OFFER = "on_offer", pgettext_lazy("availability", "on offer")
    EVALUATING = "evaluating", pgettext_lazy("availability", "under evaluation")
    AWARDED = "awarded", pgettext_lazy("availability", "awarded")


def with_availability(plots: QuerySet[Plot], at: datetime) -> QuerySet[Plot]:
    """Annotates `availability`, `round_code` and `release_code` as they stood publicly at `at`.

    The newest public round decides: open is on offer, closed or evaluating is under evaluation, upcoming is
    announced. An award that has not lapsed is awarded. Else a public release that names the plot and is not called
    off makes it announced; else it is planned. The codes are "" where there is none.
    """
    # Python's idea of a round's stage is with_stage's; the newest by publication is the one that counts.
    rounds = (
        TenderRound.objects.public(at)
        .with_stage(at)
        .filter(lots__lot_plots__plot=OuterRef("pk"))
        .order_by("-published_at", "-pk")
    )
    awarded = Award.objects.public(at).filter(lot__lot_plots__plot=OuterRef("pk"), lapsed_on=None)
    releases = public_releases(at).filter(release_plots__plot=OuterRef("pk")).order_by("-announced", "-pk")
    return plots.annotate(
        round_code=Coalesce(Subquery(rounds.values("code")[:1]), Value("")),
        round_stage=Coalesce(Subquery(rounds.values("stage_now")[:1]), Value("")),
        release_code=Coalesce(Subquery(releases.values("code")[:1]), Value("")),
    ).annotate(
        availability=Case(
            When(Exists(awarded), then=Value(Availability.AWARDED.value)),
            When(round_stage=Stage.OPEN.value, then=Value(Availability.ON_OFFER.value)),
            When(
                round_stage__in=[Stage.CLOSED.value, Stage.EVALUATING.value], then=Value(Availability.EVALUATING.value)
            ),
            When(round_stage=Stage.UPCOMING.value, then=Value(Availability.ANNOUNCED.value)),
            When(~Q(release_code=""), then=Value(Availability.ANNOUNCED.value)),
            default=Value(Availability.PLANNED.value),
            output_field=CharField(),
        )
    )


def public_releases(at: datetime) -> QuerySet[Release]:
    """Public releases whose newest announcement by `at` did not call them off; `announced` is its day."""
    day = localdate(at)
    newest = (
        ReleaseRevision.objects.filter(subject=OuterRef("pk"), announced_on__lte=day).order_by("-announced_on", "-number")
    )
    return (
        Release.objects.public()
        .annotate(announced=Subquery(newest.values("announced_on")[:1]), off=Subquery(newest.values("cancelled")[:1]))
        .filter(announced__isnull=False, off=False)
    )

