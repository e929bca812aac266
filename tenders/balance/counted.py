"""Plots that are counted and not named: which releases and rounds speak of the same ones, and where those stand.

A release and its rounds speak of the same plots, and so does a round that offers an earlier one's lots again. Together
they are a group. What it names is taken from what it counts; the rest is spread over its lots by their stages. An
invitation to express interest, and a prequalification, puts nothing on offer.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.timezone import localdate

from tenders.availability import AT_STAGE, PUTS_ON_THE_MARKET, Availability
from tenders.balance.facts import Facts, LotFacts, Place, ReleaseFacts, RoundFacts
from tenders.balance.tally import NOUGHT, Tally
from tenders.statuses import Stage


@dataclass(frozen=True)
class Group:
    """Releases and rounds that speak of the same plots, oldest first. One of the two may be empty."""

    releases: tuple[ReleaseFacts, ...]
    rounds: tuple[RoundFacts, ...]

    @property
    def place(self) -> Place:
        """Of the first release, else of the newest round."""
        return self.releases[0].place if self.releases else self.rounds[-1].place

    def at(self, at: datetime) -> "list[Group]":
        """What of it was public by then: one group, several before a later round joined them, or none."""
        day = localdate(at)
        return groups(
            (release for release in self.releases if release.told(day)),
            (round for round in self.rounds if round.published_at <= at),
        )

    def reoffers(self) -> dict[int, list[RoundFacts]]:
        """By round, those that offer it again. An older round offers nothing of a newer one."""
        known = {round.pk: round for round in self.rounds}
        found: dict[int, list[RoundFacts]] = defaultdict(list)
        for round in self.rounds:
            first = known.get(round.reoffer_of or 0)
            if first and first.age < round.age:
                found[first.pk].append(round)
        return found

    def named(self, at: datetime) -> set[int]:
        """The plots that any part of it names."""
        day = localdate(at)
        of_releases = {link.plot for release in self.releases for link in release.links if link.since <= day}
        return of_releases.union(*(round.named(day) for round in self.rounds))


@dataclass(frozen=True)
class Counted:
    """Plots of a group in one state that are counted and not named, and the lots that they are in.

    gfa: maximum floor area of those lots, m² · gfa_unknown: how many of the plots it does not speak of
    """

    state: Availability
    count: int
    lots: tuple[LotFacts, ...] = ()
    gfa: Decimal = NOUGHT
    gfa_unknown: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.state,
            self.count + other.count,
            self.lots + other.lots,
            self.gfa + other.gfa,
            self.gfa_unknown + other.gfa_unknown,
        )

    @property
    def tally(self) -> Tally:
        return Tally(counted=self.count, counted_gfa=self.gfa, counted_gfa_unknown=self.gfa_unknown)


def all_groups(facts: Facts) -> list[Group]:
    return groups(facts.releases.values(), facts.rounds.values())


def groups(releases: Iterable[ReleaseFacts], rounds: Iterable[RoundFacts]) -> list[Group]:
    """Joined by what a round says of itself: its release, and the round that it offers again."""
    leaders: dict[tuple[str, int], tuple[str, int]] = {}
    by_release = {("release", release.pk): release for release in releases}
    by_round = {("round", round.pk): round for round in rounds}

    def leader(key: tuple[str, int]) -> tuple[str, int]:
        while leaders.setdefault(key, key) != key:
            key = leaders[key]
        return key

    for key, round in by_round.items():
        for other in [("release", round.release or 0), ("round", round.reoffer_of or 0)]:
            if other in by_release or other in by_round:
                leaders[leader(key)] = leader(other)
    members: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    for key in [*by_release, *by_round]:
        members[leader(key)].append(key)
    return [
        Group(
            tuple(sorted((by_release[key] for key in keys if key in by_release), key=_first_told)),
            tuple(sorted((by_round[key] for key in keys if key in by_round), key=lambda round: round.age)),
        )
        for keys in members.values()
    ]


def _first_told(release: ReleaseFacts) -> tuple[object, int]:
    return (release.said[0].day, release.pk)


# --- how many ------------------------------------------------------------------------------------------------


def said(group: Group, at: datetime) -> int:
    """How many plots a group speaks of, named or not: each once, however many of its parts count it.

    The releases' numbers, less what one offers again of another; or what the rounds offer, if that is more. A
    round that is over still speaks for its plots where no release says a number.
    """
    day = localdate(at)
    told = [release.told(day) for release in group.releases]
    numbers = [announcement.plots for announcement in told if announcement and announcement.plots is not None]
    again = group.reoffers()
    rounds = {round.pk: round for round in group.rounds}
    doubled = sum(
        min(rounds[first].count(day), round.count(day))
        for first, later in again.items()
        for round in later
        if round.release and rounds[first].release and round.release != rounds[first].release
    )
    reoffered = {round.pk for later in again.values() for round in later}
    by_aim: dict[str, int] = defaultdict(int)
    for round in group.rounds:
        if round.pk not in reoffered:
            aim = "market" if round.kind in PUTS_ON_THE_MARKET else round.kind
            by_aim[aim] += _cover(round, again, at, only_standing=bool(numbers))
    return max(sum(numbers) - doubled, *by_aim.values(), 0)


def _cover(
    round: RoundFacts, again: dict[int, list[RoundFacts]], at: datetime, *, only_standing: bool
) -> int:
    """The plots of a round and of those that offer it again: what was offered twice is counted once."""
    day = localdate(at)
    awarded = sum(lot.count(day) for lot in round.offered(day) if lot.is_awarded(at))
    stands = not only_standing or round.stage(at) in AT_STAGE
    own = round.count(day) if stands else awarded
    later = again.get(round.pk, [])
    return max(own, awarded + sum(_cover(each, again, at, only_standing=only_standing) for each in later))


# --- where they stand ----------------------------------------------------------------------------------------


def counted(group: Group, at: datetime) -> list[Counted]:
    """The plots of a group that nobody has named, by state. `group` is as it was public at `at`."""
    left = said(group, at) - len(group.named(at))
    found: dict[Availability, Counted] = {}
    for round in reversed(group.rounds):
        if round.kind in PUTS_ON_THE_MARKET:
            for piece in _offered(round, group, at):
                piece = _cut(piece, left)
                left -= piece.count
                found[piece.state] = found[piece.state] + piece if piece.state in found else piece
    if left > 0:
        is_offered = any(piece.count for piece in found.values())
        rest = _rest(group, left, at, lots=() if is_offered else _lots_of_interest(group, at))
        found[rest.state] = found[rest.state] + rest if rest.state in found else rest
    return [piece for piece in found.values() if piece.count > 0]


def _offered(round: RoundFacts, group: Group, at: datetime) -> list[Counted]:
    """What a round that puts plots on the market has of them, by lot; less what is offered again since."""
    day, there = localdate(at), AT_STAGE.get(round.stage(at))
    awarded = [lot for lot in round.offered(day) if lot.is_awarded(at)]
    pieces = [_of_lot(lot, Availability.AWARDED, at) for lot in awarded]
    if there is None:
        return pieces
    open_lots = [lot for lot in round.offered(day) if lot not in awarded]
    beyond = round.count(day) - sum(lot.count(day) for lot in round.offered(day))
    loose = [_of_lot(lot, there, at) for lot in open_lots]
    if beyond > 0:
        loose.append(Counted(there, beyond, gfa_unknown=beyond))
    gone = sum(later.count(day) for later in group.reoffers().get(round.pk, []))
    allowed = max(sum(piece.count for piece in loose) - gone, 0) if gone else None
    for piece in loose:
        kept = piece if allowed is None else _cut(piece, allowed)
        allowed = None if allowed is None else allowed - kept.count
        pieces.append(kept)
    return pieces


def _of_lot(lot: LotFacts, state: Availability, at: datetime) -> Counted:
    """Its floor area counts only while it names no plot: otherwise some of it is theirs."""
    day = localdate(at)
    count, area = lot.unnamed(day), lot.max_gfa_m2
    if area is None or lot.named(day) or not count:
        return Counted(state, count, (lot,) if count else (), gfa_unknown=count)
    return Counted(state, count, (lot,), gfa=area)


def _cut(piece: Counted, most: int) -> Counted:
    """No more than `most` of them; of a part of a lot nobody says the floor area."""
    if piece.count <= most:
        return piece
    return Counted(piece.state, max(most, 0), piece.lots, gfa_unknown=max(most, 0))


def _rest(group: Group, left: int, at: datetime, *, lots: tuple[LotFacts, ...]) -> Counted:
    """What no lot on the market has: announced, until all that announced it was called off."""
    day = localdate(at)
    spoken_of = [lot for lot in lots if lot.max_gfa_m2 is not None]
    known = sum(lot.count(day) for lot in spoken_of)
    state = Availability.WITHDRAWN if _is_off(group, at) else Availability.ANNOUNCED
    if sum(lot.count(day) for lot in lots) > left:
        return Counted(state, left, lots, gfa_unknown=left)
    area = sum((lot.max_gfa_m2 or NOUGHT for lot in spoken_of), NOUGHT)
    return Counted(state, left, lots, gfa=area, gfa_unknown=left - known)


def _lots_of_interest(group: Group, at: datetime) -> tuple[LotFacts, ...]:
    """The lots without a named plot of the newest round that stands, for what they say of plots not on offer."""
    day = localdate(at)
    standing = [round for round in group.rounds if round.offered(day) and round.stage(at) != Stage.CANCELLED]
    return (
        tuple(lot for lot in standing[-1].offered(day) if lot.unnamed(day) and not lot.named(day))
        if standing
        else ()
    )


def _is_off(group: Group, at: datetime) -> bool:
    day = localdate(at)
    if group.releases:
        return all(told.off for release in group.releases if (told := release.told(day)))
    return all(round.stage(at) == Stage.CANCELLED for round in group.rounds)
