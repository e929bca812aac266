"""The front desk's form of a proposal: its receipt, stamped by the server, and after the opening its content."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenders.lifecycle import sealed_now
from tenders.models import Proposal, TenderRound
from tenders.statuses import LIVE, Decision

RECEIPT = ["round", "proponent", "channel", "received_at", "received_at_reason"]
CONTENT = ["sector", "summary", "investment_hkd", "gfa_m2", "jobs"]


class ProposalForm(forms.ModelForm):
    """Of a sealed round it takes the receipt and nothing else. `at`: when it is saved, set by the admin.

    Without a time the moment of saving is when the proposal came. Another time needs its reason, at the
    registration and at every correction.
    """

    at: datetime

    class Meta:
        model = Proposal
        fields = [*RECEIPT, *CONTENT]
        labels = {"received_at": gettext_lazy("Handed in at another time than now")}
        help_texts = {
            "received_at": gettext_lazy("Empty: the moment at which you save. Hong Kong time."),
            "received_at_reason": gettext_lazy("Needed with another time; it is kept in the history."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "received_at" in self.fields:
            self._prepare_times()

    def _prepare_times(self) -> None:
        time = self.fields["received_at"]
        time.required = False
        if self.instance.pk is not None:
            time.label = _("Received at")
            time.help_text = _("Hong Kong time. Correct it with a reason only.")
            self.initial["received_at_reason"] = ""  # each correction says its own

    def clean_round(self) -> TenderRound:
        round: TenderRound = self.cleaned_data["round"]
        if Decision(round.decision) not in LIVE:
            words = _("%(round)s takes no proposals: it is %(decision)s.")
            raise ValidationError(words % {"round": round, "decision": round.get_decision_display()})
        return round

    def clean_received_at(self) -> datetime | None:
        """The time that an officer gives; None where the server stamps it. What is untouched keeps its microseconds."""
        if "received_at" not in self.changed_data and self.instance.pk is not None:
            return self.instance.received_at
        given: datetime | None = self.cleaned_data["received_at"]
        if given is None and self.instance.pk is not None:
            raise ValidationError(_("Say when it was handed in."))
        if given is not None and given > self.at:
            raise ValidationError(_("That is still to come. Enter when it was handed in, Hong Kong time."))
        return given

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        round = cleaned.get("round") or (self.instance.round if self.instance.round_id else None)
        if "received_at" in self.fields and "received_at" not in self.errors:
            self._stamp(cleaned, round)
        if round is not None and sealed_now(round):
            self._refuse_content(cleaned, round)
        return cleaned

    def _stamp(self, cleaned: dict[str, Any], round: TenderRound | None) -> None:
        given = cleaned.get("received_at")
        is_moved = given is not None and given != self.instance.received_at
        if given is None:
            cleaned["received_at"] = given = self.at
        if not is_moved:
            cleaned["received_at_reason"] = self.instance.received_at_reason
        elif not cleaned.get("received_at_reason", "").strip():
            self.add_error("received_at_reason", _("Say why it was handed in at another time than recorded."))
        opened = round.takes_from if round is not None else None
        if opened is not None and given < opened:
            words = _("%(round)s took no proposals yet: it was not open.")
            self.add_error("received_at", words % {"round": round})

    def _refuse_content(self, cleaned: dict[str, Any], round: TenderRound) -> None:
        for name in CONTENT:
            if name in self.fields and cleaned.get(name) not in (None, ""):
                self.add_error(name, sealed_words(round))


def sealed_words(round: TenderRound) -> str:
    words = _("%(round)s is sealed: until the box is opened only the receipt is entered. Leave this empty.")
    return words % {"round": round}
