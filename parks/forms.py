"""Forms for what staff type as it was published: a day known to its month, a window in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.models import PRECISION_CHOICES, MilestoneRevision, ReleaseRevision
from parks.windows import (
    Precision,
    UnreadableDay,
    UnreadableWindow,
    Window,
    WindowError,
    from_limits,
    iso_day,
    read,
    read_iso_day,
)
from parks.windows.reading import EXAMPLES


class NamingForm(forms.ModelForm):
    """A plot that a release or a lot names, with the day of it. A day that is past stands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "named_on" in self.fields:
            self.fields["named_on"].disabled = self._is_past()

    def _is_past(self) -> bool:
        """Without a day it is as old as the first announcement, which is past once that is public."""
        if self.instance.pk is None:
            return False
        named_on = self.instance.named_on
        return self.is_public() if named_on is None else bool(named_on < timezone.localdate())

    def is_public(self) -> bool:
        return bool(self.instance.release.published)


class PartialDay(NamedTuple):
    """The last day of what is known, and how much that is: day, month or year."""

    day: date
    precision: str


class PartialDayField(forms.CharField):
    """A day, or as much of one as was published: `2025-12-03`, `2025-12` or `2025`."""

    default_help_text = gettext_lazy("2025-12-03; or 2025-12 or 2025 if no more is known.")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", self.default_help_text)
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"class": "vDay", "size": 12, "autocomplete": "off"})
        )
        super().__init__(max_length=10, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return PartialDay(*read_iso_day(text))
        except UnreadableDay as error:
            words = _("“%(text)s” is not a day. Write 2025-12-03, or 2025-12 or 2025 if no more is known.")
            raise ValidationError(words, code="unreadable", params={"text": text}) from error


class PartialDaysForm(forms.ModelForm):
    """Shows each field of `partial_days` as one text, and keeps it as a date and its precision."""

    partial_days: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, precision in self.partial_days.items():
            day = getattr(self.instance, field)
            if day is not None:
                self.initial[field] = iso_day(day, getattr(self.instance, precision))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        for field, precision in self.partial_days.items():
            known = cleaned.get(field)
            if known is not None:
                cleaned[field] = known.day
                setattr(self.instance, precision, known.precision)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The precision is no field of the form, but constraints that name it are checked all the same."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs lack it
        return exclusions - set(self.partial_days.values())


def window_of(
    text: str, said_on: date | None, earliest: date | None, latest: date | None, precision: str
) -> Window:
    """The window that staff mean: the days they give, else what the words say. Raises ValidationError."""
    try:
        if precision:
            return Window(earliest, latest, Precision(precision), text.strip())
        if earliest or latest:
            return from_limits(earliest, latest, text.strip())
        return read(text, said_on)
    except UnreadableWindow as error:
        words = _(
            "“%(text)s” cannot be read as a time. Write for example: %(examples)s. "
            "Or keep the words and give the earliest and latest day below."
        )
        raise ValidationError(
            words, code="unreadable", params={"text": text.strip(), "examples": EXAMPLES}
        ) from error
    except WindowError as error:
        words = _("These days and this precision do not go together: %(why)s")
        raise ValidationError(words, code="window", params={"why": error}) from error


class AnnouncementForm(PartialDaysForm):
    """One more announcement: the words as published, who published them and on which day."""

    partial_days = {"announced_on": "announced_precision"}

    announced_on = PartialDayField(label=gettext_lazy("announced on"))
    window_text = forms.CharField(
        label=gettext_lazy("when, in words"),
        max_length=200,
        help_text=gettext_lazy(
            "As it was published: “Q3 2026”, “gradually next year”, 2026年第三季. The days follow from it."
        ),
    )
    window_precision = forms.ChoiceField(
        label=gettext_lazy("precision"), required=False, choices=[("", "---------"), *PRECISION_CHOICES]
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("window_text")
        if not text or {"window_earliest", "window_latest", "window_precision"} & set(self.errors):
            return cleaned
        try:
            window = window_of(
                text,
                cleaned.get("announced_on"),
                cleaned.get("window_earliest"),
                cleaned.get("window_latest"),
                cleaned.get("window_precision", ""),
            )
        except ValidationError as error:
            self.add_error("window_text", error)
            return cleaned
        cleaned["window"] = window
        cleaned["window_earliest"], cleaned["window_latest"] = window.earliest, window.latest
        cleaned["window_precision"] = window.precision.value
        return cleaned

    def clean_announced_on(self) -> PartialDay:
        said: PartialDay = self.cleaned_data["announced_on"]
        if iso_day(said.day, said.precision) > iso_day(timezone.localdate(), said.precision):
            raise ValidationError(_("That day is still to come."))
        return said

    def said(self) -> dict[str, Any]:
        """What `parks.programme` takes."""
        names = [
            "announced_on",
            "source",
            "reason",
            "verbatim",
            "cancelled",
            "window_text_zh_hant",
            "window_text_zh_hans",
        ]
        said = {name: self.cleaned_data[name] for name in [*names, "window"]}
        return {**said, "announced_precision": self.instance.announced_precision}


class ReleaseAnnouncementForm(AnnouncementForm):
    class Meta:
        model = ReleaseRevision
        fields = [
            "window_text",
            "announced_on",
            "source",
            "plot_count",
            "verbatim",
            "reason",
            "cancelled",
            "window_earliest",
            "window_latest",
            "window_precision",
            "window_text_zh_hant",
            "window_text_zh_hans",
        ]

    def said(self) -> dict[str, Any]:
        return {**super().said(), "plot_count": self.cleaned_data["plot_count"]}


class MilestoneAnnouncementForm(AnnouncementForm):
    class Meta:
        model = MilestoneRevision
        fields = [
            "window_text",
            "announced_on",
            "source",
            "verbatim",
            "reason",
            "cancelled",
            "window_earliest",
            "window_latest",
            "window_precision",
            "window_text_zh_hant",
            "window_text_zh_hans",
        ]
