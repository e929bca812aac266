from datetime import date

import pytest

from parks.importing import ImportRefused, releases
from parks.models import Release, ReleaseRevision
from tests.factories import make_park, make_phase, make_plot, make_release, make_source, say
from tests.tables import csv_file, said

pytestmark = pytest.mark.django_db

ROW = {
    "release": "remaining", "park": "hsitp", "phase": "1", "title": "The remaining plots", "plots": "22",
    "window_text": "gradually next year", "announced_on": "2025-12", "source": "gazette",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _land(db):
    make_phase("1")
    make_source("gazette")


def take(data, at, **options):
    return releases.run(data, by=None, at=at, **options)


def told():
    names = "number", "plot_count", "window_text", "window_earliest", "window_latest", "window_precision"
    return list(ReleaseRevision.objects.in_order().values_list(*names))


def test_words_are_read_against_the_day_they_were_said(at):
    report = take(csv_file(ROW), at)

    assert str(report) == "1 new, 0 changed, 0 unchanged."
    assert told() == [(1, 22, "gradually next year", date(2026, 1, 1), date(2026, 12, 31), "year")]
    revision = ReleaseRevision.objects.get()
    assert (revision.announced_on, revision.announced_precision) == (date(2025, 12, 31), "month")


@pytest.mark.parametrize(
    ("earliest", "latest", "precision"),
    [
        ("2026-05-20", "2026-05-20", "day"),
        ("2026-05-01", "2026-05-31", "month"),
        ("2026-07-01", "2026-09-30", "quarter"),
        ("2026-01-01", "2026-06-30", "half"),
        ("2026-01-01", "2026-12-31", "year"),
        ("2026-05-03", "2026-06-04", "range"),
        ("2027-01-01", "", "from"),
        ("", "2026-12-31", "by"),
    ],
)
def test_limits_without_a_precision_are_the_plainest_window(earliest, latest, precision, at):
    row = ROW | {"window_text": "", "window_earliest": earliest, "window_latest": latest}
    take(csv_file(row), at)
    assert told()[0][5] == precision


def test_what_was_announced_already_adds_nothing(at):
    take(csv_file(ROW), at)
    report = take(csv_file(ROW), at)
    assert (report.unchanged, ReleaseRevision.objects.count(), Release.history.count()) == (1, 1, 1)


def test_an_earlier_announcement_that_is_known_adds_nothing(at):
    release = make_release("remaining", said=[("2026", date(2025, 12, 1)), ("Q3 2026", date(2026, 2, 1))])
    row = {
        "release": "remaining",
        "park": "hsitp",
        "window_text": "2026",
        "announced_on": "2025-12-01",
        "source": "gazette",
    }
    assert take(csv_file(row), at).unchanged == 1
    assert release.revisions.count() == 2


@pytest.mark.parametrize(
    ("cells", "difference"),
    [
        ({"window_text": "Q3 2026"}, "remaining: window gradually next year -> Q3 2026"),
        ({"plots": "12"}, "remaining: plots 22 -> 12"),
        ({"announced_on": "2026-01"}, "remaining: window_earliest 2026-01-01 -> 2027-01-01"),
    ],
)
def test_another_window_count_or_day_is_a_further_revision(cells, difference, at):
    take(csv_file(ROW), at)
    report = take(csv_file(ROW | cells), at)

    assert (report.updated, ReleaseRevision.objects.count()) == (1, 2)
    assert difference in report.changes


def test_the_export_of_several_revisions_comes_back_unchanged(at):
    release = make_release("remaining", said=[("2026", date(2025, 12, 1))])
    say(release, "Q3 2026", date(2026, 2, 1), plot_count=22, source=make_source("second"))
    row = {
        "park": "hsitp", "phase": "", "release": "remaining", "title": "Release", "plots": "22",
        "window_earliest": "2026-07-01", "window_latest": "2026-09-30", "window_precision": "quarter",
        "window_text": "Q3 2026", "status": "announced", "announced_on": "2025-12-01", "revised_on": "2026-02-01",
        "revisions": "2", "slip_days": "0", "round": "", "source": "second", "source_url": "",
    }  # fmt: skip
    report = take(csv_file(row), at)
    assert (report.unchanged, release.revisions.count(), Release.history.count()) == (1, 2, 1)


def test_another_source_alone_is_no_further_revision_and_is_said(at):
    make_source("newspaper")
    take(csv_file(ROW), at)
    report = take(csv_file(ROW | {"source": "newspaper"}), at)

    assert (report.unchanged, ReleaseRevision.objects.get().source.code) == (1, "gazette")
    assert report.notes == [
        "line 2, source: newspaper: remaining was announced in the same words by gazette; the source stays, "
        "since another source alone is no further announcement"
    ]


def test_the_number_of_named_plots_and_words_in_chinese_are_no_news(at):
    release = make_release("remaining", said=[])
    release.plots.add(make_plot(), make_plot())
    say(release, "2026", date(2026, 1, 5), window_text_zh_hant="明年")
    row = {"release": "remaining", "park": "hsitp", "plots": "2", "window_earliest": "2026-01-01",
           "window_latest": "2026-12-31", "window_text": "明年", "announced_on": "2026-01-05", "source": "gazette"}  # fmt: skip
    assert take(csv_file(row), at).unchanged == 1


def test_cancelled_is_a_further_revision_and_other_words_are_not(at):
    take(csv_file(ROW | {"status": "announced"}), at)
    assert take(csv_file(ROW | {"status": "slipped"}), at).unchanged == 1
    take(csv_file(ROW | {"status": "cancelled", "announced_on": "2026-01", "window_text": "2026"}), at)
    assert list(ReleaseRevision.objects.in_order().values_list("cancelled", flat=True)) == [False, True]


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"source": "nobody"}, "source", "is not the code of a known source; add the source first"),
        ({"source": ""}, "source", "is empty; it must be given"),
        (
            {"announced_on": "2026-13"},
            "announced_on",
            "Write 2025-09-24, or 2025-09, or 2025 if no more is known.",
        ),
        ({"announced_on": "2026-05"}, "announced_on", "is still to come"),
        ({"window_text": "when it is ready"}, "window_text", "cannot be read as a time"),
        ({"window_text": ""}, "window_text", "say when in words, or give window_earliest and window_latest"),
        ({"window_precision": "quarter"}, "window_precision", "does not fit the words"),
        ({"plots": "0"}, "plots", "is too small; 1 is the least"),
        ({"title": ""}, "title", "a new release needs a title"),
        ({"phase": "9"}, "phase", "is not a phase of this park"),
    ],
)
def test_a_bad_cell_is_named_with_the_mend(cells, column, words, at):
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW | cells), at)
    [problem] = refused.value.problems
    assert (problem.line, problem.column, words in problem.message) == (2, column, True)
    assert Release.objects.count() == 0


def test_limits_that_do_not_fit_are_refused(at):
    row = ROW | {"window_earliest": "2026-05-02", "window_latest": "2026-05-01"}
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(row), at)
    assert said(refused)[0].startswith("line 2, window_earliest: 2026-05-02: The earliest day")


def test_a_release_does_not_move_to_another_park(at):
    take(csv_file(ROW), at)
    make_park("san-tin")
    with pytest.raises(ImportRefused) as refused:
        take(csv_file(ROW | {"park": "san-tin", "phase": ""}), at)
    assert [problem.column for problem in refused.value.problems] == ["park"]


def test_one_bad_line_keeps_every_line_out_and_a_dry_run_too(at):
    with pytest.raises(ImportRefused):
        take(csv_file(ROW, ROW | {"release": "second", "source": "nobody"}), at)
    assert take(csv_file(ROW), at, dry_run=True).created == 1
    assert (Release.objects.count(), ReleaseRevision.objects.count()) == (0, 0)
