"""What one row of a page or file is made of: plain shapes around model rows. Nothing here asks anything."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from parks.models import Plot, Release, ReleaseRevision, Source
from parks.models.programme import Revision
from parks.windows import Window
from tenders.models import Award, Figure, Lot, TenderRound
from tenders.statistics import RoundCounts


def window_text(revision: Revision) -> str:
    """When, in words: in the active language, else as they were published."""
    return revision.words_in(get_language() or "en")[0]


@dataclass(frozen=True)
class PlotRow:
    """A plot, how it can be had, and the newest public release and round that name it."""

    plot: Plot
    availability: str
    release: Release | None
    round: TenderRound | None

    @property
    def revision(self) -> ReleaseRevision | None:
        revision: ReleaseRevision | None = self.release.current if self.release else None
        return revision

    @property
    def window(self) -> Window | None:
        return self.revision.window if self.revision else None

    @property
    def updated_at(self) -> datetime | None:
        """When the plot had last changed by the time asked for; None where nothing is kept of so long ago."""
        row: Any = self.plot
        changed_at: datetime | None = row.changed_at  # selections.plots annotates it
        return changed_at


@dataclass(frozen=True)
class ReleaseRow:
    """A release as_of a day; `plots` as said, else as named; how many public plots it names; its public rounds."""

    release: Release
    status: str
    plots: int | None
    named: int
    rounds: list[TenderRound]


@dataclass(frozen=True)
class RoundRow:
    """A round with its stage, its dates as published by then, its public numbers, its source if it was out."""

    round: TenderRound
    counts: RoundCounts
    stage: str
    opens_at: datetime | None
    enquiries_until: datetime | None
    closes_at: datetime | None
    opened_at: datetime | None
    source: Source | None = None


@dataclass(frozen=True)
class LotRow:
    """A lot of a public round, at the round's stage. `plots` are the public ones.

    `proposals` is None where they are not recorded or not public.
    """

    lot: Lot
    round: TenderRound
    stage: str
    plots: list[Plot]
    plot_count: int | None
    proposals: int | None
    source: Source | None = None


@dataclass(frozen=True)
class AwardRow:
    """An award as far as its round's disclosure tells: no name and no premium where it gives totals only."""

    award: Award
    plots: list[Plot]
    proponent: str
    premium_hkd: Decimal | None
    signed_on: date | None


@dataclass(frozen=True)
class FigureRow:
    """One claim, and whether it leads among the claims about the same number (see tenders.claims)."""

    figure: Figure
    headline: bool
