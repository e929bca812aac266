"""The balance: named and counted apart, each plot once and in one state, and the gap to what is said of the whole."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parks.models import Plot, ReleasePlot
from tenders import lifecycle
from tenders.availability import Availability, with_availability
from tenders.balance import (
    all_groups,
    converted,
    counted,
    course_of,
    courses,
    gap,
    gather,
    together,
    whole,
    wholes,
    with_gaps,
)
from tenders.balance.facts import (
    Announcement,
    Dated,
    Facts,
    Link,
    LotFacts,
    PlotFacts,
    ReleaseFacts,
    RoundFacts,
    end_of,
)
from tenders.balance.happenings import Kind
from tenders.models import Figure, LotPlot
from tenders.seeding.sample import make_sample
from tenders.statuses import Decision, RoundKind
from tests.factories import (
    hk,
    make_lot,
    make_park,
    make_phase,
    make_plot,
    make_release,
    make_round,
    make_source,
    say,
)

PLACE = (1, 1)
FIRST = date(2026, 1, 1)
LAST = date(2026, 12, 31)
FEBRUARY, NEXT_YEAR = hk(2026, 2, 1), hk(2027, 3, 1)
ANNOUNCED, ON_OFFER, EVALUATING = Availability.ANNOUNCED, Availability.ON_OFFER, Availability.EVALUATING


def links(*plots):
    return tuple(Link(plot) for plot in plots)


def release(pk=1, plots=None, named=(), said=None):
    return ReleaseFacts(pk, PLACE, said or (Announcement(FIRST, plots=plots),), links(*named))


def tender(pk=1, *lots, kind=RoundKind.TENDER, published=FEBRUARY, over=None, closes=NEXT_YEAR, **fields):
    """Open from its publication until it is `over` by a decision on 1 June."""
    decisions = ((published, Decision.PUBLISHED), *(((hk(2026, 6, 1), over),) if over else ()))
    return RoundFacts(
        pk, PLACE, kind, published, closes=Dated(closes), decisions=decisions, lots=lots, **fields
    )


def lot(pk=1, stated=None, named=(), **fields):
    return LotFacts(pk, stated, links=links(*named), **fields)


def facts(*, plots=(), releases=(), rounds=(), at=None):
    return Facts(
        at or end_of(LAST),
        {pk: PlotFacts(pk, PLACE, Decimal(1000)) for pk in plots},
        {one.pk: one for one in releases},
        {one.pk: one for one in rounds},
    )


def numbers(given):
    """By state, how many are named and how many only counted."""
    steps = courses(given).get(PLACE, [])
    return {state: (tally.named, tally.counted) for state, tally in steps[-1].states.items()} if steps else {}


# --- each plot once ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            facts(plots=[1], releases=[release(named=[1])], rounds=[tender(1, lot(1, named=[1]), over=Decision.UNSUCCESSFUL), tender(2, lot(2, named=[1]), published=hk(2026, 7, 1))]),
            {ON_OFFER: (1, 0)}, id="named in a release and in two rounds is one plot",
        ),
        pytest.param(
            facts(plots=range(1, 6), releases=[release(plots=22, named=range(1, 6))]),
            {ANNOUNCED: (5, 17)}, id="a release of 22 of which 5 are named",
        ),
        pytest.param(
            facts(plots=[1, 2], releases=[release(plots=10, named=[1])], rounds=[tender(1, lot(1, named=[1, 2]), release=1)]),
            {ON_OFFER: (2, 0), ANNOUNCED: (0, 8)}, id="named by the round of the release only",
        ),
        pytest.param(
            facts(releases=[release(plots=10)], rounds=[tender(1, lot(1, 6), lot(2, 4), kind=RoundKind.EXPRESSION_OF_INTEREST, release=1)]),
            {ANNOUNCED: (0, 10)}, id="an expression of interest puts nothing on offer",
        ),
        pytest.param(
            facts(releases=[release(plots=10)], rounds=[tender(1, lot(1, 6), lot(2, 4), kind=RoundKind.PREQUALIFICATION, release=1), tender(2, lot(3, 6), lot(4, 4), release=1)]),
            {ON_OFFER: (0, 10)}, id="counted by a release and by two rounds of it",
        ),
        pytest.param(
            facts(releases=[release(plots=22)], rounds=[tender(1, lot(1, 4), release=1)]),
            {ON_OFFER: (0, 4), ANNOUNCED: (0, 18)}, id="a round of a part of the release",
        ),
        pytest.param(
            facts(rounds=[tender(1, lot(1, 3), over=Decision.UNSUCCESSFUL), tender(2, lot(2, 3), published=hk(2026, 7, 1), reoffer_of=1)]),
            {ON_OFFER: (0, 3)}, id="a lot offered again is the same plots",
        ),
        pytest.param(
            facts(rounds=[tender(1, lot(1, 6, awarded_at=hk(2026, 6, 1)), lot(2, 4), over=Decision.AWARDED), tender(2, lot(3, 4), published=hk(2026, 7, 1), reoffer_of=1)]),
            {ON_OFFER: (0, 4), Availability.AWARDED: (0, 6)}, id="one lot awarded, the other offered again",
        ),
        pytest.param(
            facts(releases=[release(1, plots=10), release(2, plots=3)], rounds=[tender(1, lot(1, 3), release=1, over=Decision.UNSUCCESSFUL), tender(2, lot(2, 3), published=hk(2026, 7, 1), reoffer_of=1, release=2)]),
            {ON_OFFER: (0, 3), ANNOUNCED: (0, 7)}, id="offered again in a release of its own",
        ),
        pytest.param(
            facts(releases=[release(plots=10)], rounds=[tender(1, lot(1, 10), release=1, over=Decision.CANCELLED), tender(2, lot(2, 10), release=1, published=hk(2026, 7, 1))]),
            {ON_OFFER: (0, 10)}, id="a second tender for the release after one that was called off",
        ),
        pytest.param(
            facts(rounds=[tender(1, plot_count=7)]), {ON_OFFER: (0, 7)}, id="a round that says a number before it has lots",
        ),
        pytest.param(
            facts(plots=[1, 2], rounds=[tender(1, lot(1, 6, named=[1, 2]))]),
            {ON_OFFER: (2, 4)}, id="a lot of six of which two are named",
        ),
        pytest.param(
            facts(releases=[release(said=(Announcement(FIRST, plots=3), Announcement(LAST, plots=3, off=True)))]),
            {Availability.WITHDRAWN: (0, 3)}, id="a release that was called off",
        ),
        pytest.param(
            facts(rounds=[tender(1, lot(1, 5, awarded_at=hk(2026, 6, 1), lapsed_on=date(2026, 8, 1)), over=Decision.AWARDED)]),
            {ANNOUNCED: (0, 5)}, id="an award that lapsed",
        ),
        pytest.param(facts(), {}, id="nothing"),
    ],
)  # fmt: skip
def test_each_plot_counts_once_and_named_ones_are_never_added_to_counted_ones(given, expected):
    assert numbers(given) == expected


def test_a_lot_says_its_floor_area_until_some_of_it_is_named():
    interest = tender(1, lot(1, 6, max_gfa_m2=Decimal(117000)), lot(2, 4), kind=RoundKind.EXPRESSION_OF_INTEREST, release=1)  # fmt: skip
    given = facts(releases=[release(plots=12)], rounds=[interest])
    (group,) = all_groups(given)
    (piece,) = counted(group, given.at)

    assert (piece.count, piece.gfa, piece.gfa_unknown) == (12, Decimal(117000), 6)

    named = facts(plots=[1], rounds=[tender(1, lot(1, 6, named=[1], max_gfa_m2=Decimal(117000)))])
    (group,) = all_groups(named)
    assert [(piece.gfa, piece.gfa_unknown) for piece in counted(group, named.at)] == [(0, 5)]


# --- over time --------------------------------------------------------------------------------------------------


def test_the_course_has_a_step_for_each_day_on_which_the_balance_changed_and_says_why():
    amended = Dated(hk(2026, 5, 1, 12), before=((hk(2026, 3, 15), hk(2026, 4, 1, 12)),))
    offered = tender(1, lot(1, 10, awarded_at=hk(2026, 6, 1), lapsed_on=date(2026, 9, 1)), over=Decision.AWARDED, release=1)  # fmt: skip
    offered = RoundFacts(**{**vars(offered), "opens": Dated(hk(2026, 2, 10)), "closes": amended})
    first = release(said=(Announcement(FIRST, plots=8), Announcement(date(2026, 1, 31), "month", plots=10)))

    (course,) = courses(facts(releases=[first], rounds=[offered])).values()

    told = [(str(step.day), step.precision, [h.kind for h in step.happenings], {s.value: t.counted for s, t in step.states.items()}) for step in course]  # fmt: skip
    assert told == [
        ("2026-01-01", "day", [Kind.ANNOUNCED], {"announced": 8}),
        ("2026-01-31", "month", [Kind.REVISED], {"announced": 10}),
        ("2026-02-10", "day", [Kind.OPENS], {"on_offer": 10}),
        ("2026-05-01", "day", [Kind.CLOSES], {"under_evaluation": 10}),
        ("2026-06-01", "day", [Kind.AWARDED], {"awarded": 10}),
        ("2026-09-01", "day", [Kind.LAPSED], {"announced": 10}),
    ]  # fmt: skip


def test_a_plot_counts_from_the_day_on_which_it_was_named():
    named = ReleaseFacts(1, PLACE, (Announcement(FIRST, plots=3),), (Link(1, date(2026, 5, 1)),))
    (course,) = courses(facts(plots=[1], releases=[named])).values()

    told = [(step.day, {s.value: (t.named, t.counted) for s, t in step.states.items()}) for step in course]
    assert told == [
        (None, {"planned": (1, 0)}),
        (FIRST, {"planned": (1, 0), "announced": (0, 3)}),
        (date(2026, 5, 1), {"announced": (1, 2)}),
    ]


# --- for random histories ---------------------------------------------------------------------------------------

days = st.dates(FIRST, LAST)
PLOTS = range(1, 7)
some_plots = st.lists(st.sampled_from(PLOTS), max_size=3, unique=True)


@st.composite
def histories(draw):
    said = st.builds(Announcement, days, plots=st.none() | st.integers(1, 9), off=st.booleans())
    releases = [
        ReleaseFacts(pk, PLACE, tuple(sorted(draw(st.lists(said, min_size=1, max_size=3)), key=lambda s: s.day)), links(*draw(some_plots)))
        for pk in range(1, draw(st.integers(0, 3)) + 1)
    ]  # fmt: skip
    rounds = [draw(one_round(pk)) for pk in range(1, draw(st.integers(0, 4)) + 1)]
    return releases, rounds


@st.composite
def one_round(draw, pk):
    published = end_of(draw(days))
    ends = draw(st.none() | st.sampled_from([Decision.AWARDED, Decision.UNSUCCESSFUL, Decision.CANCELLED]))
    ended = published + timedelta(days=draw(st.integers(1, 99)))
    lots = [
        LotFacts(pk * 10 + number, draw(st.none() | st.integers(1, 6)), links=links(*draw(some_plots)),
                 awarded_at=ended if ends == Decision.AWARDED and draw(st.booleans()) else None)
        for number in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    decisions = [(published, Decision.PUBLISHED), *([(ended, ends)] if ends else [])]
    return RoundFacts(
        pk, PLACE, draw(st.sampled_from(list(RoundKind))), published, release=draw(st.none() | st.integers(1, 3)),
        reoffer_of=draw(st.none() | st.integers(1, 4)), plot_count=draw(st.none() | st.integers(1, 9)),
        closes=Dated(draw(st.none() | days.map(end_of))), decisions=tuple(decisions), lots=tuple(lots),
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(histories(), days)
def test_each_named_plot_is_in_one_state_and_no_count_falls_below_what_a_source_says(history, day):
    releases, rounds = history
    given = facts(plots=PLOTS, releases=releases, rounds=rounds, at=end_of(day))
    known = [group for whole_group in all_groups(given) for group in whole_group.at(given.at)]

    now = courses(given)[PLACE][-1]

    assert whole(now.states).named == len(PLOTS)
    assert whole(now.states).counted == sum(now.groups)
    assert min((piece.count for group in known for piece in counted(group, given.at)), default=1) > 0
    for group in known:
        told = [one.told(day).plots or 0 for one in group.releases]
        assert len(group.named(given.at)) + sum(p.count for p in counted(group, given.at)) >= max(
            told, default=0
        )


@settings(max_examples=25, deadline=None)
@given(histories(), days)
def test_a_past_day_is_the_last_day_of_a_copy_that_stopped_then(history, day):
    releases, rounds = history
    everything = courses(facts(plots=PLOTS, releases=releases, rounds=rounds))[PLACE]
    # A copy that stopped has nothing later in it at all.
    stopped = facts(
        plots=PLOTS,
        releases=[ReleaseFacts(r.pk, r.place, kept, r.links) for r in releases if (kept := tuple(s for s in r.said if s.day <= day))],
        rounds=[RoundFacts(**{**vars(r), "decisions": tuple(d for d in r.decisions if d[0] <= end_of(day))}) for r in rounds if r.published_at <= end_of(day)],
        at=end_of(day),
    )  # fmt: skip

    then = [step for step in everything if step.day is None or step.day <= day][-1]

    assert (then.states, sorted(then.groups)) == (
        courses(stopped)[PLACE][-1].states, sorted(courses(stopped)[PLACE][-1].groups),
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_were_entered_does_not_matter(history, dice: random.Random):
    releases, rounds = history
    shuffled = [dice.sample(rows, len(rows)) for rows in ([*PLOTS], releases, rounds)]

    one = courses(facts(plots=PLOTS, releases=releases, rounds=rounds))
    other = courses(facts(plots=shuffled[0], releases=shuffled[1], rounds=shuffled[2]))

    assert [(s.day, s.states, sorted(s.groups)) for s in one[PLACE]] == [
        (s.day, s.states, sorted(s.groups)) for s in other[PLACE]
    ]


# --- as the records have it ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_named_plots_stand_where_the_list_of_plots_has_them_on_every_day_that_something_happened():
    make_sample(hk(2026, 11, 24, 10))
    gathered = gather(hk(2026, 11, 24, 10))
    found = courses(gathered.facts)
    dates = sorted({step.day for course in found.values() for step in course if step.day})

    for day in [dates[0] - timedelta(days=1), *dates[::3], dates[-1]]:
        at = gathered.facts.instant(day)
        listed = Counter(with_availability(Plot.objects.public(), at).values_list("availability", flat=True))
        then = [course_of({place: course}, [place]) for place, course in found.items()]
        latest = [[step for step in course if (step.day or date.min) <= day][-1:] for course in then]
        states = together([step.states for steps in latest for step in steps])
        assert {state.value: tally.named for state, tally in states.items() if tally.named} == dict(listed)


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_gathering_asks_thirteen_times(django_assert_num_queries, rows):
    for number in range(rows):
        named = make_release(plot_count=5)
        round = make_round(release=named)
        ReleasePlot.objects.create(release=named, plot=round.lots.get().plots.get())
        lifecycle.amend(round, by=None, at=hk(2026, 3, 2 + number), closes_at=hk(2026, 5, 1), reason="Rain.")
        Figure.objects.create(park=round.park, phase=make_phase(str(number + 1)), indicator="plots_total", value=4,
                              unit="plots", as_of=FIRST, source=make_source())  # fmt: skip
    with django_assert_num_queries(13):
        gathered = gather(hk(2026, 6, 1))
        courses(gathered.facts)


@pytest.mark.django_db
def test_what_is_not_public_is_not_gathered():
    hidden = make_phase("hidden", published=False)
    shown, draft = make_plot("SHOWN"), make_plot("DRAFT", published=False)
    make_plot("UNDER", phase=hidden)
    told, kept = make_release(), make_release(published=False, plot_count=9)
    later = make_release(plot_count=9, said=[("2027", date(2026, 8, 1))])
    for named in (shown, draft):
        ReleasePlot.objects.create(release=told, plot=named)
    round = make_round(published=False, lots=0, plot_count=9)
    LotPlot.objects.create(lot=make_lot(round, plots=0), plot=shown)

    gathered = gather(hk(2026, 6, 1))

    assert set(gathered.facts.plots) == {shown.pk}
    assert [link.plot for link in gathered.facts.releases[told.pk].links] == [shown.pk]
    assert (set(gathered.releases), set(gathered.rounds)) == ({told.pk}, set())
    assert {kept.pk, later.pk} & set(gathered.releases) == set()


# --- the whole ----------------------------------------------------------------------------------------------------


def claim(indicator="plots_total", value=22, unit="plots", as_of=FIRST, **fields):
    return Figure(park=make_park(), phase=make_phase(), indicator=indicator, value=Decimal(value), unit=unit, as_of=as_of,
                  source=make_source(f"s-{as_of}", published=as_of), **fields)  # fmt: skip


@pytest.mark.django_db
def test_what_the_parts_add_up_to_and_what_is_said_of_the_whole_leave_a_gap_with_a_name():
    given = facts(plots=[1], releases=[release(1, plots=10), release(2, plots=22, said=(Announcement(date(2026, 5, 1), plots=22),))])  # fmt: skip
    course = courses(given)[PLACE]

    told = [
        (step.day, found and (found.terms, found.in_all, found.difference))
        for step, found in with_gaps(course, [claim()])
    ]

    assert told == [
        (None, None),  # nobody has said a total yet
        (FIRST, ([1, 10], 22, -11)),
        (date(2026, 5, 1), ([1, 10, 22], 22, 11)),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "qualifier", "difference"),
    [(10, "", None), (9, "", 1), (9, "more than", None), (10, "more than", 0), (11, "less than", None), (12, "about", -2)],
)  # fmt: skip
def test_a_claim_is_kept_by_its_own_words(value, qualifier, difference):
    step = courses(facts(releases=[release(plots=10)]))[PLACE][-1]

    found = gap(step, [claim(value=value, qualifier=qualifier)])

    assert (found and found.difference) == difference


@pytest.mark.django_db
def test_parts_of_a_phase_are_added_up_once_and_a_day_of_both_is_one_step():
    whole_phase, first, second = make_phase("1"), make_phase("1.1"), make_phase("1.2")
    for part, number in [(first, 3), (second, 4)]:
        part.part_of = whole_phase
        part.save()
        make_release(phase=part, plot_count=number, said=[("2026", FIRST)])
    say(
        make_release(phase=whole_phase, plot_count=2, said=[("2026", FIRST)]),
        "2026",
        date(2026, 2, 1),
        plot_count=5,
    )
    gathered = gather(hk(2026, 6, 1))

    course = course_of(courses(gathered.facts), [(phase.park_id, phase.pk) for phase in gathered.phases])

    assert [(step.day, whole(step.states).counted, sorted(step.groups)) for step in course] == [
        (FIRST, 9, [2, 3, 4]), (date(2026, 2, 1), 12, [3, 4, 5]),
    ]  # fmt: skip


@pytest.mark.django_db
def test_land_and_floor_area_of_a_phase_as_a_whole_are_converted_with_a_named_factor():
    found = wholes(
        [
            claim("gfa", "1000", "sq ft"),
            claim("area", "87", "ha"),
            claim("area", "1", "acre", date(2025, 1, 1)),
        ]
    )

    assert [(one.claim.indicator, one.m2, one.factor) for one in found] == [
        ("gfa", Decimal("92.90304"), Decimal("0.09290304")), ("area", Decimal(870000), Decimal(10000)),
    ]  # fmt: skip
    assert converted(claim("area", "1", "acre")).m2 is None
