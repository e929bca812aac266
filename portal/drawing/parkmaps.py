"""Maps of parks: which plots are drawn together, in which state, and what the legend has to explain."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from parks.models import Park, Plot
from portal.drawing.plotmap import Outline, PlotMap, draw
from tenders.availability import Availability


@dataclass(frozen=True)
class ParkMap:
    """The drawing of one park's plots, and how many of them are in each state that shows."""

    park: Park
    drawing: PlotMap
    states: list[tuple[str, int]] = field(default_factory=list)
    chosen: Plot | None = None

    @property
    def shown(self) -> int:
        return len(self.drawing.plots)


def maps(plots: Iterable[Plot]) -> list[ParkMap]:
    """One for each park of which a boundary is known. The plots come from with_availability."""
    by_park = sorted(plots, key=lambda plot: (plot.park.order, plot.park.slug))
    found = [park_map(list(rows)) for _park, rows in groupby(by_park, key=lambda plot: plot.park_id)]
    return [drawn for drawn in found if drawn]


def park_map(plots: list[Plot], chosen: Plot | None = None) -> ParkMap | None:
    """None where no boundary is known, or not that of the chosen plot."""
    if chosen is not None and not chosen.boundary:
        return None
    drawing = draw(
        Outline(
            plot.code,
            _state(plot),
            plot.boundary["coordinates"],
            is_chosen=chosen is not None and plot == chosen,
        )
        for plot in plots
        if plot.boundary
    )
    if drawing is None:
        return None
    states = [(value.value, sum(drawn.state == value for drawn in drawing.plots)) for value in Availability]
    return ParkMap(plots[0].park, drawing, [(state, count) for state, count in states if count], chosen)


def _state(plot: Plot) -> str:
    state: str = plot.availability  # type: ignore[attr-defined]  # with_availability annotates it
    return state
