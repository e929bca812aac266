from datetime import date

import pytest

from tenders.claims import headlines
from tenders.models import Figure
from tests.factories import make_park, make_phase, make_release, make_source

pytestmark = pytest.mark.django_db


def claim(indicator, value, as_of, precision="day", source="gazette", **fields):
    return Figure.objects.create(
        park=make_park(), phase=make_phase(), indicator=indicator, value=value, unit="plots", as_of=as_of,
        as_of_precision=precision, source=make_source(source), **fields,
    )  # fmt: skip


def found(indicator):
    figures = Figure.objects.select_related("park", "phase", "release", "round", "source")
    return next(number for number in headlines(figures) if number.indicator == indicator)


def test_the_claim_that_speaks_of_the_latest_day_is_the_headline():
    claim("plots_remaining", 22, date(2025, 12, 31), "month", "wen-wei-po")
    claim("plots_remaining", 12, date(2025, 9, 29), source="ming-pao")

    number = found("plots_remaining")

    assert (number.headline.value, number.subject.slug) == (22, "hsitp-1")
    assert [claim.value for claim in number.claims] == [22, 12]


def test_a_release_that_is_called_like_a_phase_is_another_number():
    phase, release = claim("plots_total", 22, date(2025, 9, 24)), make_release("hsitp-1")
    other = claim("plots_total", 3, date(2025, 9, 25), release=release)
    Figure.objects.filter(pk=other.pk).update(park=None, phase=None)

    figures = Figure.objects.select_related("park", "phase__park", "release", "round", "source").order_by(
        "pk"
    )

    assert [number.headline.pk for number in headlines(figures)] == [phase.pk, other.pk]


def test_of_two_claims_for_one_day_the_more_precise_then_the_earlier_published_leads():
    make_source("late", published=date(2026, 2, 2))
    make_source("early", published=date(2026, 1, 1))
    claim("plots_total", 1, date(2025, 12, 31), "month", "early")
    claim("plots_total", 2, date(2025, 12, 31), "day", "late")
    claim("plots_total", 3, date(2025, 12, 31), "day", "early")

    assert [claim.value for claim in found("plots_total").claims] == [3, 2, 1]
