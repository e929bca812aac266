"""Rounds: what is put to the market, when, the decisions about it and the amendments of its dates."""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from parks.models import PRECISION_CHOICES, Park, Phase, Plot, Release, Source
from parks.models.base import Titled, dated_by, positive, window_constraints
from parks.windows import Precision, Window
from tenders.statuses import SETTLED, Decision, Disclosure, Method, RoundKind, Stage, stage


class TenderRoundQuerySet(models.QuerySet["TenderRound"]):
    def public(self, at: datetime) -> Self:
        """Published by `at`, in a published park and phase. A draft is nowhere outside the admin."""
        return self.filter(
            Q(phase=None) | Q(phase__part_of=None) | Q(phase__part_of__published=True),
            Q(phase=None) | Q(phase__published=True),
            ~Q(decision=Decision.DRAFT),
            park__published=True,
            published_at__lte=at,
        )

    def in_park(self, slug: str) -> Self:
        return self.filter(park__slug=slug)

    def naming(self, plot: Plot | OuterRef, day: date) -> Self:
        """Rounds of which a lot named the plot by the end of `day`."""
        return self.filter(
            dated_by("lots__added_on", day),
            dated_by("lots__lot_plots__named_on", day),
            lots__lot_plots__plot=plot,
        )

    def with_stage(self, at: datetime) -> Self:
        """Annotates `decided`, `opening_time`, `closing_time` and `stage_now` as they stood at `at`.

        The decision is the last one taken by then; a date is the one that stood before the first later amendment.
        """
        last = RoundEvent.objects.filter(round=OuterRef("pk"), at__lte=at).order_by("-at", "-id")
        dated = self.annotate(
            decided=Coalesce(Subquery(last.values("decision")[:1]), Value(Decision.DRAFT.value)),
            opening_time=as_published("opens_at", at),
            enquiry_time=as_published("enquiries_until", at),
            closing_time=as_published("closes_at", at),
        )
        return dated.annotate(
            stage_now=Case(
                *[
                    When(decided=decision.value, then=Value(settled.value))
                    for decision, settled in SETTLED.items()
                ],
                When(closing_time__lte=at, then=Value(Stage.CLOSED.value)),
                When(opening_time__gt=at, then=Value(Stage.UPCOMING.value)),
                default=Value(Stage.OPEN.value),
                output_field=models.CharField(),
            )
        )

    def with_expected(self, at: datetime) -> Self:
        """Annotates `briefing_day` and `expected_*`, the decision window, as they stood at `at`."""
        return self.annotate(
            briefing_day=as_published("briefing_on", at),
            expected_earliest=as_published("decision_earliest", at, amended_with="decision_precision"),
            expected_latest=as_published("decision_latest", at, amended_with="decision_precision"),
            expected_precision=as_published("decision_precision", at),
            expected_text=as_published("decision_text", at, amended_with="decision_precision"),
        )


def as_published(field: str, at: datetime, *, amended_with: str = "") -> Case:
    """The date as it stood at `at`: none if an amendment was the first to say one.

    `amended_with` is the field that tells whether an amendment moved this one; nothing said: itself.
    """
    said = f"{amended_with or field}_after"
    kept = Q(**{said: ""}) if said == "decision_precision_after" else Q(**{f"{said}__isnull": True})
    later = (
        Amendment.objects.filter(~kept, round=OuterRef("pk"), published_at__gt=at)
        .order_by("published_at", "number")
        .values(f"{field}_before")
    )
    return Case(When(Exists(later), then=Subquery(later[:1])), default=F(field))


class TenderRound(Titled):
    """One exercise in which plots are put to the market (OCDS: tender). Only decisions are stored as its status."""

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_("Capital letters, digits and hyphens: HSITP-T-2027-1."),
    )
    park = models.ForeignKey(Park, models.PROTECT, related_name="rounds", verbose_name=_("park"))
    phase = models.ForeignKey(
        Phase, models.PROTECT, null=True, blank=True, related_name="rounds", verbose_name=_("phase")
    )
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, blank=True, related_name="rounds", verbose_name=_("release")
    )
    reoffer_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reoffers", verbose_name=_("re-offer of")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=RoundKind.choices)
    method = models.CharField(_("method"), max_length=10, choices=Method.choices, default=Method.OPEN)
    sealed = models.BooleanField(
        _("sealed"), default=True, help_text=_("Until the opening only receipts are recorded.")
    )
    disclosure = models.CharField(
        _("disclosure"), max_length=8, choices=Disclosure.choices, default=Disclosure.TOTALS
    )
    disclosure_days = models.PositiveSmallIntegerField(
        _("days until amounts are published"), null=True, blank=True, validators=[MaxValueValidator(3650)],
        help_text=_("Only for staged disclosure."),
    )  # fmt: skip
    decision = models.CharField(
        _("decision"), max_length=12, choices=Decision.choices, default=Decision.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    briefing_on = models.DateField(_("briefing on"), null=True, blank=True)
    enquiries_until = models.DateTimeField(_("enquiries until"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("closes at"),
        null=True,
        blank=True,
        help_text=_("In time means received before this instant. Hong Kong time."),
    )
    decision_earliest = models.DateField(_("decision expected: earliest"), null=True, blank=True)
    decision_latest = models.DateField(_("decision expected: latest"), null=True, blank=True)
    decision_precision = models.CharField(
        _("decision expected: precision"),
        max_length=8,
        choices=PRECISION_CHOICES,
        default=Precision.UNKNOWN.value,
    )
    decision_text = models.CharField(_("decision expected: in words"), max_length=200, blank=True)
    plot_count = models.PositiveIntegerField(
        _("plots, if not named"), null=True, blank=True, help_text=_("Said before lots or plots are named.")
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )

    objects = TenderRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-closes_at", "code"]
        permissions = [
            ("open_box", "Can open the tender box"),
            ("decide_round", "Can publish, amend, award and cancel"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="round_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(enquiries_until=None)
                | Q(closes_at=None)
                | Q(enquiries_until__lte=F("closes_at")),
                name="enquiries_end_by_the_closing_time",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.DRAFT, published_at=None)
                | (~Q(decision=Decision.DRAFT) & Q(published_at__isnull=False)),
                name="round_is_published_once_it_has_a_day_of_publication",
            ),
            models.CheckConstraint(condition=~Q(reoffer_of=F("id")), name="round_is_not_a_reoffer_of_itself"),
            models.CheckConstraint(
                condition=Q(disclosure=Disclosure.STAGED, disclosure_days__isnull=False)
                | (~Q(disclosure=Disclosure.STAGED) & Q(disclosure_days=None)),
                name="staged_disclosure_says_after_how_many_days",
            ),
            positive("plot_count", "round_plot_count_is_positive"),
            *window_constraints("decision", "round_decision"),
        ]

    def __str__(self) -> str:
        return self.code

    def stage(self, at: datetime) -> Stage:
        """The stage at `at` by the decision and dates that stand now; see with_stage for a past instant."""
        return stage(Decision(self.decision), self.opens_at, self.closes_at, at)

    @property
    def takes_from(self) -> datetime | None:
        """From when on the round takes proposals: since it opened, else since it was published."""
        return self.opens_at or self.published_at

    @property
    def decision_window(self) -> Window:
        return Window(
            self.decision_earliest,
            self.decision_latest,
            Precision(self.decision_precision),
            self.decision_text,
        )

    @property
    def expected(self) -> Window:
        """The decision window as it stood at the instant of `with_expected`, from which the row comes."""
        row: Any = self
        precision = Precision(row.expected_precision)
        return Window(row.expected_earliest, row.expected_latest, precision, row.expected_text)


class RoundEvent(models.Model):
    """A decision about a round: which, when, by whom, why. Only lifecycle writes these, and nothing changes them."""

    round = models.ForeignKey(TenderRound, models.PROTECT, related_name="events", verbose_name=_("round"))
    decision = models.CharField(_("decision"), max_length=12, choices=Decision.choices)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "decision"], name="decision_is_taken_once")]

    def __str__(self) -> str:
        return f"{self.round.code}: {self.get_decision_display()}"


class Amendment(models.Model):
    """A published change to a round's dates, with its reason. What a date leaves empty stayed as it was.

    A decision window moves as a whole: without `decision_precision_after` it did not.
    """

    round = models.ForeignKey(TenderRound, models.PROTECT, related_name="amendments", verbose_name=_("round"))
    number = models.PositiveIntegerField(_("number"))
    published_at = models.DateTimeField(_("published at"))
    reason = models.CharField(_("reason"), max_length=500)
    opens_at_before = models.DateTimeField(_("opened at, before"), null=True, blank=True)
    opens_at_after = models.DateTimeField(_("opens at, now"), null=True, blank=True)
    briefing_on_before = models.DateField(_("briefing on, before"), null=True, blank=True)
    briefing_on_after = models.DateField(_("briefing on, now"), null=True, blank=True)
    enquiries_until_before = models.DateTimeField(_("enquiries until, before"), null=True, blank=True)
    enquiries_until_after = models.DateTimeField(_("enquiries until, now"), null=True, blank=True)
    closes_at_before = models.DateTimeField(_("closed at, before"), null=True, blank=True)
    closes_at_after = models.DateTimeField(_("closes at, now"), null=True, blank=True)
    decision_earliest_before = models.DateField(_("decision: earliest, before"), null=True, blank=True)
    decision_earliest_after = models.DateField(_("decision: earliest, now"), null=True, blank=True)
    decision_latest_before = models.DateField(_("decision: latest, before"), null=True, blank=True)
    decision_latest_after = models.DateField(_("decision: latest, now"), null=True, blank=True)
    decision_precision_before = models.CharField(
        _("decision: precision, before"), max_length=8, choices=PRECISION_CHOICES, blank=True
    )
    decision_precision_after = models.CharField(
        _("decision: precision, now"), max_length=8, choices=PRECISION_CHOICES, blank=True
    )
    decision_text_before = models.CharField(_("decision: in words, before"), max_length=200, blank=True)
    decision_text_after = models.CharField(_("decision: in words, now"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="amendment_number_is_unique"),
            models.CheckConstraint(condition=~Q(reason=""), name="amendment_has_a_reason"),
            models.CheckConstraint(
                condition=Q(opens_at_after__isnull=False)
                | Q(briefing_on_after__isnull=False)
                | Q(enquiries_until_after__isnull=False)
                | Q(closes_at_after__isnull=False)
                | ~Q(decision_precision_after=""),
                name="amendment_changes_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.code}: {self.number}"

    @property
    def window_before(self) -> Window | None:
        """When the decision was expected before; None where the amendment leaves that as it was."""
        return self._window("before") if self.decision_precision_after else None

    @property
    def window_after(self) -> Window | None:
        return self._window("after") if self.decision_precision_after else None

    def _window(self, side: str) -> Window:
        earliest, latest, precision, text = (
            getattr(self, f"decision_{part}_{side}") for part in ("earliest", "latest", "precision", "text")
        )
        return Window(earliest, latest, Precision(precision), text)
