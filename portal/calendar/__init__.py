"""Everything dated, in one shape: releases, milestones and the dates of rounds, as public at an instant.

`programme` makes entries of what was announced, `rounds` of what was published about rounds; `conflicts` says
where sources contradict a release. Nothing here reads a proposal.
"""

from datetime import date, datetime

from django.utils import translation

from portal.calendar.programme import milestone_entries, release_entries
from portal.calendar.rounds import round_entries
from portal.entries import OF_ROUNDS, ROUND, Entry, Kind

__all__ = ["KINDS", "entries"]

# What the parameter `kind` may say, and what it stands for.
KINDS: dict[str, frozenset[Kind]] = {kind.value: frozenset([kind]) for kind in Kind} | {ROUND: OF_ROUNDS}


def entries(
    at: datetime, day: date, *, park: str | None = None, kind: str | None = None, language: str = "en"
) -> list[Entry]:
    """All public entries, in order of time, as they stood at `at`, an instant of `day` in Hong Kong.

    `park` is a slug, `kind` a key of KINDS; KeyError for another. Nine queries, however many rows there are.
    """
    wanted = KINDS[kind] if kind else frozenset(Kind)
    with translation.override(language):
        releases = release_entries(day, park)
        found = [
            *releases,
            *milestone_entries(day, park),
            *round_entries(at, park, public_releases={release.code for release in releases}),
        ]
    return sorted((entry for entry in found if entry.kind in wanted), key=lambda entry: entry.order)
