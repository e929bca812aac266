"""Which rows and fields a member of staff may see at all. The admin asks here, and nowhere decides by itself."""

from typing import Any, Final

from django.db.models import Q, QuerySet

from tenders.models import Lot, Proposal, TenderRound

SEE_RECEIPTS: Final = "tenders.see_receipts"
SEE_PROPOSALS: Final = "tenders.view_proposal"  # of boxes that are open
SEE_RESERVE: Final = "tenders.see_reserve"
RESERVE: Final = "reserve_premium_hkd"

_SHUT = Q(sealed=True) & (Q(opening=None) | Q(opening__opened_at=None))
_IN_A_SHUT_BOX = Q(round__sealed=True) & (Q(round__opening=None) | Q(round__opening__opened_at=None))


def proposals_for(user: Any, proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Those that the user may know of: a box that is still shut shows its receipts to few."""
    return proposals if user.has_perm(SEE_RECEIPTS) else proposals.exclude(_IN_A_SHUT_BOX)


def countable_for(user: Any, rounds: QuerySet[TenderRound]) -> QuerySet[TenderRound]:
    """Rounds of which the user may know whether any proposal came."""
    return rounds if user.has_perm(SEE_RECEIPTS) else rounds.exclude(_SHUT)


def secrets_of(model: type[Any], user: Any) -> set[str]:
    """Fields of the model that are not for this user: neither shown nor asked for."""
    return {RESERVE} if model is Lot and not user.has_perm(SEE_RESERVE) else set()
