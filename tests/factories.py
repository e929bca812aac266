"""Rows for tests: each function makes one, published and valid, and takes what the test cares about."""

import itertools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Permission, User

from parks import programme
from parks.models import Milestone, Organisation, Park, Phase, Plot, Release, Source
from parks.windows import Window, read
from tenders import lifecycle
from tenders.models import Admission, Lot, LotPlot, Proposal, ProposalLot, TenderRound
from tenders.statuses import Decision

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
counter = itertools.count(1)


def hk(year, month, day, hour=0, minute=0, second=0, microsecond=0) -> datetime:
    return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=HONG_KONG)


OPENS, CLOSES = hk(2026, 3, 1, 9), hk(2026, 3, 31, 12)


def make_user(name="officer", **fields) -> User:
    return User.objects.get_or_create(username=name, defaults=fields)[0]


def make_officer(name="officer", *, may=("open_box", "admit_late"), **fields) -> User:
    """Somebody who may open boxes and admit what came late."""
    user = make_user(name, **fields)
    user.user_permissions.add(*Permission.objects.filter(codename__in=may))
    return User.objects.get(pk=user.pk)  # Django keeps what somebody may do with the object


def make_source(code="gazette", **fields) -> Source:
    fields = {
        "publisher_en": "Gazette",
        "title_en": "Notice",
        "published": date(2026, 1, 5),
        "language": "en",
    } | fields
    return Source.objects.get_or_create(code=code, defaults=fields)[0]


def make_park(slug="hsitp", **fields) -> Park:
    fields = {"name_en": f"Park {slug}", "published": True} | fields
    return Park.objects.get_or_create(slug=slug, defaults=fields)[0]


def make_phase(code="1", park=None, **fields) -> Phase:
    fields = {"name_en": f"Phase {code}", "published": True} | fields
    return Phase.objects.get_or_create(park=park or make_park(), code=code, defaults=fields)[0]


def make_plot(code=None, phase=None, **fields) -> Plot:
    fields = {"name_en": "", "published": True} | fields
    return Plot.objects.create(code=code or f"NT-{next(counter):02d}", phase=phase or make_phase(), **fields)


def make_release(
    code=None, *, said=(("2026", date(2026, 1, 5)),), plot_count=None, park=None, **fields
) -> Release:
    """`said`: pairs of words and the day on which they were announced, oldest first."""
    fields = {"title_en": "Release", "published": True} | fields
    release = Release.objects.create(
        code=code or f"release-{next(counter)}", park=park or make_park(), **fields
    )
    for words, day in said:
        say(release, words, day, plot_count=plot_count)
    return release


def make_milestone(code=None, *, said=(("2026", date(2026, 1, 5)),), park=None, **fields) -> Milestone:
    fields = {"title_en": "Bridge opens", "kind": "infrastructure", "published": True} | fields
    milestone = Milestone.objects.create(
        code=code or f"milestone-{next(counter)}", park=park or make_park(), **fields
    )
    for words, day in said:
        programme.announce_milestone(
            milestone, window=read(words, day), announced_on=day, source=make_source()
        )
    return milestone


def say(release, words, day, **fields):
    window = words if isinstance(words, Window) else read(words, day)
    fields = {"plot_count": None, "source": make_source()} | fields
    return programme.announce(release, window=window, announced_on=day, **fields)


def make_round(
    code=None, *, lots=1, plots_each=1, decision=Decision.PUBLISHED, published=True, **fields
) -> TenderRound:
    """A tender that opens on 1 March 2026 at 9:00 and closes on 31 March at noon, not sealed."""
    fields = {
        "park": fields.get("park") or make_park(), "title_en": "Tender", "kind": "tender", "sealed": False,
        "opens_at": OPENS, "closes_at": CLOSES,
    } | fields  # fmt: skip
    round = TenderRound.objects.create(code=code or f"R-{next(counter)}", **fields)
    for number in range(1, lots + 1):
        make_lot(round, str(number), plots=plots_each)
    if published and decision != Decision.DRAFT:
        lifecycle.publish(round, by=None, at=min(round.opens_at or OPENS, OPENS) - timedelta(days=1))
    return round


def make_lot(round, code="1", *, plots=1, **fields) -> Lot:
    phase = make_phase(park=round.park)
    lot = Lot.objects.create(round=round, code=code, title_en=f"Lot {code}", **fields)
    for _ in range(plots):
        LotPlot.objects.create(lot=lot, plot=make_plot(phase=phase))
    return lot


def make_organisation(name=None) -> Organisation:
    return Organisation.objects.get_or_create(name_en=name or f"Company {next(counter)}")[0]


def make_proposal(round, *, lots=None, proponent=None, received_at=None, **fields) -> Proposal:
    """For all lots of the round; of a box that is shut the receipt alone."""
    asked = [] if lifecycle.sealed_now(round) else round.lots.all()
    proposal = Proposal.objects.create(
        round=round,
        proponent=proponent or make_organisation(),
        received_at=received_at or hk(2026, 3, 30, 15),
        **fields,
    )
    for lot in asked if lots is None else lots:
        ProposalLot.objects.create(proposal=proposal, lot=lot)
    return proposal


def open_box(round, at=None):
    """Two officers, after the closing time."""
    at = at or CLOSES + timedelta(hours=1)
    lifecycle.begin_opening(round, by=make_officer("officer-1"), at=at)
    return lifecycle.confirm_opening(round, by=make_officer("officer-2"), at=at)


def admit(proposal, at=None, reason="Our clock was slow.") -> Admission:
    """Two officers, after the closing time."""
    at = at or CLOSES + timedelta(hours=2)
    lifecycle.ask_admission(proposal, by=make_officer("officer-1"), at=at, reason=reason)
    return lifecycle.confirm_admission(proposal, by=make_officer("officer-2"), at=at)
