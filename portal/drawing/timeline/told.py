"""One release through its announcements: a row each, the first at the top, and the day on which it came as a post."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from parks.windows import speak_day
from portal.drawing.timeline.axis import Month, Today, axis, grid, marks, today_flag
from portal.drawing.timeline.labels import SMALL, Lane, beside
from portal.drawing.timeline.notes import Note, plots_in_words
from portal.drawing.timeline.scale import Scale, Shape, glyph, line
from portal.drawing.timeline.windows import LINE_Y, POST, WORDS_Y, draw_newest, draw_superseded
from portal.entries import Entry, Said
from portal.words.speech import language, listed

SAID = (44, 52)  # y of the tick on the day of the announcement, under the bar
HEIGHT = 56


@dataclass(frozen=True)
class ToldRow:
    """An announcement, or the day on which the release came: its label and its drawing."""

    name: str
    url: str
    detail: str
    notes: list[Note]
    shapes: list[Shape]
    height: int = HEIGHT


@dataclass(frozen=True)
class ToldDrawing:
    label: str
    months: list[Month]
    axis: list[Shape]
    grid: list[Shape]
    today: Today | None
    rows: list[ToldRow]


def draw_told(entry: Entry, actual: date | None, today: date, *, is_now: bool = True) -> ToldDrawing:
    """`entry` is of a release; `actual` the day on which it came, None if it has not come by `today`."""
    scale = _scale(entry, actual, today)
    last = str(scale.last.year)
    rows = [_said_row(entry, number, scale) for number in range(len(entry.said))]
    return ToldDrawing(
        label=last if scale.years == 1 else _("%(first)s to %(last)s") % {"first": scale.year, "last": last},
        months=marks(scale),
        axis=axis(scale),
        grid=[*grid(scale, today), *_actual_line(actual, scale)],
        today=today_flag(scale, today, is_now=is_now),
        rows=[*rows, _actual_row(entry, actual, today, scale)],
    )


def _scale(entry: Entry, actual: date | None, today: date) -> Scale:
    """Whole years, from the first announcement or limit to the last limit and the coming, or today's waiting for it."""
    limits = [day for said in entry.said for day in (said.window.earliest, said.window.latest) if day]
    awaited = not actual and not entry.is_cancelled
    days = [*limits, *(said.announced_on for said in entry.said), actual or (today if awaited else None)]
    years = [day.year for day in days if day]
    return Scale(min(years), max(years) - min(years) + 1)


def _said_row(entry: Entry, number: int, scale: Scale) -> ToldRow:
    said = entry.said[number]
    is_newest = number == len(entry.said) - 1
    lane, notes = draw_newest(entry, scale) if is_newest else draw_superseded(said, scale)
    lane.draw(_said_mark(said, scale))
    return ToldRow(
        name=speak_day(said.announced_on, said.announced_precision, language()),
        url=f"#announcement-{number + 1}",
        detail=listed([said.publisher, plots_in_words(said.plots)]),
        notes=_distinct(notes),
        shapes=lane.shapes,
    )


def _said_mark(said: Said, scale: Scale) -> list[Shape]:
    """A tick on the day; where only its month or year is known, a dotted line over that."""
    day = said.announced_on
    x = scale.start(day)
    match said.announced_precision:
        case "month":
            return [line("dotted", scale.start(day.replace(day=1)), scale.end(day), SAID[1])]
        case "year":
            return [line("dotted", scale.start(day.replace(month=1, day=1)), scale.end(day), SAID[1])]
    return [line("tick", x, x, *SAID)]


def _distinct(notes: Iterable[Note]) -> list[Note]:
    return [note for note in dict.fromkeys(notes) if note.words or note.struck]


def _actual_line(actual: date | None, scale: Scale) -> list[Shape]:
    """Through all rows, so that it shows which of the windows it came in."""
    if actual is None:
        return []
    x = scale.start(actual)
    return [line("actual-line", x, x, 0, "100%")]


def _actual_row(entry: Entry, actual: date | None, today: date, scale: Scale) -> ToldRow:
    lane = Lane()
    if actual is not None:
        x = scale.start(actual)
        words = speak_day(actual, "day", language(), short=True)
        lane.draw([glyph("bar-post", x, f"M-2 {POST[0]}h4v{POST[1]}h-4z")])
        placed = lane.write(words, "beside", beside(x, x, WORDS_Y))
        return ToldRow(_("Actual"), "#slip", "", [Note(words, on="phone" if placed else "all")], lane.shapes)
    if entry.is_cancelled:
        return ToldRow(_("Actual"), "#slip", _("called off"), [], [])
    start = scale.start(today) if scale.holds(today) else 0.0
    lane.draw([line("dotted", start, 100, LINE_Y)])
    lane.write(_("not yet"), "beside is-quiet", beside(start, start, WORDS_Y), size=SMALL)
    return ToldRow(_("Actual"), "#slip", _("not yet"), [], lane.shapes)
