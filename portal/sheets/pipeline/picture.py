"""The drawing of the pipeline: a lane for each phase with the labels beside it, which say in words what it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from parks.models import Park
from portal.asof import Moment
from portal.drawing.stacks import Claimed, Course, Layer, Stack, Tick, steps
from portal.drawing.timeline.scale import Shape
from portal.pipeline import Pipeline, Scope
from portal.sheets.pipeline.words import counted_url, hectares, in_state, plots_url, scope_name, square_metres
from portal.words.numbers import plain
from tenders.availability import Availability
from tenders.balance import Gap, Step, Tally

# From the ground up: the furthest on its way stands at the bottom.
ORDER = [
    Availability.AWARDED,
    Availability.EVALUATING,
    Availability.ON_OFFER,
    Availability.ANNOUNCED,
    Availability.PLANNED,
    Availability.WITHDRAWN,
]


@dataclass(frozen=True)
class Label:
    """A part of the stack as it stands now, in words, with the mark that it is drawn by."""

    css: str
    words: str
    url: str


@dataclass(frozen=True)
class Lane:
    """A phase: its labels from the top of the stack down, and its shapes."""

    park: Park
    name: str
    is_first: bool  # of its park
    labels: list[Label]
    shapes: list[Shape]


@dataclass(frozen=True)
class Picture:
    ticks: list[Tick]
    grid: list[Shape]
    lanes: list[Lane]


def picture(found: Pipeline, moment: Moment) -> Picture | None:
    """None where no plot is named or counted."""
    scopes = [scope for scope in found.scopes if scope.course and not scope.is_whole]
    if not scopes:
        return None
    drawn = steps([_course(scope, found.measure) for scope in scopes], moment.day)
    lanes = []
    for number, (scope, shapes) in enumerate(zip(scopes, drawn.lanes, strict=True)):
        is_first = number == 0 or scopes[number - 1].park != scope.park
        labels = _labels(scope, found.measure, moment)
        lanes.append(Lane(scope.park, scope_name(scope), is_first, labels, shapes))
    return Picture(drawn.ticks, drawn.grid, lanes)


def _course(scope: Scope, measure: str) -> Course:
    stacks = tuple(
        Stack(step.day, _first(step), tuple(layer for layer, _label in _layers(step, measure)))
        for step, _gap in scope.course
    )
    return Course(stacks, _claimed(scope.gap) if measure == "plots" and scope.gap else None)


def _first(step: Step) -> date | None:
    """The first day that a vague day may be."""
    if step.day is None or step.precision == "day":
        return step.day
    return step.day.replace(day=1) if step.precision == "month" else step.day.replace(month=1, day=1)


def _claimed(gap: Gap) -> Claimed:
    words = _("≠ %(number)s in all, says %(publisher)s") % {
        "number": plain(gap.in_all),
        "publisher": gap.claim.source.publisher,
    }
    return Claimed(gap.claim.as_of, Decimal(gap.in_all), words)


def _layers(step: Step, measure: str) -> Iterable[tuple[Layer, tuple[Availability, bool]]]:
    """From the ground up, each with its state and whether it is counted only."""
    for state in ORDER:
        tally = step.states.get(state)
        if tally and tally.named:
            for layer in _named(state, tally, measure):
                yield layer, (state, False)
        if tally and tally.counted:
            for layer in _counted(state, tally, measure):
                yield layer, (state, True)


def _named(state: Availability, tally: Tally, measure: str) -> Iterable[Layer]:
    css = f"is-{state.value}"
    if measure == "plots":
        yield Layer(css, Decimal(tally.named), in_state(plain(tally.named), state))
        return
    known, unknown = (
        (tally.area_known, tally.area_unknown) if measure == "area" else (tally.gfa_known, tally.gfa_unknown)
    )
    if known is not None:
        yield Layer(css, known, in_state(_quantity(known, measure), state))
    if unknown:
        yield Layer("is-unknown", None, _unknown(in_state(plain(unknown), state), measure))


def _counted(state: Availability, tally: Tally, measure: str) -> Iterable[Layer]:
    css = f"is-{state.value} is-counted"
    if measure == "plots":
        words = _("%(plots)s, not named") % {"plots": in_state(plain(tally.counted), state)}
        yield Layer(css, Decimal(tally.counted), words)
        return
    known = tally.counted_gfa_known if measure == "gfa" else None
    unknown = tally.counted_gfa_unknown if measure == "gfa" else tally.counted
    if known is not None:
        words = _("%(plots)s, not named") % {"plots": in_state(_quantity(known, measure), state)}
        yield Layer(css, known, words)
    if unknown:
        words = _("%(plots)s, not named") % {"plots": in_state(plain(unknown), state)}
        yield Layer("is-unknown is-counted", None, _unknown(words, measure))


def _quantity(m2: Decimal, measure: str) -> str:
    if measure == "area":
        return _("%(number)s ha") % {"number": hectares(m2)}
    return _("%(number)s m²") % {"number": square_metres(m2)}


def _unknown(words: str, measure: str) -> str:
    if measure == "area":
        return _("%(plots)s: area not known") % {"plots": words}
    return _("%(plots)s: floor area not known") % {"plots": words}


def _labels(scope: Scope, measure: str, moment: Moment) -> list[Label]:
    step = scope.course[-1][0]
    found = sorted(_layers(step, measure), key=lambda pair: pair[0].value is None)
    return [
        Label(
            layer.css,
            layer.words,
            (counted_url if is_counted else plots_url)(scope.park, scope.phase, moment, state),
        )
        for layer, (state, is_counted) in reversed(found)
    ]
