"""Releases and milestones as drawings: bars and lines whose edges say how sure the window is."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from parks.windows import Precision, Window, speak
from portal.drawing.timeline.labels import (
    LANE,
    PHONE_LANE,
    ROOM,
    SMALL,
    Lane,
    Spot,
    beside,
    left_of,
    right_of,
    text,
    width_of,
)
from portal.drawing.timeline.notes import Note, plots_in_words
from portal.drawing.timeline.scale import (
    OPEN_STROKES,
    Scale,
    Shape,
    engraved_left,
    engraved_right,
    glyph,
    line,
    rect,
    soft_width,
)
from portal.entries import Entry, Kind, Said
from portal.words.speech import day_near, language, listed, span_of_days

BAR, POST = (15, 26), (11, 34)  # y and height
WORDS_Y, LINE_Y = 33, 28
GHOSTS, GHOST_HEIGHT = (46, 66), 12
OPEN_SOLID, OPEN_END = 0.55, 0.97  # parts of what is left of the year, for a window without an end
LONG_BAR = 40
BEFORE, AFTER = "M10 22v12l-8-6z", "M-10 22v12l8-6z"


@dataclass(frozen=True)
class Extent:
    """A window on the line of a year: where it begins and ends, where it is solid, and how its edges are."""

    start: float
    end: float
    solid_from: float
    solid_to: float
    left: str  # hard, soft or cut (the window began before the year)
    right: str  # hard, soft, cut or open

    @property
    def middle(self) -> float:
        return (self.solid_from + self.solid_to) / 2


def extent(window: Window, said_on: date | None, scale: Scale) -> Extent | None:
    """Where the window lies in the year; None where it lies outside it or is not dated.

    What is only said to come by a day cannot come before the day on which that was said; the years before its
    own have nothing to show but that it is to come.
    """
    if window.earliest is None and window.latest and window.latest > scale.last:
        return None
    first = window.earliest or (min(said_on, window.latest) if said_on and window.latest else window.latest)
    if first is None or first > scale.last or (window.latest and window.latest < scale.first):
        return None
    left = "cut" if first < scale.first else _left_edge(window)
    start = scale.start(first)
    if window.latest is None:
        rest = 100 - start
        soft = soft_width(start, start + rest * OPEN_SOLID) if left == "soft" else 0
        return Extent(start, 100, start + soft, start + rest * OPEN_SOLID, left, "open")
    right = "cut" if window.latest > scale.last else _right_edge(window)
    end = scale.end(window.latest)
    soft = soft_width(start, end)
    solid_from, solid_to = start + (soft if left == "soft" else 0), end - (soft if right == "soft" else 0)
    return Extent(start, end, solid_from, solid_to, left, right)


def _left_edge(window: Window) -> str:
    if window.precision is Precision.FROM:
        return "soft" if window.earliest and window.earliest.day == 1 else "hard"
    return "hard" if window.precision in {Precision.DAY, Precision.RANGE} else "soft"


def _right_edge(window: Window) -> str:
    return "hard" if window.precision in {Precision.DAY, Precision.RANGE, Precision.BY} else "soft"


def bar(where: Extent, *, css: str = "bar", y: int = BAR[0], height: int = BAR[1]) -> list[Shape]:
    """The solid part and its edges: soft ones are engraved, an open one fades out to an arrow."""
    edge = {"bar": "engrave", "ghost": "ghost-edge"}.get(css, css)
    shapes = [rect(css, where.solid_from, where.solid_to, y, height)]
    if where.left == "soft":
        shapes += engraved_left(edge, where.start, where.solid_from - where.start, y, height)
    if where.right == "soft":
        shapes += engraved_right(edge, where.end, where.end - where.solid_to, y, height)
    if where.right == "open":
        limit = where.start + (where.end - where.start) * OPEN_END
        shapes += engraved_right(edge, limit, limit - where.solid_to, y, height, OPEN_STROKES)
        middle = y + height // 2
        shapes.append(glyph("edge is-release" if css == "bar" else "edge", 100, f"M-8 {middle - 6}v12l8-6z"))
    return shapes


def posts(where: Extent, y: int = POST[0], height: int = POST[1], *, css: str = "bar-post") -> list[Shape]:
    """Posts stand inside the window, on its first and on its last day."""
    shapes = []
    if where.left == "hard":
        shapes.append(glyph(css, where.start, f"M0 {y}h3v{height}h-3z"))
    if where.right == "hard":
        shapes.append(glyph(css, where.end, f"M-3 {y}h3v{height}h-3z"))
    return shapes


def draw_window(entry: Entry, scale: Scale) -> tuple[Lane, list[Note], bool]:
    """The lane of a release or milestone, what moves to its label, and whether more is drawn than words."""
    lane, notes = Lane(), list[Note]()
    window = entry.window or Window(None, None, Precision.UNKNOWN)
    where = extent(window, entry.announced_on, scale)
    if entry.is_cancelled:
        _draw_cancelled(entry, where, scale, lane, notes)
        return lane, notes, where is not None
    if where is not None:
        draw = _draw_release if entry.kind == Kind.RELEASE else _draw_milestone
        draw(entry, where, lane, notes)
    has_ghosts = _draw_history(entry, window, where, scale, lane, notes)
    if where is None:
        _draw_outside(entry, window, scale, lane, notes)
    return lane, notes, where is not None or has_ghosts


def draw_newest(entry: Entry, scale: Scale) -> tuple[Lane, list[Note]]:
    """The lane of a release as it stands, with the arrow of its slip and without what was said before."""
    lane, notes = Lane(), list[Note]()
    window = entry.window or Window(None, None, Precision.UNKNOWN)
    where = extent(window, entry.announced_on, scale)
    if entry.is_cancelled:
        _draw_cancelled(entry, where, scale, lane, notes)
        return lane, notes
    if where is None:
        _draw_outside(entry, window, scale, lane, notes)
        return lane, notes
    _draw_release(entry, where, lane, notes)
    if entry.slip_days:
        _draw_slip(entry, window, where, scale, lane, notes)
    return lane, notes


def draw_superseded(said: Said, scale: Scale) -> tuple[Lane, list[Note]]:
    """The lane of what was said before: a ghost with the edges that its window has, and its words beside it."""
    lane = Lane()
    where = extent(said.window, said.announced_on, scale)
    if where is None:
        lane.draw([line("dotted", 1, 99, LINE_Y)])
        return lane, [Note(said.words if said.verbatim else _("not dated"))]
    y, height = BAR[0] + 7, GHOST_HEIGHT
    if said.window.precision is not Precision.DAY:
        lane.draw(bar(where, css="ghost", y=y, height=height))
    lane.draw(posts(where, y - 4, height + 8, css="ghost-edge"))
    lane.keep(where.start, where.end, y, y + height)
    placed = lane.write(said.words, "beside is-quiet", beside(where.start, where.end, y + 11), size=SMALL)
    return lane, [Note(said.words, on="phone" if placed else "all")]


def _draw_release(entry: Entry, where: Extent, lane: Lane, notes: list[Note]) -> None:
    lane.draw(bar(where))
    lane.draw(posts(where))
    lane.keep(where.start, where.end, *_box(BAR))
    needed = width_of(entry.words) + ROOM
    solid = where.solid_to - where.solid_from
    spot = Spot(where.solid_from, WORDS_Y, dx=8)
    on_phone = solid > LONG_BAR and needed <= solid / 100 * PHONE_LANE
    if on_phone or needed <= solid / 100 * LANE:
        lane.draw([text(entry.words, "on-bar" if on_phone else "on-bar only-wide", spot)])
        if not on_phone:
            notes.append(Note(entry.words, on="phone"))
        return
    placed = lane.write(entry.words, "beside", beside(where.start, where.end, WORDS_Y))
    notes.append(Note(entry.words, on="phone" if placed else "all"))
    if not placed and entry.window is not None:
        _write_limits(entry.window, spot, solid, lane)


def _write_limits(window: Window, spot: Spot, solid: float, lane: Lane) -> None:
    """Where the published words are too long for the bar, what they come to."""
    spoken = speak(window, language())
    if width_of(spoken) + ROOM <= solid / 100 * LANE:
        lane.draw([text(spoken, "on-bar only-wide", spot)])


def _draw_milestone(entry: Entry, where: Extent, lane: Lane, notes: list[Note]) -> None:
    if entry.day is not None:
        lane.draw([glyph("diamond known", (where.start + where.end) / 2, "M0 20l8 8-8 8-8-8z")])
        lane.keep(where.start, where.end, 18, 38, margin=10)
        words = entry.words or day_near(entry.day, entry.day.year)
        spots = beside(where.start, where.end, WORDS_Y, dx=14)
    else:
        lane.draw(bar(where, css="edge", y=27, height=2))
        if where.right == "hard":
            lane.draw([glyph("edge", where.end, "M-2 20h2v16h-2z")])
        lane.draw([glyph("diamond", where.middle, "M0 20l8 8-8 8-8-8z")])
        lane.keep(where.start, where.end, 26, 30)
        lane.keep(where.middle, where.middle, 18, 38, margin=10)
        words = entry.words
        spots = [
            right_of(where.middle, 21, 16),
            *beside(where.start, where.end, WORDS_Y),
            left_of(where.middle, 21, 16),
        ]
    placed = lane.write(words, "beside", spots)
    notes.append(Note(words, on="phone" if placed else "all"))


def _draw_cancelled(entry: Entry, where: Extent | None, scale: Scale, lane: Lane, notes: list[Note]) -> None:
    when = day_near(entry.cancelled_on, scale.year) if entry.cancelled_on else ""
    words = _("cancelled %(day)s") % {"day": when}
    placed = False
    if where is not None:
        y, height = BAR
        lane.draw([rect("cancelled", where.start, where.end, y, height)])
        lane.draw([line("cancelled", where.start, where.end, y + height, y)])
        lane.keep(where.start, where.end, y, y + height)
        spots = beside(where.start, where.end, WORDS_Y)
        placed = lane.write(words, "beside is-quiet", spots, size=SMALL, struck=entry.words)
    elif (limit := entry.earliest or entry.latest) is not None:
        is_after = limit > scale.last
        lane.draw([glyph("edge", 100, AFTER) if is_after else glyph("edge", 0, BEFORE)])
        spot = left_of(100, 32, 16) if is_after else right_of(0, 32, 16)
        placed = lane.write(words, "beside is-quiet", [spot], size=SMALL, struck=entry.words)
    notes.append(Note(words, on="phone" if placed else "all", struck=entry.words))


def _draw_outside(entry: Entry, window: Window, scale: Scale, lane: Lane, notes: list[Note]) -> None:
    """A window before or after the year is an arrow at its edge; what is not dated, a dotted line."""
    if window.precision is Precision.UNKNOWN:
        lane.draw([line("dotted", 1, 99, LINE_Y)])
        notes.append(Note(entry.words if entry.said[-1].verbatim else _("not dated")))
        return
    first = window.earliest or window.latest
    is_after = first is not None and first > scale.last
    draw_edge(in_full(entry.words, window), lane, notes, is_after=is_after)


def draw_edge(words: str, lane: Lane, notes: list[Note], *, is_after: bool) -> None:
    """ "◂ closed 6 Nov 2025" at the left edge, "from 2027 ▸" at the right one."""
    lane.draw([glyph("edge", 100, AFTER) if is_after else glyph("edge", 0, BEFORE)])
    spot = left_of(100, 32, 16) if is_after else right_of(0, 32, 16)
    placed = lane.write(words, "beside is-quiet", [spot], size=SMALL)
    arrow = f"{words} ▸" if is_after else f"◂ {words}"
    notes.append(Note(arrow, on="phone" if placed else "all"))


def in_full(words: str, window: Window) -> str:
    """The words, and the year that they mean where they don't say it themselves."""
    limit = window.earliest or window.latest
    if not words or limit is None:
        return speak(window, language())
    if str(limit.year) in words:
        return words
    return _("%(name)s: %(value)s") % {"name": words, "value": speak(window, language())}


def _draw_history(
    entry: Entry, window: Window, where: Extent | None, scale: Scale, lane: Lane, notes: list[Note]
) -> bool:
    """Ghosts of the earlier windows, oldest first, and the arrow of the slip. Whether there are any."""
    ghosts = _ghosts(entry, window, scale)
    for (said, ghost), y in zip(ghosts, GHOSTS, strict=False):
        lane.draw([rect("ghost", ghost.start, ghost.end, y, GHOST_HEIGHT)])
        lane.keep(ghost.start, ghost.end, y, y + GHOST_HEIGHT)
        was = _("was %(words)s") % {"words": said.words}
        if not lane.write(was, "beside is-quiet", beside(ghost.start, ghost.end, y + 11), size=SMALL):
            notes.append(Note(was))
    notes.extend(_undated_before(entry))
    if entry.slip_days is not None and entry.slip_days != 0:
        _draw_slip(entry, window, where, scale, lane, notes)
    return bool(ghosts)


def _ghosts(entry: Entry, window: Window, scale: Scale) -> list[tuple[Said, Extent]]:
    found = []
    for said, following in zip(entry.earlier, entry.said[1:], strict=True):
        same = (said.window.earliest, said.window.latest) == (
            following.window.earliest,
            following.window.latest,
        )
        ghost = extent(said.window, said.announced_on, scale)
        if ghost is not None and not same:
            found.append((said, ghost))
    return found[: len(GHOSTS)]


def _undated_before(entry: Entry) -> list[Note]:
    """An announcement without dates has no ghost; the label says it."""
    first = entry.said[0]
    if len(entry.said) < 2 or first.window.precision is not Precision.UNKNOWN:
        return []
    day = day_near(first.announced_on, 0)
    plots = plots_in_words(first.plots)
    facts = listed([plots if entry.kind == Kind.RELEASE else "", _("not dated")])
    words = _("first said %(day)s: %(facts)s") % {"day": day, "facts": facts}
    return [Note(words, proof="announcements")]


def _draw_slip(
    entry: Entry, window: Window, where: Extent | None, scale: Scale, lane: Lane, notes: list[Note]
) -> None:
    days = entry.slip_days or 0
    span = span_of_days(abs(days))
    if days < 0:
        notes.append(Note(_("brought forward %(span)s") % {"span": span}, proof="slip"))
        return
    first, now = entry.said[0].window, window
    from_day, to_day = (
        (first.earliest, now.earliest) if first.earliest and now.earliest else (first.latest, now.latest)
    )
    words = _("slipped %(span)s") % {"span": span}
    to_words = _("slipped %(span)s to %(words)s") % {"span": span, "words": entry.words}
    placed = False
    if from_day and to_day and from_day <= scale.last and to_day >= scale.first:
        start, end = scale.start(from_day), scale.start(to_day)
        lane.draw([line("slip-line", start, end, 7), glyph("slip-line", end, "M-7 3.5v7l6-3.5z")])
        spots = [Spot(start, 26), Spot(end, 26, -8, "end")]
        placed = lane.write(words, "slip-text", spots, size=SMALL)
    # On a phone the slip and the words are one line; the plain words there before give way to it.
    notes[:] = [note for note in notes if not (note.on == "phone" and note.words == entry.words)]
    notes.append(Note(to_words, css="due", on="phone" if placed else "all", proof="slip"))


def _box(span: tuple[int, int]) -> tuple[int, int]:
    return span[0], span[0] + span[1]
