"""Which changes are of which entries of the calendar: what its feed tells for each value of the calendar's `kind`."""

from portal.changes.change import AMENDED, OF_AWARDS, OF_MILESTONES, OF_RELEASES, ChangeKind, Kinds
from portal.entries import ROUND, Kind

# What sets or ends any date of a round.
_PUBLISHED_AND_ENDED: Kinds = frozenset(
    {ChangeKind.ROUND_PUBLISHED, ChangeKind.ROUND_CANCELLED, ChangeKind.ROUND_UNSUCCESSFUL}
)
_OF_ROUNDS: Kinds = _PUBLISHED_AND_ENDED | AMENDED | OF_AWARDS | {ChangeKind.BOX_OPENED}

KINDS_OF_ENTRIES: dict[str, Kinds] = {
    "": OF_RELEASES | OF_MILESTONES | _OF_ROUNDS,
    ROUND: _OF_ROUNDS,
    Kind.RELEASE.value: OF_RELEASES,
    Kind.MILESTONE.value: OF_MILESTONES,
    Kind.OPENS.value: _PUBLISHED_AND_ENDED | {ChangeKind.OPENS_AMENDED},
    Kind.BRIEFING.value: _PUBLISHED_AND_ENDED | {ChangeKind.BRIEFING_AMENDED},
    Kind.ENQUIRIES.value: _PUBLISHED_AND_ENDED | {ChangeKind.ENQUIRIES_AMENDED},
    Kind.CLOSES.value: _PUBLISHED_AND_ENDED | {ChangeKind.CLOSES_AMENDED},
    Kind.DECISION.value: _PUBLISHED_AND_ENDED | {ChangeKind.DECISION_AMENDED, ChangeKind.AWARDED},
    Kind.AMENDED.value: AMENDED,
    Kind.OPENED.value: frozenset({ChangeKind.BOX_OPENED}),
    Kind.AWARD.value: OF_AWARDS,
}
