"""What holds of every history: a past day is the page as it was, a proposal counts once, parts add up to the whole.

`HISTORIES=500` asks for that many random ones instead of a few.
"""

import csv
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from portal.asof import moment_of
from portal.sheets.overview import overview, phase_rows
from tenders.ledger import Ledger, ledger
from tenders.ledger.indicators import PER_PLOT
from tenders.models import Proposal, TenderRound
from tenders.statistics import RECORDED, round_counts
from tests import histories
from tests.canary import walk
from tests.histories import Act, clock, end_of, live

pytestmark = pytest.mark.django_db

NOT_OFFERED = {"upcoming", "cancelled", "unsuccessful"}
# On PostgreSQL, which is slower here, the full course and one more: what was public by a day is asked the same way.
EXAMPLES = int(os.environ.get("HISTORIES", "2" if connection.vendor == "sqlite" else "1"))
# To make a history smaller takes minutes, and a difference names its address and line as it is.
WITHOUT_SHRINKING = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]
NOW = end_of(histories.FIRST_DAY) + timedelta(days=60)

# By what a page says that it is of a past day: its links, the form for another day, the flag in the drawing, what to
# do where nothing is.
SAID_OF_THE_DAY = [
    (re.compile(r"\?as_of=[0-9-]+&(amp;)?"), "?"),
    (re.compile(r"(\?|&(amp;)?)as_of=[0-9-]+"), ""),
    (re.compile(r'<p class="press-notes" data-copied>[^<]*<time.*?</p>', re.DOTALL), ""),
    (re.compile(r'<h2 id="now">.*?</h2>'), ""),
    (re.compile(r'<input type="hidden" name="as_of"[^>]*>'), ""),
    (re.compile(r'\?">'), '">'),
    (re.compile(r'<form class="filters as-of".*?</form>', re.DOTALL), ""),
    (re.compile(r'<rect class="today-flag".*?</text>'), ""),
    (re.compile(r'<span class="today">[^<]*</span>'), ""),
    (re.compile(r'<div class="empty">\s*<p>.*?</p>', re.DOTALL), ""),
]


def on(day: int, hour: int, verb: str, *given: object) -> Act:
    return Act(histories.on_day(day, hour), verb, given)


# A course in which every verb is done, and what comes after DECIDED changes what was public by then.
FULL = [
    on(0, 8, "publish", "R-SEALED", 1, 2),
    on(0, 8, "publish", "R-OPEN", 0, 3),
    on(1, 8, "announce", "first", 0, 4, False),
    on(1, 8, "announce_milestone", 0),
    on(1, 9, "answer", "R-SEALED", 1),
    on(1, 11, "receive", "R-SEALED", 1, 2),
    on(1, 11, "receive", "R-SEALED", 2, 1),
    on(1, 12, "receive", "R-SEALED", 3, 2),
    on(1, 12, "receive", "R-OPEN", 1, 2),
    on(1, 13, "receive", "R-OPEN", 2, 1),
    on(2, 13, "withdraw", "R-OPEN", 2),
    on(2, 17, "amend", "R-SEALED", "closes_at", 2),
    on(2, 17, "claim", "phase", "plots_remaining", 7, 1, "day"),
    on(5, 13, "receive", "R-SEALED", 4, 2),
    on(6, 11, "admit", "R-SEALED", 4),
    on(6, 13, "open_box", "R-SEALED"),
    on(6, 17, "unsuccessful", "R-OPEN"),
    on(7, 17, "award", "R-SEALED", 1),
    on(8, 8, "publish", "R-AGAIN", 1, 3),
    on(8, 12, "announce", "first", 5, 10, False),
    on(8, 18, "sign", "R-SEALED"),
    on(9, 17, "claim", "phase", "plots_remaining", 12, 3, "day"),
    on(9, 18, "lapse", "R-SEALED"),
    on(9, 19, "cancel", "R-AGAIN"),
]
DECIDED = histories.on_day(7, 0).date()


@pytest.fixture
def _ground():
    histories.make_ground()


@contextmanager
def world(acts: list[Act], until: datetime) -> Iterator[None]:
    """What was done by then, and nothing of it afterwards."""
    with transaction.atomic():
        live(acts, until)
        yield
        transaction.set_rollback(True)


def addresses(language: str) -> list[str]:
    plain = [walk.in_language(name, language) for name in walk.PLAIN]
    start = "/" if language == "en" else f"/{language}/"
    of_things = [path for path in walk.in_the_sitemap() if path.startswith(start)]
    others = () if language != "en" else ("/zh-hant/", "/zh-hans/")
    things = [path for path in of_things if not path.startswith(others)]
    more = [f"{start}calendar/?view={view}" for view in ("month", "agenda")]
    return list(dict.fromkeys([*plain, *things, *more]))


def answers(paths: list[str], day: object = "") -> dict[str, tuple]:
    return {path: plain(*walk.ask(of_day(path, day))) for path in paths}


def of_day(path: str, day: object) -> str:
    return f"{path}{'&' if '?' in path else '?'}as_of={day}" if day else path


def plain(status: int, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    """A file as it is; of a page, or a feed with its own address, what does not say that a day was asked for."""
    if not headers["Content-Type"].startswith(("text/html", "application/atom+xml")):
        return status, headers, body
    html = body.decode()
    for said, instead in SAID_OF_THE_DAY:
        html = said.sub(instead, html)
    return status, {**headers, "Content-Length": "", "ETag": ""}, html.encode()


def difference(one: dict[str, tuple], other: dict[str, tuple]) -> list[str]:
    return [
        f"{path}: {walk.first_difference(one[path], other[path])}" for path in one if one[path] != other[path]
    ]


@pytest.mark.usefixtures("_ground")
def test_every_act_of_the_full_course_is_done_and_every_verb_is_among_them():
    with transaction.atomic():
        assert live(FULL, NOW) == []
    assert {act.verb for act in FULL} == set(histories.VERBS)


@pytest.mark.usefixtures("_ground")
@settings(max_examples=EXAMPLES, phases=WITHOUT_SHRINKING)
@example(acts=FULL, day=DECIDED, language="en")
@given(acts=histories.histories(), day=histories.days(), language=st.sampled_from(walk.LANGUAGES))
def test_a_past_day_asked_for_today_is_the_live_page_of_a_copy_that_stopped_at_that_day(acts, day, language):
    with world(acts, NOW), clock(NOW):
        paths = addresses(language)
        asked = answers(paths, day)
    with world(acts, end_of(day)), clock(end_of(day)):
        live_then = answers(paths)

    assert difference(live_then, asked) == []


# --- counted right -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_ground")
@settings(max_examples=5 * EXAMPLES, phases=WITHOUT_SHRINKING)
@example(acts=FULL, day=DECIDED)
@given(acts=histories.histories(), day=histories.days())
def test_a_proposal_for_several_lots_counts_once_and_parts_add_up_to_the_whole(acts, day):
    with world(acts, NOW), clock(NOW):
        moment = moment_of(str(day), NOW)
        rounds = list(TenderRound.objects.public(moment.at).with_stage(moment.at).select_related("phase"))
        counts = round_counts(rounds, moment.at)
        lots = rows("lots", day)
        told = {row["round"]: row for row in rows("rounds", day)}
        phases = {row.phase.pk: row for _park, found in phase_rows(overview(moment)) for row in found}
        came = {round.pk: standing(round, moment.at) for round in rounds}
        check_parts(ledger(moment.at))

    for round in rounds:
        check_round(
            counts[round.pk],
            came[round.pk],
            told[round.code],
            [row for row in lots if row["round"] == round.code],
        )
    recorded = [round for round in rounds if counts[round.pk].basis == RECORDED]
    for row in phases.values():
        inside = [
            round
            for round in recorded
            if round.phase and row.phase.pk in {round.phase_id, round.phase.part_of_id}
        ]
        once = {proposal.pk for round in inside for proposal in came[round.pk]}
        # Where rounds of two kinds were counted the row shows one round's number, and links to it.
        own = f"/figures/{row.phase.park.slug}-{row.phase.code}-"
        if row.proposals and own in row.proposals.url and row.proposals.mark.startswith("recorded"):
            assert row.proposals.value == len(once)


def check_parts(book: Ledger) -> None:
    """Parts add up to the whole, or, of proposals that ask for several lots, lie about it; a gap is named."""
    for number in book:
        record = number.record
        if record is None or number.indicator == PER_PLOT:
            continue
        told = [part.value for part in record.parts if part.value is not None]
        if record.overlapping:
            assert max(told, default=0) <= record.value <= sum(told)
        elif record.parts:
            assert sum(told) == record.value
        unknown = len(told) < len(record.parts) or record.missing is not None
        assert not (record.complete and unknown), number.figure_id


def rows(name: str, day: object) -> list[dict[str, str]]:
    body = walk.ask(f"/{name}.csv?as_of={day}")[2].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def standing(round: TenderRound, at: datetime) -> list[Proposal]:
    """Counted by hand: what came in time or was admitted, and was not taken back."""
    return [
        proposal
        for proposal in Proposal.objects.filter(round=round, received_at__lte=at).select_related(
            "round", "admission"
        )
        if proposal.eligible(at) and not (proposal.withdrawn_at and proposal.withdrawn_at <= at)
    ]


def check_round(counts, came, told, lots) -> None:
    if counts.basis == RECORDED:
        assert (counts.proposals, told["proposals"]) == (len(came), str(len(came)))
        assert counts.proponents == len({proposal.proponent_id for proposal in came})
        per_lot = [int(lot["proposals"] or 0) for lot in lots]
        assert per_lot == list((counts.per_lot or {}).values())
        assert not lots or max(per_lot) <= len(came) <= sum(per_lot)
    plots = [int(lot["plot_count"]) for lot in lots]
    assert not plots or told["plots"] == str(sum(plots))
    assert (told["lots"], told["plots"]) == (str(len(lots)), str(counts.plots))
