"""The land: parks, their phases, and the plots in them."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.models.base import Named, WebAddress, localised, positive
from parks.models.boundaries import validate_boundary
from parks.models.publications import Organisation, Source

SAMPLE_PARK = "sample"


class ParkQuerySet(models.QuerySet["Park"]):
    def public(self) -> Self:
        return self.filter(published=True)


class PhaseQuerySet(models.QuerySet["Phase"]):
    def public(self) -> Self:
        return self.filter(Q(part_of=None) | Q(part_of__published=True), published=True, park__published=True)

    def in_park(self, slug: str) -> Self:
        return self.filter(park__slug=slug)


class PlotQuerySet(models.QuerySet["Plot"]):
    def public(self) -> Self:
        return self.filter(
            Q(phase__part_of=None) | Q(phase__part_of__published=True),
            published=True,
            phase__published=True,
            park__published=True,
        )

    def in_park(self, slug: str) -> Self:
        return self.filter(park__slug=slug)


class Park(Named):
    """An innovation or technology park."""

    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    manager = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parks",
        verbose_name=_("park company"),
    )
    focus_en = models.CharField(_("focus (English)"), max_length=300, blank=True)
    focus_zh_hant = models.CharField(_("focus (Traditional Chinese)"), max_length=300, blank=True)
    focus_zh_hans = models.CharField(_("focus (Simplified Chinese)"), max_length=300, blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)
    summary_zh_hant = models.TextField(_("summary (Traditional Chinese)"), blank=True)
    summary_zh_hans = models.TextField(_("summary (Simplified Chinese)"), blank=True)
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)], help_text=_("Degrees east, WGS 84."),
    )  # fmt: skip
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)], help_text=_("Degrees north, WGS 84."),
    )  # fmt: skip
    website = WebAddress(_("website"), blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    published = models.BooleanField(_("published"), default=False)

    objects = ParkQuerySet.as_manager()

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        ordering = ["order", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__isnull=False, latitude__isnull=False),
                name="park_has_both_coordinates_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def focus(self) -> str:
        return localised(self, "focus")

    @property
    def summary(self) -> str:
        return localised(self, "summary")

    @property
    def is_sample(self) -> bool:
        """Made up for the demonstration, and marked so wherever it shows."""
        return self.slug == SAMPLE_PARK


class Phase(Named):
    """A stage in the development of a park; may be part of a larger one (Phase 1 has Batches 1 to 3)."""

    park = models.ForeignKey(Park, models.PROTECT, related_name="phases", verbose_name=_("park"))
    code = models.CharField(_("code"), max_length=40)
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    published = models.BooleanField(_("published"), default=False)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["park__order", "park__slug", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["park", "code"], name="phase_code_is_unique_in_its_park"),
            models.CheckConstraint(condition=~Q(part_of=models.F("id")), name="phase_is_not_part_of_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.park.slug} {self.code}"


class Plot(Named):
    """A piece of land that can be offered. Plot ratio and availability are derived, never stored."""

    # The park is the phase's; it stands here too so that the database can hold codes unique in a park.
    park = models.ForeignKey(
        Park, models.PROTECT, related_name="plots", editable=False, verbose_name=_("park")
    )
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="plots", verbose_name=_("phase"))
    code = models.CharField(_("code"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=300, blank=True)
    area_m2 = models.DecimalField(_("area, m²"), max_digits=12, decimal_places=2, null=True, blank=True)
    max_gfa_m2 = models.DecimalField(
        _("maximum gross floor area, m²"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    land_use = models.CharField(_("land use"), max_length=200, blank=True)
    sectors = models.CharField(
        _("sectors"), max_length=300, blank=True, help_text=_("Several are joined by a semicolon.")
    )
    boundary = models.JSONField(
        _("boundary"), null=True, blank=True, validators=[validate_boundary],
        help_text=_("A GeoJSON polygon, longitude first, WGS 84 (RFC 7946)."),
    )  # fmt: skip
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    published = models.BooleanField(_("published"), default=False)

    objects = PlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("plot")
        verbose_name_plural = _("plots")
        ordering = ["park__order", "park__slug", "code"]
        constraints = [
            models.UniqueConstraint(fields=["park", "code"], name="plot_code_is_unique_in_its_park"),
            positive("area_m2", "plot_area_is_positive"),
            positive("max_gfa_m2", "plot_floor_area_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.park.slug} {self.code}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.park_id = self.phase.park_id
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came

    @property
    def plot_ratio(self) -> float | None:
        """Maximum gross floor area per area of land, to two places; None where either is unknown."""
        if not self.area_m2 or not self.max_gfa_m2:
            return None
        return round(float(self.max_gfa_m2) / float(self.area_m2), 2)

    @property
    def sector_list(self) -> list[str]:
        return [sector.strip() for sector in self.sectors.split(";") if sector.strip()]
