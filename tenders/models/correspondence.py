"""What is published beside a round: enquiries with their answers, and documents."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parks.models.base import Stamped, Titled, WebAddress
from tenders.models.rounds import TenderRound


class PublishedQuerySet(models.QuerySet["models.Model"]):
    def public(self, at: datetime) -> Self:
        return self.filter(published_at__lte=at)


class Enquiry(Stamped):
    """A question about a round and the answer that everybody gets."""

    round = models.ForeignKey(TenderRound, models.PROTECT, related_name="enquiries", verbose_name=_("round"))
    number = models.PositiveIntegerField(_("number"))
    asked_on = models.DateField(_("asked on"))
    question = models.TextField(_("question"), max_length=4000)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, help_text=_("Empty: not public.")
    )

    objects = PublishedQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="enquiry_number_is_unique"),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(answer=""), name="enquiry_is_published_with_its_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.code}: {self.number}"


class Document(Titled):
    """A document of a round, kept where the park company publishes it."""

    round = models.ForeignKey(TenderRound, models.PROTECT, related_name="documents", verbose_name=_("round"))
    url = WebAddress(_("address"), max_length=1000)
    language = models.CharField(_("language"), max_length=10, blank=True)
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, help_text=_("Empty: not public.")
    )

    objects = PublishedQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["round", "published_at", "id"]

    def __str__(self) -> str:
        return self.title
