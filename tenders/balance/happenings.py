"""What happens to releases and rounds on which day: all days on which the balance may change, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.timezone import localdate

from tenders.balance.facts import ReleaseFacts, RoundFacts
from tenders.statuses import Decision


class Kind(StrEnum):
    """In the order in which a day tells them."""

    ANNOUNCED = "announced"
    REVISED = "revised"
    CALLED_OFF = "called_off"
    NAMED = "named"
    PUBLISHED = "published"
    OPENS = "opens"
    AMENDED = "amended"
    LOT_ADDED = "lot_added"
    CLOSES = "closes"
    OPENED = "opened"
    AWARDED = "awarded"
    UNSUCCESSFUL = "unsuccessful"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    CLAIMED = "claimed"


ORDER = list(Kind)
DECIDED = {
    Decision.PUBLISHED: Kind.PUBLISHED,
    Decision.OPENED: Kind.OPENED,
    Decision.AWARDED: Kind.AWARDED,
    Decision.UNSUCCESSFUL: Kind.UNSUCCESSFUL,
    Decision.CANCELLED: Kind.CANCELLED,
}


@dataclass(frozen=True)
class Happening:
    """Something on a day, of a release, a round or a claim (by their keys). `plots`: the number then announced."""

    day: date
    kind: Kind
    precision: str = "day"
    release: int | None = None
    round: int | None = None
    claim: int | None = None
    plots: int | None = None

    @property
    def rank(self) -> tuple[int, int, int, int]:
        return (ORDER.index(self.kind), self.release or 0, self.round or 0, self.claim or 0)


def of_release(release: ReleaseFacts) -> Iterator[Happening]:
    for number, said in enumerate(release.said):
        kind = Kind.CALLED_OFF if said.off else Kind.REVISED if number else Kind.ANNOUNCED
        yield Happening(said.day, kind, said.precision, release=release.pk, plots=said.plots)
    for since in sorted({link.since for link in release.links} - {date.min}):
        yield Happening(since, Kind.NAMED, release=release.pk)


def of_round(round: RoundFacts, by: datetime) -> Iterator[Happening]:
    """Up to the instant `by`. A date that an amendment moved away did not happen, nor one after the decision."""
    found = {(round.published_at, Kind.PUBLISHED)}
    found |= {(at, DECIDED[decision]) for at, decision in round.decisions if decision in DECIDED}
    found |= {(at, Kind.AMENDED) for at in round.amended}
    found |= {(at, Kind.OPENS) for at in round.opens.ever if _came(round, at, round.opens.at(at))}
    found |= {(at, Kind.CLOSES) for at in round.closes.ever if _came(round, at, round.closes.at(at))}
    for lot in round.lots:
        if lot.awarded_at:
            found.add((lot.awarded_at, Kind.AWARDED))
    days = {(localdate(at), kind) for at, kind in found if at <= by}
    for lot in round.lots:
        if lot.lapsed_on and lot.lapsed_on <= localdate(by):
            days.add((lot.lapsed_on, Kind.LAPSED))
        if lot.since > date.min:
            days.add((lot.since, Kind.LOT_ADDED))
        days |= {(link.since, Kind.NAMED) for link in lot.links if link.since > date.min}
    for day, kind in sorted(days):
        yield Happening(day, kind, round=round.pk)


def _came(round: RoundFacts, at: datetime, published: datetime | None) -> bool:
    """Whether the date, as it was published when it came, was this one, and the round still stood."""
    return published == at and at > round.published_at and round.decided(at) == Decision.PUBLISHED
