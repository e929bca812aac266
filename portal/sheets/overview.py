"""The home page's numbers: the newest thing that was put to the market, and every phase in a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parks.models import Park, Phase, ReleaseRevision
from parks.windows import Precision, Window, speak
from portal.asof import Moment
from portal.words.numbers import Number, told
from tenders.ledger import Ledger, ledger
from tenders.ledger.indicators import AWARDED, OFFERED, PROPOSALS, REMAINING
from tenders.models import TenderRound
from tenders.statistics import SEALED, RoundCounts
from tenders.statuses import RoundKind, Stage
from tenders.subjects import of_phase, of_round

MOST_SQUARES = 60
NOT_OFFERED = {Stage.UPCOMING, Stage.CANCELLED, Stage.UNSUCCESSFUL}
RELEASING = {RoundKind.TENDER, RoundKind.DIRECT_GRANT}


@dataclass(frozen=True)
class Squares:
    """Plots drawn as squares: how sure (`offered`, `to-come`, `disputed`), how many, in words, and the proof."""

    kind: str
    count: int
    title: str
    note: str
    url: str

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
    awarded: Number | None = None
    next: ReleaseRevision | None = None

    @property
    def says_something(self) -> bool:
        return bool(
            self.to_come or self.offered or self.proposals or self.sealed or self.awarded or self.next
        )


@dataclass
class Overview:
    """Everything that the home page counts, from the ledger."""

    moment: Moment
    book: Ledger

    @property
    def rounds(self) -> list[Any]:
        """With their stage, the newest first."""
        return sorted(
            self.book.known.rounds, key=lambda round: (round.published_at, round.code), reverse=True
        )

    @property
    def counts(self) -> dict[int, RoundCounts]:
        return self.book.known.counts

    @property
    def phases(self) -> list[Phase]:
        return self.book.known.phases

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
            for release in self.book.known.releases
            if release.phase_id == phase.pk and release.pk not in begun and not release.current.cancelled
        ]
        return sorted(standing, key=self._nearness)

    def _nearness(self, release: Any) -> tuple[bool, date, date]:
        """By the end of the window; those whose window has passed without a tender come last."""
        current = release.current
        latest = current.window_latest or date.max
        return (latest < self.moment.day, latest, current.window_earliest or date.max)


def overview(moment: Moment, park: str | None = None) -> Overview:
    """What the home page shows, as public at `moment`; of one park where it is named."""
    return Overview(moment, ledger(moment.at, park=park))


def lead(facts: Overview) -> Lead | None:
    """The newest round of a real park whose proposals are known, else the newest one; None where there is none."""
    real = [round for round in facts.rounds if not round.park.is_sample] or facts.rounds
    counted = [round for round in real if facts.counts[round.pk].proposals is not None]
    if not real:
        return None
    round = (counted or real)[0]
    offered = told(facts.book.number(of_round(round), OFFERED), facts.moment)
    remaining = facts.book.number(of_phase(round.phase), REMAINING) if round.phase else None
    left = told(remaining, facts.moment)
    return Lead(
        round=round,
        proposals=told(facts.book.number(of_round(round), PROPOSALS), facts.moment),
        offered=offered,
        remaining=left,
        when=_when(round, left, facts) if left else "",
        squares=_squares(facts.book.known.lots.get(round.pk, []), offered, left),
    )


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


def _squares(lots: list[Any], offered: Number | None, left: Number | None) -> list[Squares]:
    groups = [*_offered_squares(lots, offered), *_coming_squares(left)]
    return groups if sum(group.count for group in groups) <= MOST_SQUARES else []


def _offered_squares(known: list[Any], offered: Number | None) -> list[Squares]:
    """By lot, where the lots add up to what was offered."""
    if offered is None:
        return []
    lots = [(lot.named or lot.stated_plots, lot.title) for lot in known]
    if (
        lots
        and all(count for count, _title in lots)
        and sum(count or 0 for count, _title in lots) == offered.value
    ):
        return [
            Squares("offered", count or 0, _("%(count)s offered") % {"count": count}, title, offered.url)
            for count, title in lots
        ]
    return [
        Squares(
            "offered", int(offered.value), _("%(count)s offered") % {"count": offered.text}, "", offered.url
        )
    ]


def _coming_squares(left: Number | None) -> list[Squares]:
    if left is None:
        return []
    if left.other is None:
        words = _("%(count)s to come") % {"count": left.text}
        return [Squares("to-come", int(left.value), words, left.mark, left.url)]
    agreed, disputed = min(left.value, left.other), abs(left.value - left.other)
    return [
        Squares(
            "to-come",
            int(agreed),
            _("%(count)s to come") % {"count": f"{agreed:.0f}"},
            _("both sources agree"),
            left.url,
        ),
        Squares(
            "disputed",
            int(disputed),
            _("≠ %(count)s more") % {"count": f"{disputed:.0f}"},
            _("only one of them says so"),
            left.url,
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
    book = facts.book
    rounds = [round for round in facts.rounds_of(phase) if round.stage_now not in NOT_OFFERED]
    coming = facts.to_come(phase)
    return PhaseRow(
        phase,
        to_come=told(book.number(of_phase(phase), REMAINING), facts.moment),
        offered=told(book.offered_of(phase), facts.moment),
        proposals=_proposals_in(phase, rounds, facts),
        sealed=any(facts.counts[round.pk].basis == SEALED for round in rounds),
        awarded=told(book.number(of_phase(phase), AWARDED), facts.moment),
        next=coming[0].current if coming else None,
    )


def _proposals_in(phase: Phase, rounds: Iterable[TenderRound], facts: Overview) -> Number | None:
    """The records of all rounds added up, or one claim: never a sum that mixes both."""
    own = facts.book.number(of_phase(phase), PROPOSALS)
    known = [round for round in rounds if facts.counts[round.pk].proposals is not None]
    if own is None and len(known) == 1:
        own = facts.book.number(of_round(known[0]), PROPOSALS)
    return told(own, facts.moment)
