"""The course as a table: every day on which a phase changed, what happened, and the numbers after."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parks.models import Park
from parks.windows import speak_day
from portal.pipeline import Pipeline, Scope
from portal.sheets.pipeline.words import amount, difference_words, happening_words, in_state, scope_name
from portal.words.numbers import plain
from portal.words.speech import language
from tenders.balance import Gap, Step


@dataclass(frozen=True)
class CourseRow:
    """A day in words, what happened with its addresses, and the plots after, named and counted, by state."""

    when: str
    iso: str
    what: list[tuple[str, str]]
    named: list[str]
    counted: list[str]
    gap: str


@dataclass(frozen=True)
class CourseGroup:
    park: Park
    name: str
    rows: list[CourseRow]


def course_groups(found: Pipeline) -> list[CourseGroup]:
    """Of phases with something to tell; a whole only tells its gaps, for its plots change in its parts."""
    groups = []
    for scope in found.scopes:
        rows = list(_gaps(scope, found) if scope.is_whole else _rows(scope, found))
        if rows:
            groups.append(CourseGroup(scope.park, scope_name(scope), rows))
    return groups


def _rows(scope: Scope, found: Pipeline) -> Iterable[CourseRow]:
    return (_row(step, gap, found) for step, gap in scope.course)


def _gaps(scope: Scope, found: Pipeline) -> Iterable[CourseRow]:
    before = None
    for step, gap in scope.course:
        if gap != before:
            yield _row(step, gap, found)
        before = gap


def _row(step: Step, gap: Gap | None, found: Pipeline) -> CourseRow:
    states = step.states.items()
    return CourseRow(
        when=speak_day(step.day, step.precision, language()) if step.day else _("before anything dated"),
        iso=step.day.isoformat() if step.day and step.precision == "day" else "",
        what=[happening_words(happening, found.gathered) for happening in step.happenings],
        named=[in_state(amount(tally, found.measure), state) for state, tally in states if tally.named],
        counted=[in_state(plain(tally.counted), state) for state, tally in states if tally.counted],
        gap=difference_words(gap) if gap else "",
    )
