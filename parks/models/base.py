"""What every row of ours shares: names in three languages, stamps and a history of changes."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from parks.models.records import Records
from parks.windows import Precision

# Where a text is missing in one language, the nearest other one stands in for it.
FALLBACKS = {
    "en": ("en", "zh_hant", "zh_hans"),
    "zh-hant": ("zh_hant", "zh_hans", "en"),
    "zh-hans": ("zh_hans", "zh_hant", "en"),
}

PRECISION_LABELS = {
    Precision.DAY: _("a day"),
    Precision.MONTH: _("a month"),
    Precision.QUARTER: _("a quarter"),
    Precision.HALF: _("a half-year"),
    Precision.YEAR: _("a year"),
    Precision.ABOUT: _("part of a year"),
    Precision.RANGE: _("between two days"),
    Precision.BY: _("by a day"),
    Precision.FROM: _("from a day on"),
    Precision.UNKNOWN: _("not dated"),
}
PRECISION_CHOICES = [(precision.value, label) for precision, label in PRECISION_LABELS.items()]


class DayPrecision(models.TextChoices):
    """How much of a published day is known. The date itself is the last day that it may be."""

    DAY = "day", pgettext_lazy("precision", "day")
    MONTH = "month", pgettext_lazy("precision", "month")
    YEAR = "year", pgettext_lazy("precision", "year")


def localised(row: object, field: str, language: str | None = None) -> str:
    """The text of `field` in the active language (or `language`), else in the nearest one that has it."""
    for suffix in FALLBACKS.get(language or get_language() or "en", FALLBACKS["en"]):
        text: str = getattr(row, f"{field}_{suffix}", "")
        if text:
            return text
    return ""


class WebAddress(models.URLField):
    """A URL that a person may type without its scheme: https is meant.

    It becomes a link on public pages, so nothing but http and https is ever stored, whoever writes it.
    """

    default_validators = [URLValidator(schemes=["http", "https"])]

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, str) and value and not value.lower().startswith(("http://", "https://")):
            raise ValidationError(
                _("“%(url)s” is no web address: it begins with https://."), params={"url": value}
            )
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(assume_scheme="https", **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs  # the database need not know


class Stamped(models.Model):
    """A row that knows when it was made and last changed, and keeps a history of both."""

    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    history = Records(inherit=True)

    # Read by simple_history when it writes the row's next version: who, and why.
    _history_user: Any
    _change_reason: str | None

    class Meta:
        abstract = True


class Named(Stamped):
    """A row with a name in three languages. Simplified is filled from Traditional unless given."""

    name_en = models.CharField(_("name (English)"), max_length=300)
    name_zh_hant = models.CharField(_("name (Traditional Chinese)"), max_length=300, blank=True)
    name_zh_hans = models.CharField(_("name (Simplified Chinese)"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        return localised(self, "name")


class Titled(Stamped):
    """A row with a title in three languages."""

    title_en = models.CharField(_("title (English)"), max_length=300)
    title_zh_hant = models.CharField(_("title (Traditional Chinese)"), max_length=300, blank=True)
    title_zh_hans = models.CharField(_("title (Simplified Chinese)"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        return localised(self, "title")


def dated_by(field: str, day: date) -> Q:
    """What was public by the end of `day`: dated then or before, or as old as what it belongs to (no date)."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lte": day})


def positive(field: str, name: str) -> models.CheckConstraint:
    """The database refuses zero and less in `field`; empty is allowed."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": 0}), name=name
    )


def not_negative(field: str, name: str) -> models.CheckConstraint:
    """The database refuses less than zero in `field`; empty is allowed."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}), name=name
    )


def together(first: str, second: str, name: str) -> models.CheckConstraint:
    """Both fields are set or neither is."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
        name=name,
    )


def window_constraints(prefix: str, subject: str) -> list[models.BaseConstraint]:
    """A window's limits are in order, and its precision says what they allow (see parks.windows)."""
    earliest, latest, precision = f"{prefix}_earliest", f"{prefix}_latest", f"{prefix}_precision"
    none: dict[str, Any] = {f"{earliest}__isnull": True, f"{latest}__isnull": True}
    both: dict[str, Any] = {f"{earliest}__isnull": False, f"{latest}__isnull": False}
    open_ended = [Precision.UNKNOWN, Precision.BY, Precision.FROM]
    return [
        models.CheckConstraint(
            condition=Q(**{f"{earliest}__isnull": True})
            | Q(**{f"{latest}__isnull": True})
            | Q(**{f"{earliest}__lte": models.F(latest)}),
            name=f"{subject}_window_in_order",
        ),
        models.CheckConstraint(
            condition=Q(**{precision: Precision.UNKNOWN.value, **none})
            | Q(**{precision: Precision.BY.value, f"{latest}__isnull": False})
            | Q(**{precision: Precision.FROM.value, f"{earliest}__isnull": False})
            | (~Q(**{f"{precision}__in": [p.value for p in open_ended]}) & Q(**both)),
            name=f"{subject}_window_fits_its_precision",
        ),
    ]
