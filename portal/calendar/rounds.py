"""Rounds as entries: each of their dates as it stood, and what was made public of opening and award."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from parks.models import Release, changed_by, out_by
from parks.windows import Precision, Window, speak
from portal.calendar.naming import midnight, park_place, phase_place, uid
from portal.entries import Entry, Former, Kind, Status
from portal.words.speech import day_and_time, hong_kong, language, quoted
from tenders.models import Amendment, Award, Lot, RoundEvent, TenderRound
from tenders.statistics import plots_on_offer
from tenders.statuses import Decision, RoundKind, Stage

# How a date is called in its uid, for good.
NAMES = {Kind.OPENS: "opens", Kind.ENQUIRIES: "enquiries", Kind.CLOSES: "closes"}

# Once there is a decision, nobody expects one.
DECIDED = {Stage.AWARDED.value, Stage.UNSUCCESSFUL.value}


def round_entries(at: datetime, park: str | None, public_releases: set[str]) -> list[Entry]:
    """Five queries: rounds, amendments, decisions, lots, awards. A release is named only if it is public."""
    rounds = (
        TenderRound.objects.public(at)
        .with_stage(at)
        .with_expected(at)
        .annotate(changed_at=changed_by(TenderRound, at))
        .select_related("park", "phase", "release", "source", "opening")
    )
    if park:
        rounds = rounds.in_park(park)
    awards: dict[int, list[Award]] = {}
    given = Award.objects.public(at).annotate(changed_at=changed_by(Award, at))
    for award in given.select_related("lot").order_by("lot__code"):
        awards.setdefault(award.lot.round_id, []).append(award)
    return [
        entry
        for round in rounds.prefetch_related(*_published(at))
        for entry in _Round(round, at, awards.get(round.pk, []), public_releases).entries()
    ]


def _published(at: datetime) -> list["Prefetch[Any, Any, Any]"]:
    day = hong_kong(at).date()
    return [
        Prefetch(
            "amendments", Amendment.objects.filter(published_at__lte=at).order_by("number"), to_attr="amended"
        ),
        Prefetch("events", RoundEvent.objects.filter(at__lte=at), to_attr="taken"),
        Prefetch("lots", Lot.objects.offered_by(day).with_named(day), to_attr="offered"),
    ]


@dataclass
class _Round:
    """One round as it stood at `at`, with what was fetched beside it."""

    row: Any
    at: datetime
    awards: list[Award]
    public_releases: set[str]

    def entries(self) -> Iterator[Entry]:
        row = self.row
        opens, closes = _verbs(RoundKind(row.kind))
        times = [
            (Kind.OPENS, opens, row.opening_time, "opens_at"),
            (Kind.ENQUIRIES, _("Enquiries close"), row.enquiry_time, "enquiries_until"),
            (Kind.CLOSES, closes, row.closing_time, "closes_at"),
        ]
        for kind, action, instant, field in times:
            if instant is not None:
                yield self._dated(kind, action, instant, field)
        if row.briefing_day:
            yield self._briefing(row.briefing_day)
        if row.expected.precision is not Precision.UNKNOWN and row.stage_now not in DECIDED:
            moved = self._moved("decision_precision")
            yield self._entry(Kind.DECISION, _("Decision"), "decision", window=row.expected, **moved)
        yield from map(self._amendment, row.amended)
        opening = getattr(row, "opening", None)
        if opening and opening.opened_at and opening.opened_at <= self.at:
            day = hong_kong(opening.opened_at).date()
            yield self._entry(
                Kind.OPENED, _("Proposals opened"), "opening", window=_whole_day(day), announced_on=day
            )
        yield from map(self._award, self.awards)

    def _dated(self, kind: Kind, action: str, instant: datetime, field: str) -> Entry:
        return self._entry(kind, action, NAMES[kind], instant=instant, **self._slipped(field, instant))

    def _briefing(self, day: date) -> Entry:
        slipped = self._slipped("briefing_on", midnight(day))
        return self._entry(Kind.BRIEFING, _("Briefing"), "briefing", window=_whole_day(day), **slipped)

    def _moves(self, field: str) -> list[Amendment]:
        """The amendments that moved the date, oldest first."""
        return [move for move in self.row.amended if getattr(move, f"{field}_after") not in (None, "")]

    def _moved(self, field: str) -> dict[str, Any]:
        moves = self._moves(field)
        if not moves:
            return {}
        return {
            "moves": len(moves),
            "announced_on": hong_kong(moves[-1].published_at).date(),
            "source": _("Amendment %(number)s") % {"number": moves[-1].number},
        }

    def _slipped(self, field: str, instant: datetime) -> dict[str, Any]:
        """The times that stood before, and by how many days the first of them was off."""
        formers = tuple(
            Former(_instant(before), hong_kong(move.published_at).date(), move.number)
            for move in self._moves(field)
            if (before := getattr(move, f"{field}_before")) is not None
        )
        if not formers:
            return self._moved(field)
        slip_days = (hong_kong(instant).date() - hong_kong(formers[0].instant).date()).days
        return {**self._moved(field), "formers": formers, "slip_days": slip_days}

    def _amendment(self, amendment: Amendment) -> Entry:
        action = _("Amendment %(number)s") % {"number": amendment.number}
        day = hong_kong(amendment.published_at).date()
        note = _("%(moves)s: %(reason)s") % {
            "moves": _what_moves(amendment),
            "reason": quoted(amendment.reason),
        }
        return self._entry(
            Kind.AMENDED,
            action,
            f"amendment-{amendment.number}",
            window=_whole_day(day),
            note=note,
            announced_on=day,
            updated_at=amendment.published_at,
        )

    def _award(self, award: Award) -> Entry:
        lapsed = award.lapsed_on is not None and award.lapsed_on <= hong_kong(self.at).date()
        return self._entry(
            Kind.AWARD,
            _("Award"),
            f"award-{award.lot.code}",
            window=_whole_day(award.decided_on),
            note=f"{award.lot.code} {award.lot.title}",
            announced_on=hong_kong(award.decided_at).date(),
            updated_at=self._award_changed(award),
            status=Status.CANCELLED if lapsed else Status.CONFIRMED,
            moves=int(lapsed),
        )

    def _entry(self, kind: Kind, action: str, name: str, *, moves: int = 0, **more: Any) -> Entry:
        row = self.row
        release: Release | None = row.release
        source = out_by(row.source, hong_kong(self.at).date())
        cancelled_on = self._cancelled_on(more.get("instant"), more.get("window"))
        shared: dict[str, Any] = {
            "park": park_place(row.park),
            "phase": phase_place(row.phase),
            "url": reverse("round", args=[row.code]),
            "updated_at": self._changed_at(),
            "sequence": moves + (cancelled_on is not None),
            "status": _status(kind, cancelled_on),
            "code": row.code,
            "round": row.code,
            "release": release.code if release and release.code in self.public_releases else "",
            "stage": row.stage_now,
            "plots": self._plots(),
            "lots": len(row.offered) or None,
            "announced_on": hong_kong(row.published_at).date(),
            "source": source.publisher if source else row.park.name,
            "cancelled_on": cancelled_on,
        }
        title = _("%(action)s: %(subject)s") % {"action": action, "subject": row.title}
        return Entry(
            kind=kind,
            uid=uid("round", row.code, name),
            title=title,
            subject=row.title,
            action=action,
            **(shared | more),
        )

    def _changed_at(self) -> datetime:
        """By the time asked for; of a round that was entered only afterwards, its last dated act by then."""
        row = self.row
        acts = [*(event.at for event in row.taken), *(amendment.published_at for amendment in row.amended)]
        changed_at: datetime = row.changed_at or max([row.published_at, *acts])
        return changed_at

    def _award_changed(self, award: Any) -> datetime:
        days = [midnight(day) for day in (award.signed_on, award.lapsed_on) if day]
        acts = [award.decided_at, *(instant for instant in days if instant <= self.at)]
        changed_at: datetime = award.changed_at or max(acts)
        return changed_at

    def _cancelled_on(self, instant: datetime | None, window: Window | None) -> date | None:
        """The day on which the round was called off, if this date was still to come then."""
        when = next((event.at for event in self.row.taken if event.decision == Decision.CANCELLED), None)
        if when is None:
            return None
        day = hong_kong(when).date()
        last = hong_kong(instant).date() if instant else window.latest if window else None
        return None if last is not None and last < day else day

    def _plots(self) -> int | None:
        counts = [lot.named or lot.stated_plots for lot in self.row.offered]
        return plots_on_offer(counts, self.row.plot_count)


def _status(kind: Kind, cancelled_on: date | None) -> Status:
    if cancelled_on is not None and kind not in {Kind.AMENDED, Kind.OPENED, Kind.AWARD}:
        return Status.CANCELLED
    return Status.TENTATIVE if kind is Kind.DECISION else Status.CONFIRMED


def _whole_day(day: date) -> Window:
    return Window(day, day, Precision.DAY)


def _instant(when: date | datetime) -> datetime:
    return when if isinstance(when, datetime) else midnight(when)


def _verbs(kind: RoundKind) -> tuple[str, str]:
    """How opening and closing are called; 27 expressions of interest are not 27 bids."""
    return {
        RoundKind.EXPRESSION_OF_INTEREST: (
            _("Expressions of interest open"),
            _("Expressions of interest close"),
        ),
        RoundKind.PREQUALIFICATION: (_("Prequalification opens"), _("Prequalification closes")),
        RoundKind.TENDER: (_("Tender opens"), _("Tender closes")),
        RoundKind.DIRECT_GRANT: (_("Direct grant opens"), _("Direct grant closes")),
    }[kind]


def _what_moves(amendment: Amendment) -> str:
    """ "Closing time moves from 16 Apr, noon to 30 Apr, noon", and so for each date that it moves."""
    sentences = {
        "briefing_on": (_("Briefing set to %(new)s"), _("Briefing moves from %(old)s to %(new)s")),
        "opens_at": (_("Opening moves to %(new)s"), _("Opening moves from %(old)s to %(new)s")),
        "enquiries_until": (_("Enquiries run until %(new)s"), _("Enquiries run until %(new)s, not %(old)s")),
        "closes_at": (_("Closing time set to %(new)s"), _("Closing time moves from %(old)s to %(new)s")),
    }
    said = []
    for field, (first, moved) in sentences.items():
        old, new = getattr(amendment, f"{field}_before"), getattr(amendment, f"{field}_after")
        if new is None:
            continue
        year = hong_kong(amendment.published_at).year
        words = {
            "new": day_and_time(_instant(new), year),
            "old": day_and_time(_instant(old), year) if old else "",
        }
        said.append((moved if old else first) % words)
    if amendment.window_after is not None:
        said.append(_window_moves(amendment))
    return _("; ").join(said)


def _window_moves(amendment: Amendment) -> str:
    before, after = amendment.window_before, amendment.window_after
    words = {
        "new": speak(after, language()) if after else "",
        "old": speak(before, language()) if before else "",
    }
    if before is None or before.precision is Precision.UNKNOWN:
        return _("Decision expected: %(new)s") % words
    return _("Decision expected: %(new)s, not %(old)s") % words
