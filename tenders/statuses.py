"""Decisions, the table of moves between them, and the stage that follows from a decision and the dates.

This is the page to read first. A decision is stored, because somebody took it. A stage is never stored: it follows
from the decision, the dates and the instant, so nothing has to run at the deadline for the deadline to hold.
"""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Decision(TextChoices):
    """What was decided about a round."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    OPENED = "opened", _("opened")
    AWARDED = "awarded", _("awarded")
    UNSUCCESSFUL = "unsuccessful", _("unsuccessful")
    CANCELLED = "cancelled", _("cancelled")


MOVES: dict[Decision, set[Decision]] = {
    Decision.DRAFT: {Decision.PUBLISHED},
    Decision.PUBLISHED: {Decision.OPENED, Decision.UNSUCCESSFUL, Decision.CANCELLED},
    Decision.OPENED: {Decision.AWARDED, Decision.UNSUCCESSFUL, Decision.CANCELLED},
    Decision.AWARDED: set(),
    Decision.UNSUCCESSFUL: set(),
    Decision.CANCELLED: set(),
}

# A round is live while its plots cannot be in another one.
LIVE = {Decision.PUBLISHED, Decision.OPENED}


class Stage(TextChoices):
    """Where a round stands at an instant."""

    DRAFT = "draft", pgettext_lazy("stage", "Draft")
    UPCOMING = "upcoming", pgettext_lazy("stage", "Upcoming")
    OPEN = "open", pgettext_lazy("stage", "Open")
    CLOSED = "closed", pgettext_lazy("stage", "Closed")
    EVALUATING = "evaluating", pgettext_lazy("stage", "Evaluating")
    AWARDED = "awarded", pgettext_lazy("stage", "Awarded")
    UNSUCCESSFUL = "unsuccessful", pgettext_lazy("stage", "Unsuccessful")
    CANCELLED = "cancelled", pgettext_lazy("stage", "Cancelled")


# Decisions that settle the stage whatever the dates say.
SETTLED = {
    Decision.DRAFT: Stage.DRAFT,
    Decision.OPENED: Stage.EVALUATING,
    Decision.AWARDED: Stage.AWARDED,
    Decision.UNSUCCESSFUL: Stage.UNSUCCESSFUL,
    Decision.CANCELLED: Stage.CANCELLED,
}


def stage(decision: Decision, opens_at: datetime | None, closes_at: datetime | None, at: datetime) -> Stage:
    """The stage at the instant `at`. From closes_at on, to the microsecond, a published round is closed.

    A published round without opens_at is open from its publication; one without closes_at stays open.
    `TenderRoundQuerySet.with_stage` says the same in SQL; one test holds the two together.
    """
    if decision in SETTLED:
        return SETTLED[decision]
    if closes_at is not None and at >= closes_at:
        return Stage.CLOSED
    if opens_at is not None and at < opens_at:
        return Stage.UPCOMING
    return Stage.OPEN


class RoundKind(TextChoices):
    """What is asked for. Words follow the kind: 27 expressions of interest are not 27 bids."""

    EXPRESSION_OF_INTEREST = "expression_of_interest", _("Expression of interest")
    PREQUALIFICATION = "prequalification", _("Prequalification")
    TENDER = "tender", _("Tender")
    DIRECT_GRANT = "direct_grant", _("Direct grant")


class Method(TextChoices):
    """Who may take part (OCDS 1.1, codelist method)."""

    OPEN = "open", pgettext_lazy("method", "Open")
    SELECTIVE = "selective", pgettext_lazy("method", "Selective")
    LIMITED = "limited", pgettext_lazy("method", "Limited")
    DIRECT = "direct", pgettext_lazy("method", "Direct")


class Disclosure(TextChoices):
    """What of the proposals becomes public, and when (DESIGN: disclosure)."""

    TOTALS = "totals", _("Totals only")
    NAMES = "names", _("Names, at the award")
    STAGED = "staged", _("Names, and losing amounts later")
    FULL = "full", _("Everything, at the award")


class Channel(TextChoices):
    """How a proposal was handed in."""

    COUNTER = "counter", _("Over the counter")
    TENDER_BOX = "tender_box", _("Tender box")
    ELECTRONIC = "electronic", _("Electronic")
    POST = "post", _("By post")


class ProposalStatus(TextChoices):
    """Where a proposal stands."""

    RECEIVED = "received", pgettext_lazy("proposal", "Received")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")
    REJECTED = "rejected", pgettext_lazy("proposal", "Rejected")
    SHORTLISTED = "shortlisted", pgettext_lazy("proposal", "Shortlisted")
    SUCCESSFUL = "successful", pgettext_lazy("proposal", "Successful")
    UNSUCCESSFUL = "unsuccessful", pgettext_lazy("proposal", "Unsuccessful")


# Where a proposal goes from where it stands. Nothing comes back from an end.
PROPOSAL_MOVES: dict[ProposalStatus, set[ProposalStatus]] = {
    ProposalStatus.RECEIVED: set(ProposalStatus) - {ProposalStatus.RECEIVED},
    ProposalStatus.SHORTLISTED: set(ProposalStatus) - {ProposalStatus.RECEIVED, ProposalStatus.SHORTLISTED},
    ProposalStatus.WITHDRAWN: set(),
    ProposalStatus.REJECTED: set(),
    ProposalStatus.SUCCESSFUL: set(),
    ProposalStatus.UNSUCCESSFUL: set(),
}

# What may be known of a proposal in a sealed round before its opening.
RECEIPT_ONLY = {ProposalStatus.RECEIVED, ProposalStatus.WITHDRAWN}

# What the rules keep from late proposals, unless two officers admitted them.
NOT_FOR_LATE = {ProposalStatus.SHORTLISTED, ProposalStatus.SUCCESSFUL}
