from datetime import date

import pytest
from django.db import IntegrityError, transaction

from parks import programme
from parks.models import Release, ReleaseRevision, RevisionKept
from parks.programme import AnnouncementRefused
from parks.windows import Precision, Window, read
from tests.factories import make_milestone, make_release, make_source, say

pytestmark = pytest.mark.django_db


def test_each_announcement_is_a_revision_and_the_newest_is_current():
    release = make_release(said=[("Q1 2026", date(2025, 9, 1)), ("Q2 2026", date(2026, 2, 20))], plot_count=3)

    told = Release.objects.as_of(date(2026, 3, 1)).get(pk=release.pk)

    assert [revision.number for revision in told.told] == [1, 2]
    assert (told.first.window_text, told.current.window_text, told.slip_days) == ("Q1 2026", "Q2 2026", 90)


def test_as_of_a_past_day_only_what_was_announced_by_then_is_known():
    release = make_release(said=[("Q1 2026", date(2025, 9, 1)), ("Q2 2026", date(2026, 2, 20))])

    assert Release.objects.as_of(date(2026, 2, 19)).get(pk=release.pk).current.window_text == "Q1 2026"
    assert not Release.objects.as_of(date(2025, 8, 31)).filter(pk=release.pk).exists()


def test_an_older_announcement_found_later_takes_its_place_in_time():
    release = make_release(said=[("Q2 2026", date(2026, 2, 20))])

    say(release, "Q1 2026", date(2025, 9, 1))

    told = Release.objects.as_of(date(2026, 3, 1)).get(pk=release.pk)
    assert [revision.window_text for revision in told.told] == ["Q1 2026", "Q2 2026"]


def test_a_repetition_is_refused_and_another_source_for_the_same_is_not():
    release = make_release(said=[("2026", date(2026, 1, 5))])

    with pytest.raises(AnnouncementRefused, match="already says"):
        say(release, "2026", date(2026, 1, 5))
    say(release, "2026", date(2026, 1, 5), source=make_source("other"))

    assert release.revisions.count() == 2


def test_an_announcement_without_words_is_refused():
    with pytest.raises(AnnouncementRefused, match="in words"):
        say(make_release(), Window(None, None, Precision.UNKNOWN, ""), date(2026, 1, 6))


@pytest.mark.parametrize("make", [make_release, make_milestone])
def test_a_revision_is_neither_changed_nor_deleted(make):
    revision = make().revisions.get()
    kept = type(revision).objects.values().get()

    revision.reason = "Changed my mind."
    with pytest.raises(RevisionKept):
        revision.save()
    with pytest.raises(RevisionKept):
        revision.delete()
    with pytest.raises(RevisionKept):
        type(revision).objects.update(reason="")
    with pytest.raises(RevisionKept):
        type(revision).objects.all().delete()

    assert type(revision).objects.values().get() == kept


@pytest.mark.parametrize(
    ("earliest", "latest", "precision"),
    [
        (date(2026, 2, 1), date(2026, 1, 1), "range"),
        (None, None, "year"),
        (None, date(2026, 1, 1), "from"),
        (date(2026, 1, 1), None, "by"),
        (date(2026, 1, 1), None, "unknown"),
    ],
)
def test_the_database_refuses_a_window_that_cannot_be(earliest, latest, precision):
    release = make_release()
    row = ReleaseRevision(
        subject=release, number=9, announced_on=date(2026, 1, 1), source=make_source(), window_text="when",
        window_earliest=earliest, window_latest=latest, window_precision=precision,
    )  # fmt: skip

    with pytest.raises(IntegrityError, match="release_revision_window"), transaction.atomic():
        row.save()


def test_a_milestone_is_announced_like_a_release():
    milestone = make_milestone(said=[("by the end of 2025", date(2025, 9, 27))])

    programme.announce_milestone(
        milestone, window=read("this month", date(2025, 12, 31)), announced_on=date(2025, 12, 31),
        announced_precision="month", source=make_source(),
    )  # fmt: skip

    assert [revision.number for revision in milestone.revisions.all()] == [1, 2]
