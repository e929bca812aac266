"""How a number went, day by day: the rows of the table that says what the drawing of steps shows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.windows import speak_day
from portal.drawing.steps import Chart, Mark, steps_chart
from portal.sheets.figures.claims import other_unit, who
from portal.sheets.figures.conflicts import conflict_sentence
from portal.words.evidence import basis_word
from portal.words.indicators import claim_words, digits, indicator_name, quantity
from portal.words.months import month_name
from portal.words.speech import day_and_month, language, listed, sentences
from tenders.ledger import Basis, Course, Standing, Step
from tenders.ledger.indicators import comparable


@dataclass(frozen=True)
class StepLine:
    """One day on which the number changed: its value, who says it, on what it rests, what stood against it."""

    day: date
    day_words: str
    value: str
    who: str
    basis: str
    against: str


def step_lines(course: Course) -> list[StepLine]:
    return [_line(step) for step in course.steps]


def _line(step: Step) -> StepLine:
    return StepLine(
        step.day,
        _day_words(step, short=True),
        _value_words(step),
        _who(step),
        basis_word(step.basis),
        _against(step),
    )


def _day_words(step: Step, *, short: bool) -> str:
    """As far as it is known: the month alone where the claim speaks of the month alone."""
    claim = step.claim
    precision = claim.as_of_precision if claim is not None and claim.as_of == step.day else "day"
    return speak_day(step.day, precision, language(), short=short)


def _value_words(step: Step) -> str:
    if step.value is None:
        return ""
    return claim_words(step.claim) if step.claim is not None else quantity(step.value, step.unit)


def _who(step: Step) -> str:
    if step.claim is not None:
        return who(step.claim)
    if step.against is not None and step.value is None:
        return _("nobody in so many words")
    return _("our records")


def _against(step: Step) -> str:
    return conflict_sentence(step.against, step.unit) if step.against is not None else ""


def left_out_words(course: Course) -> str:
    if not course.left_out:
        return ""
    words = ngettext(
        "%(count)d earlier day, on which it may have changed, is left out.",
        "%(count)d earlier days, on which it may have changed, are left out.",
        course.left_out,
    )
    return words % {"count": course.left_out}


def drawing_words(course: Course, standing: Standing) -> str:
    """What the drawing shows, and what its marks mean where they are there."""
    vague = any(step.since < step.day for step in course.steps)
    lost = any(step.other is not None and step.value is not None for step in course.steps)
    implied = any(step.value is None for step in course.steps)
    return sentences(
        [
            _("%(name)s, by the day from which it held.") % {"name": indicator_name(standing.indicator)},
            _("Where only a month or a year is said, the step is drawn across it.") if vague else "",
            _("The broken line is what stood against it.") if lost else "",
            _("A ring is what followed from other numbers before anybody said it.") if implied else "",
        ]
    )


# --- the drawing --------------------------------------------------------------------------------------------


def chart(course: Course, standing: Standing, until: date) -> Chart | None:
    """The steps as a drawing; None where there is nothing to draw, or units that no one scale holds."""
    units = {comparable(step.value, step.unit)[1] for step in course.steps if step.value is not None}
    if not course.steps or len(units) > 1:
        return None
    return steps_chart([_mark(step, standing.unit) for step in course.steps], until)


def _mark(step: Step, unit: str) -> Mark:
    other = None
    if step.against is not None:
        other = _in_unit(step.against.value, other_unit(step.against, step.unit), unit)
    return Mark(
        day=step.day,
        since=step.since,
        value=None if step.value is None else _in_unit(step.value, step.unit, unit),
        value_words=digits(step.value) if step.value is not None else "",
        other=other,
        other_words=digits(step.against.value) if step.against is not None else "",
        labels=_labels(step),
        is_implied=step.value is None,
    )


def _in_unit(value: Decimal, unit: str, wanted: str) -> float:
    """On the scale of the leading value: a hectare among square metres is ten thousand of them."""
    return float(comparable(value, unit)[0] / comparable(Decimal(1), wanted)[0])


def _labels(step: Step) -> tuple[str, ...]:
    """ "22, Wen Wei Po, Dec", or "22, Dec": the axis has the year."""
    claim = step.claim
    precision = claim.as_of_precision if claim is not None and claim.as_of == step.day else "day"
    day = _day_words(step, short=True) if precision == "year" else _without_year(step.day, precision)
    if step.value is None:
        implied = _("%(value)s implied") % {"value": digits(step.against.value)} if step.against else ""
        return (listed([implied, day]),)
    said = who(claim) if claim is not None else basis_word(Basis.RECORDED)
    return (listed([digits(step.value), said, day]), listed([digits(step.value), day]))


def _without_year(day: date, precision: str) -> str:
    return month_name(day) if precision == "month" else day_and_month(day, short=True)
