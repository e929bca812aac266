"""What announcements and rounds say of numbers of plots: claims as well, with the announcement as their source."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from parks.models import out_by
from tenders.ledger.facts import Facts
from tenders.ledger.indicators import ANNOUNCED, AWARDED, OFFERED, REMAINING
from tenders.ledger.shapes import Key, Part, Statement
from tenders.models import TenderRound
from tenders.statistics import plots_on_offer
from tenders.statuses import Stage
from tenders.subjects import of_phase, of_release, of_round

NOT_OFFERED = {Stage.UPCOMING, Stage.CANCELLED, Stage.UNSUCCESSFUL}


def statements(known: Facts) -> dict[Key, list[Statement]]:
    """By the number that they speak of."""
    found: dict[Key, list[Statement]] = {}
    for key, statement in [*_of_releases(known), *_of_rounds(known), *_of_phases(known)]:
        found.setdefault(key, []).append(statement)
    return found


def _of_releases(known: Facts) -> Iterator[tuple[Key, Statement]]:
    """Every announcement that says how many, so that the course of the number is there."""
    for release in known.releases:
        for revision in release.told:
            if revision.plot_count is not None:
                yield (
                    (of_release(release), ANNOUNCED),
                    Statement(
                        ANNOUNCED,
                        Decimal(revision.plot_count),
                        revision.announced_on,
                        revision.announced_precision,
                        revision.source,
                        said_in=revision,
                    ),
                )


def _of_rounds(known: Facts) -> Iterator[tuple[Key, Statement]]:
    for round in known.rounds:
        stated = stated_plots(round, known)
        if stated:
            yield (
                (of_round(round), OFFERED),
                Statement(
                    OFFERED,
                    Decimal(stated),
                    localdate(round.published_at),
                    source=out_by(round.source, known.day),
                    said_in=round,
                ),
            )


def stated_plots(round: TenderRound, known: Facts) -> int | None:
    """What the round says of itself where its lots do not name every plot; None where they do."""
    lots = known.lots.get(round.pk, [])
    named = sum(lot.named for lot in lots)
    if (
        lots
        and all(lot.named >= (lot.stated_plots or 1) for lot in lots)
        and named >= (round.plot_count or 0)
    ):
        return None
    return round.plot_count or plots_on_offer([lot.named or lot.stated_plots for lot in lots], None)


def _of_phases(known: Facts) -> Iterator[tuple[Key, Statement]]:
    """What releases to come add up to, where each says how many; and awarded lots, where one names no plot."""
    for phase in known.phases:
        coming = [release for release in to_come(known) if release.phase_id == phase.pk]
        counts = [release.current.plot_count or release.named for release in coming]
        if counts and all(counts):
            parts = tuple(
                Part(of_release(release), Decimal(count))
                for release, count in zip(coming, counts, strict=True)
            )
            newest = max(release.current.announced_on for release in coming)
            yield (
                (of_phase(phase), REMAINING),
                Statement(REMAINING, Decimal(sum(counts)), newest, parts=parts),
            )
        if phase.pk in known.awarded:
            awarded = Decimal(known.awarded[phase.pk])
            yield (of_phase(phase), AWARDED), Statement(AWARDED, awarded, known.day)


def to_come(known: Facts) -> list[Any]:
    """Releases that stand and that no round of any kind has put to the market yet: what is offered does not remain."""
    begun = {round.release_id for round in known.rounds if round.stage_now not in NOT_OFFERED}
    return [
        release for release in known.releases if release.pk not in begun and not release.current.cancelled
    ]
