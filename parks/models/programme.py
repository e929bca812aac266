"""The programme: releases and milestones, and every announcement of them as a revision."""

from datetime import date
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parks.models.base import (
    FALLBACKS,
    PRECISION_CHOICES,
    DayPrecision,
    Stamped,
    Titled,
    dated_by,
    positive,
    window_constraints,
)
from parks.models.land import Park, Phase, Plot
from parks.models.publications import Source
from parks.windows import Precision, Window, slip_days


class RevisionKept(Exception):
    """A revision was to be changed or deleted. It is corrected by a further revision instead."""

    def __init__(self) -> None:
        super().__init__(_("A revision is never changed or deleted. Correct it with a further revision."))


class RevisionQuerySet(models.QuerySet[Any]):
    """Revisions are only ever added and read."""

    def announced_by(self, day: date) -> Self:
        """Announced by the end of `day`. An announcement is public when it is made, whoever reports it later."""
        return self.filter(announced_on__lte=day)

    def in_order(self) -> Self:
        return self.order_by("announced_on", "number")

    def update(self, **_kwargs: object) -> NoReturn:
        raise RevisionKept

    def delete(self) -> NoReturn:
        raise RevisionKept


class Revision(models.Model):
    """One announcement: the window and the words, said on which day, by which source, and why."""

    number = models.PositiveIntegerField(_("revision"), editable=False)
    announced_on = models.DateField(
        _("announced on"), help_text=_("The last day that it may be, if only the month or year is known.")
    )
    announced_precision = models.CharField(
        _("precision of the day"), max_length=5, choices=DayPrecision.choices, default=DayPrecision.DAY
    )
    window_text = models.CharField(_("when, in words"), max_length=200)
    window_text_zh_hant = models.CharField(
        _("when, in words (Traditional Chinese)"), max_length=200, blank=True
    )
    window_text_zh_hans = models.CharField(
        _("when, in words (Simplified Chinese)"), max_length=200, blank=True
    )
    verbatim = models.BooleanField(
        _("the source's own words"), default=False, help_text=_("Then they are shown in quotation marks.")
    )
    window_earliest = models.DateField(_("earliest"), null=True, blank=True)
    window_latest = models.DateField(_("latest"), null=True, blank=True)
    window_precision = models.CharField(_("precision"), max_length=8, choices=PRECISION_CHOICES)
    cancelled = models.BooleanField(_("called off"), default=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("source"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["announced_on", "number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.window_text}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise RevisionKept
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise RevisionKept

    def words_in(self, language: str) -> tuple[str, str]:
        """When, in words: in `language` or the nearest one that has them, with the suffix of that language.

        The words as they were entered stand in the field without a language's name and count as English.
        """
        for suffix in FALLBACKS.get(language, FALLBACKS["en"]):
            words: str = getattr(self, "window_text" if suffix == "en" else f"window_text_{suffix}")
            if words:
                return words, suffix
        return "", ""

    @property
    def window(self) -> Window:
        return Window(
            self.window_earliest, self.window_latest, Precision(self.window_precision), self.window_text
        )


class Told:
    """What a release and a milestone share: they are known by what was announced, in order."""

    told: list[Any]

    @property
    def first(self) -> Any:
        """The first announcement known on the day asked for by `as_of`."""
        return self.told[0]

    @property
    def current(self) -> Any:
        """The newest announcement known on the day asked for by `as_of`."""
        return self.told[-1]

    @property
    def slip_days(self) -> int | None:
        """Days from the first announced window to the current one (see parks.windows.slip_days)."""
        return slip_days(self.first.window, self.current.window)


class ToldQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        """Published, in a published park and phase."""
        return self.filter(
            Q(phase=None) | Q(phase__part_of=None) | Q(phase__part_of__published=True),
            Q(phase=None) | Q(phase__published=True),
            published=True,
            park__published=True,
        )

    def in_park(self, slug: str) -> Self:
        return self.filter(park__slug=slug)

    def as_of(self, day: date) -> Self:
        """Only what was announced by the end of `day`, each with those announcements as `told`, oldest first."""
        revisions = self.model.revisions.rel.related_model
        announced = revisions.objects.announced_by(day)
        return self.filter(Exists(announced.filter(subject=OuterRef("pk")))).prefetch_related(
            Prefetch("revisions", announced.in_order().select_related("source"), to_attr="told")
        )


class ReleaseQuerySet(ToldQuerySet):
    def naming(self, plot: Plot | OuterRef, day: date) -> Self:
        """Releases that named the plot by the end of `day`."""
        return self.filter(dated_by("release_plots__named_on", day), release_plots__plot=plot)

    def with_named(self, day: date) -> Self:
        """Annotates `named`: how many public plots the release named by the end of `day`.

        What was only said is its revisions' count.
        """
        public = Q(release_plots__plot__in=Plot.objects.public())
        return self.annotate(
            named=Count("release_plots", filter=public & dated_by("release_plots__named_on", day))
        )


class Release(Told, Titled):
    """Plots that come to market together. When is in its revisions; the newest one is current."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    park = models.ForeignKey(Park, models.PROTECT, related_name="releases", verbose_name=_("park"))
    phase = models.ForeignKey(
        Phase, models.PROTECT, null=True, blank=True, related_name="releases", verbose_name=_("phase")
    )
    plots = models.ManyToManyField(
        Plot, through="ReleasePlot", related_name="releases", verbose_name=_("plots that are named")
    )
    published = models.BooleanField(_("published"), default=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["park__order", "park__slug", "code"]

    def __str__(self) -> str:
        return self.code


class ReleasePlotQuerySet(models.QuerySet["ReleasePlot"]):
    def named_by(self, day: date) -> Self:
        """Plots that a release named by the end of `day`."""
        return self.filter(dated_by("named_on", day))


class ReleasePlot(Stamped):
    """A plot that a release names. There may be none: a release may say “22 plots” before it names any."""

    release = models.ForeignKey(
        Release, models.CASCADE, related_name="release_plots", verbose_name=_("release")
    )
    plot = models.ForeignKey(Plot, models.PROTECT, related_name="release_plots", verbose_name=_("plot"))
    named_on = models.DateField(
        _("named on"),
        null=True,
        blank=True,
        help_text=_("Empty: since the release was first announced."),
    )

    objects = ReleasePlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("plot of a release")
        verbose_name_plural = _("plots of a release")
        constraints = [models.UniqueConstraint(fields=["release", "plot"], name="plot_is_in_a_release_once")]

    def __str__(self) -> str:
        return f"{self.release.code} {self.plot.code}"


class ReleaseRevision(Revision):
    """One announcement of a release: besides the window, how many plots it speaks of."""

    subject = models.ForeignKey(Release, models.PROTECT, related_name="revisions", verbose_name=_("release"))
    plot_count = models.PositiveIntegerField(
        _("plots"), null=True, blank=True, help_text=_("Empty: number not said.")
    )

    class Meta(Revision.Meta):
        verbose_name = _("announcement of a release")
        verbose_name_plural = _("announcements of releases")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="release_revision_number_is_unique"),
            positive("plot_count", "release_revision_plot_count_is_positive"),
            *window_constraints("window", "release_revision"),
        ]


class Milestone(Told, Titled):
    """A dated or vague event of a park that is no release: an opening, a bridge, a pilot scheme."""

    class Kind(models.TextChoices):
        OPENING = "opening", pgettext_lazy("milestone", "opening")
        BUILDING = "building", _("building")
        INFRASTRUCTURE = "infrastructure", _("infrastructure")
        POLICY = "policy", _("policy")

    code = models.SlugField(_("code"), max_length=80)
    park = models.ForeignKey(Park, models.PROTECT, related_name="milestones", verbose_name=_("park"))
    phase = models.ForeignKey(
        Phase, models.PROTECT, null=True, blank=True, related_name="milestones", verbose_name=_("phase")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    published = models.BooleanField(_("published"), default=False)

    objects = ToldQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["park__order", "park__slug", "code"]
        constraints = [
            models.UniqueConstraint(fields=["park", "code"], name="milestone_code_is_unique_in_its_park")
        ]

    def __str__(self) -> str:
        return f"{self.park.slug} {self.code}"


class MilestoneRevision(Revision):
    """One announcement of a milestone."""

    subject = models.ForeignKey(
        Milestone, models.PROTECT, related_name="revisions", verbose_name=_("milestone")
    )

    class Meta(Revision.Meta):
        verbose_name = _("announcement of a milestone")
        verbose_name_plural = _("announcements of milestones")
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="milestone_revision_number_is_unique"),
            *window_constraints("window", "milestone_revision"),
        ]
