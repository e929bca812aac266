"""Rounds as drawings: a bar from opening to closing, with a ring, ticks and flags on it."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from portal.drawing.timeline.labels import SMALL, Lane, Spot, beside, right_of
from portal.drawing.timeline.notes import Note
from portal.drawing.timeline.scale import Scale, glyph, line, rect, ring
from portal.drawing.timeline.windows import WORDS_Y, draw_edge, extent
from portal.entries import Entry, Kind
from portal.words.speech import day_and_time, day_near, hong_kong
from tenders.statuses import Stage

TOP, HEIGHT, MIDDLE = 24, 8, 28
FLAG = "M-1 38V10h14l-4 5 4 5H1v18z"
FORMER_FLAG = "M0 32V10h12l-3 4 3 5H0"
TICK = "M0 20v16"
UNDER, FLAG_WORDS = 54, 16
TO_COME = {Stage.UPCOMING.value, Stage.OPEN.value}


def draw_round(entries: Iterable[Entry], scale: Scale, today: date) -> tuple[Lane, list[Note], bool]:
    """The lane of one round, what moves to its label, and whether anything is drawn but words."""
    lane, notes = Lane(), list[Note]()
    dates: dict[Kind, Entry] = {
        entry.kind: entry for entry in entries if entry.kind not in {Kind.AWARD, Kind.AMENDED}
    }
    awards = [entry for entry in entries if entry.kind == Kind.AWARD]
    in_year = [entry for entry in [*dates.values(), *awards] if lies_in(entry, scale)]
    if not in_year and not _spans(dates, scale):
        _draw_outside(dates, scale, today, lane, notes)
        return lane, notes, False
    cancelled = next((entry for entry in dates.values() if entry.is_cancelled), None)
    if cancelled is not None and cancelled.cancelled_on is not None:
        _draw_called_off(dates, cancelled.cancelled_on, scale, lane, notes)
    else:
        _draw_bar(dates, scale, lane)
    _draw_closing(dates.get(Kind.CLOSES), scale, today, lane, notes)
    _draw_points(dates, awards, scale, today, lane, notes)
    return lane, notes, True


def lies_in(entry: Entry, scale: Scale) -> bool:
    """Whether the year has something to draw of this date of a round."""
    if entry.window is None:
        return entry.falls_in(scale.first, scale.last)
    return extent(entry.window, entry.announced_on, scale) is not None


def _limits(dates: dict[Kind, Entry]) -> tuple[date | None, date | None]:
    opens, closes = dates.get(Kind.OPENS), dates.get(Kind.CLOSES)
    return opens.day if opens else None, closes.day if closes else None


def _spans(dates: dict[Kind, Entry], scale: Scale) -> bool:
    opens, closes = _limits(dates)
    return opens is not None and closes is not None and opens < scale.first and closes > scale.last


def _position(entry: Entry, scale: Scale) -> float:
    if entry.instant is not None:
        return scale.at(entry.instant)
    day = entry.day or entry.latest or scale.last
    return (scale.start(day) + scale.end(day)) / 2


def _ends(dates: dict[Kind, Entry], scale: Scale) -> tuple[float, float] | None:
    """From opening to closing; a round without one of them has no bar, only its marks."""
    opens, closes = dates.get(Kind.OPENS), dates.get(Kind.CLOSES)
    if opens is None or closes is None:
        return None
    return _position(opens, scale), _position(closes, scale)


def _draw_bar(dates: dict[Kind, Entry], scale: Scale, lane: Lane) -> None:
    ends = _ends(dates, scale)
    stage = next(iter(dates.values())).stage if dates else ""
    if ends is not None and ends[0] < ends[1]:
        lane.draw([rect("round-bar is-open" if stage in TO_COME else "round-bar", *ends, TOP, HEIGHT)])
        lane.keep(*ends, TOP, TOP + HEIGHT)


def _draw_called_off(
    dates: dict[Kind, Entry], day: date, scale: Scale, lane: Lane, notes: list[Note]
) -> None:
    ends = _ends(dates, scale)
    words = _("cancelled %(day)s") % {"day": day_near(day, scale.year)}
    spots = [right_of(0, UNDER, 0)]
    if ends is not None:
        lane.draw([rect("cancelled", *ends, 18, 20), line("cancelled", *ends, 38, 18)])
        lane.keep(*ends, 18, 38)
        spots = beside(*ends, WORDS_Y, dx=14)
    placed = lane.write(words, "beside is-quiet", spots, size=SMALL)
    notes.append(Note(words, on="phone" if placed else "all"))


def _draw_closing(closes: Entry | None, scale: Scale, today: date, lane: Lane, notes: list[Note]) -> None:
    """The red flag, the flags where it stood before, and the words beside it."""
    if closes is None or closes.instant is None:
        return
    for former in closes.formers:
        if scale.holds(hong_kong(former.instant).date()):
            lane.draw([glyph("flag-former", scale.at(former.instant), FORMER_FLAG)])
            lane.keep(scale.at(former.instant), scale.at(former.instant), 10, 24, margin=13)
    words = closing_words(closes, scale.year, today)
    placed = False
    if closes.day is not None and scale.holds(closes.day):
        x = _position(closes, scale)
        if not closes.is_cancelled:
            lane.draw([glyph("flag", x, FLAG)])
            lane.keep(x, x, 10, 38, margin=2)
            spots = [Spot(x, FLAG_WORDS, 18), Spot(x, FLAG_WORDS, -8, "end")]
            placed = lane.write(words, "beside is-due", spots, size=SMALL)
    if not closes.is_cancelled:
        notes.append(Note(words, css="due", on="phone" if placed else "all"))


def closing_words(closes: Entry, year: int, today: date) -> str:
    """ "closes 30 Apr, noon (was 16 Apr)", or "closed …" once the day has come and gone."""
    if closes.instant is None or closes.day is None:
        return ""
    when = day_and_time(closes.instant, year)
    is_over = closes.stage not in TO_COME or closes.day < today
    words = (_("closed %(when)s") if is_over else _("closes %(when)s")) % {"when": when}
    if not closes.formers:
        return words
    was = day_near(hong_kong(closes.formers[-1].instant).date(), year)
    return _("%(words)s (was %(day)s)") % {"words": words, "day": was}


def _draw_points(
    dates: dict[Kind, Entry], awards: list[Entry], scale: Scale, today: date, lane: Lane, notes: list[Note]
) -> None:
    """The ring of the opening day, ticks with their words under the bar, the dotted time of the decision."""
    _draw_opening(dates.get(Kind.OPENS), scale, today, lane, notes)
    for entry in awards[:1] + [dates.get(kind) for kind in (Kind.OPENED, Kind.BRIEFING, Kind.ENQUIRIES)]:
        if entry is None or entry.is_cancelled or entry.day is None or not scale.holds(entry.day):
            continue
        x = _position(entry, scale)
        lane.draw([glyph("tick", x, TICK)])
        _under(lane, notes, x, *_point_words(entry, scale.year))
    _draw_decision(dates, scale, lane, notes)


def _draw_opening(opens: Entry | None, scale: Scale, today: date, lane: Lane, notes: list[Note]) -> None:
    if opens is None or opens.day is None or not scale.holds(opens.day):
        return
    x = _position(opens, scale)
    lane.draw([ring("round-ring", x, MIDDLE)])
    words = (_("opened %(day)s") if opens.day < today else _("opens %(day)s")) % {
        "day": day_near(opens.day, scale.year)
    }
    _under(lane, notes, x, words, spots=[Spot(x, UNDER, 6, "end"), Spot(x, UNDER, -6)])


def _draw_decision(dates: dict[Kind, Entry], scale: Scale, lane: Lane, notes: list[Note]) -> None:
    """Dotted from the closing time to the last day on which it is expected."""
    decision = dates.get(Kind.DECISION)
    if decision is not None and decision.window is not None and not decision.is_cancelled:
        where = extent(decision.window, decision.announced_on, scale)
        closes = dates.get(Kind.CLOSES)
        start = max(where.start, _position(closes, scale) if closes else 0) if where else 100
        if where is not None and start < where.end:
            lane.draw([line("decision", start, where.end, MIDDLE)])
            _under(lane, notes, (start + where.end) / 2, _("decision"))


def _point_words(entry: Entry, year: int) -> tuple[str, str]:
    """With the day, and shorter where there is no room for that."""
    day = day_near(entry.day, year) if entry.day else ""
    words, short = {
        Kind.BRIEFING: (_("briefing %(day)s"), _("briefing")),
        Kind.ENQUIRIES: (_("enquiries until %(day)s"), _("enquiries")),
        Kind.OPENED: (_("box opened %(day)s"), _("box opened")),
        Kind.AWARD: (_("awarded %(day)s"), _("awarded")),
    }[entry.kind]
    return words % {"day": day}, short


def _under(
    lane: Lane, notes: list[Note], x: float, words: str, short: str = "", *, spots: list[Spot] | None = None
) -> None:
    """Under the point `x`; on the label where there is no room for the words, nor for the `short` ones."""
    spots = spots or [Spot(x, UNDER, 0, "middle"), Spot(x, UNDER, -4), Spot(x, UNDER, 4, "end")]
    placed = any(lane.write(said, "beside is-quiet", spots, size=SMALL) for said in (words, short) if said)
    lane.below = lane.below or placed
    notes.append(Note(words, on="phone" if placed else "all"))


def _draw_outside(dates: dict[Kind, Entry], scale: Scale, today: date, lane: Lane, notes: list[Note]) -> None:
    opens, closes = dates.get(Kind.OPENS), dates.get(Kind.CLOSES)
    if closes is not None and closes.day is not None and closes.day < scale.first:
        draw_edge(closing_words(closes, scale.year, today), lane, notes, is_after=False)
    elif opens is not None and opens.day is not None and opens.day > scale.last:
        words = _("opens %(day)s") % {"day": day_near(opens.day, scale.year)}
        draw_edge(words, lane, notes, is_after=True)
    elif closes is not None and closes.day is not None:
        draw_edge(closing_words(closes, scale.year, today), lane, notes, is_after=True)
    else:
        _draw_any(dates, scale, lane, notes)


def _draw_any(dates: dict[Kind, Entry], scale: Scale, lane: Lane, notes: list[Note]) -> None:
    """A row that was filtered down to dates beside opening and closing."""
    first = next((entry for entry in dates.values() if entry.day), None)
    if first is not None and first.day is not None:
        words = f"{first.action} {day_near(first.day, scale.year)}"
        draw_edge(words, lane, notes, is_after=first.day > scale.last)
