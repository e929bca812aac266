import pytest

from parks.importing import ImportRefused
from tenders.importing import rounds
from tenders.models import RoundEvent, TenderRound
from tests.factories import CLOSES, OPENS, hk, make_phase, make_round, make_source, make_user
from tests.tables import csv_file, said

pytestmark = pytest.mark.django_db

ROW = {
    "round": "R-1", "title": "Tender", "park": "hsitp", "phase": "1", "kind": "tender", "method": "open",
    "sealed": "true", "disclosure": "totals", "plots": "10", "published_at": "2026-02-01T09:00:00+08:00",
    "opens_at": "2026-03-01T09:00:00+08:00", "enquiries_until": "", "closes_at": "2026-03-31T12:00:00+08:00",
    "source": "gazette",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _land(db):
    make_phase("1")
    make_source("gazette")


def take(data, at, **options):
    return rounds.run(data, by=options.pop("by", None), at=at, **options)


def test_a_round_with_a_day_of_publication_is_published_then(at):
    officer = make_user()
    report = take(csv_file(ROW), at, by=officer)

    round = TenderRound.objects.get()
    assert (report.created, round.decision, round.published_at) == (1, "published", hk(2026, 2, 1, 9))
    assert (round.opens_at, round.closes_at, round.plot_count, round.phase.code) == (OPENS, CLOSES, 10, "1")
    assert RoundEvent.objects.values_list("decision", "at", "by").get() == (
        "published",
        hk(2026, 2, 1, 9),
        officer.pk,
    )


def test_a_round_without_it_is_a_draft_with_the_usual_rules(at):
    take(csv_file({"round": "R-1", "title": "Tender", "park": "hsitp", "kind": "tender"}), at)
    values = "decision", "method", "sealed", "disclosure", "published_at", "plot_count"
    assert TenderRound.objects.values_list(*values).get() == ("draft", "open", True, "totals", None, None)


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_file_again_changes_nothing(count, at):
    rows = [ROW | {"round": f"R-{number}"} for number in range(count)]
    take(csv_file(*rows), at)
    before = TenderRound.history.count()
    assert (take(csv_file(*rows), at).unchanged, TenderRound.history.count()) == (count, before)


def test_dates_of_a_draft_may_change(at):
    take(csv_file(ROW | {"published_at": ""}), at)
    report = take(csv_file(ROW | {"published_at": "", "closes_at": "2026-04-30T12:00:00+08:00"}), at)
    assert report.changes == ["R-1: closes_at 2026-03-31T12:00:00+08:00 -> 2026-04-30T12:00:00+08:00"]


def test_a_draft_is_published_by_a_later_file(at):
    take(csv_file(ROW | {"published_at": ""}), at)
    report = take(csv_file(ROW), at)
    assert report.changes == ["R-1: published_at (empty) -> 2026-02-01T09:00:00+08:00"]
    assert TenderRound.objects.get().decision == "published"


@pytest.mark.parametrize("column", ["opens_at", "enquiries_until", "closes_at"])
def test_dates_of_a_published_round_change_only_by_amendment(column, at):
    take(csv_file(ROW), at)
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW | {column: "2026-03-15T12:00:00+08:00"}), at)
    [problem] = refused.value.problems
    assert (problem.column, "that is an amendment" in problem.message) == (column, True)
    assert (TenderRound.objects.get().opens_at, TenderRound.objects.get().closes_at) == (OPENS, CLOSES)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "prequalification"), ("method", "limited"), ("sealed", "false"), ("disclosure", "full"),
        ("published_at", "2026-02-02T09:00:00+08:00"),
    ],
)  # fmt: skip
def test_what_a_publication_promised_stays(column, value, at):
    take(csv_file(ROW), at)
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW | {column: value}), at)
    assert [problem.column for problem in refused.value.problems] == [column]


def test_the_title_of_a_published_round_may_be_corrected(at):
    take(csv_file(ROW), at)
    assert take(csv_file(ROW | {"title": "Tender 1"}), at).changes == ["R-1: title Tender -> Tender 1"]


def test_plots_are_not_read_where_lots_say_it(at):
    make_round("R-1", lots=2, published=False)
    row = {"round": "R-1", "title": "Tender", "park": "hsitp", "kind": "tender", "plots": "9"}
    assert take(csv_file(row), at).unchanged == 1
    assert TenderRound.objects.get().plot_count is None


def test_staged_disclosure_gets_its_days_and_says_so(at):
    report = take(csv_file(ROW | {"disclosure": "staged"}), at)
    assert TenderRound.objects.get().disclosure_days == 90
    assert report.notes == [
        "R-1: losing amounts are published 90 days after the award; the admin can change it."
    ]


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"park": "nowhere", "phase": ""}, "park", "is not a known park"),
        ({"phase": "9"}, "phase", "is not a phase of this park"),
        (
            {"kind": "raffle"},
            "kind",
            "write one of expression_of_interest, prequalification, tender, direct_grant",
        ),
        ({"title": ""}, "title", "is empty; it must be given"),
        ({"source": "nobody"}, "source", "add the source first"),
        ({"published_at": "2099-01-01T00:00:00"}, "published_at", "is still to come"),
        ({"closes_at": "31/03/2026"}, "closes_at", "is not a time in ISO 8601"),
        ({"closes_at": ""}, "published_at", "A round needs a closing time before it is published."),
        ({"sealed": "yes"}, "sealed", "is neither true nor false"),
    ],
)
def test_a_bad_cell_is_named_with_the_mend(cells, column, words, at):
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW | cells), at)
    [problem] = refused.value.problems
    assert (problem.line, problem.column, words in problem.message) == (2, column, True)
    assert (TenderRound.objects.count(), TenderRound.history.count()) == (0, 0)


def test_a_round_that_closes_before_it_opens_is_refused_with_its_line(at):
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW | {"closes_at": "2026-02-28T12:00:00"}), at)
    assert said(refused)[0].startswith("line 2")


def test_one_bad_line_keeps_every_line_out_and_a_dry_run_too(at):
    with pytest.raises(ImportRefused):
        take(csv_file(ROW, ROW | {"round": "R-2", "closes_at": ""}), at)
    assert take(csv_file(ROW), at, dry_run=True).created == 1
    assert (TenderRound.objects.count(), RoundEvent.objects.count()) == (0, 0)
