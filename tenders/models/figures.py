"""Reported numbers: a figure is a claim with a subject, a day that it speaks of, and a source."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.text import slugify
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from parks.models import DayPrecision, Park, Phase, Release, ReleaseRevision, Source
from parks.models.base import Stamped
from tenders.models.rounds import TenderRound
from tenders.statuses import Decision

LARGEST = 10**12  # SQLite keeps decimals as floating-point numbers: beyond, two places are no longer exact


class FigureQuerySet(models.QuerySet["Figure"]):
    def public(self) -> Self:
        """Claims whose subject is public; a claim about no park is."""
        return self.filter(
            Q(park=None) | Q(park__published=True),
            Q(phase=None) | Q(phase__in=Phase.objects.public()),
            Q(release=None) | Q(release__in=Release.objects.public()),
            Q(round=None) | ~Q(round__decision=Decision.DRAFT),
            Q(round=None) | Q(round__park__published=True),
            Q(round__phase=None) | Q(round__phase__in=Phase.objects.public()),
        )

    def in_order(self) -> Self:
        """By park, phase and indicator, the newest day first; what is of no park, and of whole parks, before the rest.

        Databases differ on where nothing stands, so it is said.
        """
        return self.order_by(
            F("park__order").asc(nulls_first=True),
            F("park__slug").asc(nulls_first=True),
            F("phase__order").asc(nulls_first=True),
            "indicator",
            "-as_of",
            "source__code",
            "pk",
        )

    def as_of(self, day: date) -> Self:
        """Claims that could be read by the end of `day`: they speak of it or before, in a source that was out.

        About a release only once it was announced, about a round only once it was published.
        """
        told = ReleaseRevision.objects.announced_by(day).filter(subject=OuterRef("release"))
        return self.filter(
            Q(release=None) | Exists(told),
            Q(round=None) | Q(round__published_at__lt=_day_after(day)),
            as_of__lte=day,
            source__published__lte=day,
        )


def _day_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, get_default_timezone())


class Figure(Stamped):
    """A number as a source reported it. Contradicting figures stand side by side; none is ever removed for another."""

    park = models.ForeignKey(
        Park, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("park")
    )
    phase = models.ForeignKey(
        Phase, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("phase")
    )
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("release")
    )
    round = models.ForeignKey(
        TenderRound, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("round")
    )
    indicator = models.SlugField(
        _("indicator"), max_length=60, help_text=_("proposals_received, plots_remaining, gfa …")
    )
    qualifier = models.CharField(
        _("qualifier"), max_length=40, blank=True, help_text=_("about, more than, preliminary")
    )
    value = models.DecimalField(
        _("value"),
        max_digits=18,
        decimal_places=2,
        validators=[MinValueValidator(-LARGEST), MaxValueValidator(LARGEST)],
    )
    unit = models.CharField(_("unit"), max_length=40)
    as_of = models.DateField(
        _("as of"), help_text=_("The last day that it may be, if only the month or year is known.")
    )
    as_of_precision = models.CharField(
        _("precision of the day"), max_length=5, choices=DayPrecision.choices, default=DayPrecision.DAY
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="figures", verbose_name=_("source"))

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["park__order", "park__slug", "phase__order", "indicator", "-as_of", "id"]
        constraints = [
            models.UniqueConstraint(
                Coalesce("park", Value(0)),
                Coalesce("phase", Value(0)),
                Coalesce("release", Value(0)),
                Coalesce("round", Value(0)),
                "indicator",
                "as_of",
                "as_of_precision",
                "source",
                name="source_says_a_figure_once",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=-LARGEST, value__lte=LARGEST), name="figure_is_not_beyond_counting"
            ),
            models.CheckConstraint(
                condition=Q(phase=None) | Q(park__isnull=False), name="figure_of_a_phase_names_its_park"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure_id}: {self.value.normalize():f} {self.unit}"

    @property
    def figure_id(self) -> str:
        """Names the number, not the claim: all claims about one subject and indicator share it."""
        if self.round:
            subject = self.round.code
        elif self.release:
            subject = self.release.code
        else:
            subject = "-".join(
                part for part in [self.park and self.park.slug, self.phase and self.phase.code] if part
            )
        words = [word for word in [subject.lower(), slugify(self.indicator.replace("_", "-"))] if word]
        return "-".join(words)
