"""Who speaks and where: organisations and sources."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from parks.models.base import DayPrecision, Stamped, WebAddress, localised
from parks.windows import iso_day


class Organisation(Stamped):
    """A company, agency or institution: a park's manager, a proponent, a member of a consortium."""

    name_en = models.CharField(_("name (English)"), max_length=300, blank=True)
    name_zh_hant = models.CharField(_("name (Traditional Chinese)"), max_length=300, blank=True)
    name_zh_hans = models.CharField(_("name (Simplified Chinese)"), max_length=300, blank=True)
    registered_name = models.GeneratedField(
        expression=Coalesce(
            NullIf("name_en", models.Value("")), NullIf("name_zh_hant", models.Value("")), "name_zh_hans"
        ),
        output_field=models.CharField(_("name"), max_length=300),
        db_persist=True,
    )
    scheme = models.CharField(
        _("identifier scheme"), max_length=40, blank=True, help_text=_("As of org-id.guide: HK-CR.")
    )
    identifier = models.CharField(_("identifier"), max_length=80, blank=True)
    website = WebAddress(_("website"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["registered_name"]
        constraints = [
            models.UniqueConstraint("registered_name", name="organisation_name_is_unique"),
            models.UniqueConstraint(
                fields=["scheme", "identifier"],
                condition=~models.Q(identifier=""),
                name="organisation_identifier_is_unique",
            ),
            models.CheckConstraint(condition=~models.Q(registered_name=""), name="organisation_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What the constraints hold of the registered name, in words: validation passes over a generated column."""
        super().clean()
        registered = self.name_en or self.name_zh_hant or self.name_zh_hans
        if not registered:
            raise ValidationError(_("An organisation has a name in at least one language."))
        if Organisation.objects.filter(registered_name=registered).exclude(pk=self.pk).exists():
            raise ValidationError(_("There is an organisation of that name already."))

    @property
    def name(self) -> str:
        return localised(self, "name")


class Source(Stamped):
    """A publication that said something: who published it, what it is called, when and where."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    publisher_en = models.CharField(_("publisher (English)"), max_length=200)
    publisher_zh_hant = models.CharField(_("publisher (Traditional Chinese)"), max_length=200, blank=True)
    publisher_zh_hans = models.CharField(_("publisher (Simplified Chinese)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=400)
    title_zh_hant = models.CharField(_("title (Traditional Chinese)"), max_length=400, blank=True)
    title_zh_hans = models.CharField(_("title (Simplified Chinese)"), max_length=400, blank=True)
    url = WebAddress(_("address"), max_length=1000, blank=True)
    published = models.DateField(
        _("published"), help_text=_("The last day that it may be, if only the month or year is known.")
    )
    published_precision = models.CharField(
        _("precision"), max_length=5, choices=DayPrecision.choices, default=DayPrecision.DAY
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[
            ("en", _("English")),
            ("zh-hant", _("Traditional Chinese")),
            ("zh-hans", _("Simplified Chinese")),
        ],
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-published", "code"]

    def __str__(self) -> str:
        return f"{self.publisher}, {iso_day(self.published, self.published_precision)} ({self.code})"

    @property
    def publisher(self) -> str:
        return localised(self, "publisher")

    @property
    def title(self) -> str:
        return localised(self, "title")


def out_by(source: Source | None, day: date) -> Source | None:
    """The source if it was out by the end of `day`; before that nobody could have named it."""
    return source if source is not None and source.published <= day else None
