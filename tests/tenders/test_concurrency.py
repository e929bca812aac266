from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tenders import lifecycle
from tenders.lifecycle import MoveRefused
from tenders.models import LotPlot, Opening, Proposal, RoundEvent
from tests.factories import CLOSES, OPENS, hk, make_lot, make_officer, make_organisation, make_round

pytestmark = pytest.mark.django_db(transaction=True)
CLERKS = 6


def all_at_once(task, arguments):
    """Run `task` for each argument in a thread of its own; what it returned, or the refusal it met."""

    def attempt(argument):
        try:
            return task(argument)
        except MoveRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(attempt, arguments))


def refusals(results):
    return [result for result in results if isinstance(result, MoveRefused)]


def test_clerks_at_several_counters_get_references_of_their_own():
    round, company = make_round(), make_organisation()

    def register(_clerk):
        for _ in range(5):
            Proposal.objects.create(round=round, proponent=company, received_at=hk(2026, 3, 30))

    all_at_once(register, range(CLERKS))

    references = list(Proposal.objects.values_list("reference", flat=True))
    assert (len(references), len(set(references))) == (CLERKS * 5, CLERKS * 5)


def test_two_rounds_published_at_once_cannot_both_hold_one_plot():
    first, second = (make_round(published=False, lots=0) for _ in range(2))
    make_lot(first)
    plot = first.lots.get().plots.get()
    LotPlot.objects.create(lot=make_lot(second, plots=0), plot=plot)

    results = all_at_once(lambda round: lifecycle.publish(round, by=None, at=OPENS), [first, second])

    assert len(refusals(results)) == 1
    assert LotPlot.objects.filter(plot=plot, live=True).count() == 1


def test_many_officers_who_confirm_at_once_open_the_box_once():
    round = make_round()
    lifecycle.begin_opening(round, by=make_officer("first"), at=CLOSES)
    officers = [make_officer(f"officer-{number}") for number in range(CLERKS)]

    results = all_at_once(lambda officer: lifecycle.confirm_opening(round, by=officer, at=CLOSES), officers)

    assert len(refusals(results)) == CLERKS - 1
    assert RoundEvent.objects.filter(round=round, decision="opened").count() == 1
    assert Opening.objects.get(round=round).second_officer in officers
