"""Lots: what is on offer together in a round, and the plots that they name, each with the day it became public."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from parks.models import Plot, Source, localised
from parks.models.base import Stamped, Titled, dated_by, not_negative, positive
from tenders.models.rounds import TenderRound
from tenders.statuses import LIVE, Decision


class LotQuerySet(models.QuerySet["Lot"]):
    def offered_by(self, day: date) -> Self:
        """Lots that their round had by the end of `day`, if it was published by then."""
        return self.filter(dated_by("added_on", day))

    def with_named(self, day: date) -> Any:
        """Annotates `named`: how many public plots the lot named by the end of `day`; 0 where it gave a number only.

        In an order of its own: a query that counts has none otherwise, and then a save of the secret reserve shows.
        """
        public = Q(lot_plots__plot__in=Plot.objects.public())
        counted = self.annotate(
            named=Count("lot_plots", filter=public & dated_by("lot_plots__named_on", day))
        )
        return counted.order_by("round_id", "code")


class Lot(Titled):
    """What is on offer together: one plot or a package of several (OCDS: lot)."""

    round = models.ForeignKey(TenderRound, models.PROTECT, related_name="lots", verbose_name=_("round"))
    code = models.CharField(_("code"), max_length=40)
    plots = models.ManyToManyField(Plot, through="LotPlot", related_name="lots", verbose_name=_("plots"))
    stated_plots = models.PositiveIntegerField(
        _("plots, if not named"), null=True, blank=True, help_text=_("Said before the plots are named.")
    )
    buildings = models.PositiveIntegerField(_("buildings"), null=True, blank=True)
    max_gfa_m2 = models.DecimalField(
        _("maximum gross floor area, m²"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    uses_en = models.CharField(_("uses (English)"), max_length=300, blank=True)
    uses_zh_hant = models.CharField(_("uses (Traditional Chinese)"), max_length=300, blank=True)
    uses_zh_hans = models.CharField(_("uses (Simplified Chinese)"), max_length=300, blank=True)
    minimum_premium_hkd = models.DecimalField(
        _("minimum premium, HKD"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Public."),
    )
    reserve_premium_hkd = models.DecimalField(
        _("reserve premium, HKD"), max_digits=16, decimal_places=2, null=True, blank=True,
        help_text=_("Secret: never leaves the admin."),
    )  # fmt: skip
    added_on = models.DateField(
        _("added on"),
        null=True,
        blank=True,
        help_text=_("Empty: since the round was published."),
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["round", "code"]
        permissions = [("see_reserve", "Can see the secret reserve of a lot")]
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="lot_code_is_unique_in_its_round"),
            positive("stated_plots", "lot_plot_count_is_positive"),
            positive("max_gfa_m2", "lot_floor_area_is_positive"),
            not_negative("minimum_premium_hkd", "lot_minimum_premium_is_not_negative"),
            not_negative("reserve_premium_hkd", "lot_reserve_premium_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.round.code} {self.code}"

    @property
    def uses(self) -> str:
        return localised(self, "uses")


class LotPlotQuerySet(models.QuerySet["LotPlot"]):
    def named_by(self, day: date) -> Self:
        """Plots that a lot named by the end of `day`; a lot that came later had named none."""
        return self.filter(dated_by("named_on", day), dated_by("lot__added_on", day))


class LotPlot(Stamped):
    """A plot in a lot. `live` follows the round's decision; the database keeps a plot out of two live rounds."""

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="lot_plots", verbose_name=_("lot"))
    plot = models.ForeignKey(Plot, models.PROTECT, related_name="lot_plots", verbose_name=_("plot"))
    named_on = models.DateField(
        _("named on"),
        null=True,
        blank=True,
        help_text=_("Empty: since the round was published."),
    )
    live = models.BooleanField(default=False, editable=False)

    objects = LotPlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("plot of a lot")
        verbose_name_plural = _("plots of a lot")
        constraints = [
            models.UniqueConstraint(fields=["lot", "plot"], name="plot_is_in_a_lot_once"),
            models.UniqueConstraint(
                fields=["plot"],
                condition=Q(live=True),
                name="plot_is_in_one_live_round",
                violation_error_message=_("This plot is already in a round that is not over."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} {self.plot.code}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.live = Decision(self.lot.round.decision) in LIVE
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
