"""Entries of a year as rows: which ones show, in which order, under which park and phase, how labelled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.windows import Precision
from portal.drawing.timeline.labels import Lane
from portal.drawing.timeline.notes import Note, lots_in_words, plots_in_words
from portal.drawing.timeline.rounds import draw_round, lies_in
from portal.drawing.timeline.scale import Scale, Shape
from portal.drawing.timeline.windows import draw_window, extent
from portal.entries import Entry, Kind, Place
from portal.words.speech import listed
from tenders.ledger.indicators import ANNOUNCED, LOTS, OFFERED
from tenders.statuses import Stage
from tenders.subjects import Kind as Subjects
from tenders.subjects import Subject

UNDECIDED = {Stage.CLOSED.value, Stage.EVALUATING.value}


@dataclass(frozen=True)
class Row:
    """A release, a milestone or a round: its label and its drawing."""

    name: str
    url: str
    is_sample: bool
    is_struck: bool
    detail: str
    proof: str  # where the count of the detail is proved
    conflict: str
    notes: list[Note]
    shapes: list[Shape]
    height: int
    is_bare: bool  # nothing but words is drawn, so a phone shows no lane
    entries: list[Entry]


@dataclass(frozen=True)
class PhaseRows:
    name: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class ParkRows:
    park: Place
    phases: list[PhaseRows] = field(default_factory=list)

    @property
    def url(self) -> str:
        return reverse("park", args=[self.park.code])

    @property
    def entries(self) -> list[Entry]:
        return [entry for phase in self.phases for row in phase.rows for entry in row.entries]


def park_rows(
    entries: Iterable[Entry], scale: Scale, today: date, conflicts: Mapping[str, str]
) -> list[ParkRows]:
    """In order of parks, then of phases, what is of the whole park last; in a phase by the first day."""
    parks: dict[tuple[int, str], ParkRows] = {}
    for (place, phase), subjects in sorted(_grouped(entries).items(), key=lambda group: _rank(*group[0])):
        shown = [subject for subject in subjects if _shows(subject, scale, today)]
        if not shown:
            continue
        shown.sort(key=lambda subject: min(entry.order for entry in subject))
        rows = [_row(subject, scale, today, conflicts) for subject in shown]
        park = parks.setdefault((place.order, place.code), ParkRows(place))
        park.phases.append(PhaseRows(phase.name if phase else _("The whole park"), rows))
    return list(parks.values())


def _grouped(entries: Iterable[Entry]) -> dict[tuple[Place, Place | None], list[list[Entry]]]:
    """The entries of one release, milestone or round belong together."""
    groups: dict[tuple[Place, Place | None], dict[str, list[Entry]]] = {}
    for entry in entries:
        subject = f"round {entry.round}" if entry.round else entry.uid
        groups.setdefault((entry.park, entry.phase), {}).setdefault(subject, []).append(entry)
    return {place: list(subjects.values()) for place, subjects in groups.items()}


def _rank(park: Place, phase: Place | None) -> tuple[int, str, bool, int, str]:
    return park.order, park.code, phase is None, phase.order if phase else 0, phase.code if phase else ""


def _shows(subject: list[Entry], scale: Scale, today: date) -> bool:
    """In the year; or said by then and still to come; or closed before it without an outcome so far."""
    if any(_touches(entry, scale) for entry in subject):
        return True
    announced = min((entry.announced_on for entry in subject if entry.announced_on), default=scale.first)
    first = subject[0]
    if first.window is not None and first.window.precision is Precision.UNKNOWN:
        return announced <= scale.last
    days = [day for entry in subject for day in (entry.earliest, entry.latest) if day]
    if days and min(days) > scale.last:
        return announced <= scale.last
    if not first.round:
        return False
    opens_before_and_closes_after = bool(days) and max(days) > scale.last
    return opens_before_and_closes_after or (first.stage in UNDECIDED and scale.first <= today)


def _touches(entry: Entry, scale: Scale) -> bool:
    if entry.window is None or entry.round:
        return lies_in(entry, scale)
    said = [(entry.window, entry.announced_on), *((past.window, past.announced_on) for past in entry.earlier)]
    return any(extent(window, on, scale) is not None for window, on in said)


def _row(subject: list[Entry], scale: Scale, today: date, conflicts: Mapping[str, str]) -> Row:
    first = subject[0]
    lane, notes, is_drawn = draw_round(subject, scale, today) if first.round else draw_window(first, scale)
    return Row(
        name=first.subject,
        url=first.url,
        is_sample=first.is_sample,
        is_struck=first.stage == Stage.CANCELLED if first.round else first.is_cancelled,
        detail=_detail(first),
        proof=_proof(first),
        conflict=conflicts.get(first.release, "") if first.kind == Kind.RELEASE else "",
        notes=_merged(notes),
        shapes=lane.shapes,
        height=_height(lane),
        is_bare=not is_drawn,
        entries=_told(subject, scale),
    )


def _told(subject: list[Entry], scale: Scale) -> list[Entry]:
    """What the table says of a row: a round's dates in the year, and its closing time in any case."""
    if not subject[0].round:
        return subject
    in_year = [entry for entry in subject if lies_in(entry, scale)]
    closing = [entry for entry in subject if entry.kind == Kind.CLOSES and entry not in in_year]
    return sorted(in_year, key=lambda entry: entry.by_day) + closing


def _detail(entry: Entry) -> str:
    if entry.round:
        count = (
            lots_in_words(entry.lots) if entry.lots else plots_in_words(entry.plots) if entry.plots else ""
        )
        return listed([entry.round, count])
    if entry.kind == Kind.MILESTONE:
        return entry.note
    times = len(entry.said)
    more = ngettext("announced %(count)d time", "announced %(count)d times", times) % {"count": times}
    return listed([plots_in_words(entry.plots), more if times > 2 else ""])


def _proof(entry: Entry) -> str:
    """The page of the number that the detail says; nothing where it says none."""
    if entry.round and (entry.lots or entry.plots):
        figure = Subject(Subjects.ROUND, 0, entry.round).figure_id(LOTS if entry.lots else OFFERED)
    elif entry.kind == Kind.RELEASE and entry.plots is not None:
        figure = Subject(Subjects.RELEASE, 0, entry.release).figure_id(ANNOUNCED)
    else:
        return ""
    return reverse("figure", args=[figure])


def _merged(notes: list[Note]) -> list[Note]:
    """Plain words go on one line, those for a phone on another; what is red or struck has its own."""
    plain = [note for note in notes if not (note.css or note.struck or note.proof) and note.words]
    joined = [
        Note(" · ".join(note.words for note in plain if note.on == on), on=on)
        for on in ("phone", "all")
        if any(note.on == on for note in plain)
    ]
    return joined + [note for note in notes if note not in plain and (note.words or note.struck)]


def _height(lane: Lane) -> int:
    ghosts = sum(shape.css == "ghost" for shape in lane.shapes)
    return 92 if ghosts > 1 else 72 if ghosts or lane.below else 56
