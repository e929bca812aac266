"""What all builders of changes need: places and sources in the shape of a change, in the active language."""

from typing import TypedDict

from parks.models import Park, Phase, Source
from portal.changes.change import Said
from portal.entries import Place


class Land(TypedDict):
    park: Place | None
    phase: Place | None
    wider_phase: str


def on_land(park: Park | None, phase: Phase | None) -> Land:
    """A phase comes with the one that it is part of."""
    return {
        "park": Place(park.slug, park.name, park.order, park.is_sample) if park else None,
        "phase": Place(phase.code, phase.name, phase.order) if phase else None,
        "wider_phase": phase.part_of.code if phase and phase.part_of else "",
    }


def of_source(source: Source | None) -> Said:
    return Said(source.code, source.publisher, source.url) if source else Said()
