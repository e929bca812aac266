"""Which of the claims about one number leads.

The rule has a name, *newest as-of date*: the claim that speaks of the latest day is the headline; of two for the same
day the more precise one; then the one published earlier. A rule never hides a claim.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from parks.models import DayPrecision, Source
from tenders.models import Figure
from tenders.subjects import Subject, of_figure

EXACTNESS = {DayPrecision.DAY: 2, DayPrecision.MONTH: 1, DayPrecision.YEAR: 0}


class Dated(Protocol):
    """Something that was said of a day."""

    @property
    def as_of(self) -> date: ...
    @property
    def as_of_precision(self) -> str: ...
    @property
    def source(self) -> Source | None: ...


@dataclass(frozen=True)
class Headline:
    """One number: the claim that leads, and all claims, the leading one first."""

    subject: Subject
    indicator: str
    headline: Figure
    claims: list[Figure]


def headlines(figures: Iterable[Figure]) -> list[Headline]:
    """Group claims by the number they speak of, in their order. Figures come with park, phase, round and source."""
    groups: dict[tuple[Subject, str], list[Figure]] = {}
    for figure in figures:
        groups.setdefault((of_figure(figure), figure.indicator), []).append(figure)
    ranked = {key: sorted(claims, key=rank, reverse=True) for key, claims in groups.items()}
    return [
        Headline(subject, indicator, claims[0], claims) for (subject, indicator), claims in ranked.items()
    ]


def rank(claim: Dated) -> tuple[date, int, int]:
    """The later day, then the more precise one, then the earlier publication."""
    published = claim.source.published.toordinal() if claim.source else 0
    return (claim.as_of, EXACTNESS[DayPrecision(claim.as_of_precision)], -published)
