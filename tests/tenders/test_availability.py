from datetime import date, timedelta

import pytest

from parks.models import Plot, ReleasePlot
from tenders import lifecycle
from tenders.availability import with_availability
from tenders.lifecycle import AwardChoice
from tests.factories import (
    CLOSES,
    OPENS,
    hk,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    open_box,
    say,
)

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
AFTER = CLOSES + timedelta(days=1)


def available(plot, at):
    row = with_availability(Plot.objects.all(), at).get(pk=plot.pk)
    return row.availability, row.round_code, row.release_code


def test_a_plot_nobody_spoke_of_is_planned():
    assert available(make_plot(), AFTER) == ("planned", "", "")


def test_a_release_that_names_the_plot_announces_it_until_it_is_called_off():
    plot, release = make_plot(), make_release("first", said=[("2027", date(2026, 2, 1))])
    ReleasePlot.objects.create(release=release, plot=plot)
    before = available(plot, OPENS - timedelta(days=60))

    announced = available(plot, AFTER)
    say(release, "2027", date(2026, 4, 1), cancelled=True)

    assert (before[0], announced, available(plot, AFTER)[0]) == (
        "planned",
        ("announced", "", "first"),
        "withdrawn",
    )


def test_a_draft_release_or_round_says_nothing_of_a_plot():
    plot = make_plot()
    ReleasePlot.objects.create(release=make_release(published=False), plot=plot)
    draft = make_round(published=False)

    assert available(plot, AFTER) == ("planned", "", "")
    assert available(draft.lots.get().plots.get(), AFTER) == ("planned", "", "")


def test_a_plot_follows_its_round_from_the_announcement_to_the_award():
    round = make_round("R-1")
    plot = round.lots.get().plots.get()
    proposal = make_proposal(round)
    course = [available(plot, at)[0] for at in (OPENS - MICROSECOND, OPENS, CLOSES - MICROSECOND, CLOSES)]
    open_box(round)
    opened = available(plot, AFTER)
    choice = AwardChoice(round.lots.get(), proposal, AFTER.date())
    (award,) = lifecycle.award(round, by=None, at=AFTER, choices=[choice])

    assert course == ["announced", "on_offer", "on_offer", "under_evaluation"]
    assert (opened, available(plot, AFTER)[0]) == (("under_evaluation", "R-1", ""), "awarded")
    lifecycle.lapse(award, by=None, lapsed_on=date(2026, 6, 1), reason="Not paid.")
    assert [available(plot, at)[0] for at in (hk(2026, 5, 31), hk(2026, 6, 1))] == ["awarded", "planned"]


def test_a_plot_of_a_cancelled_round_is_withdrawn():
    round = make_round()
    lifecycle.cancel(round, by=None, at=OPENS, reason="Called off.")

    assert available(round.lots.get().plots.get(), AFTER)[0] == "withdrawn"
