"""The life of a plot in order of time: what was announced, offered and decided, and who says so. Asks nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from parks.models import Plot, Release, ReleaseRevision, Source, out_by
from parks.windows import iso_day
from portal.asof import Moment
from portal.exports.rows import RoundRow
from portal.sheets.round_words import Change, asked_for, changes
from portal.words.numbers import plain
from portal.words.slippage import Slip, slip
from portal.words.speech import has_time, hong_kong, quoted, sentences
from tenders.disclosure import PublicAward
from tenders.models import Amendment, Award, Lot, RoundEvent, TenderRound
from tenders.statuses import Decision, Stage

OVER = {Stage.AWARDED, Stage.UNSUCCESSFUL, Stage.CANCELLED}


class Deed(StrEnum):
    """What happened, in the order in which things of one day are told."""

    ANNOUNCED = "announced"
    ANNOUNCED_BY_NAME = "announced_by_name"
    REVISED = "revised"
    CALLED_OFF = "called_off"
    NAMED = "named"
    PUBLISHED = "published"
    AMENDED = "amended"
    OPENS = "opens"
    CLOSES = "closes"
    OPENED = "opened"
    AWARDED = "awarded"
    SIGNED = "signed"
    LAPSED = "lapsed"
    UNSUCCESSFUL = "unsuccessful"
    CANCELLED = "cancelled"


ORDER = list(Deed)
# What is known to the day alone and ends something, ends it at the end of the day.
LATE_IN_THE_DAY = {Deed.AWARDED, Deed.SIGNED, Deed.LAPSED}


@dataclass(frozen=True)
class Told:
    """A release that names the plot, with its announcements, oldest first. `named_on`: later than they began."""

    release: Release
    named_on: date | None

    @property
    def revisions(self) -> list[ReleaseRevision]:
        revisions: list[ReleaseRevision] = self.release.told
        return revisions


@dataclass(frozen=True)
class Offer:
    """A lot that names the plot. `proposals` asked for it; None where not recorded or not public.

    named_on: later than the round was published · others: what else is in the lot · again: the round before it
    """

    lot: Lot
    row: RoundRow
    proposals: int | None
    named_on: date | None
    others: list[Plot]
    amendments: list[Amendment]
    decisions: list[RoundEvent]
    award: Award | None = None
    told: PublicAward | None = None
    again: TenderRound | None = None

    @property
    def round(self) -> TenderRound:
        return self.row.round

    @property
    def is_over(self) -> bool:
        return self.row.stage in OVER

    @property
    def cancelled_at(self) -> datetime | None:
        return next((event.at for event in self.decisions if event.decision == Decision.CANCELLED), None)


@dataclass(frozen=True)
class Door:
    """The page that says so, by name."""

    label: str
    url: str
    group: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened to the plot, or will. `short` stands in the drawing.

    revision, before: the announcement and the one that it replaced · changes: of a round's dates · note: the
    reason as it was published · is_due: later than was said, or a closing time · is_struck: it was called off
    """

    deed: Deed
    day: date
    what: str
    short: str
    door: Door
    precision: str = "day"
    instant: datetime | None = None
    entered_at: datetime | None = None  # said to nobody: it orders what happened on one day
    source: Source | None = None
    revision: ReleaseRevision | None = None
    before: ReleaseRevision | None = None
    changes: tuple[Change, ...] = ()
    note: str = ""
    group: str = ""  # the round, of what happened in one
    former: datetime | None = None  # the closing time that was taken back
    is_due: bool = False
    is_struck: bool = False

    @property
    def machine(self) -> str:
        """For the `datetime` of its <time>: as exact as is known."""
        if self.instant is not None and has_time(self.instant):
            return hong_kong(self.instant).isoformat(timespec="minutes")
        return iso_day(self.day, self.precision)

    @property
    def place(self) -> tuple[date, datetime, int]:
        hour = time.max if self.deed in LATE_IN_THE_DAY else time.min
        at = self.instant or self.entered_at or datetime.combine(self.day, hour, get_default_timezone())
        return self.day, at, ORDER.index(self.deed)


def biography(releases: Iterable[Told], offers: Iterable[Offer], moment: Moment) -> list[Event]:
    """Everything that was public at `moment`, oldest first; what is still to come stands at the end."""
    events = [event for told in releases for event in _announced(told)]
    events += [event for offer in offers for event in _offered(offer, moment)]
    return sorted(events, key=lambda event: event.place)


# --- releases -----------------------------------------------------------------------------------------------------


def _announced(told: Told) -> Iterator[Event]:
    first, title = told.revisions[0], quoted(told.release.title)
    door = Door(told.release.title, reverse("release", args=[told.release.code]))
    is_later = told.named_on is not None and told.named_on > first.announced_on
    what = _first_words(first.plot_count, title, by_name=not is_later)
    deed = Deed.ANNOUNCED if is_later else Deed.ANNOUNCED_BY_NAME
    yield _telling(deed, what, pgettext("plots", "announced"), first, door)
    for before, revision in pairwise(told.revisions):
        yield _telling_again(revision, before, title, door)
    if is_later and told.named_on is not None:
        words = _("Named: it is one of the plots of %(release)s.") % {"release": title}
        yield Event(Deed.NAMED, told.named_on, words, _("named"), door)


def _first_words(count: int | None, title: str, *, by_name: bool) -> str:
    words = {"count": count, "release": title}
    if by_name:
        if count is None or count == 1:
            return _("Announced by name in %(release)s.") % words
        return _("Announced by name in %(release)s, as one of %(count)s plots.") % words
    if count is None:
        return _("Announced in %(release)s, which named no plot and no number.") % words
    return (
        ngettext(
            "Announced as the %(count)s plot of %(release)s, which named none yet.",
            "Announced as one of %(count)s plots of %(release)s, which named none yet.",
            count,
        )
        % words
    )


def _telling(deed: Deed, what: str, short: str, revision: ReleaseRevision, door: Door, **more: Any) -> Event:
    return Event(
        deed,
        revision.announced_on,
        what,
        short,
        door,
        precision=revision.announced_precision,
        source=revision.source,
        revision=revision,
        note=revision.reason,
        **more,
    )


def _telling_again(revision: ReleaseRevision, before: ReleaseRevision, title: str, door: Door) -> Event:
    if revision.cancelled:
        words = _("%(release)s was called off.") % {"release": title}
        return _telling(Deed.CALLED_OFF, words, _("called off"), revision, door, before=before)
    step = slip([before, revision])
    what = sentences([_step_words(step, title), _count_words(before.plot_count, revision.plot_count)])
    short = _("slipped %(span)s") % {"span": step.short} if step.is_later else _("announced again")
    return _telling(Deed.REVISED, what, short, revision, door, before=before, is_due=step.is_later)


def _step_words(step: Slip, title: str) -> str:
    if step.is_later:
        return _("%(release)s slipped by %(span)s.") % {"release": title, "span": step.short}
    if step.short:
        return _("%(release)s was brought forward: %(span)s.") % {"release": title, "span": step.short}
    return _("%(release)s was announced again.") % {"release": title}


def _count_words(before: int | None, now: int | None) -> str:
    if now is None or now == before:
        return ""
    if before is None:
        return _("It speaks of %(count)s plots.") % {"count": now}
    return _("It speaks of %(count)s plots, no longer of %(before)s.") % {"count": now, "before": before}


# --- rounds -------------------------------------------------------------------------------------------------------


def _offered(offer: Offer, moment: Moment) -> Iterator[Event]:
    yield from _published(offer, moment.day)
    yield from _times(offer, moment)
    for amendment in offer.amendments:
        yield _amended(offer, amendment)
    if offer.row.opened_at is not None:
        words = sentences([_("The box was opened by two officers."), _asked_for_lot(offer)])
        door = _door(offer, _("Opening of %(round)s"), "came-in")
        yield _at(Deed.OPENED, offer.row.opened_at, words, _("box opened"), door)
    yield from _ended(offer)
    if offer.told is not None and offer.award is not None:
        yield from _awarded(offer, offer.award, offer.told)


def _published(offer: Offer, day: date) -> Iterator[Event]:
    published_at = offer.round.published_at
    if published_at is None:
        return
    words = {"lot": offer.lot.title, "round": quoted(offer.round.title)}
    door, source = _door(offer), offer.row.source or out_by(offer.lot.source, day)
    if offer.named_on is not None and offer.named_on > localdate(published_at):
        what = _("Named in %(lot)s of %(round)s, a round that was public before.") % words
        yield Event(Deed.NAMED, offer.named_on, what, _("named"), door)
    elif offer.again is not None:
        what = _("Offered again, after %(before)s: %(lot)s of %(round)s.") % {
            **words, "before": offer.again.code,
        }  # fmt: skip
        yield _at(Deed.PUBLISHED, published_at, what, _("offered again"), door, source=source)
    else:
        what = _("A round was published: %(lot)s of %(round)s.") % words
        yield _at(Deed.PUBLISHED, published_at, what, _("round published"), door, source=source)


def _times(offer: Offer, moment: Moment) -> Iterator[Event]:
    """When the round opens and closes, as it stood; what had not come when it was called off never came."""
    asked, off, door = {"asked": asked_for(offer.round.kind)}, offer.cancelled_at, _door(offer)
    opens, closes = offer.row.opens_at, offer.row.closes_at
    if opens is not None:
        what = (_("Opened for %(asked)s.") if opens <= moment.at else _("Opens for %(asked)s.")) % asked
        short = _("opened") if opens <= moment.at else _("opens")
        yield _at(Deed.OPENS, opens, what, short, door, source=offer.row.source, off=off)
    if closes is not None:
        is_past = closes <= moment.at
        what = (_("Closed for %(asked)s.") if is_past else _("Closes for %(asked)s.")) % asked
        said = _asked_for_lot(offer) if is_past and offer.row.opened_at is None else ""
        yield _at(
            Deed.CLOSES,
            closes,
            sentences([what, said]),
            _("closed") if is_past else _("closes"),
            door,
            source=offer.row.source,
            off=off,
            is_due=True,
        )


def _asked_for_lot(offer: Offer) -> str:
    """Only what is recorded and public: never in a sealed round before its box is open."""
    if offer.proposals is None:
        return ""
    words = ngettext(
        "%(count)d proposal asked for the lot.", "%(count)d proposals asked for the lot.", offer.proposals
    )
    return words % {"count": offer.proposals}


def _amended(offer: Offer, amendment: Amendment) -> Event:
    door = _door(offer, _("Amendment %(number)s of %(round)s"), "amendments", number=amendment.number)
    return _at(
        Deed.AMENDED,
        amendment.published_at,
        _("The dates of the round were amended."),
        _("amended"),
        door,
        changes=tuple(changes(amendment)),
        note=amendment.reason,
        former=amendment.closes_at_before if amendment.closes_at_after is not None else None,
        is_due=_is_later(amendment),
    )


def _is_later(amendment: Amendment) -> bool:
    before, after = amendment.closes_at_before, amendment.closes_at_after
    return before is not None and after is not None and after > before


def _ended(offer: Offer) -> Iterator[Event]:
    words = {
        Decision.UNSUCCESSFUL: (Deed.UNSUCCESSFUL, _("The round ended without an award."), _("no award")),
        Decision.CANCELLED: (Deed.CANCELLED, _("The round was called off."), _("called off")),
    }
    for event in offer.decisions:
        if event.decision in words:
            deed, what, short = words[Decision(event.decision)]
            yield _at(deed, event.at, what, short, _door(offer, anchor="outcome"), note=event.reason)


def _awarded(offer: Offer, award: Award, told: PublicAward) -> Iterator[Event]:
    door = _door(offer, _("Outcome of %(round)s"), "outcome")
    same_day = localdate(award.decided_at) == told.decided_on
    yield Event(
        Deed.AWARDED,
        told.decided_on,
        _award_words(told),
        _("awarded"),
        door,
        entered_at=award.decided_at if same_day else None,
    )
    if told.signed_on is not None:
        yield Event(Deed.SIGNED, told.signed_on, _("The contract was signed."), _("signed"), door)
    if told.lapsed_on is not None:
        yield Event(Deed.LAPSED, told.lapsed_on, _("The award lapsed."), _("lapsed"), door)


def _award_words(told: PublicAward) -> str:
    if not told.proponent:
        return _("Awarded. To whom and for how much is not published.")
    if told.premium_hkd is None:
        return _("Awarded to %(name)s.") % {"name": told.proponent}
    words = {"name": told.proponent, "amount": plain(told.premium_hkd)}
    return _("Awarded to %(name)s for a premium of HK$%(amount)s.") % words


def _door(offer: Offer, words: str = "", anchor: str = "", **named: object) -> Door:
    url = reverse("round", args=[offer.round.code]) + (f"#{anchor}" if anchor else "")
    return Door((words or "%(round)s") % {"round": offer.round.code, **named}, url, offer.round.code)


def _at(
    deed: Deed,
    instant: datetime,
    what: str,
    short: str,
    door: Door,
    *,
    off: datetime | None = None,
    **more: Any,
) -> Event:
    """At an instant; struck if that was still to come when the round was called off."""
    is_struck = off is not None and instant > off
    return Event(
        deed,
        localdate(instant),
        what,
        short,
        door,
        instant=instant,
        group=door.group,
        is_struck=is_struck,
        **more,
    )
