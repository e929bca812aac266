"""The press line: what it says of a round at each of its turns, that every figure leads to its proof, and for ever."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.html import strip_tags

from parks.models import Phase
from portal.asof import moment_of
from portal.sheets.overview import lead, overview
from portal.sheets.press import leading
from tenders import lifecycle
from tenders.ledger import ledger
from tenders.lifecycle import AwardChoice
from tenders.models import Figure
from tests.factories import (
    CLOSES,
    hk,
    make_lot,
    make_park,
    make_phase,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
)  # fmt: skip

pytestmark = pytest.mark.django_db

NOW = hk(2026, 6, 1, 10)
LANGUAGES = ["en", "zh-hant", "zh-hans"]
BLOCK = re.compile(r'<div id="line-(?P<code>[a-z-]+)" lang="(?P<tag>[\w-]+)">(?P<block>.*?)</div>', re.S)
LINE = re.compile(r"<(p|li|a)[^>]* data-copied>(.*?)</\1>", re.S)
FIGURE = re.compile(r'<a href="([^"]+)" class="figure" aria-label="([^"]+)">([^<]+)</a>')


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    def set_to(instant):
        monkeypatch.setattr("django.utils.timezone.now", lambda: instant)

    set_to(NOW)
    return set_to


@pytest.fixture
def facts():
    call_command("seed", verbosity=0)


def blocks(client, query="", prefix="") -> dict[str, str]:
    """The markup of the line in each language."""
    page = client.get(f"{prefix}/press/{query}").content.decode()
    return {found["code"]: found["block"] for found in BLOCK.finditer(page)}


def said(block: str) -> list[str]:
    """The lines that the button copies: the sentence first, the address last."""
    return [" ".join(unescape(strip_tags(text)).split()) for _tag, text in LINE.findall(block)]


def sentence(client, query="") -> str:
    return said(blocks(client, query)["en"])[0]


def figures(block: str) -> dict[str, list[str]]:
    """Figures by where they lead."""
    found: dict[str, list[str]] = {}
    for url, _label, text in FIGURE.findall(block):
        found.setdefault(unescape(url), []).append(text)
    return found


def numbers_outside_links(block: str) -> list[str]:
    """What is neither in a link nor a date."""
    bare = re.sub(r"<(a|time)\b.*?</\1>", "", block, flags=re.S)
    return re.findall(r"\d+", strip_tags(bare).replace("HK01", "").replace("香港01", ""))


# --- the shipped facts ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("facts")
def test_the_sentence_of_december_2025(client):
    assert said(blocks(client, "?as_of=2025-12-31")["en"]) == [
        "27 proposals have been received for 10 plots in Phase 1 Batches 2 and 3 of Hong Kong-Shenzhen Innovation and "
        "Technology Park in answer to a call for expressions of interest; the remaining 22 plots will be released in "
        "2026 (announced as “gradually next year”).",
        "Proposals received: 27, as reported by Wen Wei Po (English edition) for December 2025",
        "Plots offered: 10, as reported by Wen Wei Po (English edition) for December 2025, Ming Pao for 25 September "
        "2025, HK01 for 24 September 2025",
        "Plots remaining: 22, as reported by Wen Wei Po (English edition) for December 2025; ≠ another source "
        "implies 12",
        "As it stood at the end of 31 December 2025, Hong Kong time",
        "http://testserver/press/?round=HSITP-EOI-2025&as_of=2025-12-31",
    ]


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("code", LANGUAGES)
def test_each_figure_leads_to_its_proof_in_each_language(client, code):
    block = blocks(client, "?as_of=2025-12-31")[code]
    prefix = "" if code == "en" else f"/{code}"

    proofs = {url: set(texts) for url, texts in figures(block).items()}

    assert sorted((*texts,) if len(texts) == 1 else tuple(sorted(texts)) for texts in proofs.values()) == [
        ("10",), ("12", "22"), ("27",),
    ]  # fmt: skip
    assert {url.split("/figures/")[0] for url in proofs} == {prefix}
    assert all("as_of=2025-12-31" in url for url in proofs)
    assert {name for url in proofs for name in NAMES if name in url} == set(NAMES)
    assert numbers_outside_links(block) == []


NAMES = ("hsitp-eoi-2025-proposals-received", "hsitp-eoi-2025-plots-offered", "hsitp-1.2-3-plots-remaining")


@pytest.mark.usefixtures("facts")
def test_in_october_2025_it_says_that_12_remain_and_nothing_of_proposals(client):
    first, *rest = said(blocks(client, "?as_of=2025-10-01")["en"])

    assert first.endswith(
        "closes on 6 November 2025, 12:00 noon; the remaining 12 plots have no announced date yet."
    )
    assert rest[1] == "Plots remaining: 12, as reported by Ming Pao for 29 September 2025"
    assert "27" not in "".join(blocks(client, "?as_of=2025-10-01").values())
    assert "proposal" not in " ".join([first, *rest])


@pytest.mark.usefixtures("facts")
def test_next_year_is_over_one_day(client, clock):
    clock(hk(2027, 2, 1, 10))

    assert sentence(client).endswith(
        "the remaining 22 plots were to be released in 2026 (announced as “gradually next year”)."
    )


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("day", ["2025-09-26", "2025-10-01", "2025-12-31", ""])
def test_it_speaks_of_the_round_that_the_home_page_speaks_of(day):
    call_command("seed", "--sample", verbosity=0)
    asked = moment_of(day, NOW)
    book = ledger(asked.at)

    assert leading(book.known.rounds, book) == lead(overview(asked)).round


@pytest.mark.usefixtures("facts")
def test_three_languages_stand_on_one_page_each_said_to_be_what_it_is(client):
    page = client.get("/zh-hant/press/?as_of=2025-12-31").content.decode()

    assert [(found["code"], found["tag"]) for found in BLOCK.finditer(page)] == [
        ("en", "en"), ("zh-hant", "zh-Hant"), ("zh-hans", "zh-Hans"),
    ]  # fmt: skip
    shown = {code: said(block)[-1] for code, block in blocks(client, "?as_of=2025-12-31").items()}
    assert [urlsplit(shown[code]).path for code in LANGUAGES] == [
        "/press/", "/zh-hant/press/", "/zh-hans/press/",
    ]  # fmt: skip


@pytest.mark.usefixtures("facts")
def test_the_address_says_the_same_after_newer_claims(client, clock):
    before = blocks(client, "?as_of=2026-05-31")
    address = urlsplit(said(before["en"])[-1])

    phase = Phase.objects.get(code="1.2-3")
    Figure.objects.create(
        park=phase.park, phase=phase, indicator="plots_remaining", value=8, unit="plots", as_of=date(2026, 6, 1),
        source=make_source(),
    )  # fmt: skip
    clock(hk(2026, 6, 2, 10))

    assert blocks(client, f"?{address.query}") == before
    assert "the remaining 22 plots" not in sentence(client)


def test_a_day_that_is_not_over_says_so_and_its_address_names_it(client):
    make_round("R-1")

    assert said(blocks(client)["en"])[-2:] == [
        "As it stands on 1 June 2026, before the day is over",
        "http://testserver/press/?round=R-1&as_of=2026-06-01",
    ]


# --- every turn of a round ------------------------------------------------------------------------------------


def counted(number: int, **fields):
    round = make_round("R-1", lots=3, **fields)
    proposals = [make_proposal(round) for _ in range(number)]
    open_box(round)
    return round, proposals


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "No proposal has been received"),
        (1, "1 proposal has been received"),
        (2, "2 proposals have been received"),
    ],
)
def test_none_one_and_two_proposals(client, number, words):
    counted(number)

    assert sentence(client) == f"{words} for 3 plots in Park hsitp in answer to a call for tenders."
    assert said(blocks(client)["en"])[1:3] == [
        f"Proposals received: {number}, recorded",
        "Plots offered: 3, recorded",
    ]


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("expression_of_interest", "expressions of interest"),
        ("direct_grant", "applications for a direct grant"),
    ],
)
def test_words_follow_what_the_round_asked_for(client, kind, asked):
    counted(1, kind=kind)

    assert sentence(client).endswith(f"in answer to a call for {asked}.")


def test_awarded_lots_are_counted_against_all_and_a_lapsed_award_is_none(client):
    round, (proposal,) = counted(1)
    choices = [AwardChoice(lot, proposal, date(2026, 4, 20)) for lot in round.lots.all()[:2]]
    awards = lifecycle.award(round, by=None, at=hk(2026, 4, 20, 9), choices=choices)

    assert sentence(client).endswith("; 2 of 3 lots have been awarded.")
    for award in awards:
        lifecycle.lapse(award, by=None, lapsed_on=date(2026, 5, 1), reason="Not paid.")
    assert sentence(client).endswith("; no award stands any longer.")
    assert sentence(client, "?as_of=2026-04-30").endswith("; 2 of 3 lots have been awarded.")


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (lifecycle.declare_unsuccessful, "the call ended on 20 April 2026 without an award."),
        (lifecycle.cancel, "the call was cancelled on 20 April 2026."),
    ],
)
def test_a_round_that_came_to_nothing_says_when(client, ending, words):
    round, _proposals = counted(1)
    ending(round, by=None, at=hk(2026, 4, 20, 9), reason="A reason.")

    assert sentence(client).split("; ")[1] == words
    assert sentence(client, "?as_of=2026-04-19").endswith("in answer to a call for tenders.")


def test_a_call_that_was_cancelled_before_anything_was_known(client):
    round = make_round("R-1")
    lifecycle.cancel(round, by=None, at=hk(2026, 3, 20), reason="A water main.")

    assert sentence(client) == "A call for tenders for 1 plot in Park hsitp was cancelled on 20 March 2026."


@pytest.mark.parametrize(
    ("now", "fields", "words"),
    [
        (hk(2026, 2, 28, 12), {}, "opens on 1 March 2026, 09:00."),
        (hk(2026, 3, 31, 11), {}, "closes on 31 March 2026, 12:00 noon."),
        (CLOSES, {}, "closed on 31 March 2026, 12:00 noon, and nobody has said how many proposals came in."),
        (
            CLOSES,
            {"sealed": True},
            "closed on 31 March 2026, 12:00 noon, and how many proposals came in is not public yet.",
        ),
    ],
)
def test_a_round_without_a_number_says_where_it_stands(client, clock, now, fields, words):
    make_round("R-1", **fields)
    clock(now)

    assert sentence(client) == f"A call for tenders for 1 plot in Park hsitp {words}"


def test_a_direct_grant_may_be_open_without_an_end(client):
    make_round("R-1", kind="direct_grant", closes_at=None)

    assert sentence(client) == (
        "A call for applications for a direct grant for 1 plot in Park hsitp is open, and no closing time has been "
        "announced."
    )


def test_what_was_said_only_about_is_only_about(client):
    round = make_round("R-1")
    Figure.objects.create(
        park=round.park, round=round, indicator="proposals_received", value=20, unit="proposals", qualifier="about",
        as_of=date(2026, 5, 1), source=make_source(),
    )  # fmt: skip

    assert sentence(client).startswith("About 20 proposals have been received")


# --- what remains ---------------------------------------------------------------------------------------------


def remaining(client, text, count=4, **fields) -> str:
    phase = make_phase("1")
    make_release("next", said=[(text, date(2026, 1, 5))], plot_count=count, phase=phase)
    make_round("R-1", lots=0, plot_count=3, phase=phase, **fields)
    return sentence(client).split("; ")[1]


@pytest.mark.parametrize(
    ("text", "count", "words"),
    [
        ("Q3 2026", 4, "the remaining 4 plots will be released in the third quarter of 2026."),
        ("by end of 2026", 1, "the remaining 1 plot will be released by the end of 2026."),
        ("TBC", 4, "the remaining 4 plots have no announced date yet."),
    ],
)
def test_the_window_of_the_release_ends_the_sentence(client, text, count, words):
    assert re.sub(r" \(announced as [^)]*\)", "", remaining(client, text, count)) == words


def test_plots_of_a_round_that_is_still_to_open_are_not_called_the_rest(client):
    assert (
        remaining(client, "Q3 2026", opens_at=hk(2026, 7, 1), closes_at=hk(2026, 8, 1))
        == "4 plots remain to be released."
    )


def test_a_year_is_not_put_to_the_number_of_another_source(client):
    phase = make_phase("1")
    make_release("next", said=[("2026", date(2026, 1, 5))], plot_count=4, phase=phase)
    make_round("R-1", phase=phase)
    Figure.objects.create(
        park=phase.park, phase=phase, indicator="plots_remaining", value=9, unit="plots", as_of=date(2026, 2, 1),
        source=make_source(),
    )  # fmt: skip

    assert sentence(client).endswith("; 9 plots remain to be released.")


# --- what may not be known ------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?round=R-1", "?park=hsitp"])
def test_a_sealed_round_says_the_same_bytes_for_0_1_and_27(client, clock, query):
    round = make_round("R-1", sealed=True)
    clock(CLOSES + timedelta(days=1))
    answers = {client.get(f"/press/{query}").content}

    for number in (1, 26):
        for _ in range(number):
            make_proposal(round)
        answers.add(client.get(f"/press/{query}").content)

    assert len(answers) == 1


@pytest.mark.parametrize("prefix", ["", "/zh-hant"])
@pytest.mark.parametrize("query", ["?round=", "?park=", "?park=hsitp&round="])
def test_a_draft_is_like_what_never_was(client, query, prefix):
    make_round("SHOWN")
    make_round("DRAFT-1", published=False, title_en="Secret title")
    make_park("draft-1", published=False, name_en="Secret park")
    name = {"?park=": "draft-1"}.get(query, "DRAFT-1")

    draft, nothing = (
        client.get(f"{prefix}/press/{query}{word}").content.decode() for word in (name, "NOTHING")
    )

    assert draft.replace(name, "NOTHING") == nothing
    assert "Secret" not in draft
    assert "SHOWN" in draft


def test_a_round_is_not_known_before_it_was_published(client):
    make_round("R-1")

    page = " ".join(strip_tags(client.get("/press/?round=R-1&as_of=2026-02-01").content.decode()).split())

    assert "Nothing public is called so on this day." in page


@pytest.mark.parametrize("query", [f"?round={'x' * 101}", "?as_of=2999-01-01", "?as_of=x"])
def test_what_cannot_be_read_is_refused_in_words(client, query):
    response = client.get(f"/press/{query}")

    assert (response.status_code, query[1:6] in response.content.decode()) == (400, True)


# --- parks ----------------------------------------------------------------------------------------------------


def test_a_park_has_the_line_of_its_newest_counted_round_and_a_sentence_for_each_other(client):
    counted(1)
    make_round("R-2", opens_at=hk(2026, 4, 1), closes_at=hk(2026, 7, 1, 12))
    make_round("R-3", park=make_park("other"))

    page = client.get("/press/?park=hsitp").content.decode()
    others = " ".join(unescape(strip_tags(page.split('class="press-others">')[1].split("</ul>")[0])).split())

    assert sentence(client, "?park=hsitp").startswith("1 proposal has been received for 3 plots")
    assert (
        others == "A call for tenders for 1 plot in Park hsitp closes on 1 July 2026, 12:00 noon. Press line"
    )


def test_a_park_without_a_round_says_so_and_what_remains_of_its_phases(client):
    make_release("next", plot_count=4, phase=make_phase("1"))

    page = " ".join(strip_tags(client.get("/press/?park=hsitp").content.decode()).split())

    assert sentence(client, "?park=hsitp") == "No round of Park hsitp has been published."
    assert "By phase Phase 1: 4 plots remain to be released." in page


def test_a_made_up_park_says_so_in_what_is_copied(client):
    make_round("R-1", park=make_park("sample"))

    assert said(blocks(client)["en"])[1] == "Sample: all of this is made up."


# --- how much it asks -----------------------------------------------------------------------------------------

QUERIES = {"": 21, "?round=R-0": 22, "?park=hsitp": 22}


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("rows", [1, 3])
def test_press_line_asks_the_same_number_of_times_for_one_and_three_rounds(
    client, query, rows, django_assert_num_queries
):
    phase = make_phase("1")
    for number in range(rows):
        round = make_round(f"R-{number}", lots=0, phase=phase)
        make_lot(round, "1")
        make_proposal(round)
        make_release(plot_count=4, phase=phase)

    with django_assert_num_queries(QUERIES[query]):
        client.get(f"/press/{query}")


def test_a_press_line_does_not_change_the_language_of_its_page(client):
    make_round("R-1")
    client.get("/zh-hant/press/")

    assert translation.get_language() == "zh-hant"
