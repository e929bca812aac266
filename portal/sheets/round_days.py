"""The days on which a round's page changes, for the preview of staff: those that were, and those still to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from portal.words.speech import hong_kong
from tenders.disclosure import disclosed
from tenders.models import Opening, RoundEvent, TenderRound
from tenders.statuses import Decision


@dataclass(frozen=True)
class ChangingDay:
    day: date
    what: str


def changing_days(round: TenderRound, at: datetime) -> list[ChangingDay]:
    """Each with what happens, in their order; by the dates that stand at `at`. Nothing of what came in."""
    dated = [
        *_planned(round),
        *_decided(RoundEvent.objects.filter(round=round)),
        *_opened(round),
        *[(amendment.published_at, _("amended")) for amendment in round.amendments.all()],
        *[(enquiry.published_at, _("an answer")) for enquiry in round.enquiries.all()],
        *[(document.published_at, _("a document")) for document in round.documents.all()],
    ]
    days = {(hong_kong(instant).date(), what) for instant, what in dated if instant is not None}
    amounts_on = disclosed(round, at).amounts_on
    if amounts_on is not None:
        days.add((amounts_on, _("amounts")))
    return [ChangingDay(day, _(", ").join(_words(days, day))) for day in sorted({day for day, _what in days})]


def _words(days: set[tuple[date, str]], day: date) -> list[str]:
    return sorted(what for other, what in days if other == day)


def _planned(round: TenderRound) -> list[tuple[datetime | None, str]]:
    return [
        (round.opens_at, _("opens")),
        (round.enquiries_until, _("enquiries close")),
        (round.closes_at, _("closes")),
    ]


def _decided(events: Iterable[RoundEvent]) -> list[tuple[datetime | None, str]]:
    """The opening is said by itself: it is public from its own instant."""
    words = {
        Decision.PUBLISHED.value: _("published"),
        Decision.AWARDED.value: _("awarded"),
        Decision.UNSUCCESSFUL.value: _("unsuccessful"),
        Decision.CANCELLED.value: _("cancelled"),
    }
    return [(event.at, words[event.decision]) for event in events if event.decision in words]


def _opened(round: TenderRound) -> list[tuple[datetime | None, str]]:
    opening = Opening.objects.filter(round=round).first()
    return [(opening.opened_at, _("box opened"))] if opening else []
