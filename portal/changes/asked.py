"""What is asked of the changes: which kinds, about what, between which days."""

from dataclasses import dataclass
from datetime import date, timedelta

from parks.models import Plot, Release, ReleasePlot
from portal.asof import Moment
from portal.changes.change import Change, ChangeKind, Kinds
from tenders.models import LotPlot, TenderRound

DAYS = 30


def last_days(until: date) -> tuple[date, date]:
    """The days that are shown where none was asked for: 30 up to `until`, both included."""
    return until - timedelta(days=DAYS - 1), until


@dataclass(frozen=True)
class Asked:
    """Codes and days; what is empty asks for everything. A code that nothing public has finds nothing."""

    park: str = ""
    phase: str = ""
    release: str = ""
    round: str = ""
    plot: str = ""
    kinds: Kinds = frozenset(ChangeKind)
    since: date | None = None
    until: date | None = None

    def admits(self, change: Change) -> bool:
        """Whether all but the plot fits."""
        return (
            change.kind in self.kinds
            and self._is_of_the_land(change)
            and self.release in ("", change.release)
            and self.round in ("", change.round)
            and (self.since is None or self.since <= change.date)
            and (self.until is None or change.date <= self.until)
        )

    def _is_of_the_land(self, change: Change) -> bool:
        """Of the park, and of the phase or a part of it."""
        park = change.park.code if change.park else ""
        phases = {change.phase.code if change.phase else "", change.wider_phase}
        return self.park in ("", park) and (not self.phase or self.phase in phases)


@dataclass(frozen=True)
class About:
    """What a plot has to do with: the rounds and releases that name it, by code."""

    plot: str
    rounds: frozenset[str]
    releases: frozenset[str]

    def has(self, change: Change) -> bool:
        """A change of another lot of its round is none of the plot."""
        if change.lot:
            return change.round in self.rounds and self.plot in change.plots
        if change.round:
            return change.round in self.rounds
        return change.release in self.releases


def about(asked: Asked, moment: Moment) -> About:
    """Two queries."""
    plots = Plot.objects.public().filter(code=asked.plot)
    if asked.park:
        plots = plots.filter(park__slug=asked.park)
    offered = LotPlot.objects.named_by(moment.day).filter(plot__in=plots)
    rounds = TenderRound.objects.public(moment.at).filter(lots__lot_plots__in=offered)
    named = ReleasePlot.objects.named_by(moment.day).filter(plot__in=plots)
    releases = Release.objects.public().filter(release_plots__in=named)
    return About(
        asked.plot,
        frozenset(rounds.values_list("code", flat=True)),
        frozenset(releases.values_list("code", flat=True)),
    )
