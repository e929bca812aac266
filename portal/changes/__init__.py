"""Everything that changed and was public, in one shape, newest first: page, file and feeds are made of it.

`programme`, `rounds`, `outcomes` and `claims` make changes of rows; `asked` says which are wanted. Only `outcomes`
reads of proposals, and only what tenders.statistics and tenders.disclosure tell.
"""

from collections.abc import Iterator

from portal.asof import Moment
from portal.changes.asked import Asked, about, last_days
from portal.changes.change import (
    KIND_CHOICES,
    KINDS,
    OF_FIGURES,
    OF_MILESTONES,
    OF_RELEASES,
    OF_ROUNDS,
    Change,
    ChangeKind,
)
from portal.changes.claims import claim_changes
from portal.changes.outcomes import outcome_changes
from portal.changes.programme import milestone_changes, release_changes
from portal.changes.rounds import paper_changes, public_rounds

__all__ = ["KINDS", "KIND_CHOICES", "Asked", "Change", "ChangeKind", "changes", "last_days"]


def changes(moment: Moment, asked: Asked) -> list[Change]:
    """What changed by the moment, as far as it was public then, newest first. In the active language.

    At most 24 queries, two more for a plot, however many rows there are; see outcomes for staged re-offers.
    """
    of_plot = about(asked, moment) if asked.plot else None
    found = (change for change in _made(moment, asked) if asked.admits(change))
    return sorted(
        (change for change in found if of_plot is None or of_plot.has(change)),
        key=lambda change: change.order,
    )


def _made(moment: Moment, asked: Asked) -> Iterator[Change]:
    """By everything that can make a kind that was asked for."""
    if asked.kinds & OF_RELEASES:
        yield from release_changes(moment, asked)
    if asked.kinds & OF_MILESTONES:
        yield from milestone_changes(moment, asked)
    if asked.kinds & OF_ROUNDS:
        rounds = public_rounds(moment, asked)
        yield from paper_changes(rounds, moment)
        yield from outcome_changes(rounds, moment)
    if asked.kinds & OF_FIGURES:
        yield from claim_changes(moment, asked)
