"""Finds the balance that a query string asks for, as it was public at a moment: its page and its file show the same."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from parks.models import Park, Phase
from portal.asof import Moment
from portal.exports.pipeline_csv import GAP, BalanceRow
from portal.filters import ByPark
from tenders.availability import Availability
from tenders.balance import (
    EMPTY,
    Gap,
    Gathered,
    Place,
    States,
    Step,
    course_of,
    courses,
    gather,
    with_gaps,
)
from tenders.models import Figure

MEASURES = [("plots", _("Plots")), ("area", _("Area of land")), ("gfa", _("Gross floor area"))]


class PipelineFilter(ByPark):
    """Of phases; `measure` chooses what is drawn and leaves nothing out."""

    phase = django_filters.CharFilter(label=_("Phase"), method="in_phase", max_length=100)
    measure = django_filters.ChoiceFilter(label=_("Measured in"), choices=MEASURES, method="as_it_is")

    hidden = ("measure",)

    @property
    def narrowed(self) -> bool:
        return any(self.form.cleaned_data[name] for name in ("park", "phase"))

    def in_phase(self, phases: QuerySet[Phase], _name: str, code: str) -> QuerySet[Phase]:
        """The phase or the parts of it."""
        return phases.filter(Q(code=code) | Q(part_of__code=code))

    def as_it_is(self, phases: QuerySet[Phase], _name: str, _value: str) -> QuerySet[Phase]:
        return phases


@dataclass(frozen=True)
class Scope:
    """What is followed over time: a phase's own plots, those of a park that no phase is said of, or a whole.

    A whole is a phase with its parts, or a park: its plots are all in other scopes already.
    """

    park: Park
    phase: Phase | None
    course: list[tuple[Step, Gap | None]]
    is_whole: bool = False

    @property
    def states(self) -> States:
        """Now; empty where nothing is named or counted."""
        return self.course[-1][0].states if self.course else {}

    @property
    def gap(self) -> Gap | None:
        return self.course[-1][1] if self.course else None


@dataclass(frozen=True)
class Pipeline:
    """The scopes by park and phase, each whole behind what it is made of, and what they were made from."""

    filters: PipelineFilter
    gathered: Gathered
    scopes: list[Scope]
    claims: list[Figure]

    @property
    def form(self) -> forms.Form:
        form: forms.Form = self.filters.form
        return form

    @property
    def measure(self) -> str:
        return self.form.cleaned_data["measure"] or MEASURES[0][0]


def pipeline(params: Mapping[str, Any], moment: Moment) -> Pipeline:
    """Fourteen queries, however many rows and days. Raises BadParameter."""
    filters = PipelineFilter(params, Phase.objects.public(), moment)
    gathered = gather(moment.at)
    asked = filters.form.cleaned_data
    phases = set(filters.qs.values_list("pk", flat=True)) if filters.narrowed else None
    followed = courses(gathered.facts)
    scopes: list[Scope] = []
    claims: list[Figure] = []
    for park in gathered.parks:
        if asked["park"] not in ("", park.slug):
            continue
        scopes += _of_park(park, followed, gathered, phases, whole=not asked["phase"])
        claims += [
            claim
            for claim in gathered.claims
            if claim.park_id == park.pk
            and (claim.phase_id in phases if phases is not None and claim.phase_id else not asked["phase"])
        ]
    return Pipeline(filters, gathered, scopes, claims)


def _of_park(
    park: Park,
    followed: Mapping[Place, list[Step]],
    gathered: Gathered,
    phases: set[int] | None,
    *,
    whole: bool,
) -> Iterator[Scope]:
    """Its phases, and the park as a whole unless one phase was asked for. Without a filter `phases` is None."""
    own = [phase for phase in gathered.phases if phase.park_id == park.pk]
    for phase in own:
        if phases is None or phase.pk in phases:
            yield from _of_phase(park, phase, own, followed, gathered.claims)
    if whole:
        without = list(followed.get((park.pk, None), []))
        if without:
            yield Scope(park, None, [(step, None) for step in without])
        places = [(park.pk, None), *((park.pk, phase.pk) for phase in own)]
        said = [claim for claim in gathered.claims if claim.park_id == park.pk and claim.phase_id is None]
        if sum(place in followed for place in places) > 1:
            yield Scope(park, None, with_gaps(course_of(followed, places), said), is_whole=True)


def _of_phase(
    park: Park, phase: Phase, phases: list[Phase], followed: Mapping[Place, list[Step]], claims: list[Figure]
) -> Iterator[Scope]:
    """Its own plots; with its parts as a second scope, where it has any, since a claim of it speaks of all."""
    said = [claim for claim in claims if claim.phase_id == phase.pk]
    own, parts = (park.pk, phase.pk), parts_of(phase, phases)
    steps = list(followed.get(own, []))
    if not parts:
        yield Scope(park, phase, with_gaps(steps, said) if steps else [])
        return
    yield Scope(park, phase, [(step, None) for step in steps])
    places = [own, *((park.pk, part.pk) for part in parts)]
    if any(place in followed for place in places):
        yield Scope(park, phase, with_gaps(course_of(followed, places), said), is_whole=True)


def parts_of(phase: Phase, phases: Iterable[Phase], *, seen: frozenset[int] = frozenset()) -> list[Phase]:
    """Its parts and theirs, each once."""
    known = seen | {phase.pk}
    parts = [part for part in phases if part.part_of_id == phase.pk and part.pk not in known]
    return [found for part in parts for found in (part, *parts_of(part, phases, seen=known))]


# --- the file ------------------------------------------------------------------------------------------------


def rows(found: Pipeline) -> Iterator[BalanceRow]:
    """Each day on which a phase changed, with all its states then; what a state lost all of is nought that day."""
    for scope in found.scopes:
        before: tuple[States, Gap | None] = ({}, None)
        for step, gap in scope.course:
            if not scope.is_whole and step.states != before[0]:
                yield from _states(scope, step, before[0])
            if gap != before[1]:
                yield BalanceRow(step, scope.park, scope.phase, GAP, gap=gap)
            before = (step.states, gap)


def _states(scope: Scope, step: Step, before: States) -> Iterator[BalanceRow]:
    for state in Availability:
        if state in step.states or state in before:
            yield BalanceRow(step, scope.park, scope.phase, state.value, step.states.get(state, EMPTY))
