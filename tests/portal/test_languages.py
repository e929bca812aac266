import re
from html.parser import HTMLParser

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import translation

from parks.models import Park, Plot, Release
from tenders.models import TenderRound

pytestmark = pytest.mark.django_db

# Three words of Latin letters in a row are a sentence, not a code, a file or a product's name.
SENTENCE = re.compile(r"[A-Za-z][a-z’']+(?:[ ,;:]+[A-Za-z’']+){2,}")
# What staff wrote in one language stands as they wrote it.
OF_STAFF = re.compile(r"Sample (?:reason|question|answer): [^」”]*")
NAMES = re.compile(r"Creative Commons Attribution|Frictionless Data Package")
# A number of every basis, and one of each law that another breaks.
FIGURES = [
    "hsitp-1.2-3-plots-remaining", "hsitp-1.2-3-plots-total", "hsitp-remaining-plots-announced", "sample-b-gfa",
    "sample-a-plots-remaining", "sample-t-1-proposals-received", "sample-proposals-received", "manufacturing-gdp",
]  # fmt: skip
HIDDEN = {"script", "style", "code"}
SPOKEN = {"aria-label", "data-label", "alt", "title", "placeholder"}
VOID = {"meta", "link", "br", "input", "img", "hr"}


class Reader(HTMLParser):
    """Gathers what a page says in its own language: text and spoken attributes outside lang="en"."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.open.append((tag, given.get("lang")))
        for name in SPOKEN & given.keys():
            self.handle_data(given[name] or "")
        if tag == "meta" and given.get("name") == "description":
            self.handle_data(given["content"])

    def handle_startendtag(self, tag, attrs):
        """A shape of a drawing holds no text."""

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tongue = next((lang for _tag, lang in reversed(self.open) if lang), "")
        if not tongue.startswith("en") and not any(tag in HIDDEN for tag, _lang in self.open):
            self.said.append(NAMES.sub("", OF_STAFF.sub("", " ".join(data.split()))))


def english_in(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    return [text for text in reader.said if SENTENCE.search(text)]


def every_page() -> list[str]:
    year = reverse("calendar")
    lists = [
        reverse(name)
        for name in (
            "home",
            "parks",
            "plots",
            "pipeline",
            "releases",
            "rounds",
            "figures",
            "changes",
            "press",
            "data",
        )
    ]
    return [
        *lists,
        *(
            f"{year}?{view}"
            for view in ("", "view=month&month=2026-09", "view=agenda", "year=2025&kind=round")
        ),
        f"{reverse('home')}?as_of=2025-01-01",
        f"{reverse('plots')}?q=nowhere",
        f"{reverse('changes')}?since=2020-01-01",
        f"{reverse('changes')}?park=nowhere",
        *(f"{reverse('pipeline')}?measure={measure}" for measure in ("area", "gfa")),
        f"{reverse('pipeline')}?park=nowhere",
        *(reverse("park", args=[park.slug]) for park in Park.objects.public()),
        *(
            reverse("plot", args=[plot.park.slug, plot.code])
            for plot in Plot.objects.public().select_related("park")[:3]
        ),
        *(reverse("release", args=[release.code]) for release in Release.objects.public()),
        *(reverse("round", args=[round.code]) for round in TenderRound.objects.exclude(published_at=None)),
        *(reverse("figure", args=[name]) for name in FIGURES),
        f"{reverse('home')}nothing/",
        f"{reverse('home')}?as_of=yesterday",
    ]


def test_reader_finds_english_left_and_overlooks_what_is_meant():
    assert english_in("<p>地塊 <b>No plot is named</b></p>") == ["No plot is named"]
    assert english_in('<p aria-label="You are here">地塊</p>') == ["You are here"]
    assert english_in('<p lang="en">No plot is named</p><p>HSITP-EOI-2025 plots.csv</p>') == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="words hang on no database; looked at on SQLite")
@pytest.mark.parametrize("language", ["zh-hant", "zh-hans"])
def test_no_page_in_chinese_has_an_english_sentence_left(client, language):
    call_command("seed", "--sample", verbosity=0)
    with translation.override(language):
        pages = every_page()

    left = {page: english_in(client.get(page).content.decode()) for page in pages}

    assert {page: found for page, found in left.items() if found} == {}
