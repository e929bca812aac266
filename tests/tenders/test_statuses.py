from datetime import timedelta

import pytest

from tenders.models import RoundEvent, TenderRound
from tenders.statuses import LIVE, MOVES, SETTLED, Decision, Stage, stage
from tests.factories import CLOSES, OPENS, hk, make_round
from tests.unguarded import unguarded

MICROSECOND = timedelta(microseconds=1)
BOUNDARIES = [
    (OPENS - MICROSECOND, Stage.UPCOMING),
    (OPENS, Stage.OPEN),
    (CLOSES - MICROSECOND, Stage.OPEN),
    (CLOSES, Stage.CLOSED),
    (CLOSES + MICROSECOND, Stage.CLOSED),
]


@pytest.mark.parametrize(("at", "expected"), BOUNDARIES)
def test_published_round_stands_by_its_dates_to_the_microsecond(at, expected):
    assert stage(Decision.PUBLISHED, OPENS, CLOSES, at) == expected


@pytest.mark.parametrize(("decision", "expected"), SETTLED.items())
def test_other_decisions_settle_the_stage_whatever_the_dates(decision, expected):
    assert {stage(decision, OPENS, CLOSES, at) for at, _ in BOUNDARIES} == {expected}


def test_round_without_dates_is_open_from_its_publication():
    assert stage(Decision.PUBLISHED, None, None, CLOSES) == Stage.OPEN


def test_every_decision_has_its_row_in_the_table_and_only_ends_have_none():
    assert set(MOVES) == set(Decision)
    assert {decision for decision, moves in MOVES.items() if not moves} == set(Decision) - LIVE - {
        Decision.DRAFT
    }


@pytest.mark.django_db
@pytest.mark.parametrize("decision", Decision)
@pytest.mark.parametrize("dates", [(OPENS, CLOSES), (None, CLOSES), (OPENS, None), (None, None)])
def test_sql_and_python_agree_on_the_stage_at_every_boundary(decision, dates):
    round = make_round(published=False, opens_at=dates[0], closes_at=dates[1])
    if decision != Decision.DRAFT:
        with unguarded("tenders_tenderround"):
            TenderRound.objects.filter(pk=round.pk).update(decision=decision, published_at=hk(2026, 1, 1))
        RoundEvent.objects.create(round=round, decision=decision, at=hk(2026, 1, 1))

    for at, _ in BOUNDARIES:
        in_sql = TenderRound.objects.with_stage(at).get(pk=round.pk).stage_now
        assert (at, in_sql) == (at, stage(decision, *dates, at))
