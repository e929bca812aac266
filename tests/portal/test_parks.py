"""The list of parks and a park's page: what they show, what they hide, and what they cost."""

from datetime import date

import pytest

from parks.models import ReleasePlot
from tenders.models import Figure
from tests.factories import (
    make_milestone,
    make_organisation,
    make_park,
    make_phase,
    make_plot,
    make_release,
    make_round,
    make_source,
    say,
)

pytestmark = pytest.mark.django_db

LIST_QUERIES = 18
PARK_QUERIES = 67
DAY = date(2026, 1, 5)


def body(client, url) -> str:
    return " ".join(client.get(url).content.decode().split())


def make_figure(phase, indicator, value, **fields) -> Figure:
    fields = {"as_of": DAY, "source": make_source(), "unit": "plots"} | fields
    return Figure.objects.create(park=phase.park, phase=phase, indicator=indicator, value=value, **fields)


# --- the list ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_park_list_asks_the_same_number_of_queries(client, django_assert_num_queries, number):
    for count in range(number):
        park = make_park(f"park-{count}", manager=make_organisation())
        phase = make_phase(park=park)
        make_plot(phase=phase)
        make_release(park=park, phase=phase, plot_count=4)
        make_round(park=park, phase=phase)
        make_figure(phase, "plots_remaining", 4)
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/parks/")


def test_a_draft_park_is_absent_where_its_neighbour_shows(client):
    make_park("shown")
    make_park("draft", published=False)
    page = body(client, "/parks/")
    assert ("Park shown" in page, "Park draft" in page) == (True, False)


def test_a_contradicted_number_shows_what_stands_against_it(client):
    phase = make_phase()
    for indicator, value in [("plots_remaining", 22), ("plots_total", 22), ("plots_offered", 10)]:
        make_figure(phase, indicator, value)
    (line,) = client.get("/parks/").context["lines"]
    assert (line.to_come.value, line.to_come.other, line.offered.value) == (22, 12, 10)


def test_numbers_of_two_phases_are_not_added_up(client):
    park = make_park()
    for code in ("1", "2"):
        make_figure(make_phase(code, park), "plots_remaining", 5)
    (line,) = client.get("/parks/").context["lines"]
    assert (line.to_come, line.is_in_parts) == (None, True)


# --- one park ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_a_park_asks_the_same_number_of_queries(client, django_assert_num_queries, number):
    park = make_park()
    for count in range(number):
        phase = make_phase(f"phase-{count}", park)
        ReleasePlot.objects.create(
            release=make_release(phase=phase, plot_count=4), plot=make_plot(phase=phase)
        )
        make_milestone()
        make_round(phase=phase)
        make_figure(phase, "plots_remaining", 4)
    with django_assert_num_queries(PARK_QUERIES):
        client.get("/parks/hsitp/?as_of=2026-04-15")


@pytest.mark.parametrize("slug", ["draft", "never"])
def test_a_draft_park_is_the_same_404_as_what_never_was(client, slug):
    make_park("draft", published=False)
    response = client.get(f"/parks/{slug}/")
    assert (response.status_code, response.content.decode().replace(slug, "…")) == (
        404, client.get("/parks/nobody/").content.decode().replace("nobody", "…"),
    )  # fmt: skip


def test_a_park_of_which_only_the_name_is_known_says_so(client):
    make_park()
    page = body(client, "/parks/hsitp/")
    assert (
        "No source speaks of a phase, a plot, a release or a date of it." in page,
        page.count("<table"),
    ) == (True, 0)


def test_a_part_of_a_phase_stands_under_its_whole(client):
    whole = make_phase("1", order=1)
    make_phase("2", order=2)
    make_phase("1.1", order=3, part_of=whole)
    lines = client.get("/parks/hsitp/").context["phases"]
    assert [(line.phase.code, line.depth) for line in lines] == [("1", 0), ("1.1", 1), ("2", 0)]


def test_drafts_of_a_park_show_nowhere_on_its_page(client):
    park = make_park()
    phase = make_phase()
    make_phase("DRAFT-PHASE", published=False)
    make_plot("DRAFT-PLOT", phase=phase, published=False)
    make_release("draft-release", park=park, published=False, title_en="DRAFT-RELEASE")
    make_milestone("draft-milestone", park=park, published=False, title_en="DRAFT-MILESTONE")
    make_round("DRAFT-ROUND", decision="draft")
    make_release("shown", park=park, title_en="Shown release")
    page = body(client, "/parks/hsitp/")
    assert ("DRAFT-" in page, "Shown release" in page) == (False, True)


def test_the_programme_stands_in_the_order_of_what_may_come_first(client):
    make_release("undated", said=[("TBC", DAY)])
    make_milestone("later", said=[("2027", DAY)])
    make_release("sooner", said=[("2026-03", DAY)])
    lines = client.get("/parks/hsitp/").context["lines"]
    assert [line.subject.code for line in lines] == ["sooner", "later", "undated"]


def test_the_programme_says_how_far_a_release_slipped(client):
    say(make_release(said=[("2026-03", DAY)]), "2026-06", date(2026, 2, 1))
    (line,) = client.get("/parks/hsitp/").context["lines"]
    assert (line.slip.short, line.slip.is_later) == ("3 months", True)


def test_a_cancelled_release_stays_and_is_struck(client):
    say(make_release(title_en="Corner plots"), "2026", date(2026, 2, 1), cancelled=True)
    assert "<s>Corner plots</s>" in body(client, "/parks/hsitp/")


def test_a_milestone_can_be_linked_to(client):
    make_milestone("bridge")
    assert 'id="milestone-bridge"' in body(client, "/parks/hsitp/")


def test_the_page_stands_as_it_did_on_a_past_day(client):
    say(make_release(said=[("2026-03", DAY)]), "2026-06", date(2026, 2, 1))
    make_milestone(said=[("2027", date(2026, 3, 1))])
    lines = client.get("/parks/hsitp/?as_of=2026-01-20").context["lines"]
    assert [line.subject.current.window_text for line in lines] == ["2026-03"]


def test_every_source_stands_once_the_newest_first(client):
    newer = make_source("newer", published=date(2026, 2, 1), publisher_en="Newer")
    make_park(source=make_source())
    make_release()
    make_figure(make_phase(), "plots_remaining", 4, source=newer)
    sources = client.get("/parks/hsitp/?as_of=2026-03-01").context["sources"]
    assert [source.code for source in sources] == ["newer", "gazette"]


def test_the_files_are_those_of_the_park(client):
    make_park()
    files = client.get("/parks/hsitp/?as_of=2026-03-01").context["sheet"]["files"]
    assert [file["url"] for file in files] == [
        "/plots.csv?as_of=2026-03-01&park=hsitp", "/calendar.ics?as_of=2026-03-01&park=hsitp",
    ]  # fmt: skip


def test_the_sample_park_says_that_it_is_one(client):
    make_park("sample")
    assert '<span class="sample">Sample</span>' in body(client, "/parks/sample/")
