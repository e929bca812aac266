"""What staff look after: one named selection a chore, shared by the list filters and the first page."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenders.models import Figure, Lot, Proposal, TenderRound
from tenders.secrecy import countable_for
from tenders.statistics import RECEIVED
from tenders.statuses import Decision, ProposalStatus

WEEK = timedelta(days=7)
STANDING = [ProposalStatus.RECEIVED, ProposalStatus.SHORTLISTED]


def closing_this_week(rounds: QuerySet[TenderRound], at: datetime) -> QuerySet[TenderRound]:
    return rounds.filter(decision=Decision.PUBLISHED, closes_at__gt=at, closes_at__lte=at + WEEK)


def closed_not_opened(rounds: QuerySet[TenderRound], at: datetime) -> QuerySet[TenderRound]:
    return rounds.filter(decision=Decision.PUBLISHED, closes_at__lte=at)


def waiting_for_second_officer(rounds: QuerySet[TenderRound], at: datetime) -> QuerySet[TenderRound]:
    return rounds.filter(opening__isnull=False, opening__opened_at=None)


def drafts_past_opening_time(rounds: QuerySet[TenderRound], at: datetime) -> QuerySet[TenderRound]:
    return rounds.filter(decision=Decision.DRAFT, opens_at__lte=at)


def reported_not_recorded(rounds: QuerySet[TenderRound], at: datetime) -> QuerySet[TenderRound]:
    """A source says how many proposals came, and fewer are on record; of a sealed box, not one is.

    Each has its numbers with it: `claimed`, by the rule of claims, and `recorded`, those that count.
    """
    here = Figure.objects.filter(round=OuterRef("pk"), indicator=RECEIVED)
    # Day, month, year: the letters have the order of exactness.
    newest = here.order_by("-as_of", "as_of_precision", "source__published")
    proposals = Proposal.objects.filter(round=OuterRef("pk"))
    counted = proposals.eligible(at).standing(at).order_by().values("round").annotate(n=Count("pk"))
    return rounds.annotate(
        claimed=Subquery(newest.values("value")[:1]), recorded=Coalesce(Subquery(counted.values("n")), 0)
    ).filter(Q(sealed=False, claimed__gt=F("recorded")) | ~Exists(proposals), Exists(here))


def lotless(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Still in the running and readable, in a round that has lots, and asking for none of them yet."""
    readable = Q(round__sealed=False) | Q(round__opening__opened_at__isnull=False)
    lots = Exists(Lot.objects.filter(round=OuterRef("round")))
    return proposals.filter(readable, lots, proposal_lots=None, status__in=STANDING)


ROUND_CHORES = {
    "closing": (gettext_lazy("closing this week"), closing_this_week),
    "unopened": (gettext_lazy("closed and not opened"), closed_not_opened),
    "second": (gettext_lazy("opening waits for a second officer"), waiting_for_second_officer),
    "draft": (gettext_lazy("still a draft on its opening day"), drafts_past_opening_time),
    "reported": (gettext_lazy("reported, not recorded"), reported_not_recorded),
}


class RoundChores(admin.SimpleListFilter):
    title = gettext_lazy("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, words) for name, (words, _select) in ROUND_CHORES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[TenderRound]) -> QuerySet[TenderRound]:
        chore = ROUND_CHORES.get(str(self.value()))
        if chore is None:
            return queryset
        asked = countable_for(request.user, queryset) if self.value() == "reported" else queryset
        return chore[1](asked, timezone.now())


class RoundFilter(admin.SimpleListFilter):
    """By the round's code, as files and addresses say it."""

    title = gettext_lazy("round")
    parameter_name = "round"
    path = "round"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = TenderRound.objects.order_by("code").values_list("code", flat=True)
        return [(code, code) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.path}__code": self.value()}) if self.value() else queryset


class LotRoundFilter(RoundFilter):
    path = "lot__round"


class ProposalChores(admin.SimpleListFilter):
    title = gettext_lazy("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("late", _("late")), ("in_time", _("in time")), ("lotless", _("opened, and no lot entered"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "late":
                return queryset.filter(is_late=True)
            case "in_time":
                return queryset.filter(is_late=False)
            case "lotless":
                return lotless(queryset)
        return queryset


class AnswerFilter(admin.SimpleListFilter):
    title = gettext_lazy("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("none", _("no answer yet")),
            ("unpublished", _("answered, not published")),
            ("public", _("public")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "none":
                return queryset.filter(answer="")
            case "unpublished":
                return queryset.exclude(answer="").filter(published_at=None)
            case "public":
                return queryset.filter(published_at__isnull=False)
        return queryset
