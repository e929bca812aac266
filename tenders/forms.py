"""Forms of rounds, enquiries and figures: what staff type, checked before the database has to refuse it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.forms import NamingForm, PartialDayField, PartialDaysForm, window_of
from parks.models import PRECISION_CHOICES
from parks.windows import Precision
from tenders.models import Enquiry, Figure, TenderRound
from tenders.statuses import Decision, Disclosure

DECISION_DAYS = {"decision_earliest", "decision_latest", "decision_precision"}


def in_one_park(cleaned: dict[str, Any], park: Any) -> None:
    """Phase and release belong to the park. Raises ValidationError by field."""
    wrong = {}
    for name in ("phase", "release"):
        row = cleaned.get(name)
        if row is not None and park is not None and row.park_id != park.pk:
            wrong[name] = _("%(row)s belongs to another park than %(park)s.") % {"row": row, "park": park}
    if wrong:
        raise ValidationError(wrong)


class LotForm(forms.ModelForm):
    """A lot that comes once its round is published came that day: before, nobody had seen it."""

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is None and self.instance.round.decision != Decision.DRAFT:
            self.instance.added_on = timezone.localdate()
        return super().save(commit)


class LotNamingForm(NamingForm):
    def is_public(self) -> bool:
        return bool(self.instance.lot.round.decision != Decision.DRAFT)


class RoundForm(forms.ModelForm):
    decision_precision = forms.ChoiceField(
        label=gettext_lazy("decision expected: precision"),
        required=False,
        choices=[("", "---------"), *PRECISION_CHOICES],
    )

    class Meta:
        model = TenderRound
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets say which
        help_texts = {
            "decision_text": gettext_lazy(
                "“Q3 2026”, “by the end of 2026”, 2026年第三季. The days follow from it."
            ),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        park = cleaned.get("park") or (self.instance.park if self.instance.park_id else None)
        self._in_words(in_one_park, cleaned, park)
        self._in_words(self._check_dates, cleaned)
        self._in_words(self._check_disclosure, cleaned)
        if "decision_text" in self.fields and not DECISION_DAYS & set(self.errors):
            self._in_words(self._read_decision_window, cleaned)
        return cleaned

    def _in_words(self, check: Any, *arguments: Any) -> None:
        try:
            check(*arguments)
        except ValidationError as error:
            self.add_error(None, error)

    def _check_dates(self, cleaned: dict[str, Any]) -> None:
        opens, asks, closes = (cleaned.get(name) for name in ("opens_at", "enquiries_until", "closes_at"))
        if opens and closes and opens >= closes:
            raise ValidationError({"closes_at": _("The round closes before it opens.")})
        if asks and closes and asks > closes:
            raise ValidationError({"enquiries_until": _("Enquiries end by the closing time.")})

    def _check_disclosure(self, cleaned: dict[str, Any]) -> None:
        if "disclosure" not in self.fields:
            return
        staged, days = cleaned.get("disclosure") == Disclosure.STAGED, cleaned.get("disclosure_days")
        if staged and days is None:
            raise ValidationError(
                {"disclosure_days": _("Say after how many days the losing amounts are published.")}
            )
        if not staged and days is not None:
            raise ValidationError({"disclosure_days": _("Only staged disclosure has a number of days.")})

    def _read_decision_window(self, cleaned: dict[str, Any]) -> None:
        """Days that staff give count; else the words are read again whenever they change."""
        days_given = bool(DECISION_DAYS & set(self.changed_data))
        if not days_given and "decision_text" not in self.changed_data:
            cleaned["decision_precision"] = self.instance.decision_precision
            return
        text = cleaned.get("decision_text", "")
        earliest = cleaned.get("decision_earliest") if days_given else None
        latest = cleaned.get("decision_latest") if days_given else None
        precision = cleaned.get("decision_precision", "") if days_given else ""
        if not (text or earliest or latest or precision):
            cleaned["decision_earliest"] = cleaned["decision_latest"] = None
            cleaned["decision_precision"] = Precision.UNKNOWN.value
            return
        try:
            window = window_of(text, timezone.localdate(), earliest, latest, precision)
        except ValidationError as error:
            raise ValidationError({"decision_text": error}) from error
        cleaned["decision_earliest"], cleaned["decision_latest"] = window.earliest, window.latest
        cleaned["decision_precision"] = window.precision.value


class FigureForm(PartialDaysForm):
    partial_days = {"as_of": "as_of_precision"}

    as_of = PartialDayField(label=gettext_lazy("as of"))

    class Meta:
        model = Figure
        exclude = ["as_of_precision"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        park, phase = cleaned.get("park"), cleaned.get("phase")
        if phase is not None and park is None:
            self.add_error("park", _("A figure of a phase names its park."))
        elif park is not None:
            try:
                in_one_park(cleaned, park)
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


class EnquiryForm(forms.ModelForm):
    class Meta:
        model = Enquiry
        fields = ["round", "asked_on", "question", "answer", "published_at"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("published_at") and not cleaned.get("answer"):
            self.add_error("answer", _("An enquiry is published together with its answer."))
        return cleaned
