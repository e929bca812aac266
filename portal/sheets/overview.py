"""The home page's numbers: the newest thing that was put to the market, and every phase in a row."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parks.models import Park, Phase, Release, ReleaseRevision
from parks.windows import Precision, Window, speak
from portal.asof import Moment
from portal.words.indicators import indicator_name
from portal.words.numbers import Number, claimed, proposals
from tenders.claims import OFFERED, REMAINING, Headline, headlines
from tenders.models import Award, Figure, Lot, TenderRound
from tenders.statistics import RECORDED, SEALED, RoundCounts, round_counts
from tenders.statuses import RoundKind, Stage

MOST_SQUARES = 60
NOT_OFFERED = {Stage.UPCOMING, Stage.CANCELLED, Stage.UNSUCCESSFUL}
RELEASING = {RoundKind.TENDER, RoundKind.DIRECT_GRANT}


@dataclass(frozen=True)
class Squares:
    """A group of plots drawn as squares: how sure (`offered`, `to-come`, `disputed`), how many, in words."""

    kind: str
    count: int
    title: str
    note: str

    @property
    def each(self) -> range:
        return range(self.count)


@dataclass(frozen=True)
class Lead:
    """What the headline speaks of."""

    round: TenderRound
    proposals: Number | None
    offered: Number | None
    remaining: Number | None
    when: str
    squares: list[Squares]

    @property
    def is_expression(self) -> bool:
        return self.round.kind == RoundKind.EXPRESSION_OF_INTEREST


@dataclass
class PhaseRow:
    """What has become of a phase's plots so far."""

    phase: Phase
    to_come: Number | None = None
    offered: Number | None = None
    proposals: Number | None = None
    sealed: bool = False
    awarded: int | None = None
    next: ReleaseRevision | None = None

    @property
    def says_something(self) -> bool:
        return bool(
            self.to_come or self.offered or self.proposals or self.sealed or self.awarded or self.next
        )


@dataclass
class Overview:
    """Everything that the home page counts, from eleven queries."""

    moment: Moment
    rounds: list[Any]  # TenderRounds from with_stage
    counts: dict[int, RoundCounts]
    numbers: list[Headline]
    releases: list[Any]  # Releases from as_of, with `named`
    awarded: dict[int, int]
    phases: list[Phase] = field(default_factory=list)

    def number(self, phase: Phase | None, indicator: str) -> Headline | None:
        if phase is None:
            return None
        found = [n for n in self.numbers if n.indicator == indicator and n.headline.phase_id == phase.pk]
        return found[0] if found else None

    def rounds_of(self, phase: Phase) -> list[Any]:
        return [round for round in self.rounds if round.phase_id == phase.pk]

    def to_come(self, phase: Phase) -> list[Any]:
        """Releases of the phase that stand and whose plots no tender has offered yet, the nearest first."""
        begun = {
            round.release_id
            for round in self.rounds
            if round.kind in RELEASING and round.stage_now not in {Stage.UPCOMING, Stage.CANCELLED}
        }
        standing = [
            release
            for release in self.releases
            if release.phase_id == phase.pk and release.pk not in begun and not release.current.cancelled
        ]
        return sorted(standing, key=self._nearness)

    def _nearness(self, release: Any) -> tuple[bool, date, date]:
        """By the end of the window; those whose window has passed without a tender come last."""
        current = release.current
        latest = current.window_latest or date.max
        return (latest < self.moment.day, latest, current.window_earliest or date.max)


def overview(moment: Moment) -> Overview:
    """Fetch what the home page shows, as public at `moment`."""
    at = moment.at
    public = TenderRound.objects.public(at).with_stage(at).select_related("park", "phase", "release")
    rounds: list[Any] = list(public.order_by("-published_at", "code"))
    figures = Figure.objects.public().as_of(moment.day)
    return Overview(
        moment=moment,
        rounds=rounds,
        counts=round_counts(rounds, at),
        numbers=headlines(figures.select_related("park", "phase", "release", "round", "source")),
        releases=list(Release.objects.public().as_of(moment.day).with_named(moment.day)),
        awarded=_awarded(moment),
        phases=list(Phase.objects.public().select_related("park")),
    )


def _awarded(moment: Moment) -> dict[int, int]:
    """By phase, the plots of lots whose award stands: named, or only counted."""
    awards = Award.objects.public(moment.at).standing(moment.day)
    plots: dict[int, int] = defaultdict(int)
    lots = Lot.objects.filter(award__in=awards).select_related("round")
    for lot in lots.with_named(moment.day):
        plots[lot.round.phase_id] += lot.named or lot.stated_plots or 0
    return dict(plots)


def lead(facts: Overview) -> Lead | None:
    """The newest round of a real park whose proposals are known, else the newest one; None where there is none."""
    real = [round for round in facts.rounds if not round.park.is_sample] or facts.rounds
    counted = [round for round in real if facts.counts[round.pk].proposals is not None]
    if not real:
        return None
    round = (counted or real)[0]
    offered = _offered(round, facts)
    remaining = facts.number(round.phase, REMAINING)
    left = claimed(remaining, facts.moment) if remaining else None
    return Lead(
        round=round,
        proposals=proposals(round, facts.counts[round.pk], facts.moment),
        offered=offered,
        remaining=left,
        when=_when(round, left, facts) if left else "",
        squares=_squares(round, offered, left, facts.moment),
    )


def _offered(round: TenderRound, facts: Overview) -> Number | None:
    own = [n for n in facts.numbers if n.indicator == OFFERED and n.headline.round_id == round.pk]
    if own:
        return claimed(own[0], facts.moment)
    plots = facts.counts[round.pk].plots
    url = reverse("round", args=[round.code]) + "#on-offer"
    return Number(plots, _("recorded"), url, what=indicator_name(OFFERED)) if plots else None


def _when(round: TenderRound, left: Number, facts: Overview) -> str:
    """ "in 2026": the window of the phase's next release, if its newest announcement speaks of that many plots.

    Of another number it would put one source's year to another's count.
    """
    coming = facts.to_come(round.phase) if round.phase else []
    releases = [release for release in coming if release.current.plot_count == left.value]
    return window_phrase(releases[0].current.window) if releases else ""


def window_phrase(window: Window) -> str:
    """A window as the end of a sentence; nothing where it is not dated."""
    if window.precision is Precision.UNKNOWN:
        return ""
    words = speak(window, get_language() or "en")
    if window.precision in {Precision.FROM, Precision.BY}:
        return words
    if window.precision is Precision.DAY:
        return _("on %(when)s") % {"when": words}
    if window.precision in {Precision.QUARTER, Precision.HALF}:
        return _("in the %(when)s") % {"when": words}
    return _("in %(when)s") % {"when": words}


def _squares(
    round: TenderRound, offered: Number | None, left: Number | None, moment: Moment
) -> list[Squares]:
    groups = [*_offered_squares(round, offered, moment), *_coming_squares(left)]
    return groups if sum(group.count for group in groups) <= MOST_SQUARES else []


def _offered_squares(round: TenderRound, offered: Number | None, moment: Moment) -> list[Squares]:
    if offered is None:
        return []
    known = Lot.objects.filter(round=round).offered_by(moment.day).with_named(moment.day)
    lots = [(lot.named or lot.stated_plots, lot.title) for lot in known]
    if (
        lots
        and all(count for count, _title in lots)
        and sum(count or 0 for count, _title in lots) == offered.value
    ):
        return [
            Squares("offered", count or 0, _("%(count)s offered") % {"count": count}, title)
            for count, title in lots
        ]
    return [Squares("offered", int(offered.value), _("%(count)s offered") % {"count": offered.text}, "")]


def _coming_squares(left: Number | None) -> list[Squares]:
    if left is None:
        return []
    if left.other is None:
        return [Squares("to-come", int(left.value), _("%(count)s to come") % {"count": left.text}, left.mark)]
    agreed, disputed = min(left.value, left.other), abs(left.value - left.other)
    return [
        Squares(
            "to-come",
            int(agreed),
            _("%(count)s to come") % {"count": f"{agreed:.0f}"},
            _("both sources agree"),
        ),
        Squares(
            "disputed",
            int(disputed),
            _("≠ %(count)s more") % {"count": f"{disputed:.0f}"},
            _("only one of them says so"),
        ),
    ]


def phase_rows(facts: Overview) -> list[tuple[Park, list[PhaseRow]]]:
    """Phases of which something is known, by park; parks in their order."""
    parks: dict[int, tuple[Park, list[PhaseRow]]] = {}
    for phase in facts.phases:
        row = _phase_row(phase, facts)
        if row.says_something:
            parks.setdefault(phase.park_id, (phase.park, []))[1].append(row)
    return list(parks.values())


def _phase_row(phase: Phase, facts: Overview) -> PhaseRow:
    rounds = [round for round in facts.rounds_of(phase) if round.stage_now not in NOT_OFFERED]
    coming = facts.to_come(phase)
    row = PhaseRow(phase, awarded=facts.awarded.get(phase.pk))
    row.to_come = _to_come(phase, coming, facts)
    row.offered = _offered_in(phase, rounds, facts)
    row.proposals = _proposals_in(phase, rounds, facts)
    row.sealed = any(facts.counts[round.pk].basis == SEALED for round in rounds)
    if coming:
        row.next = coming[0].current
    return row


def _to_come(phase: Phase, coming: list[Any], facts: Overview) -> Number | None:
    remaining = facts.number(phase, REMAINING)
    if remaining is not None:
        return claimed(remaining, facts.moment)
    announced = sum(release.current.plot_count or release.named for release in coming)
    url = f"{reverse('releases')}?park={phase.park.slug}"
    return Number(announced, _("announced"), url, what=indicator_name(REMAINING)) if announced else None


def _offered_in(phase: Phase, rounds: list[TenderRound], facts: Overview) -> Number | None:
    offered = facts.number(phase, OFFERED)
    if offered is not None:
        return claimed(offered, facts.moment)
    plots = sum(facts.counts[round.pk].plots or 0 for round in rounds)
    url = f"{reverse('rounds')}?park={phase.park.slug}"
    return Number(plots, _("recorded"), url, what=indicator_name(OFFERED)) if plots else None


def _proposals_in(phase: Phase, rounds: Iterable[TenderRound], facts: Overview) -> Number | None:
    """The records of all rounds added up, or one claim: never a sum that mixes both."""
    known = [round for round in rounds if facts.counts[round.pk].proposals is not None]
    recorded = [
        facts.counts[round.pk].proposals or 0 for round in known if facts.counts[round.pk].basis == RECORDED
    ]
    if recorded:
        url = f"{reverse('rounds')}?park={phase.park.slug}"
        return Number(sum(recorded), _("recorded"), url, what=indicator_name("proposals_received"))
    return proposals(known[0], facts.counts[known[0].pk], facts.moment) if known else None
