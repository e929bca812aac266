"""A draft is nowhere outside the admin: absent where its published neighbour shows, and asked for by name it never was."""

from datetime import date

import pytest
from django.urls import reverse

from parks.models import ReleasePlot
from portal import urls
from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import Figure, LotPlot
from tests.factories import (
    hk,
    make_lot,
    make_milestone,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
)  # fmt: skip

pytestmark = pytest.mark.django_db

NOW = hk(2026, 4, 15, 10)

# Codes and names begin with one of these; no page says either word by itself.
SHOWN, DRAFT, NOTHING = "gazetted", "veiled", "absent"

# These say how things work and name nothing.
NAMELESS = ["data", "datapackage"]
PLAIN = [path.name for path in [*urls.pages, *urls.downloads, *urls.machine] if "<" not in str(path.pattern)]
LISTS = [name for name in PLAIN if name not in [*NAMELESS, "healthz", "robots"]]


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def make_everything(word: str, *, published: bool) -> None:
    """One of everything, all of it named by the word."""
    named = {"published": published}
    park = make_park(f"{word}-park", name_en=f"{word} park", **named)
    phase = make_phase(f"{word}-phase", park, name_en=f"{word} phase", **named)
    plot = make_plot(f"{word}-plot", phase, name_en=f"{word} plot", sectors=f"{word} sector", **named)
    release = make_release(f"{word}-release", park=park, phase=phase, title_en=f"{word} release", **named)
    ReleasePlot.objects.create(release=release, plot=plot)
    make_milestone(f"{word}-milestone", park=park, title_en=f"{word} milestone", **named)
    round = make_round(
        f"{word}-round", park=park, phase=phase, release=release, title_en=f"{word} round", lots=0, published=False,
        closes_at=hk(2026, 6, 30, 12),
    )  # fmt: skip
    LotPlot.objects.create(lot=make_lot(round, f"{word}-lot", plots=0), plot=plot)
    if published:
        lifecycle.publish(round, by=None, at=hk(2026, 2, 1))
    for subject in ({"phase": phase}, {"release": release}, {"round": round}, {}):
        Figure.objects.create(
            park=park, **subject, indicator=f"{word}_plots", value=3, unit=f"{word} plots", as_of=date(2026, 4, 1),
            source=make_source(),
        )  # fmt: skip


def make_award(park) -> None:
    round = make_round(f"{SHOWN}-round-2", park=park, title_en=f"{SHOWN} round 2", disclosure="names")
    proposal = make_proposal(round)
    open_box(round)
    choice = AwardChoice(round.lots.get(), proposal, date(2026, 4, 10))
    lifecycle.award(round, by=None, at=hk(2026, 4, 10, 12), choices=[choice])


@pytest.fixture
def _drafts():
    """Drafts of everything in a draft park, drafts in a public park, and what they take along though it is published."""
    make_everything(SHOWN, published=True)
    make_everything(DRAFT, published=False)
    park, phase = make_park(f"{SHOWN}-park"), make_phase(f"{SHOWN}-phase", make_park(f"{SHOWN}-park"))
    make_award(park)
    hidden = make_phase(f"{DRAFT}-phase-2", park, name_en=f"{DRAFT} phase 2", published=False)
    part = make_phase(f"{DRAFT}-part", park, name_en=f"{DRAFT} part", part_of=hidden)
    plot = make_plot(f"{DRAFT}-plot-2", phase, name_en=f"{DRAFT} plot 2", published=False)
    make_plot(f"{DRAFT}-plot-3", hidden, name_en=f"{DRAFT} plot 3")
    make_plot(f"{DRAFT}-plot-4", part, name_en=f"{DRAFT} plot 4")
    make_release(f"{DRAFT}-release-2", park=park, title_en=f"{DRAFT} release 2", published=False)
    make_release(f"{DRAFT}-release-3", park=park, phase=part, title_en=f"{DRAFT} release 3")
    make_release(f"{DRAFT}-release-4", park=make_park(f"{DRAFT}-park"), title_en=f"{DRAFT} release 4")
    make_round(f"{DRAFT}-round-2", park=park, title_en=f"{DRAFT} round 2", published=False, lots=0)
    make_round(f"{DRAFT}-round-3", park=park, phase=part, title_en=f"{DRAFT} round 3", lots=0, plot_count=1)
    make_milestone(f"{DRAFT}-milestone-2", park=park, title_en=f"{DRAFT} milestone 2", published=False)
    # Published things that name a draft.
    shown = make_round(f"{SHOWN}-round-3", park=park, lots=0, published=False, closes_at=hk(2026, 6, 30, 12))
    LotPlot.objects.create(lot=make_lot(shown), plot=plot)
    lifecycle.publish(shown, by=None, at=hk(2026, 2, 1))
    ReleasePlot.objects.create(release=make_release(f"{SHOWN}-release-2", park=park), plot=plot)


def text(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode().lower()


def words(client, address: str) -> tuple[bool, bool]:
    """Whether the published ones show, and whether a draft does."""
    found = text(client, address)
    return SHOWN in found, DRAFT in found


@pytest.mark.usefixtures("_drafts")
@pytest.mark.parametrize("name", LISTS)
def test_draft_is_absent_where_its_published_neighbour_shows(client, name):
    assert words(client, reverse(name)) == (True, False)


@pytest.mark.usefixtures("_drafts")
@pytest.mark.parametrize("query", ["view=month&month=2026-06", "view=agenda", "view=year&year=2026"])
def test_draft_is_in_no_view_of_the_calendar(client, query):
    assert words(client, f"{reverse('calendar')}?{query}") == (True, False)


@pytest.mark.usefixtures("_drafts")
@pytest.mark.parametrize("day", ["2026-04-14", "2026-03-02"])
@pytest.mark.parametrize(
    "name", ["plots", "releases", "rounds", "calendar", "plots-csv", "rounds-csv", "calendar-csv"]
)
def test_draft_is_absent_on_past_days_too(client, name, day):
    assert words(client, f"{reverse(name)}?as_of={day}") == (True, False)


@pytest.mark.usefixtures("_drafts")
@pytest.mark.parametrize("name", NAMELESS)
def test_draft_is_not_in_what_names_nothing(client, name):
    assert words(client, reverse(name)) == (False, False)


DETAILS = {
    "park": "/parks/{}-park/",
    "plot": "/parks/{}-park/plots/{}-plot/",
    "release": "/releases/{}-release/",
    "round": "/rounds/{}-round/",
    "figure": "/figures/{}-park-plots-total/",
}


def test_every_page_about_one_thing_is_looked_at_here():
    assert {path.name for path in urls.pages if "<" in str(path.pattern)} == set(DETAILS)


@pytest.mark.usefixtures("_drafts")
@pytest.mark.parametrize("address", DETAILS.values(), ids=DETAILS)
def test_page_about_one_thing_names_no_draft(client, address):
    assert words(client, address.format(SHOWN, SHOWN)) == (True, False)


@pytest.mark.usefixtures("_drafts")
@pytest.mark.parametrize("address", [f"/rounds/{SHOWN}-round-3/", f"/releases/{SHOWN}-release-2/"])
def test_page_of_a_round_or_release_with_a_draft_plot_does_not_name_it(client, address):
    assert words(client, address) == (True, False)


IN_A_PUBLIC_PARK = [
    *[f"/parks/{SHOWN}-park/plots/{{}}-plot-{number}/" for number in (2, 3, 4)],
    *[f"/{noun}s/{{}}-{noun}-{number}/" for noun in ("release", "round") for number in (2, 3)],
]


@pytest.mark.usefixtures("_drafts")
@pytest.mark.parametrize("prefix", ["", "/zh-hant"])
@pytest.mark.parametrize(
    "address",
    [
        *DETAILS.values(),
        *IN_A_PUBLIC_PARK,
        "/releases/{}-release-4/",
        "/figures/{}-round-{}-plots/",
        f"/parks/{SHOWN}-park/plots/{{}}-plot/",
    ],
)
def test_draft_asked_for_by_name_is_the_same_404_as_what_never_was(client, address, prefix):
    draft, nothing = (client.get(prefix + address.format(word, word)) for word in (DRAFT, NOTHING))

    assert (draft.status_code, nothing.status_code) == (404, 404)
    assert draft.content.decode().replace(DRAFT, NOTHING) == nothing.content.decode()
    # The tag is a hash of the body, which names the address in its links to other languages.
    assert dict(draft.headers) | {"ETag": ""} == dict(nothing.headers) | {"ETag": ""}


FILTERS = [
    *[
        ("plots", query)
        for query in ("park={}-park", "phase={}-phase", "phase={}-part", "release={}-release-2")
    ],
    *[("plots", query) for query in ("round={}-round", "sector={} sector", "q={}")],
    *[("releases", query) for query in ("park={}-park", "q={}")],
    *[("rounds", query) for query in ("park={}-park", "q={}")],
    *[("lots", query) for query in ("park={}-park", "round={}-round-2")],
    *[("awards", query) for query in ("park={}-park", "round={}-round")],
    *[("figures", query) for query in ("park={}-park", "indicator={}_plots", "round={}-round")],
    *[("calendar", query) for query in ("park={}-park",)],
]


@pytest.mark.usefixtures("_drafts")
@pytest.mark.parametrize(("name", "query"), FILTERS)
def test_filter_by_a_draft_finds_what_a_filter_by_nothing_finds(client, name, query):
    draft, nothing = (client.get(f"/{name}.csv?{query.format(word)}") for word in (DRAFT, NOTHING))

    assert draft.status_code == nothing.status_code
    if draft.status_code == 200:
        assert b"".join(draft.streaming_content) == b"".join(nothing.streaming_content)
        assert draft["ETag"] == nothing["ETag"]
    else:
        assert draft.content.decode().replace(DRAFT, NOTHING) == nothing.content.decode()


@pytest.mark.usefixtures("_drafts")
@pytest.mark.parametrize(("name", "query"), [case for case in FILTERS if case[0] not in ("lots", "awards")])
def test_page_filtered_by_a_draft_is_that_of_a_filter_by_nothing(client, name, query):
    draft, nothing = (client.get(f"/{name}/?{query.format(word)}") for word in (DRAFT, NOTHING))

    assert draft.status_code == nothing.status_code
    assert draft.content.decode().replace(DRAFT, NOTHING) == nothing.content.decode()
