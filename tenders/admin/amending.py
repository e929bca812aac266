"""The form by which published dates move: new ones beside those that stand."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parks.forms import window_of
from parks.models import PRECISION_CHOICES
from parks.windows import Precision, Window
from tenders.admin.moves import ReasonForm
from tenders.statuses import Stage

DATES = ["closes_at", "enquiries_until", "briefing_on", "opens_at"]
DAYS = ["decision_earliest", "decision_latest", "decision_precision"]


class AmendForm(ReasonForm):
    """A date left as it is stays. Once the round has closed, only when the decision is expected may be said anew."""

    closes_at = forms.SplitDateTimeField(
        label=gettext_lazy("Closes at"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=gettext_lazy("Hong Kong time. In time means received before this instant."),
    )
    enquiries_until = forms.SplitDateTimeField(
        label=gettext_lazy("Enquiries until"), required=False, widget=AdminSplitDateTime
    )
    briefing_on = forms.DateField(label=gettext_lazy("Briefing on"), required=False, widget=AdminDateWidget)
    opens_at = forms.SplitDateTimeField(
        label=gettext_lazy("Opens at"), required=False, widget=AdminSplitDateTime
    )
    decision_text = forms.CharField(
        label=gettext_lazy("Decision expected, in words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("“Q3 2026”, “by the end of 2026”, 2026年第三季. The days follow from it."),
    )
    decision_earliest = forms.DateField(
        label=gettext_lazy("Decision expected: earliest"),
        required=False,
        widget=AdminDateWidget,
        help_text=gettext_lazy("Only where the words do not tell."),
    )
    decision_latest = forms.DateField(
        label=gettext_lazy("Decision expected: latest"), required=False, widget=AdminDateWidget
    )
    decision_precision = forms.ChoiceField(
        label=gettext_lazy("Decision expected: precision"),
        required=False,
        choices=[("", "---------"), *PRECISION_CHOICES],
    )
    field_order = [*DATES, "decision_text", *DAYS, "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("Published with the new date.")
        if self.subject.stage(self.at) not in {Stage.UPCOMING, Stage.OPEN}:
            for name in DATES:
                del self.fields[name]
        for name in set(self.fields) - {"reason"}:
            self.initial[name] = getattr(self.subject, name)
        if self.initial["decision_precision"] == Precision.UNKNOWN.value:
            self.initial["decision_precision"] = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"decision_text", *DAYS} & set(self.errors):
            cleaned["decision_window"] = self._window(cleaned)
        for name in ["decision_text", *DAYS]:
            cleaned.pop(name, None)
        return cleaned

    def _window(self, cleaned: dict[str, Any]) -> Window | None:
        """Days that staff give count; else the words are read again. None where nothing is said, or nothing new."""
        given = set(DAYS) & set(self.changed_data)
        is_empty = not any(cleaned[name] for name in ["decision_text", *DAYS])
        if is_empty or (not given and "decision_text" not in self.changed_data):
            return None
        earliest, latest, precision = (cleaned[name] if given else None for name in DAYS)
        try:
            return window_of(cleaned["decision_text"], localdate(self.at), earliest, latest, precision or "")
        except ValidationError as error:
            self.add_error("decision_text", error)
            return None
