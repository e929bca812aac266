"""What takes two officers: the opening of the box, and the admission of a proposal that came late."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parks.models.base import together
from parks.models.records import Records
from tenders.models.proposals import Proposal
from tenders.models.rounds import TenderRound


class Opening(models.Model):
    """Two officers open the tender box. The second confirms what the first began; it cannot be undone."""

    round = models.OneToOneField(TenderRound, models.PROTECT, related_name="opening", verbose_name=_("round"))
    first_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("first officer")
    )
    begun_at = models.DateTimeField(_("begun at"))
    second_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("second officer"),
    )
    opened_at = models.DateTimeField(_("opened at"), null=True)
    proposal_count = models.PositiveIntegerField(_("proposals in the box"), null=True)
    references = models.JSONField(_("their references"), null=True)
    history = Records()

    # Read by simple_history when it writes the row's next version: who, and why.
    _history_user: Any
    _change_reason: str | None

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(second_officer=None) | ~Q(second_officer=F("first_officer")),
                name="opening_needs_two_officers",
            ),
            together("second_officer", "opened_at", "opening_says_who_and_when"),
            together("opened_at", "proposal_count", "opening_says_how_many"),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(opened_at__gte=F("begun_at")),
                name="opening_is_confirmed_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.round.code


class AdmissionQuerySet(models.QuerySet["Admission"]):
    def public(self, at: datetime) -> Self:
        """Confirmed by `at`, of proposals that still stood then; for rounds whose counts are public."""
        stands = Q(proposal__withdrawn_at=None) | Q(proposal__withdrawn_at__gt=at)
        return self.filter(stands, admitted_at__lte=at)


class Admission(models.Model):
    """A late proposal that counts all the same. The second officer confirms what the first asked for."""

    proposal = models.OneToOneField(
        Proposal, models.PROTECT, related_name="admission", verbose_name=_("proposal")
    )
    reason = models.CharField(_("reason"), max_length=500, help_text=_("Published with the totals."))
    first_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("first officer")
    )
    asked_at = models.DateTimeField(_("asked at"))
    second_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("second officer"),
    )
    admitted_at = models.DateTimeField(_("admitted at"), null=True)
    history = Records()

    _history_user: Any
    _change_reason: str | None

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("admission")
        verbose_name_plural = _("admissions")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(second_officer=None) | ~Q(second_officer=F("first_officer")),
                name="admission_needs_two_officers",
            ),
            together("second_officer", "admitted_at", "admission_says_who_and_when"),
            models.CheckConstraint(
                condition=Q(admitted_at=None) | Q(admitted_at__gte=F("asked_at")),
                name="admission_is_confirmed_after_it_was_asked_for",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="admission_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.proposal.reference
