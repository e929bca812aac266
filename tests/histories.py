"""Random histories: dated acts through the real writers, each at its own instant, over the same land and drafts.

`make_ground` makes what carries no day of its own: land, drafts, the shells of what will be announced. `live` then does
the acts of a history in their order, up to an instant. An act that the rules refuse is left out, and whether they do
follows from the acts before it alone; so a history up to a day is the beginning of the whole one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, transaction
from hypothesis import strategies as st

from parks import programme
from parks.models import Milestone, Park, Phase, Plot, Release, ReleasePlot, Source
from parks.windows import read
from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import Award, Document, Enquiry, Figure, Lot, LotPlot, Proposal, ProposalLot, TenderRound
from tenders.statuses import Disclosure, ProposalStatus
from tests.factories import (
    HONG_KONG,
    hk,
    make_officer,
    make_organisation,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_source,
)

BEFORE = hk(2026, 3, 1, 8)
FIRST_DAY, DAYS = (
    date(2026, 3, 20),
    16,
)  # over the end of a month: what is known to the month counts from there on
ROUNDS = {
    "R-SEALED": {"sealed": True, "disclosure": Disclosure.STAGED, "disclosure_days": 2, "release": "first"},
    "R-OPEN": {"sealed": False, "disclosure": Disclosure.NAMES},
    "R-AGAIN": {"sealed": True, "disclosure": Disclosure.FULL, "reoffer_of": "R-SEALED"},
    "R-ASKS": {"sealed": False, "kind": "expression_of_interest", "release": "second"},
}
WORDS = ["Q2 2026", "2026", "10 April 2026", "by 2027", "not dated", "April 2026"]
REFUSED = (lifecycle.MoveRefused, programme.AnnouncementRefused, ValidationError, ObjectDoesNotExist, DatabaseError)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """A verb of VERBS, when, and what it needs beside."""

    at: datetime
    verb: str
    given: tuple[Any, ...] = ()


@contextmanager
def clock(at: datetime) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: at)
        yield


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, HONG_KONG)


def live(acts: list[Act], until: datetime) -> list[Act]:
    """Do the acts up to `until`, each with the clock at its instant. Those that were refused."""
    refused = []
    for act in acts:
        if act.at > until:
            break
        try:
            with clock(act.at), transaction.atomic():
                VERBS[act.verb](act.at, *act.given)
        except REFUSED:
            refused.append(act)
    return refused


# --- the ground -------------------------------------------------------------------------------------------------


def make_ground() -> None:
    """Two parks with phases and plots, four draft rounds, two releases and a milestone that nobody announced yet."""
    with clock(BEFORE):
        for name in ("officer-1", "officer-2"):
            make_officer(name)
        park, other = make_park(source=_published(3)), make_park("other")
        whole = make_phase("1", park)
        part = make_phase("1.1", park, part_of=whole)
        make_plot("OT-1", make_phase("1", other))
        for number in range(1, 6):
            make_plot(
                f"NT-{number}", part if number > 2 else whole, source=_published(4), area_m2=1000 * number
            )
        for code in ("first", "second"):
            release = Release.objects.create(code=code, park=park, phase=whole, title_en=f"The {code}", published=True)  # fmt: skip
        ReleasePlot.objects.create(release=release, plot=Plot.objects.get(code="NT-1"))
        Milestone.objects.create(code="bridge", park=park, title_en="Bridge", kind="infrastructure", published=True)  # fmt: skip
        for number, code in enumerate(ROUNDS):
            _draft(code, number, park, whole)


def _published(day: int, precision: str = "day") -> Source:
    """A source that comes out on that day of the histories."""
    published = FIRST_DAY + timedelta(days=day)
    return make_source(f"paper-{day}-{precision}", title_en=f"Paper {day}", published=published, published_precision=precision)  # fmt: skip


def _draft(code: str, number: int, park: Park, phase: Phase) -> None:
    given: dict[str, Any] = {"kind": "tender", "disclosure": Disclosure.TOTALS} | ROUNDS[code]
    if "release" in given:
        given["release"] = Release.objects.get(code=given["release"])
    if "reoffer_of" in given:
        given["reoffer_of"] = TenderRound.objects.get(code=given["reoffer_of"])
    round = TenderRound.objects.create(
        code=code, park=park, phase=phase, title_en=f"Round {number}", source=_published(2 + number), **given
    )
    if code == "R-ASKS":
        TenderRound.objects.filter(pk=round.pk).update(plot_count=10)
        return
    plots = {"R-SEALED": [["NT-1"], ["NT-2", "NT-3"]], "R-OPEN": [["NT-4"], ["NT-5"]], "R-AGAIN": [["NT-1"]]}
    for index, codes in enumerate(plots[code], 1):
        lot = Lot.objects.create(round=round, code=str(index), title_en=f"Lot {index}", source=_published(5))
        for each in codes:
            LotPlot.objects.create(lot=lot, plot=Plot.objects.get(code=each))


# --- the acts ---------------------------------------------------------------------------------------------------


def _round(code: str) -> TenderRound:
    return TenderRound.objects.get(code=code)


def _officer(number: int) -> Any:
    return make_officer(f"officer-{number}")


def publish(at: datetime, code: str, opens: int, closes: int) -> None:
    """`opens` and `closes`: days from now on; a round opens at nine, and closes at noon."""
    round = _round(code)
    nine, noon = time(9), time(12)
    day = at.astimezone(HONG_KONG).date()
    round.opens_at = datetime.combine(day + timedelta(days=opens), nine, HONG_KONG) if opens else None
    round.closes_at = datetime.combine(day + timedelta(days=opens + closes), noon, HONG_KONG)
    round.full_clean(exclude=["source"])
    round.save()
    lifecycle.publish(round, by=_officer(1), at=at)


def amend(at: datetime, code: str, what: str, days: int) -> None:
    round = _round(code)
    if what == "decision_window":
        new: Any = read(WORDS[days % 3], at.date())
    elif what == "briefing_on":
        new = at.astimezone(HONG_KONG).date() + timedelta(days=days)
    else:
        new = (getattr(round, what) or round.closes_at or at) + timedelta(days=days)
    lifecycle.amend(round, by=_officer(1), at=at, reason=f"Moved by {days}", **{what: new})


def receive(at: datetime, code: str, company: int, lots: int) -> None:
    """A proposal for the first `lots` lots of the round, which of a shut box are known from the opening on."""
    round = _round(code)
    if round.takes_from is None or at < round.takes_from:
        raise lifecycle.MoveRefused("It is not open.")
    asked = [] if lifecycle.sealed_now(round) else list(round.lots.order_by("code")[:lots])
    proposal = make_proposal(
        round, lots=[], proponent=make_organisation(f"Company {company}"), received_at=at, channel="post" if lots > 1 else "counter",
    )  # fmt: skip
    _ask(proposal, asked)


def _ask(proposal: Proposal, lots: list[Lot]) -> None:
    for lot in lots:
        company = int(proposal.proponent.name_en.removeprefix("Company "))
        premium = Decimal(1_000_000 + 1000 * company + int(lot.code))  # of no key: a copy has others
        ProposalLot.objects.create(proposal=proposal, lot=lot, premium_hkd=premium)


def withdraw(at: datetime, code: str, company: int) -> None:
    lifecycle.withdraw(_of(code, company), by=_officer(1), at=at)


def _of(code: str, company: int) -> Proposal:
    found = Proposal.objects.filter(round__code=code, proponent__name_en=f"Company {company}")
    return found.exclude(status=ProposalStatus.WITHDRAWN).order_by("received_at", "pk")[:1].get()


def open_box(at: datetime, code: str) -> None:
    """What lay in a sealed box is written down at once: it says what was received, and carries no day of its own."""
    round = _round(code)
    shut = lifecycle.sealed_now(round)
    lifecycle.begin_opening(round, by=_officer(1), at=at)
    lifecycle.confirm_opening(round, by=_officer(2), at=at)
    for proposal in round.proposals.all() if shut else []:
        _ask(proposal, list(round.lots.order_by("code")[: 2 if proposal.channel == "post" else 1]))


def admit(at: datetime, code: str, company: int) -> None:
    lifecycle.ask_admission(_of(code, company), by=_officer(1), at=at, reason="Our clock was slow.")
    lifecycle.confirm_admission(_of(code, company), by=_officer(2), at=at)


def award(at: datetime, code: str, company: int) -> None:
    winner = _of(code, company)
    day = at.astimezone(HONG_KONG).date()
    choices = [
        AwardChoice(each.lot, winner, day, premium_hkd=each.premium_hkd)
        for each in winner.proposal_lots.all()
    ]
    lifecycle.award(_round(code), by=_officer(1), at=at, choices=choices)


def sign(at: datetime, code: str) -> None:
    for award in Award.objects.filter(lot__round__code=code):
        lifecycle.sign(award, by=_officer(1), signed_on=at.astimezone(HONG_KONG).date())


def lapse(at: datetime, code: str) -> None:
    award = Award.objects.filter(lot__round__code=code, lapsed_on=None).order_by("lot__code")[:1].get()
    lifecycle.lapse(award, by=_officer(1), lapsed_on=at.astimezone(HONG_KONG).date(), reason="No money")


def unsuccessful(at: datetime, code: str) -> None:
    lifecycle.declare_unsuccessful(_round(code), by=_officer(1), at=at, reason="All too low")


def cancel(at: datetime, code: str) -> None:
    lifecycle.cancel(_round(code), by=_officer(1), at=at, reason="A water main")


def answer(at: datetime, code: str, wait: int) -> None:
    """An answer and a document, published then or some days on."""
    round = _round(code)
    published_at = at + timedelta(days=wait)
    number = round.enquiries.count() + 1
    words = f"{number} of {code}"
    Enquiry.objects.create(
        round=round, number=number, asked_on=at.astimezone(HONG_KONG).date(), question=f"Question {words}",
        answer=f"Answer {words}", published_at=published_at,
    )  # fmt: skip
    Document.objects.create(
        round=round, url="https://example.org/", title_en=f"Paper {words}", published_at=published_at
    )


def announce(at: datetime, code: str, words: int, plots: int, cancelled: bool) -> None:
    day = at.astimezone(HONG_KONG).date()
    programme.announce(
        Release.objects.get(code=code), window=read(WORDS[words], day), announced_on=day, plot_count=plots or None,
        source=_report(at, "day"), cancelled=cancelled,
    )  # fmt: skip


def announce_milestone(at: datetime, words: int) -> None:
    day = at.astimezone(HONG_KONG).date()
    programme.announce_milestone(
        Milestone.objects.get(code="bridge"), window=read(WORDS[words], day), announced_on=day, source=_report(at, "day")
    )  # fmt: skip


def claim(at: datetime, about: str, indicator: str, value: int, back: int, precision: str) -> None:
    """A source that came out then says a number of some days before; a month that is not over is stored by its end."""
    day = at.astimezone(HONG_KONG).date() - timedelta(days=back)
    subject: dict[str, Any] = {"park": Park.objects.get(slug="hsitp")}
    if about == "phase":
        subject["phase"] = Phase.objects.get(park__slug="hsitp", code="1")
    elif about in ROUNDS:
        subject = {"round": _round(about)}
    elif about != "park":
        subject["release"] = Release.objects.get(code=about)
    Figure.objects.create(
        **subject, indicator=indicator, value=value, unit="plots", as_of=_last_of(day, precision), as_of_precision=precision,
        source=_report(at, precision),
    )  # fmt: skip


def _report(at: datetime, precision: str) -> Source:
    """What came out at that instant, dated to the day or to the month."""
    day = at.astimezone(HONG_KONG).date()
    return make_source(
        f"report-{at:%m%d%H%M}-{precision}", title_en=f"Report of {day}", publisher_en=f"Courier {day:%d}",
        published=_last_of(day, precision), published_precision=precision,
    )  # fmt: skip


def _last_of(day: date, precision: str) -> date:
    if precision == "day":
        return day
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


VERBS: dict[str, Callable[..., None]] = {
    verb.__name__: verb
    for verb in [
        publish, amend, receive, withdraw, open_box, admit, award, sign, lapse, unsuccessful, cancel, answer, announce,
        announce_milestone, claim,
    ]
}  # fmt: skip


# --- at random --------------------------------------------------------------------------------------------------

COMPANIES, LOTS, HOURS = st.integers(1, 3), st.integers(1, 2), st.sampled_from([0, 8, 11, 12, 13, 17, 23])
FEW = st.integers(0, 3)
ABOUT = ["park", "phase", "first", "second", *ROUNDS]
INDICATORS = ["plots_remaining", "plots_total", "plots_offered", "proposals_received"]


@st.composite
def histories(draw: st.DrawFn) -> list[Act]:
    """The course of up to three rounds, and what was announced and claimed meanwhile, in order of time."""
    acts: list[Act] = []
    for code in draw(st.lists(st.sampled_from(list(ROUNDS)), min_size=1, max_size=3, unique=True)):
        acts += draw(_course(code))
    acts += draw(st.lists(_said(), max_size=6))
    order = {verb: rank for rank, verb in enumerate(VERBS)}
    return sorted(acts, key=lambda act: (act.at, order[act.verb], act.given))


@st.composite
def _course(draw: st.DrawFn, code: str) -> list[Act]:
    """What may become of a round: mostly in an order that the rules allow."""
    first, opens, closes = draw(st.integers(0, 4)), draw(st.integers(0, 1)), draw(st.integers(1, 5))
    begins, ends = first + opens, first + opens + closes
    acts = [Act(on_day(first, 8), "publish", (code, opens, closes))]
    for company, lots in draw(st.lists(st.tuples(COMPANIES, LOTS), max_size=4)):
        acts.append(
            Act(on_day(draw(st.integers(begins, ends)), draw(HOURS)), "receive", (code, company, lots))
        )
    for company in draw(st.lists(COMPANIES, max_size=1)):
        acts.append(
            Act(on_day(draw(st.integers(begins, ends + 2)), draw(HOURS)), "withdraw", (code, company))
        )
    for what in draw(st.lists(st.sampled_from(["closes_at", "decision_window", "briefing_on"]), max_size=2)):
        acts.append(
            Act(on_day(draw(st.integers(first, ends)), draw(HOURS)), "amend", (code, what, draw(FEW) + 1))
        )
    for wait in draw(st.lists(FEW, max_size=1)):
        acts.append(Act(on_day(draw(st.integers(first, ends)), draw(HOURS)), "answer", (code, wait)))
    return acts + draw(_outcome(code, ends + draw(st.integers(0, 3))))


@st.composite
def _outcome(draw: st.DrawFn, code: str, day: int) -> list[Act]:
    acts = []
    for company in draw(st.lists(COMPANIES, max_size=1)):
        acts.append(Act(on_day(day, 11), "admit", (code, company)))
    if draw(st.integers(0, 3)):
        acts.append(Act(on_day(day, 13), "open_box", (code,)))
    end = draw(st.sampled_from(["award", "award", "award", "unsuccessful", "cancel", ""]))
    decided = day + draw(FEW)
    if end == "award":
        acts += [Act(on_day(decided, 17), "award", (code, company)) for company in (1, 2, 3)]
        acts += [Act(on_day(decided + draw(FEW), 18), verb, (code,)) for verb in draw(st.sampled_from([[], ["sign"], ["sign", "lapse"], ["lapse"]]))]  # fmt: skip
    elif end:
        acts.append(Act(on_day(draw(st.integers(day - 3, decided)), 17), end, (code,)))
    return acts


@st.composite
def _said(draw: st.DrawFn) -> Act:
    at = on_day(draw(st.integers(0, DAYS - 2)), draw(HOURS))
    match draw(st.sampled_from(["announce", "announce", "announce_milestone", "claim", "claim", "claim"])):
        case "announce":
            plots, off = draw(st.sampled_from([0, 4, 10])), draw(st.integers(0, 5)) == 5
            return Act(
                at,
                "announce",
                (draw(st.sampled_from(["first", "second"])), draw(st.integers(0, 5)), plots, off),
            )
        case "announce_milestone":
            return Act(at, "announce_milestone", (draw(st.integers(0, 5)),))
    precision = draw(st.sampled_from(["day", "day", "month"]))
    about, indicator = draw(st.sampled_from(ABOUT)), draw(st.sampled_from(INDICATORS))
    return Act(at, "claim", (about, indicator, draw(st.integers(1, 12)), draw(FEW), precision))


def on_day(day: int, hour: int) -> datetime:
    return datetime.combine(FIRST_DAY + timedelta(days=day), time(hour), HONG_KONG)


def days() -> st.SearchStrategy[date]:
    return st.integers(0, DAYS - 1).map(lambda number: FIRST_DAY + timedelta(days=number))
