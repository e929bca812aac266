"""Proposals, what they ask for, and awards."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from parks.models import Organisation, Plot
from parks.models.base import Stamped, dated_by, not_negative, positive
from tenders.models.lots import Lot
from tenders.models.rounds import TenderRound
from tenders.references import new_reference
from tenders.statuses import Channel, ProposalStatus

reference_letters = RegexValidator(
    r"\A[A-Z0-9-]{1,32}\Z", _("A reference has 1 to 32 of A-Z, 0-9 and the hyphen.")
)

IN_TIME = Q(round__closes_at=None) | Q(received_at__lt=F("round__closes_at"))


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def with_late(self) -> Self:
        """Annotates `is_late`: received at the closing time or after it, as instants."""
        return self.annotate(
            is_late=models.Case(
                models.When(received_at__gte=F("round__closes_at"), then=Value(True)),
                default=Value(False),
                output_field=models.BooleanField(),
            )
        )

    def standing(self, at: datetime) -> Self:
        """Received by `at` and not withdrawn by then: the proposals that count."""
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=at), received_at__lte=at)

    def with_parts(self) -> Self:
        """With everything that a line of the export reads: four queries more, however many proposals."""
        lots = ProposalLot.objects.select_related("lot").prefetch_related("lot__lot_plots__plot")
        members = ProposalMember.objects.select_related("organisation")
        return self.select_related("round", "proponent", "admission").prefetch_related(
            models.Prefetch("proposal_lots", lots), models.Prefetch("proposal_members", members)
        )

    def in_time(self) -> Self:
        """Received in time: strictly before the closing time, or in a round that has none."""
        return self.filter(IN_TIME)

    def eligible(self, at: datetime) -> Self:
        """Received in time, or late and admitted by `at`: what counts and can win. Proposal.eligible says the same."""
        return self.filter(IN_TIME | Q(admission__admitted_at__lte=at))


class Proposal(Stamped):
    """What a proponent hands in for one or more lots of a round (OCDS: bid)."""

    reference = models.CharField(
        _("reference"),
        max_length=32,
        unique=True,
        default=new_reference,
        editable=False,
        validators=[reference_letters],
    )
    round = models.ForeignKey(TenderRound, models.PROTECT, related_name="proposals", verbose_name=_("round"))
    proponent = models.ForeignKey(
        Organisation, models.PROTECT, related_name="proposals", verbose_name=_("proponent")
    )
    members = models.ManyToManyField(
        Organisation, through="ProposalMember", related_name="memberships", verbose_name=_("members")
    )
    lots = models.ManyToManyField(
        Lot, through="ProposalLot", related_name="proposals", verbose_name=_("lots")
    )
    sector = models.CharField(_("sector"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    investment_hkd = models.DecimalField(
        _("investment, HKD"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    gfa_m2 = models.DecimalField(
        _("gross floor area, m²"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    jobs = models.PositiveIntegerField(_("jobs"), null=True, blank=True)
    received_at = models.DateTimeField(
        _("received at"), help_text=_("Hong Kong time. In time is before the closing time.")
    )
    received_at_reason = models.CharField(
        _("why at another time"),
        max_length=300,
        blank=True,
        help_text=_("Why the time is not the one at which it was registered."),
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices, default=Channel.COUNTER)
    status = models.CharField(
        _("status"), max_length=12, choices=ProposalStatus.choices, default=ProposalStatus.RECEIVED
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-received_at", "reference"]
        permissions = [
            ("export_proposal", "Can export proposals"),
            ("see_receipts", "Can see what came into a box that is still shut"),
            ("admit_late", "Can admit a proposal that came late"),
        ]
        indexes = [models.Index(fields=["round", "received_at"], name="proposal_round_received")]
        constraints = [
            not_negative("investment_hkd", "proposal_investment_is_not_negative"),
            positive("gfa_m2", "proposal_floor_area_is_positive"),
            models.CheckConstraint(
                condition=Q(status=ProposalStatus.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(status=ProposalStatus.WITHDRAWN) & Q(withdrawn_at=None)),
                name="withdrawn_proposal_says_when",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("received_at")),
                name="proposal_is_withdrawn_after_it_came",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def late(self) -> bool:
        """Received at the closing time or after it. At noon sharp is late."""
        closes_at = self.round.closes_at
        return closes_at is not None and self.received_at >= closes_at

    def eligible(self, at: datetime) -> bool:
        """Whether it counts at `at` and can win: in time, or late and admitted by then."""
        admitted_at = self.admitted_at if self.late else None
        return not self.late or (admitted_at is not None and admitted_at <= at)

    @property
    def admitted_at(self) -> datetime | None:
        """When two officers admitted it although it came late; None if they have not."""
        return self.admission.admitted_at if hasattr(self, "admission") else None


class ProposalMember(Stamped):
    """A member of a proposal's consortium, and its share."""

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="proposal_members", verbose_name=_("proposal")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    share_percent = models.DecimalField(
        _("share, %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
    )

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "organisation"], name="member_is_in_a_proposal_once"),
            models.CheckConstraint(
                condition=Q(share_percent=None) | Q(share_percent__gt=0, share_percent__lte=100),
                name="member_share_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class ProposalLot(Stamped):
    """A lot that a proposal asks for, with its preference and the premium it offers."""

    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="proposal_lots", verbose_name=_("proposal")
    )
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="proposal_lots", verbose_name=_("lot"))
    preference = models.PositiveSmallIntegerField(_("preference"), null=True, blank=True)
    premium_hkd = models.DecimalField(
        _("premium, HKD"), max_digits=16, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("lot of a proposal")
        verbose_name_plural = _("lots of a proposal")
        ordering = ["preference", "lot__code"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "lot"], name="lot_is_in_a_proposal_once"),
            models.UniqueConstraint(fields=["proposal", "preference"], name="preference_is_given_once"),
            positive("preference", "preference_is_positive"),
            not_negative("premium_hkd", "proposal_premium_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.lot.code


class AwardQuerySet(models.QuerySet["Award"]):
    def public(self, at: datetime) -> Self:
        """Awards of public rounds, decided by `at`."""
        rounds = TenderRound.objects.public(at).filter(pk=OuterRef("lot__round"))
        return self.filter(Exists(rounds), decided_at__lte=at)

    def naming(self, plot: Plot | OuterRef, day: date) -> Self:
        """Awards of lots that named the plot by the end of `day`."""
        return self.filter(dated_by("lot__lot_plots__named_on", day), lot__lot_plots__plot=plot)

    def standing(self, day: date) -> Self:
        """Awards that have not lapsed by the end of `day`."""
        return self.filter(Q(lapsed_on=None) | Q(lapsed_on__gt=day))


class Award(Stamped):
    """A lot goes to a proposal (OCDS: award)."""

    lot = models.OneToOneField(Lot, models.PROTECT, related_name="award", verbose_name=_("lot"))
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="awards", verbose_name=_("proposal"))
    decided_on = models.DateField(_("decided on"))
    decided_at = models.DateTimeField(
        _("entered at"), help_text=_("When the award was entered and published.")
    )
    premium_hkd = models.DecimalField(
        _("premium, HKD"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    tenure_years = models.PositiveSmallIntegerField(_("tenure, years"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    lapsed_on = models.DateField(_("lapsed on"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["-decided_on", "lot__code"]
        constraints = [
            not_negative("premium_hkd", "award_premium_is_not_negative"),
            positive("tenure_years", "award_tenure_is_positive"),
            models.CheckConstraint(
                condition=Q(signed_on=None) | Q(signed_on__gte=F("decided_on")),
                name="award_is_signed_after_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(lapsed_on=None) | Q(lapsed_on__gte=F("decided_on")),
                name="award_lapses_after_its_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.proposal}"
