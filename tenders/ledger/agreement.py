"""When two things that were said of one number can both be right: on which days, how exactly, in which unit."""

from datetime import date, datetime, time
from decimal import Decimal

from django.utils.timezone import get_default_timezone

from parks.models import DayPrecision
from tenders.ledger.indicators import comparable
from tenders.ledger.shapes import Claim

# How far "about" reaches: a twentieth of the value. Figures said in another unit may be rounded in its last digit.
ABOUT = Decimal("0.05")
ROUNDED = Decimal("0.005")


def first_day(claim: Claim) -> date:
    """The stored day is the last one that the claim may speak of; this is the first."""
    if claim.as_of_precision == DayPrecision.YEAR:
        return claim.as_of.replace(month=1, day=1)
    if claim.as_of_precision == DayPrecision.MONTH:
        return claim.as_of.replace(day=1)
    return claim.as_of


def end_of_day(day: date) -> datetime:
    return datetime.combine(day, time.max, get_default_timezone())


def same_days(one: Claim, other: Claim) -> bool:
    """Whether some day is spoken of by both."""
    return first_day(one) <= other.as_of and first_day(other) <= one.as_of


def limits(claim: Claim) -> tuple[Decimal, Decimal | None]:
    """The least and the most that the claim allows, areas in square metres; None is no limit."""
    value, _unit = comparable(claim.value, claim.unit)
    if claim.qualifier == "more than":
        return value, None
    if claim.qualifier == "less than":
        return Decimal(), value
    slack = value * ABOUT if claim.qualifier == "about" else Decimal()
    return value - slack, value + slack


def agree(one: Claim, other: Claim) -> bool:
    """Whether one number can be what both say. Numbers in units that cannot be compared are not held to agree."""
    if comparable(one.value, one.unit)[1] != comparable(other.value, other.unit)[1]:
        return False
    slack = comparable(one.value, one.unit)[0] * ROUNDED if one.unit != other.unit else Decimal()
    (low, high), (least, most) = limits(one), limits(other)
    return (most is None or low <= most + slack) and (high is None or least <= high + slack)
