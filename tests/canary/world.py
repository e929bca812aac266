"""A made-up world in every state, and the secrets that are added to it: odd words and numbers, each with its round in it.

What is public of the world is there first. Then `add_secrets` adds what no reader may notice at all: drafts of every
kind, what lies in boxes that are shut, what waits for its day, the reserve. So the same question, asked before and after,
must get the same bytes.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from parks.models import Organisation, Phase, ReleasePlot
from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import (
    Award,
    Document,
    Enquiry,
    Figure,
    Lot,
    LotPlot,
    Proposal,
    ProposalLot,
    ProposalMember,
    TenderRound,
)
from tenders.statuses import Disclosure
from tests.factories import (
    hk,
    make_milestone,
    make_officer,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
)  # fmt: skip

NOW = hk(2026, 6, 15, 10)
OPENS, CLOSES, OPENED = hk(2026, 3, 1, 9), hk(2026, 3, 31, 12), hk(2026, 4, 2, 10)
AWARDED, STAGED_DAYS = hk(2026, 5, 4, 12), 10
STAGED_ON = AWARDED.date() + timedelta(days=STAGED_DAYS)
JUST_CLOSED = hk(2026, 6, 10, 12)

# Words begin with these; no page says either by itself. Then the round's number, and what it is.
WORD, LETTER = "Qzx", "龘"
WIN, LOSE, LATE, GONE, MEMBER, NEVER = "win", "lose", "late", "gone", "member", "never"
LETTERS = {WIN: "贏", LOSE: "輸", LATE: "遲", GONE: "撤", MEMBER: "員", NEVER: "密"}
KINDS = [WIN, LOSE, LATE, GONE, MEMBER, NEVER]


@dataclass(frozen=True)
class Given:
    """How a round stands at NOW. `rule`: what it discloses; None where nothing is told but counts."""

    number: int
    state: str
    rule: Disclosure | None = None
    days: int | None = None
    losers: int = 4

    @property
    def code(self) -> str:
        return f"R-{self.number:02d}"


UPCOMING, OPEN, OPEN_UNSEALED = Given(1, "upcoming"), Given(2, "open"), Given(3, "open, not sealed")
CLOSED, BEGUN, EVALUATING = Given(4, "closed"), Given(5, "opening begun"), Given(6, "opened")
CLOSED_UNSEALED = Given(7, "closed, not sealed")
CANCELLED, UNSUCCESSFUL = Given(8, "cancelled"), Given(9, "unsuccessful")
AWARDS = [
    Given(10, "awarded", Disclosure.TOTALS),
    Given(11, "awarded", Disclosure.NAMES),
    Given(12, "awarded, its amounts still to come", Disclosure.STAGED, 60),
    Given(13, "awarded, its amounts told", Disclosure.STAGED, STAGED_DAYS),
    Given(14, "awarded", Disclosure.FULL),
    Given(15, "awarded, too few for amounts", Disclosure.STAGED, STAGED_DAYS, losers=1),
]
SHUT = [UPCOMING, OPEN, OPEN_UNSEALED, CLOSED, BEGUN, CANCELLED]
READ = [EVALUATING, CLOSED_UNSEALED, UNSUCCESSFUL, *AWARDS]
EVERY = [*SHUT, *READ]
DRAFT_CODE = "QZX-00-DRAFT"

# Nine digits: what it is, the round, the kind of proposal, which one.
PREMIUM, INVESTMENT, JOBS, RESERVE, FIGURE = 5151, 4242, 9173, 7373, 6464
SHARE = Decimal("61.09")


def word(number: int, kind: str, more: str = "") -> str:
    return f"{WORD}{number:02d}{kind}{more}"


def letters(number: int, kind: str, more: str = "") -> str:
    return f"{LETTER}{number:02d}{LETTERS[kind]}{more}"


def amount(what: int, number: int, kind: str, index: int = 0) -> Decimal:
    return Decimal(f"{what}{number:02d}{KINDS.index(kind)}{index:02d}")


# --- what is public ---------------------------------------------------------------------------------------------


def make_world() -> None:
    park, phase = make_park(), make_phase()
    release = make_release("first", park=park, phase=phase, plot_count=4)
    make_milestone("bridge", park=park)
    Figure.objects.create(
        park=park, phase=phase, indicator="plots_remaining", value=22, unit="plots", as_of=date(2026, 3, 1), source=make_source(),
    )  # fmt: skip
    for given in EVERY:
        _make_round(given, park=park, phase=phase, release=release if given is OPEN else None)
    for given in READ:
        _receive(given)
        _open(given)
        _write(given)
        _decide(given)
    lifecycle.cancel(_round(CANCELLED), by=_officer(1), at=hk(2026, 3, 20), reason="A water main")


def _times(given: Given) -> dict[str, datetime]:
    if given is UPCOMING:
        return {"opens_at": hk(2026, 7, 1, 9), "closes_at": hk(2026, 8, 1, 12)}
    if given in (OPEN, OPEN_UNSEALED):
        return {"opens_at": hk(2026, 6, 1, 9), "closes_at": hk(2026, 6, 30, 12)}
    if given in (CLOSED, BEGUN):
        return {"opens_at": OPENS, "closes_at": JUST_CLOSED}
    return {"opens_at": OPENS, "closes_at": CLOSES}


def _make_round(given: Given, **fields) -> None:
    round = make_round(
        given.code, lots=0, published=False, title_en=f"Round {given.number}",
        sealed=given not in (OPEN_UNSEALED, CLOSED_UNSEALED),
        disclosure=given.rule or Disclosure.TOTALS, disclosure_days=given.days, **_times(given), **fields,
    )  # fmt: skip
    lot = Lot.objects.create(round=round, code="1", title_en="Lot 1")
    if given in (OPEN, CLOSED, AWARDS[1], AWARDS[3]):
        plot = make_plot(f"NT-{given.number:02d}", round.phase, sectors="bio")
        LotPlot.objects.create(lot=lot, plot=plot)
        if round.release:
            ReleasePlot.objects.create(release=round.release, plot=plot)
    else:
        Lot.objects.filter(pk=lot.pk).update(stated_plots=1)
    lifecycle.publish(round, by=_officer(1), at=hk(2026, 2, 1))


def _round(given: Given) -> TenderRound:
    return TenderRound.objects.get(code=given.code)


def _officer(number: int):
    name = word(0, NEVER, f"officer{number}")
    return make_officer(name, first_name=letters(0, NEVER, "官"), last_name=name, email=f"{name}@example.org")


def _receive(given: Given) -> None:
    """A winner, losers, one that came late, one that was taken back: of a box that is shut their receipts."""
    round = _round(given)
    came = (round.closes_at if given in READ else min(NOW, round.closes_at)) - timedelta(hours=2)
    _propose(given, WIN, 0, came)
    for index in range(given.losers):
        _propose(given, LOSE, index, came + timedelta(minutes=index))
    gone = _propose(given, GONE, 0, came)
    reason = word(given.number, NEVER, "reason")
    lifecycle.withdraw(gone, by=_officer(1), at=came + timedelta(hours=1), reason=reason)
    if round.closes_at <= NOW:
        _propose(given, LATE, 0, round.closes_at)


def _propose(given: Given, kind: str, index: int, came: datetime) -> Proposal:
    return make_proposal(
        _round(given), lots=[], proponent=_company(given.number, kind, index), received_at=came,
        reference=f"QZX{given.number:02d}NEVER-{kind.upper()}{index}",
    )  # fmt: skip


def _write(given: Given) -> None:
    """All that the proposals say, where it can be read."""
    lot = Lot.objects.get(round__code=given.code)
    for proposal in Proposal.objects.filter(round__code=given.code):
        kind, index = proposal.reference.rpartition("-")[2][:-1].lower(), int(proposal.reference[-1])
        proposal.sector = word(given.number, NEVER, "sector")
        proposal.summary = word(given.number, NEVER, "summary") + letters(given.number, NEVER, "要")
        proposal.investment_hkd = amount(INVESTMENT, given.number, kind, index)
        proposal.jobs = int(amount(JOBS, given.number, kind, index))
        proposal.save()
        premium = amount(PREMIUM, given.number, kind, index)
        ProposalLot.objects.create(proposal=proposal, lot=lot, premium_hkd=premium)
        member = _company(given.number, MEMBER, index)
        ProposalMember.objects.create(proposal=proposal, organisation=member, share_percent=SHARE)


def _company(number: int, kind: str, index: int) -> Organisation:
    return Organisation.objects.get_or_create(
        name_en=word(number, kind, f" {index} Limited"),
        defaults={"name_zh_hant": letters(number, kind, str(index)), "name_zh_hans": letters(number, kind, str(index))},
    )[0]  # fmt: skip


def _open(given: Given) -> None:
    if given is not CLOSED_UNSEALED:
        lifecycle.begin_opening(_round(given), by=_officer(1), at=OPENED)
        lifecycle.confirm_opening(_round(given), by=_officer(2), at=OPENED)


def _decide(given: Given) -> None:
    round = _round(given)
    if given is UNSUCCESSFUL:
        lifecycle.declare_unsuccessful(round, by=_officer(1), at=AWARDED, reason="All too low")
    if given.rule is None:
        return
    winner = round.proposals.get(proponent__name_en=word(given.number, WIN, " 0 Limited"))
    premium = amount(PREMIUM, given.number, WIN)
    choice = AwardChoice(round.lots.get(), winner, AWARDED.date(), premium_hkd=premium)
    lifecycle.award(round, by=_officer(1), at=AWARDED, choices=[choice])


# --- what nobody may notice --------------------------------------------------------------------------------------


def add_secrets() -> None:
    for given in SHUT:
        _receive(given)
    _write(OPEN_UNSEALED)
    lifecycle.begin_opening(_round(BEGUN), by=_officer(3), at=NOW - timedelta(hours=1))
    # Of a box that was opened: one is rejected, which the count does not tell.
    rejected = _round(EVALUATING).proposals.get(
        proponent__name_en=word(EVALUATING.number, LOSE, " 0 Limited")
    )
    lifecycle.reject(rejected, by=_officer(1), at=NOW, reason=word(0, NEVER, "rejection"))
    _add_drafts()
    _add_what_waits()
    for index, lot in enumerate(Lot.objects.order_by("round__code")):
        lot.reserve_premium_hkd = amount(RESERVE, 0, NEVER, index)
        lot._change_reason = word(0, NEVER, "change")
        lot.save()
    award = Award.objects.first()
    award._change_reason = word(0, NEVER, "awardreason")
    award.save()


def secret(more: str = "") -> str:
    return word(0, NEVER, more)


def _names(more: str) -> dict[str, str]:
    return {
        "name_en": secret(more),
        "name_zh_hant": letters(0, NEVER, more),
        "name_zh_hans": letters(0, NEVER, more),
    }


def _titles(more: str) -> dict[str, str]:
    return {name.replace("name", "title"): value for name, value in _names(more).items()}


def _add_drafts() -> None:
    """One of everything, in a draft park and in the public one, and what goes along with drafts though it is published."""
    source = make_source("qzx00never-source", publisher_en=secret("press"), title_en=secret("notice"), url="https://example.org/qzx00never", published=date(2026, 6, 14))  # fmt: skip
    Organisation.objects.create(**_names("manager"))
    hidden = make_park("qzx00never-park", published=False, source=source, website="https://qzx00never.example.org/", **_names("park"))  # fmt: skip
    shown = make_park()
    for park, tag in ((hidden, "a"), (shown, "b")):
        phase = make_phase(f"qzx00never-{tag}", park, published=False, **_names(f"phase{tag}"))
        part = make_phase(f"qzx00never-part-{tag}", park, part_of=phase, **_names(f"part{tag}"))
        for number, where in enumerate((phase, part)):
            make_plot(f"QZX00NEVER-{tag}{number}", where, sectors=secret("sector"), land_use=secret("use"), **_names("plot"))  # fmt: skip
        make_release(f"qzx00never-release-{tag}", park=park, published=False, plot_count=646400501, **_titles("release"))  # fmt: skip
        make_milestone(f"qzx00never-milestone-{tag}", park=park, published=False, **_titles("milestone"))
        Figure.objects.create(
            park=park, phase=phase, indicator="qzx00never_figure", value=amount(FIGURE, 0, NEVER), unit=secret("unit"),
            as_of=date(2026, 3, 1), source=source,
        )  # fmt: skip
    # Published rounds of a park and of a phase that are not.
    make_round("QZX00NEVER-R1", park=hidden, lots=0, plot_count=1, **_titles("roundofpark"))
    of_draft = Phase.objects.get(park=shown, code="qzx00never-b")
    make_round("QZX00NEVER-R2", park=shown, phase=of_draft, lots=0, plot_count=1, **_titles("roundofphase"))
    plot = make_plot("QZX00NEVER-P", make_phase(), published=False, **_names("plot"))
    make_release("qzx00never-later", said=(("2027", date(2026, 7, 1)),), **_titles("later"))
    draft = make_round(
        DRAFT_CODE, lots=0, published=False, closes_at=hk(2026, 9, 1, 12), source=source, plot_count=646400502,
        reoffer_of=_round(AWARDS[1]), **_titles("round"),
    )  # fmt: skip
    lot = Lot.objects.create(
        round=draft, code="QZX00NEVER", minimum_premium_hkd=amount(RESERVE, 0, NEVER, 99), uses_en=secret("uses"), **_titles("lot"),
    )  # fmt: skip
    LotPlot.objects.create(lot=lot, plot=plot)
    Figure.objects.create(
        round=draft, indicator="proposals_received", value=amount(FIGURE, 0, NEVER, 1), unit=secret("unit"),
        as_of=date(2026, 3, 1), source=source,
    )  # fmt: skip


def _add_what_waits() -> None:
    """Answers and documents of public rounds that are not published, or only tomorrow."""
    for number, published_at in enumerate((None, NOW + timedelta(days=1))):
        Enquiry.objects.create(
            round=_round(OPEN), number=number + 1, asked_on=date(2026, 6, 2), question=secret("question"),
            answer=secret("answer"), published_at=published_at,
        )  # fmt: skip
        Document.objects.create(
            round=_round(OPEN), url="https://example.org/qzx00never", language="en", published_at=published_at, **_titles("paper"),
        )  # fmt: skip
