"""What needs doing now: the first page of staff, from a fixed number of queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.admin.base import admin_url, named_by
from parks.models import SAMPLE_PARK, Park, Phase, Release, ReleaseRevision, Source
from parks.windows import iso_day
from tenders.admin.worklists import WEEK, lotless, reported_not_recorded
from tenders.ledger import Basis, Standing, ledger
from tenders.models import Enquiry, Opening, Proposal, TenderRound
from tenders.reconciling import park_of
from tenders.secrecy import countable_for
from tenders.statuses import Decision, Stage

ROUNDS, FACTS = "rounds", "facts"
VIEW_FIGURE = "tenders.view_figure"
LATE, TODAY, SOON, WHENEVER = range(4)
MOST_NAMED = 4


@dataclass(frozen=True)
class Item:
    """One thing to do: how soon (`when`), what (`title`), the facts (`words`), and the button to start."""

    title: str
    words: str
    when: str
    url: str
    verb: str
    section: str = FACTS
    urgency: int = WHENEVER
    at: datetime | None = None
    sample: bool = False
    needs: str = ""

    @property
    def late(self) -> bool:
        return self.urgency == LATE


@dataclass(frozen=True)
class SealedRound:
    """A closing time, and no number."""

    code: str
    closes_at: datetime
    sample: bool


@dataclass(frozen=True)
class Todo:
    items: list[Item] = field(default_factory=list)
    sealed: list[SealedRound] = field(default_factory=list)

    @property
    def late(self) -> int:
        return sum(item.late for item in self.items)

    def section(self, name: str) -> list[Item]:
        return [item for item in self.items if item.section == name]


def todo(user: Any, at: datetime) -> Todo:
    """Everything that waits for somebody with this user's permissions, the most pressing first."""
    openings = Prefetch("opening", Opening.objects.select_related("first_officer"))
    waiting = TenderRound.objects.filter(decision__in=[Decision.DRAFT, Decision.PUBLISHED])
    rounds = list(waiting.select_related("park").prefetch_related(openings))
    published = TenderRound.objects.exclude(decision=Decision.DRAFT).select_related("park")
    unrecorded = list(reported_not_recorded(countable_for(user, published), at))
    items = [
        *_rounds([round for round in rounds if round not in unrecorded or _box(round)], user, at),
        *_enquiries(at),
        *_lotless(),
        *(_conflicts(at) if user.has_perm(VIEW_FIGURE) else ()),
        *_unrecorded(unrecorded),
        *_releases(at),
        *_names(),
        *_sources(),
    ]
    seen = [item for item in items if not item.needs or user.has_perm(item.needs)]
    seen.sort(key=lambda item: (item.urgency, item.at is None, item.at or at))
    return Todo(seen, _sealed(rounds, at))


# Rounds -----------------------------------------------------------------------------------------------------


def _rounds(rounds: Iterable[TenderRound], user: Any, at: datetime) -> Iterator[Item]:
    for round in rounds:
        opening = _box(round)
        if opening is not None and opening.opened_at is None:
            yield _second_officer(round, opening, user, at)
        elif round.stage(at) == Stage.CLOSED:
            yield _unopened(round, at)
        elif round.decision == Decision.PUBLISHED and round.closes_at and round.closes_at - at <= WEEK:
            yield _closing(round, round.closes_at, at)
        elif round.decision == Decision.DRAFT and round.opens_at and round.opens_at <= at:
            yield _late_draft(round, round.opens_at, at)


def _box(round: TenderRound) -> Opening | None:
    opening: Opening | None = getattr(round, "opening", None)
    return opening


def _second_officer(round: TenderRound, opening: Opening, user: Any, at: datetime) -> Item:
    mine = opening.first_officer_id == user.pk
    words = _(
        "%(round)s closed on %(closed)s. First officer: %(officer)s, %(begun)s. It must be somebody else."
    ) % {
        "round": round.code,
        "closed": _moment(round.closes_at),
        "begun": _moment(opening.begun_at),
        "officer": opening.first_officer.get_full_name() or opening.first_officer.get_username(),
    }
    return Item(
        _("Opening waits for a second officer"),
        words,
        _late_by(round.closes_at or opening.begun_at, at),
        admin_url(round) if mine else _page(round, "confirm-opening"),
        _("Look at the round") if mine else _("Open as second officer"),
        section=ROUNDS,
        urgency=LATE,
        at=opening.begun_at,
        sample=_is_sample(round),
        needs="tenders.open_box",
    )


def _unopened(round: TenderRound, at: datetime) -> Item:
    words = _("%(round)s closed on %(closed)s. Opening it takes two officers.")
    return Item(
        _("Closed and not opened"),
        words % {"round": round.code, "closed": _moment(round.closes_at)},
        _late_by(round.closes_at, at),
        _page(round, "begin-opening"),
        _("Open the box"),
        section=ROUNDS,
        urgency=LATE,
        at=round.closes_at,
        sample=_is_sample(round),
        needs="tenders.open_box",
    )


def _closing(round: TenderRound, closes_at: datetime, at: datetime) -> Item:
    words = _("%(round)s closes on %(closes)s.") % {"round": round.code, "closes": _moment(closes_at)}
    return Item(
        _("Closing this week"),
        words,
        _in_days(closes_at, at),
        admin_url(round),
        _("Look at the round"),
        section=ROUNDS,
        urgency=_urgency(closes_at, at),
        at=closes_at,
        sample=_is_sample(round),
        needs="tenders.view_tenderround",
    )


def _late_draft(round: TenderRound, opens_at: datetime, at: datetime) -> Item:
    words = _("%(round)s was to open on %(opens)s and is not published.")
    return Item(
        _("Still a draft"),
        words % {"round": round.code, "opens": _moment(opens_at)},
        _late_by(opens_at, at),
        _page(round, "publish"),
        _("Publish"),
        section=ROUNDS,
        urgency=LATE,
        at=opens_at,
        sample=_is_sample(round),
        needs="tenders.decide_round",
    )


def _enquiries(at: datetime) -> Iterator[Item]:
    waiting = Enquiry.objects.filter(answer="", round__decision=Decision.PUBLISHED).select_related(
        "round__park"
    )
    for enquiry in waiting.order_by("asked_on"):
        until = enquiry.round.enquiries_until
        days = (timezone.localdate(at) - enquiry.asked_on).days
        asked = ngettext("%(round)s, asked %(days)d day ago", "%(round)s, asked %(days)d days ago", days)
        words = asked % {"round": enquiry.round.code, "days": days}
        closes = _("; enquiries until %(until)s.") % {"until": _moment(until)} if until else "."
        urgency = TODAY if until is None or until > at else LATE
        yield Item(
            _("Enquiry %(number)d has no answer") % {"number": enquiry.number},
            words + closes,
            _("today") if urgency == TODAY else _late_by(until, at),
            admin_url(enquiry),
            _("Answer"),
            section=ROUNDS,
            urgency=urgency,
            at=until,
            sample=_is_sample(enquiry.round),
            needs="tenders.change_enquiry",
        )


def _lotless() -> Iterator[Item]:
    """After an opening the lots are still to be entered: without them nothing can be awarded."""
    waiting = lotless(Proposal.objects.filter(round__decision=Decision.OPENED)).order_by("round__code")
    for code, park, count in waiting.values_list("round__code", "round__park__slug").annotate(Count("pk")):
        title = ngettext("%(count)d proposal has no lot yet", "%(count)d proposals have no lot yet", count)
        query = urlencode({"round": code, "todo": "lotless"})
        yield Item(
            title % {"count": count},
            _("%(round)s is open. Only a proposal that asks for a lot can win it.") % {"round": code},
            _("opened"),
            f"{reverse('admin:tenders_proposal_changelist')}?{query}",
            _("Enter the lots"),
            section=ROUNDS,
            urgency=SOON,
            sample=park == SAMPLE_PARK,
            needs="tenders.change_proposal",
        )


def _sealed(rounds: Iterable[TenderRound], at: datetime) -> list[SealedRound]:
    shut = [
        SealedRound(round.code, round.closes_at, _is_sample(round))
        for round in rounds
        if round.sealed and round.decision == Decision.PUBLISHED and round.closes_at and round.closes_at > at
    ]
    return sorted(shut, key=lambda round: round.closes_at)


# Facts ------------------------------------------------------------------------------------------------------


def _conflicts(at: datetime) -> Iterator[Item]:
    """Numbers that something stands against, as the public pages have them."""
    book = ledger(at)
    made_up = {park.pk for park in book.known.parks if park.is_sample}
    for number in book:
        if not number.conflicts or number.value is None:
            continue
        values = [number.value, *(conflict.value for conflict in number.conflicts)]
        yield Item(
            _("%(what)s: %(values)s")
            # Indicators that the public pages name are in the catalogues.
            % {
                "what": _(number.indicator.replace("_", " ").capitalize()),
                "values": _(" or ").join(f"{value.normalize():f}" for value in values),
            },
            _leading_words(number),
            _("≠ conflict"),
            f"{reverse('reconcile')}#{number.figure_id}",
            _("See who says what"),
            sample=park_of(number.subject) in made_up,
            needs=VIEW_FIGURE,
        )


def _leading_words(number: Standing) -> str:
    """Which rule chose the value that leads."""
    count = len(number.claims)
    claims = ngettext("%(count)d claim", "%(count)d claims", count) % {"count": count}
    if number.basis == Basis.RECORDED or number.lead is None or number.lead.source is None:
        return _("%(claims)s; the records lead.") % {"claims": claims}
    source = number.lead.source.publisher
    return _("%(claims)s, rule “newest as-of date”: %(source)s.") % {"claims": claims, "source": source}


def _unrecorded(rounds: Iterable[Any]) -> Iterator[Item]:
    """A round known from reports more than from records: no box of ours to open, only records to ask for."""
    for round in rounds:
        some = _("Proposals reported, %(count)d recorded") % {"count": round.recorded}
        words = _("%(round)s: sources say how many came. Ask the park company, or leave as reported.")
        url = f"{reverse('admin:tenders_proposal_add')}?round={round.pk}"
        if Decision(round.decision) not in {Decision.PUBLISHED, Decision.OPENED}:
            url = admin_url(round)
        yield Item(
            some if round.recorded else _("Proposals reported, none recorded"),
            words % {"round": round.code},
            _("reported"),
            url,
            _("Register proposals"),
            sample=_is_sample(round),
            needs="tenders.add_proposal",
        )


def _releases(at: datetime) -> Iterator[Item]:
    """Releases that should be under way by their own words, and are in no round."""
    today = timezone.localdate(at)
    told = Prefetch("revisions", ReleaseRevision.objects.in_order().select_related("source"), to_attr="told")
    unoffered: QuerySet[Any] = Release.objects.filter(
        ~Exists(TenderRound.objects.filter(release=OuterRef("pk"))), published=True
    )
    for release in unoffered.select_related("park").prefetch_related(told):
        if not release.told or release.current.cancelled:
            continue
        window, said = release.current.window, release.current
        if window.earliest is None or window.earliest > today:
            continue
        passed = window.latest is not None and window.latest < today
        words = _("“%(words)s”, last said on %(day)s. %(state)s") % {
            "words": window.text,
            "day": iso_day(said.announced_on, said.announced_precision),
            "state": _("The window has passed.") if passed else _("The window has begun."),
        }
        days = (today - said.announced_on).days
        yield Item(
            _("No word on %(release)s") % {"release": release.title},
            words,
            ngettext("%(days)d day", "%(days)d days", days) % {"days": days},
            admin_url(release),
            _("Announce"),
            urgency=SOON if passed else WHENEVER,
            sample=release.park.slug == SAMPLE_PARK,
            needs="parks.add_releaserevision",
        )


def _names() -> Iterator[Item]:
    for model in (Park, Phase, Release, TenderRound):
        missing = list(
            model._default_manager.filter(**{f"{named_by(model)}_zh_hans": ""}).values_list("pk", flat=True)
        )
        if not missing:
            continue
        opts = model._meta
        count = ngettext("%(count)d name", "%(count)d names", len(missing)) % {"count": len(missing)}
        yield Item(
            _("No name in Simplified Chinese"),
            str(opts.verbose_name_plural).capitalize() + ".",
            count,
            reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist") + "?missing=zh_hans",
            _("Fill in"),
            needs=f"{opts.app_label}.change_{opts.model_name}",
        )


def _sources() -> Iterator[Item]:
    codes = list(Source.objects.filter(url="").order_by("code").values_list("code", flat=True))
    if codes:
        named = ", ".join(codes[:MOST_NAMED])
        more = len(codes) - MOST_NAMED
        yield Item(
            _("Sources without an address"),
            named + (_(" and %(count)d more") % {"count": more} if more > 0 else ""),
            ngettext("%(count)d link", "%(count)d links", len(codes)) % {"count": len(codes)},
            reverse("admin:parks_source_changelist") + "?address=none",
            _("Complete"),
            needs="parks.change_source",
        )


# Words ------------------------------------------------------------------------------------------------------


def _page(round: TenderRound, move: str) -> str:
    return reverse(f"admin:tenders_tenderround_{move}", args=[round.pk])


def _is_sample(round: TenderRound) -> bool:
    return round.park.is_sample


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""


def _days(then: datetime, at: datetime) -> int:
    return (timezone.localdate(then) - timezone.localdate(at)).days


def _late_by(then: datetime | None, at: datetime) -> str:
    days = -_days(then, at) if then else 0
    return (
        ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
        if days
        else _("late since today")
    )


def _in_days(then: datetime, at: datetime) -> str:
    days = _days(then, at)
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days} if days else _("today")


def _urgency(then: datetime, at: datetime) -> int:
    return TODAY if _days(then, at) <= 0 else SOON
