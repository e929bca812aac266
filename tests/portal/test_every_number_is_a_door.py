"""No page shows a number that its reader cannot ask: who says so, what is it made of."""

import re
from datetime import datetime
from itertools import cycle
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import CharField
from django.test import Client
from django.urls import resolve, reverse
from django.utils import translation

from parks.models import Park, localised
from portal.urls import pages
from tenders.ledger import ledger
from tenders.models import Amendment, Enquiry, Lot
from tests.numbers import bare_numbers

pytestmark = pytest.mark.django_db
# What a template links hangs on no database; the walk takes long, so it is made on one.
once = pytest.mark.skipif(connection.vendor != "sqlite", reason="walked on SQLite")

LANGUAGES = ["en", "zh-hant"]
LISTS = [path.name for path in pages if "<" not in str(path.pattern)]
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
NAMES = {"name", "title", "code", "reference"}  # first words of the fields that name a row
# Their digits count nothing: a licence, an encoding, a zone.
STANDARDS = {"Creative Commons Attribution 4.0", "UTF-8", "+08:00"}
# One claim, a contradiction, the middle of the sample's life.
DAYS = ["2025-10-01", "2025-12-31", "2026-05-20"]
EACH = 12  # plots and figures, of which there are many that are alike
# The page of a number is its proof: there it stands by itself, in what it was derived from and in its records.
ON_ITS_OWN_PAGE = frozenset({"is-giant", "side", "records"})


@pytest.fixture(scope="module")
def names(django_db_setup, django_db_blocker):
    """Everything that is seeded, once for all tests here; gives what has digits and counts nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", "--sample", verbosity=0)
        yield every_name()
        transaction.set_rollback(True)


def every_name() -> set[str]:
    """Names, titles and codes of all rows, and what pages call a numbered notice."""
    found = {*STANDARDS}
    for model in [*apps.get_app_config("parks").get_models(), *apps.get_app_config("tenders").get_models()]:
        fields = [one.name for one in model._meta.concrete_fields if isinstance(one, CharField)]
        for field in (field for field in fields if field.partition("_")[0] in NAMES):
            found |= set(model._default_manager.exclude(**{field: ""}).values_list(field, flat=True))
    for language in LANGUAGES:
        with translation.override(language):
            found |= {f"{lot.code} {localised(lot, 'title')}" for lot in Lot.objects.all()}
            for kind, words in ((Amendment, "Amendment %(number)s"), (Enquiry, "Enquiry %(number)s")):
                said = translation.gettext(words)
                found |= {
                    said % {"number": number} for number in kind.objects.values_list("number", flat=True)
                }
    return {name for name in found if name}


def asked_now() -> list[str]:
    """Every list and view in both languages; of the things about which there is a page, each in one of them."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found += [reverse(name) for name in LISTS]
            found += [f"{reverse('calendar')}?view={view}" for view in ("agenda", "month")]
            found += [f"{reverse('plots')}?q=nowhere", f"{reverse('changes')}?since=2025-01-01"]
    return [*found, *things()]


def things() -> list[str]:
    document = ElementTree.fromstring(Client().get(reverse("sitemap")).content)
    paths = [urlsplit(str(location.text)).path for location in document.iter(LOCATION)]
    english = [path for path in paths if path.split("/")[1] not in dict(settings.LANGUAGES)]
    matches = [resolve(unquote(path)) for path in english]
    rare = [match for match in matches if match.url_name in {"park", "release", "round"}]
    plots = [match for match in matches if match.url_name == "plot"][::EACH]
    figures = [match for match in matches if match.url_name == "figure"][::EACH]
    return [
        in_language(language, match.url_name, match.kwargs)
        for language, match in zip(cycle(LANGUAGES), [*rare, *plots, *figures], strict=False)
    ]


def asked_on(day: str) -> list[str]:
    """The lists, in one language each, and what is there of the land and of the rounds that were real by then."""
    lists = [in_language(language, name, {}) for language, name in zip(cycle(LANGUAGES), LISTS, strict=False)]
    details = [
        path for path in things() if "/plots/" not in path and ("hsitp" in path.lower() or day > "2026")
    ]
    return [f"{path}?as_of={day}" for path in [reverse("home"), *lists, *details]]


def in_language(language: str, name: str, arguments: dict) -> str:
    with translation.override(language):
        return reverse(name, kwargs=arguments)


def bare(addresses: list[str], names: set[str]) -> dict[str, list[str]]:
    """By address, the sentences with a number that neither a link to its proof nor a table holds."""
    found = {}
    for address in addresses:
        response = Client().get(address)
        if response.status_code == 200:  # what was not there by that day has no page
            proofs = ON_ITS_OWN_PAGE if "/figures/" in address else frozenset()
            found[address] = bare_numbers(response.content.decode(), names, proofs)
    return {address: sentences for address, sentences in found.items() if sentences}


@once
def test_every_number_of_today_is_a_door_or_a_record(names):
    addresses = asked_now()

    assert len(addresses) > 2 * len(LISTS)
    assert bare(addresses, names) == {}


@once
@pytest.mark.parametrize("day", DAYS)
def test_every_number_of_a_past_day_is_a_door_or_a_record(names, day):
    assert bare(asked_on(day), names) == {}


def test_page_with_a_bare_number_is_told_by_its_address_and_its_sentence(names):
    """The walk can fail: a park's own summary says a number, which no link proves."""
    park = Park.objects.get(slug="hsitp")
    park.summary_en = "It has 97 rooms."
    park.save()

    found = bare(["/parks/hsitp/", "/rounds/"], names)

    assert found == {"/parks/hsitp/": ["It has 97 rooms."]}


@pytest.mark.parametrize(
    ("day", "number", "marks", "sources"),
    [
        ("2025-10-01", "12", "as reported", {"en": ["Ming Pao"], "zh-hant": ["明報"]}),
        (
            "2025-12-31",
            "22",
            "≠ conflict: another source implies 12",
            {"en": ["Wen Wei Po", "HK01", "Ming Pao"], "zh-hant": ["文匯報", "香港01", "明報"]},
        ),
    ],
)
def test_what_remains_is_said_as_on_that_day_and_its_proof_names_its_sources(
    names, client, day, number, marks, sources
):
    home = client.get(f"/?as_of={day}").content.decode()
    proof = f"/figures/hsitp-1.2-3-plots-remaining/?as_of={day}"

    assert f'<a href="{proof}" aria-label="{number} (Plots remaining, {marks}: proof)">{number}</a>' in home
    for language, publishers in sources.items():
        prefix = "" if language == "en" else f"/{language}"
        page = client.get(prefix + proof).content.decode()
        assert [publisher for publisher in publishers if publisher not in page] == []


@pytest.mark.parametrize("day", ["2025-12-31", "2026-05-20", "2026-11-20"])
def test_every_link_to_a_proof_leads_to_a_number_that_is_public_on_that_day(names, client, day):
    pages = [
        "/",
        "/calendar/",
        "/parks/sample/",
        "/parks/hsitp/",
        "/releases/",
        "/rounds/",
        "/rounds/SAMPLE-T-3/",
    ]

    said = [client.get(f"{page}?as_of={day}").content.decode() for page in pages]
    linked = {link for page in said for link in re.findall(r'href="/figures/([^"/?]+)/([^"]*)"', page)}

    public = {
        standing.figure_id for standing in ledger(datetime.fromisoformat(f"{day}T23:59:59.999999+08:00"))
    }
    assert len(linked) > 3
    assert {figure for figure, _query in linked} - public == set()
    assert {query for _figure, query in linked} == {f"?as_of={day}"}
