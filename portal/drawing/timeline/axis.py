"""The axis and the grid that rows are drawn on: the months of a year, or several years; and where today is."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portal.drawing.timeline.labels import SMALL, width_of
from portal.drawing.timeline.scale import Scale, Shape, line, percent
from portal.words.months import month_name
from portal.words.speech import day_and_month

FLAG_PADDING = 12
FLAG_ROOM = 20  # percent at either end where today's flag would not fit if it stood in the middle of its day


MOST_WITH_QUARTERS = 4  # years; beyond them a line for each year is all that there is room for
MOST_NAMED, SPARSE = 12, 10  # more years than that are named every tenth


@dataclass(frozen=True)
class Month:
    """A name on the axis: of a month, or of a year where the line has several."""

    middle: str
    name: str
    initial: str


@dataclass(frozen=True)
class Today:
    """The flag on the axis, in pixels about the day; at the ends of the year it stands inside the lane."""

    x: str
    words: str
    flag_x: int
    flag_width: int

    @property
    def text_x(self) -> int:
        return self.flag_x + self.flag_width // 2


def marks(scale: Scale) -> list[Month]:
    if scale.years == 1:
        return [
            Month(percent(middle), month_name(first), _initial(first))
            for first, _start, middle in scale.months()
        ]
    step = 1 if scale.years <= MOST_NAMED else SPARSE
    named = [year for year in scale.each_year() if year.year % step == 0]
    middles = [(scale.start(year) + scale.end(year.replace(month=12, day=31))) / 2 for year in named]
    return [
        Month(percent(middle), str(year.year), str(year.year))
        for year, middle in zip(named, middles, strict=True)
    ]


def _initial(first: date) -> str:
    """One letter, or the number where the language counts its months: 3 of 3月."""
    return month_name(first).rstrip("月") if "月" in month_name(first) else month_name(first)[0]


def axis(scale: Scale) -> list[Shape]:
    lines = [line(css, start, start, 22 if css == "quarter" else 36, "100%") for css, start in _lines(scale)]
    return [*lines, line("quarter", 100, 100, 22, "100%")]


def grid(scale: Scale, today: date) -> list[Shape]:
    """The lines of the months, the past as a tint, today as a line; another year than today's has neither."""
    shapes = [line(css, start, start, 0, "100%") for css, start in _lines(scale)]
    shapes.append(line("quarter", 100, 100, 0, "100%"))
    if scale.holds(today):
        x = scale.start(today)
        past = Shape("rect", "past", x="0%", width=percent(x), y2="100%")
        return [past, *shapes, line("today-line", x, x, 0, "100%")]
    return shapes


def _lines(scale: Scale) -> list[tuple[str, float]]:
    """Class and place of each: months between quarters, quarters between years, or years alone."""
    if scale.years == 1:
        heavy, light = 3, 1
    else:
        heavy, light = 12, 3 if scale.years <= MOST_WITH_QUARTERS else 12
    return [
        ("month" if (first.month - 1) % heavy else "quarter", start)
        for first, start, _middle in scale.months()
        if (first.month - 1) % light == 0
    ]


def today_flag(scale: Scale, today: date, *, is_now: bool) -> Today | None:
    if not scale.holds(today):
        return None
    return flag_of(scale.start(today), today, is_now=is_now)


def flag_of(x: float, today: date, *, is_now: bool) -> Today:
    """The flag of the day at `x` percent."""
    words = (_("today, %(day)s") if is_now else _("as of %(day)s")) % {"day": day_and_month(today)}
    width = round(width_of(words, SMALL)) + FLAG_PADDING
    flag_x = 0 if x < FLAG_ROOM else -width if x > 100 - FLAG_ROOM else -(width // 2)
    return Today(percent(x), words, flag_x, width)
