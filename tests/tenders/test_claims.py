from datetime import date

import pytest

from tenders.claims import headlines
from tenders.models import Figure
from tests.factories import make_park, make_phase, make_source

pytestmark = pytest.mark.django_db


def claim(indicator, value, as_of, precision="day", source="gazette", **fields):
    return Figure.objects.create(
        park=make_park(), phase=make_phase(), indicator=indicator, value=value, unit="plots", as_of=as_of,
        as_of_precision=precision, source=make_source(source), **fields,
    )  # fmt: skip


def found(indicator):
    figures = Figure.objects.select_related("park", "phase", "release", "round", "source")
    return next(number for number in headlines(figures) if number.indicator == indicator)


def reported():
    claim("plots_remaining", 22, date(2025, 12, 31), "month", "wen-wei-po")
    claim("plots_remaining", 12, date(2025, 9, 29), source="ming-pao")
    claim("plots_total", 22, date(2025, 9, 24), source="hk01")
    claim("plots_offered", 10, date(2025, 12, 31), "month", "wen-wei-po")


def test_the_claim_that_speaks_of_the_latest_day_is_the_headline():
    reported()

    number = found("plots_remaining")

    assert (number.headline.value, number.figure_id) == (22, "hsitp-1-plots-remaining")
    assert [claim.value for claim in number.claims] == [22, 12]


def test_22_in_all_and_10_offered_stand_against_22_remaining():
    reported()

    (other,) = found("plots_remaining").alternatives

    assert (other.value, other.implied) == (12, False)
    assert [claim.indicator for claim in other.claims] == ["plots_remaining", "plots_total", "plots_offered"]


def test_a_value_that_nobody_says_but_others_add_up_to_is_implied():
    claim("plots_remaining", 22, date(2025, 12, 31))
    claim("plots_total", 22, date(2025, 9, 24))
    claim("plots_offered", 10, date(2025, 9, 25))

    (other,) = found("plots_remaining").alternatives

    assert (other.value, other.implied) == (12, True)


def test_a_number_that_grew_is_not_a_conflict():
    claim("plots_offered", 10, date(2025, 9, 25))
    claim("plots_offered", 14, date(2025, 12, 1))

    assert found("plots_offered").alternatives == []


def test_two_values_for_one_day_are():
    claim("plots_offered", 10, date(2025, 9, 25), source="one")
    claim("plots_offered", 11, date(2025, 9, 30), "month", source="two")

    number = found("plots_offered")

    assert (number.headline.value, [other.value for other in number.alternatives]) == (11, [10])


def test_of_two_claims_for_one_day_the_more_precise_then_the_earlier_published_leads():
    make_source("late", published=date(2026, 2, 2))
    make_source("early", published=date(2026, 1, 1))
    claim("plots_total", 1, date(2025, 12, 31), "month", "early")
    claim("plots_total", 2, date(2025, 12, 31), "day", "late")
    claim("plots_total", 3, date(2025, 12, 31), "day", "early")

    assert [claim.value for claim in found("plots_total").claims] == [3, 2, 1]
