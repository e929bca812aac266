"""Every public address, made from the URLconf, the sitemap and the filters, so that a new page or file joins by itself."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import unquote, urlencode, urlsplit
from xml.etree import ElementTree

import django_filters
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from portal import filters, pipeline, urls
from portal.changes import KINDS
from portal.filters import Filters
from portal.views.calendar import CHOICES, VIEWS
from tests.canary import tokens, world

LANGUAGES = [code for code, _name in settings.LANGUAGES]
EVERY_NAME = {path.name for path in [*urls.urlpatterns, *urls.machine]}
PLAIN = [path.name for path in urls.urlpatterns if "<" not in str(path.pattern)]
MACHINE = [path.name for path in urls.machine]
POST = "POST "  # before an address that is asked with the wrong method
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
# Days that tell something from the day before them.
DAYS = ["2026-01-31", "2026-02-01", "2026-03-30", "2026-04-01", "2026-04-02", "2026-05-03", "2026-05-04",
        "2026-05-13", "2026-05-14", "2026-06-09", "2026-06-14"]  # fmt: skip
MOST_TOGETHER = 40
FEW_DAYS = ["", "2026-04-02", "2026-05-04", "2026-05-14"]

# Which filters a list and its file read, and what may be asked of their words: something public, and something secret.
READ_BY = {
    "plots": filters.PlotFilter,
    "releases": filters.ReleaseFilter,
    "rounds": filters.RoundFilter,
    "lots": filters.LotFilter,
    "awards": filters.AwardFilter,
    "figures": filters.FigureFilter,
    "press": filters.PressFilter,
    "pipeline": pipeline.PipelineFilter,
}
WORDS = {
    "q": ["1", world.WORD, world.LETTER, "5151"],
    "park": ["hsitp", "qzx00never-park"],
    "phase": ["1", "qzx00never-b"],
    "round": ["R-02", "R-13", world.DRAFT_CODE],
    "release": ["first", "qzx00never-release-b"],
    "sector": ["bio", "Qzx00neversector"],
    "indicator": ["plots_remaining", "qzx00never_figure"],
    "plot": ["NT-02", "QZX00NEVER-P"],
    "figure": ["hsitp-plots-total", "qzx00never-figure"],
}


def in_language(name: str, language: str, **arguments: str) -> str:
    with translation.override(language):
        return reverse(name, kwargs=arguments)


# --- once each ----------------------------------------------------------------------------------------------------


def everything_once() -> list[str]:
    """Every page, file and machine's address, in every language, and every way to be told that there is nothing."""
    plain = [in_language(name, language) for name in PLAIN for language in LANGUAGES]
    posted = [f"{POST}{reverse(name)}" for name in [*PLAIN, *MACHINE]]
    return list(dict.fromkeys([*plain, *map(reverse, MACHINE), *in_the_sitemap(), *refused(), *posted]))


def in_the_sitemap() -> list[str]:
    document = ElementTree.fromstring(Client().get(reverse("sitemap")).content)  # ours
    paths = [urlsplit(str(location.text)).path for location in document.iter(LOCATION)]
    figures = [path for path in paths if "/figures/" in path and not path.endswith("/figures/")]
    # A page of a number asks for many days: of thirteen one is walked, in one language, the languages by turns.
    by_turns = {path for number, path in enumerate(figures) if number % 13 == 0}
    return [path for path in paths if path not in figures or path in by_turns]


def names_of(addresses: list[str]) -> set[str]:
    """Which of the URLconf's names the addresses reach."""
    found = set()
    for address in addresses:
        with translation.override(_language_of(address)), suppress(Resolver404):
            found.add(resolve(unquote(urlsplit(address).path)).url_name)
    return found & EVERY_NAME


def _language_of(address: str) -> str:
    first = address.split("/")[1]
    return first if first in LANGUAGES else settings.LANGUAGE_CODE


def refused() -> list[str]:
    """What is not there, or cannot be read: 404 and 400, for drafts by name above all."""
    nothing = [
        "/nothing/",
        "/admin/tenders/tenderround/1/preview/",
        "/parks/qzx00never-park/",
        "/parks/hsitp/plots/QZX00NEVER-P/",
        "/parks/hsitp/plots/QZX00NEVER-b0/",
        "/releases/qzx00never-release-b/",
        "/releases/qzx00never-later/",
        "/figures/qzx00never-figure/",
        f"/figures/{world.DRAFT_CODE.lower()}-proposals-received/",
        "/figures/hsitp-plots-total/?of=x",
        f"/rounds/{world.DRAFT_CODE}/",
        f"/zh-hant/rounds/{world.DRAFT_CODE}/",
    ]
    unreadable = [
        f"{reverse(name)}?{query}"
        for name, query in itertools.zip_longest(
            PLAIN,
            ["as_of=2026-06-16", "as_of=x", "page=99", "sort=premium", "area_min=x"],
            fillvalue="as_of=2999-01-01",
        )
        if name
    ]
    return [*nothing, *unreadable]


# --- shaped ---------------------------------------------------------------------------------------------------------


def shaped() -> list[str]:
    """Every filter with every value, each pair of values once; rounds and files on the days around each event."""
    return [*lists(), *dates()]


def lists() -> list[str]:
    """The part of `shaped` that takes half of its time."""
    return list(dict.fromkeys(_lists()))


def dates() -> list[str]:
    return list(dict.fromkeys([*_calendars(), *_changes(), *_on_days()]))


def _lists() -> Iterator[str]:
    for noun, filter_set in READ_BY.items():
        names = [name for name in PLAIN if name in (noun, f"{noun}-csv")]
        factors = {"name": names, "language": LANGUAGES, "as_of": FEW_DAYS}
        factors |= {field: ["", *_values(field, one)] for field, one in filter_set.base_filters.items()}
        yield from map(_address, alone(factors))
        yield from map(_address, pairwise(factors))


def alone(factors: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    """Each value by itself: among others it may find nothing, and of nothing no order tells."""
    names, languages = itertools.cycle(factors["name"]), itertools.cycle(factors["language"])
    for field, values in list(factors.items())[2:]:
        for value in filter(None, values):
            yield {"name": next(names), "language": next(languages), field: value}


def _values(field: str, one: django_filters.Filter) -> list[str]:
    if isinstance(one, django_filters.ChoiceFilter):
        return [value for value, _label in one.extra["choices"]]
    if isinstance(one, filters.YearFilter):
        return ["2026"]
    if isinstance(one, django_filters.NumberFilter):
        return ["1"]
    return WORDS[field]


def _calendars() -> Iterator[str]:
    names = [name for name in PLAIN if name.startswith("calendar")]
    kinds = [value for value, _label in CHOICES]
    factors = {
        "name": names, "language": LANGUAGES, "as_of": FEW_DAYS, "view": ["", *VIEWS], "kind": kinds,
        "park": ["", *WORDS["park"]], "month": ["", "2026-06", "2026-07"], "year": ["", "2026"],
    }  # fmt: skip
    yield from map(_address, pairwise(factors))


def _changes() -> Iterator[str]:
    """From the first day on, so that there is something to tell."""
    names = [name for name in PLAIN if name.startswith("changes")]
    codes = {field: WORDS[field] for field in ("park", "phase", "round", "release", "plot")}
    factors = {"name": names, "language": LANGUAGES, "as_of": FEW_DAYS, "kind": list(KINDS), **codes}
    for row in alone(factors):
        yield _address(row | {"since": "2026-01-01"})


def _on_days() -> Iterator[str]:
    files = [name for name in PLAIN if name.endswith(("-csv", "-ics", "-atom"))]
    languages = itertools.cycle(LANGUAGES)
    for day in DAYS:
        for name in ["home", *files]:
            yield _address({"name": name, "language": next(languages), "as_of": day})
        for given in world.AWARDS if day > "2026-04-02" else [world.OPEN, world.CLOSED, world.AWARDS[-1]]:
            page = in_language("round", next(languages), round=given.code)
            yield f"{page}?{urlencode({'as_of': day})}"


def _address(row: dict[str, str]) -> str:
    row = dict(row)
    address = in_language(row.pop("name"), row.pop("language"))
    query = urlencode({field: value for field, value in row.items() if value})
    return f"{address}?{query}" if query else address


def pairwise(factors: dict[str, list[str]]) -> list[dict[str, str]]:
    """Rows in which two values of two factors meet at least once. Greedy, and the same each time.

    Two long lists (each order of plots with each availability) need not meet: no guard stands between them.
    """
    names = list(factors)
    missing = {
        (one, value, other, second)
        for one, other in itertools.combinations(names, 2)
        if len(factors[one]) * len(factors[other]) <= MOST_TOGETHER
        for value in factors[one]
        for second in factors[other]
    }
    rows = []
    while missing:
        row: dict[str, str] = {}
        one, value, other, second = min(missing)
        row[one], row[other] = value, second
        for name in names:
            if name not in row:
                row[name] = max(factors[name], key=lambda option: _meets(row, name, option, names, missing))
        missing -= {(a, row[a], b, row[b]) for a, b in itertools.combinations(names, 2)}
        rows.append(row)
    return rows


def _meets(row: dict[str, str], name: str, option: str, names: list[str], missing: set[tuple]) -> int:
    pairs = (
        (name, option, other, row[other])
        if names.index(name) < names.index(other)
        else (other, row[other], name, option)
        for other in row
    )
    return sum(pair in missing for pair in pairs)


# --- looking --------------------------------------------------------------------------------------------------------


def ask(address: str) -> tuple:
    """All that an address answers to a reader: status, headers, bytes. When it expires follows from the clock alone."""
    ask_it = Client().post if address.startswith(POST) else Client().get
    response = ask_it(address.removeprefix(POST))
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = {name: value for name, value in response.headers.items() if name != "Expires"}
    return response.status_code, headers, body


def leaks(addresses: Callable[[], list[str]], *, most: int = 20) -> list[str]:
    """Where a secret shows: by another answer than without it, or by itself. Each with the address first."""
    asked = addresses()
    before = {address: ask(address) for address in asked}
    found = []
    with transaction.atomic():
        world.add_secrets()
        for address in asked:
            found += look(address, before[address], ask(address))
            if len(found) >= most:
                break
        else:
            new = set(addresses()) - set(asked)
            found += [f"{address}: is new" for address in sorted(new)]
        transaction.set_rollback(True)
    return found


def look(address: str, before: tuple, after: tuple) -> list[str]:
    found = [f"{address}: tells {token}" for token in tokens.told(address, after)]
    if before != after:
        found.append(f"{address}: {first_difference(before, after)}")
    return found


def first_difference(before: tuple, after: tuple) -> str:
    """The status, a line of the body, or a header that differs, the body first since it tells more."""
    if before[0] != after[0]:
        return f"{before[0]} without secrets, {after[0]} with them"
    for one, other in itertools.zip_longest(before[2].splitlines(), after[2].splitlines()):
        if one != other:
            return f"{one!r} without secrets, {other!r} with them"
    return f"{before[1]} without secrets, {after[1]} with them"


def every_filter_set() -> set[type[Filters]]:
    """Those that ask for something; a base of others asks for nothing by itself."""
    found, todo = set(), [Filters]
    while todo:
        one = todo.pop()
        todo += one.__subclasses__()
        found |= {one} if not one.__subclasses__() else set()
    return found
