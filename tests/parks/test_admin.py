"""Announcements through the form, days as they are known, and what is kept."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from parks.models import Park, Phase, Release, ReleaseRevision, Source
from tests.factories import make_park, make_plot, make_release, make_source

pytestmark = pytest.mark.django_db

NO_PLOTS = {"release_plots-TOTAL_FORMS": 0, "release_plots-INITIAL_FORMS": 0}


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss")
    client.force_login(user)
    return user


def release_form(park, **said):
    """What the browser sends for a release with one announcement."""
    announcement = {"window_text": "Q3 2026", "announced_on": "2025-12", "source": make_source().pk, **said}
    return {
        "code": "remaining",
        "title_en": "The remaining plots",
        "park": park.pk,
        "revisions-TOTAL_FORMS": 0,
        "revisions-INITIAL_FORMS": 0,
        "revisions-2-TOTAL_FORMS": 1,
        "revisions-2-INITIAL_FORMS": 0,
        **{f"revisions-2-0-{name}": value for name, value in announcement.items()},
        **NO_PLOTS,
    }


def test_announcement_is_read_from_its_words_and_a_month_is_a_day(client, boss):
    client.post(reverse("admin:parks_release_add"), release_form(make_park(), plot_count=22))

    said = ReleaseRevision.objects.get()
    assert (said.window_earliest, said.window_latest) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (said.announced_on, said.announced_precision) == (date(2025, 12, 31), "month")
    assert (said.number, said.plot_count, said.by) == (1, 22, boss)


def test_gradually_next_year_counts_from_the_day_it_was_said(client, boss):
    form = release_form(make_park(), window_text="gradually next year", announced_on="2025-12")

    client.post(reverse("admin:parks_release_add"), form)

    said = ReleaseRevision.objects.get()
    assert (said.window_earliest, said.window_latest) == (date(2026, 1, 1), date(2026, 12, 31))


def test_unreadable_words_are_refused_with_examples(client, boss):
    answer = client.post(
        reverse("admin:parks_release_add"), release_form(make_park(), window_text="when pigs fly")
    )

    assert (
        "“when pigs fly” cannot be read as a time. Write for example: 20 May 2026" in answer.content.decode()
    )
    assert not Release.objects.exists()


@pytest.mark.parametrize("day", ["2099-05-04", "2099-05", "2099"])
def test_announcement_of_a_day_to_come_is_refused(client, boss, day):
    answer = client.post(reverse("admin:parks_release_add"), release_form(make_park(), announced_on=day))

    assert "That day is still to come." in answer.content.decode()
    assert not Release.objects.exists()


def test_unreadable_words_are_kept_with_days_beside_them(client, boss):
    form = release_form(
        make_park(), window_text="after the rains", window_earliest="2026-10-01", window_latest="2026-12-31"
    )

    client.post(reverse("admin:parks_release_add"), form)

    said = ReleaseRevision.objects.get()
    assert (said.window_text, said.window_precision) == ("after the rains", "quarter")


def test_new_release_needs_an_announcement(client, boss):
    form = {name: value for name, value in release_form(make_park()).items() if "2-0" not in name}

    client.post(reverse("admin:parks_release_add"), form)

    assert not Release.objects.exists()


def test_further_announcement_is_a_further_revision(client, boss):
    release = make_release("remaining")
    form = release_form(release.park, window_text="2027", announced_on="2026-05-04")

    client.post(reverse("admin:parks_release_change", args=[release.pk]), form)

    numbers = release.revisions.in_order().values_list("number", "window_text")
    assert list(numbers) == [(1, "2026"), (2, "2027")]


def test_repeated_announcement_is_refused_in_words(client, boss):
    release = make_release("remaining")
    form = release_form(release.park, window_text="2026", announced_on="2026-01-05")

    answer = client.post(reverse("admin:parks_release_change", args=[release.pk]), form)

    assert "The newest announcement already says exactly this" in answer.content.decode()
    assert release.revisions.count() == 1


def test_revision_cannot_be_edited_or_deleted_by_form(client, boss):
    release = make_release("remaining")
    said = release.revisions.get()
    tampered = {
        "revisions-TOTAL_FORMS": 1,
        "revisions-INITIAL_FORMS": 1,
        "revisions-0-id": said.pk,
        "revisions-0-subject": release.pk,
        "revisions-0-window_text": "never",
        "revisions-0-DELETE": "on",
        "revisions-2-TOTAL_FORMS": 1,
        "revisions-2-INITIAL_FORMS": 1,
        "revisions-2-0-id": said.pk,
        "revisions-2-0-window_text": "never",
        "revisions-2-0-DELETE": "on",
    }

    answer = client.post(
        reverse("admin:parks_release_change", args=[release.pk]), {**release_form(release.park), **tampered}
    )

    assert answer.status_code in {200, 302}
    assert list(release.revisions.values_list("pk", "window_text")) == [(said.pk, "2026")]


@pytest.mark.parametrize("page", ["change", "delete"])
def test_revision_has_no_form_of_its_own(client, boss, page):
    said = make_release().revisions.get()

    answer = client.post(reverse(f"admin:parks_releaserevision_{page}", args=[said.pk]), {"window_text": "x"})

    assert answer.status_code == 403
    assert ReleaseRevision.objects.get(pk=said.pk).window_text == "2026"


@pytest.mark.parametrize(
    ("typed", "day", "precision"),
    [
        ("2024", date(2024, 12, 31), "year"),
        ("2025-12", date(2025, 12, 31), "month"),
        ("2025-12-03", date(2025, 12, 3), "day"),
    ],
)
def test_source_is_published_as_far_as_is_known(client, boss, typed, day, precision):
    form = {
        "code": "wwp",
        "publisher_en": "Wen Wei Po",
        "title_en": "News",
        "language": "en",
        "published": typed,
    }

    client.post(reverse("admin:parks_source_add"), form)

    source = Source.objects.get()
    assert (source.published, source.published_precision) == (day, precision)
    assert (
        f'value="{typed}"'
        in client.get(reverse("admin:parks_source_change", args=[source.pk])).content.decode()
    )


def test_unreadable_day_is_refused_in_words(client, boss):
    answer = client.post(reverse("admin:parks_source_add"), {"published": "03/04/2026"})

    assert "is not a day. Write 2025-12-03" in answer.content.decode()


def test_published_park_is_not_deleted_and_says_why(client, boss):
    park = make_park()

    answer = client.post(reverse("admin:parks_park_delete", args=[park.pk]), {"post": "yes"}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "“Park hsitp” is published, and what was published is kept. Take “published” away to hide it."
    ]
    assert Park.objects.filter(pk=park.pk).exists()


def test_source_that_others_refer_to_is_not_deleted_and_says_why(client, boss):
    source = make_release().revisions.get().source

    answer = client.post(reverse("admin:parks_source_delete", args=[source.pk]), {"post": "yes"}, follow=True)

    assert "is kept: other entries refer to it." in str(next(iter(answer.context["messages"])))


def test_unused_source_is_deleted(client, boss):
    source = make_source("mistake")

    client.post(reverse("admin:parks_source_delete", args=[source.pk]), {"post": "yes"})

    assert not Source.objects.exists()


@pytest.mark.parametrize(("action", "published"), [("publish", True), ("unpublish", False)])
def test_publishing_several_writes_a_line_of_history_each(client, boss, action, published):
    plots = [make_plot(published=not published) for _ in range(2)]

    client.post(
        reverse("admin:parks_plot_changelist"),
        {"action": action, "_selected_action": [plot.pk for plot in plots]},
    )

    for plot in plots:
        newest = plot.history.first()
        assert (newest.published, newest.history_user) == (published, boss)


def test_old_version_is_not_put_back(client, boss):
    park = make_park()
    version = park.history.first().pk

    answer = client.post(
        reverse("admin:parks_park_simple_history", args=[park.pk, version]), {"name_en": "Other"}
    )

    assert answer.status_code == 403


def test_part_of_a_phase_is_in_the_same_park(client, boss):
    whole = Phase.objects.create(park=make_park("other"), code="1", name_en="Phase 1")
    form = {"park": make_park().pk, "code": "1.1", "name_en": "Batch 1", "part_of": whole.pk, "order": 0}

    answer = client.post(reverse("admin:parks_phase_add"), form)

    assert "other 1 is a phase of another park." in answer.content.decode()
