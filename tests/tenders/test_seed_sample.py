from collections import Counter
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import combinations, pairwise

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models, transaction

from parks.models import Milestone, Park, Phase, Plot, Release, Source
from tenders.availability import with_availability
from tenders.ledger import ledger
from tenders.models import (
    Amendment,
    Award,
    Enquiry,
    Figure,
    LotPlot,
    Opening,
    Proposal,
    ProposalLot,
    RoundEvent,
    TenderRound,
)
from tenders.seeding.facts import FACTS, load_facts
from tenders.seeding.reading import HONG_KONG
from tenders.seeding.sample import make_sample
from tenders.statuses import Stage

pytestmark = pytest.mark.django_db

DAYS = [date(2026, 1, 1), date(2026, 4, 15), date(2027, 7, 1), date(2028, 2, 29), date(2026, 12, 31)]
ALL_STAGES = {stage.value for stage in Stage}


def everything():
    """Every row of every table of ours, histories included."""
    ours = [model for app in ("parks", "tenders", "auth") for model in apps.get_app_config(app).get_models()]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in ours}


def seed(*arguments):
    out = StringIO()
    call_command("seed", *arguments, stdout=out)
    return out.getvalue().splitlines()


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=HONG_KONG)


def standing(tender_round, at):
    return tender_round.proposals.standing(at).in_time()


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_round_is_in_every_stage_on_any_day(day):
    at = noon(day)
    make_sample(at)

    rounds = TenderRound.objects.with_stage(at)

    assert {r.stage_now for r in rounds} == ALL_STAGES
    assert {r.code: r.stage_now for r in rounds} == {r.code: r.stage(at).value for r in rounds}


@pytest.mark.parametrize("weekday", range(7))
def test_nothing_happened_after_the_instant_even_just_after_midnight(weekday):
    at = datetime(2026, 6, 1 + weekday, 0, 1, tzinfo=HONG_KONG)
    make_sample(at)

    assert {r.stage_now for r in TenderRound.objects.with_stage(at)} == ALL_STAGES
    for model, field in [
        (TenderRound, "published_at"), (RoundEvent, "at"), (Amendment, "published_at"), (Enquiry, "published_at"),
        (Proposal, "received_at"), (Proposal, "withdrawn_at"), (Opening, "opened_at"), (Award, "decided_at"),
    ]:  # fmt: skip
        assert not model.objects.filter(**{f"{field}__gt": at}).exists()


def test_27_proposals_came_for_ten_plots_in_two_packages(at):
    make_sample(at)

    packages = TenderRound.objects.get(code="SAMPLE-EOI-1")

    assert standing(packages, at).count() == packages.proposals.count() == 27
    assert [lot.plots.count() for lot in packages.lots.all()] == [6, 4]
    assert [lot.proposal_lots.count() for lot in packages.lots.all()] == [18, 13]
    assert packages.proposals.values("proponent").distinct().count() == 25


def test_the_late_and_the_withdrawn_are_kept_but_do_not_count(at):
    make_sample(at)

    awarded = TenderRound.objects.get(code="SAMPLE-T-3")

    assert (standing(awarded, at).count(), awarded.proposals.count()) == (6, 8)
    assert [p.status for p in awarded.proposals.with_late().filter(is_late=True)] == ["unsuccessful"]
    assert awarded.proposals.filter(status="withdrawn").count() == 1


def test_plots_stand_at_every_availability(at):
    make_sample(at)

    plots = with_availability(Plot.objects.public(), at)

    assert Counter(str(plot.availability) for plot in plots) == {
        "under_evaluation": 11, "announced": 7, "planned": 2, "on_offer": 3, "awarded": 2, "withdrawn": 3,
    }  # fmt: skip


def test_a_box_that_is_shut_holds_receipts_only(at):
    make_sample(at)

    shut = Proposal.objects.filter(round__decision="published")

    assert sorted(shut.values_list("round__code", flat=True)) == ["SAMPLE-T-1"] * 3 + ["SAMPLE-T-2"] * 4
    assert set(shut.values_list("sector", "summary", "investment_hkd", "jobs")) == {("", "", None, None)}
    assert not ProposalLot.objects.filter(proposal__in=shut).exists()


def test_the_open_tender_was_moved_by_fourteen_days_and_has_one_enquiry_without_an_answer(at):
    make_sample(at)

    moved = Amendment.objects.get(round__code="SAMPLE-T-1")

    assert moved.closes_at_after - moved.closes_at_before == timedelta(days=14)
    assert Enquiry.objects.filter(round__code="SAMPLE-T-1").values_list("answer", flat=True).last() == ""


def test_one_box_waits_for_the_second_officer(at):
    make_sample(at)

    assert [o.round.code for o in Opening.objects.filter(second_officer=None)] == ["SAMPLE-T-2"]


def test_two_sample_sources_disagree_about_what_remains(at):
    make_sample(at)

    [remaining] = ledger(at).called("sample-a-plots-remaining")

    assert (remaining.lead.value, remaining.lead.source.publisher_en) == (4, "Sample Gazette")
    assert [conflict.value for conflict in remaining.conflicts] == [6]


def test_officers_of_the_sample_cannot_log_in(at, django_user_model):
    make_sample(at)

    officers = django_user_model.objects.filter(username__startswith="sample-officer-")
    assert [(o.is_staff, o.is_superuser, o.has_usable_password()) for o in officers] == [
        (False, False, False)
    ] * 2


def test_every_row_of_the_sample_says_so_in_every_language(at):
    make_sample(at)

    for model in apps.get_models():
        for field in named_fields(model):
            for row in model._default_manager.all():
                said = (
                    getattr(row, f"{field}_en"),
                    getattr(row, f"{field}_zh_hant"),
                    getattr(row, f"{field}_zh_hans"),
                )
                assert ("Sample" in said[0], "樣本" in said[1], "样本" in said[2]) == (True, True, True), (
                    row,
                    said,
                )
    assert not TenderRound.objects.exclude(code__startswith="SAMPLE-").exists()
    assert not Proposal.objects.exclude(reference__startswith="SAMPLE-").exists()
    for model in (Release, Milestone, Source):
        assert not model.objects.exclude(code__startswith="sample-").exists()


def named_fields(model: type[models.Model]) -> list[str]:
    names = {field.name for field in model._meta.fields}
    return [field for field in ("name", "title", "publisher") if f"{field}_en" in names]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_releases_slip_as_they_were_announced(day):
    make_sample(noon(day))

    told = {r.code: r for r in Release.objects.as_of(day)}

    assert told["sample-first-three"].slip_days in {90, 91, 92}
    assert (len(told["sample-next-four"].told), told["sample-next-four"].slip_days) == (3, 184)
    assert told["sample-next-four"].current.window_latest == date(day.year, 12, 31)
    assert told["sample-corner-plots"].current.cancelled is True
    assert told["sample-later"].current.plot_count is None
    assert all(said.announced_on <= day for release in told.values() for said in release.told)


def test_one_of_each_thing_is_a_draft_for_leaks_to_be_looked_for(at):
    make_sample(at)

    hidden = [
        [row.code for row in model.objects.all() if row.pk not in set(public.values_list("pk", flat=True))]
        for model, public in [
            (Phase, Phase.objects.public()),
            (Plot, Plot.objects.public()),
            (Release, Release.objects.public()),
            (TenderRound, TenderRound.objects.public(at)),
        ]
    ]

    assert hidden == [["DRAFT"], ["S-DRAFT-1", "S-DRAFT-2"], ["sample-DRAFT-1"], ["SAMPLE-DRAFT-1"]]


def test_the_sample_never_hangs_on_a_real_park(at):
    load_facts(FACTS)
    before = everything()

    make_sample(at)

    for name, rows in before.items():
        assert everything()[name][: len(rows)] == rows, name
    assert not LotPlot.objects.exclude(plot__park__slug="sample").exists()
    assert not Figure.objects.filter(source__code__startswith="sample-").exclude(park__slug="sample").exists()


def test_the_sample_comes_out_the_same_again(at):
    made = []
    for _ in range(2):
        savepoint = transaction.savepoint()
        make_sample(at)
        made.append(
            [
                list(
                    Proposal.objects.order_by("reference").values_list(
                        "reference", "received_at", "jobs", "proponent__name_en"
                    )
                ),
                list(
                    ProposalLot.objects.order_by("proposal__reference", "lot__code").values_list(
                        "lot__code", "premium_hkd"
                    )
                ),
            ]
        )
        transaction.savepoint_rollback(savepoint)

    assert made[0] == made[1]


def test_plots_lie_beside_each_other_drawn_counter_clockwise(at):
    make_sample(at)

    rings = {p.code: p.boundary["coordinates"][0] for p in Plot.objects.exclude(boundary=None)}

    assert len(rings) == 28
    assert all(turns(ring) > 0 for ring in rings.values())
    for (first, one), (second, other) in combinations(rings.items(), 2):
        assert apart(one, other), (first, second)


def turns(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def apart(one, other):
    """Whether some edge of either outline has all of the other one on its outer side (both are convex)."""
    return any(
        all((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) <= 0 for p in second)
        for first, second in ((one, other), (other, one))
        for a, b in pairwise(first)
    )


def test_a_round_that_stands_in_the_way_of_the_sample_is_told_in_words():
    seed()
    TenderRound.objects.create(
        code="SAMPLE-T-1", park=Park.objects.get(slug="hsitp"), kind="tender", title_en="Made by hand"
    )
    before = everything()

    with pytest.raises(CommandError, match=r"\AThe sample park cannot be made: "):
        seed("--sample")

    assert everything() == before
