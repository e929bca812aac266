"""A round in words: where it stands, its dates, its amendments, what came in, and who said so."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from parks.models import Release, Source
from parks.windows import Precision, speak, speak_day
from portal.asof import Moment
from portal.exports.rows import LotRow, RoundRow
from portal.words.indicators import claim_words, indicator_name
from portal.words.speech import countdown, day_words, hong_kong, instant_words, language, time_of_day
from tenders.disclosure import Disclosed
from tenders.models import Admission, Amendment, Figure, RoundEvent
from tenders.statistics import SEALED
from tenders.statuses import Decision, RoundKind, Stage


@dataclass(frozen=True)
class Fact:
    """A term and what stands beside it; `css` is "due" for a closing time, struck is what was called off."""

    term: str
    text: str
    css: str = ""
    is_struck: bool = False


@dataclass(frozen=True)
class Change:
    """One date that an amendment moved; `old` is empty where none was published before."""

    label: str
    old: str
    new: str


@dataclass
class Saying:
    """A source and the facts of this page that it said."""

    source: Source
    facts: list[str] = field(default_factory=list)


def asked_for(kind: str) -> str:
    """What a round of this kind calls for. 27 expressions of interest are not 27 bids."""
    return {
        RoundKind.EXPRESSION_OF_INTEREST: _("expressions of interest"),
        RoundKind.PREQUALIFICATION: _("applications for prequalification"),
        RoundKind.TENDER: _("tenders"),
        RoundKind.DIRECT_GRANT: _("applications for a direct grant"),
    }[RoundKind(kind)]


def not_bids(row: RoundRow) -> str:
    """What the round asked for, if proposals came in and they are no bids: the page reminds of that."""
    kind = row.round.kind
    is_no_bid = kind in {RoundKind.EXPRESSION_OF_INTEREST, RoundKind.PREQUALIFICATION}
    return asked_for(kind) if row.counts.proposals and is_no_bid else ""


# --- where it stands -----------------------------------------------------------------------------------


def stage_line(row: RoundRow, events: Iterable[RoundEvent], outcome: Disclosed, moment: Moment) -> str:
    """What stands after the tag of the stage: "since 6 November 2025, 12:00 noon; …"."""
    stage = Stage(row.stage)
    decided = {event.decision: hong_kong(event.at).date() for event in events}
    match stage:
        case Stage.UPCOMING:
            return _upcoming(row.round.opening_time, moment)  # type: ignore[attr-defined]  # so it does this
        case Stage.OPEN:
            return _open(row, moment)
        case Stage.CLOSED:
            return _closed(row, moment)
        case Stage.EVALUATING:
            return _evaluating(decided.get(Decision.OPENED.value), moment)
        case Stage.AWARDED:
            return _awarded(row, outcome)
    day = decided.get(stage.value)
    return _("on %(day)s") % {"day": day_words(day)} if day else ""


def _upcoming(opens: datetime | None, moment: Moment) -> str:
    if opens is None:
        return ""
    words = {"when": instant_words(opens), "days": countdown(hong_kong(opens).date(), moment.day)}
    return _("opens on %(when)s; %(days)s to go") % words


def _open(row: RoundRow, moment: Moment) -> str:
    closes = row.round.closing_time  # type: ignore[attr-defined]  # with_stage annotates it
    asked = asked_for(row.round.kind)
    if closes is None:
        return _("for %(asked)s; no closing time is said") % {"asked": asked}
    day = hong_kong(closes).date()
    words = {"asked": asked, "when": instant_words(closes), "days": countdown(day, moment.day)}
    if day == moment.day:
        return _("for %(asked)s until %(when)s, that is today") % words
    return _("for %(asked)s until %(when)s; %(days)s to go") % words


def _closed(row: RoundRow, moment: Moment) -> str:
    closes = row.round.closing_time  # type: ignore[attr-defined]  # with_stage annotates it
    since = _("since %(when)s") % {"when": instant_words(closes)}
    if row.round.sealed and row.counts.basis == SEALED:
        return _("%(since)s; the box has not been opened yet") % {"since": since}
    return _("; ").join(filter(None, [since, _without_outcome(hong_kong(closes).date(), moment)]))


def _evaluating(opened: date | None, moment: Moment) -> str:
    if opened is None:
        return ""
    words = _("since the box was opened on %(day)s") % {"day": day_words(opened)}
    return _("; ").join(filter(None, [words, _without_outcome(opened, moment)]))


def _without_outcome(since: date, moment: Moment) -> str:
    days = (moment.day - since).days
    if days < 1:
        return ""
    words = ngettext(
        "no outcome reported in the %(count)d day since",
        "no outcome reported in the %(count)d days since",
        days,
    )
    return words % {"count": days}


def _awarded(row: RoundRow, outcome: Disclosed) -> str:
    if not outcome.awards:
        return ""
    day = day_words(max(award.decided_on for award in outcome.awards))
    words = ngettext(
        "on %(day)s: %(awarded)d of %(count)d lot",
        "on %(day)s: %(awarded)d of %(count)d lots",
        row.counts.lots,
    )
    return words % {"day": day, "awarded": len(outcome.awards), "count": row.counts.lots}


# --- dates -----------------------------------------------------------------------------------


def dates(row: RoundRow, moment: Moment, called_off: datetime | None) -> list[Fact]:
    """Every date of the round, as it stood at the moment, in the order in which they come.

    What was still to come when the round was called off never came: it is struck.
    """
    at, briefing = moment.at, row.round.briefing_day  # type: ignore[attr-defined]  # with_expected annotates it
    found = [
        _dated(row.opens_at, _("Opened"), _("Opens"), at, called_off),
        Fact(_("Briefing"), _weekday(briefing)) if briefing else None,
        _dated(row.enquiries_until, _("Enquiries closed"), _("Enquiries until"), at, called_off),
        _dated(row.closes_at, _("Closed"), _("Closes"), at, called_off, css="due"),
        Fact(_("Box opened"), _weekday(hong_kong(row.opened_at).date())) if row.opened_at else None,
        _decision(row),
    ]
    return [fact for fact in found if fact]


def _dated(
    instant: datetime | None, past: str, coming: str, at: datetime, called_off: datetime | None, css: str = ""
) -> Fact | None:
    if instant is None:
        return None
    day, clock = _weekday(hong_kong(instant).date()), time_of_day(instant)
    text = _("%(day)s, %(time)s") % {"day": day, "time": clock} if clock else day
    if called_off is not None and instant > called_off:
        return Fact(coming, text, is_struck=True)
    return Fact(past if instant <= at else coming, text, css)


def _weekday(day: date) -> str:
    return speak_day(day, "day", language(), weekday=True)


def _decision(row: RoundRow) -> Fact | None:
    if row.stage in {Stage.AWARDED, Stage.UNSUCCESSFUL, Stage.CANCELLED}:
        return None
    window = row.round.expected
    dated = window.precision is not Precision.UNKNOWN
    return Fact(_("Decision"), speak(window, language()) if dated else _("not announced"))


def changes(amendment: Amendment) -> list[Change]:
    """What an amendment moved, from when to when."""
    fields = [
        (_("Opening time"), amendment.opens_at_before, amendment.opens_at_after),
        (_("Briefing"), amendment.briefing_on_before, amendment.briefing_on_after),
        (_("Enquiries until"), amendment.enquiries_until_before, amendment.enquiries_until_after),
        (_("Closing time"), amendment.closes_at_before, amendment.closes_at_after),
    ]
    moved = [
        Change(label, _when(before) if before else "", _when(after))
        for label, before, after in fields
        if after is not None
    ]
    return moved + _change_of_window(amendment)


def _when(when: date | datetime) -> str:
    return instant_words(when) if isinstance(when, datetime) else day_words(when)


def _change_of_window(amendment: Amendment) -> list[Change]:
    before, after = amendment.window_before, amendment.window_after
    if after is None:
        return []
    dated = before is not None and before.precision is not Precision.UNKNOWN
    old = speak(before, language()) if before is not None and dated else ""
    return [Change(_("Decision"), old, speak(after, language()))]


@dataclass(frozen=True)
class Admitted:
    """How many came late and were admitted on one day for one reason, and the reason as it was written."""

    words: str
    reason: str


def admitted(admissions: Iterable[Admission]) -> list[Admitted]:
    """ "1 of them came late and was admitted on 2 April 2026", with its reason."""
    groups: dict[tuple[date, str], int] = {}
    for admission in admissions:
        if admission.admitted_at is not None:
            key = (hong_kong(admission.admitted_at).date(), admission.reason)
            groups[key] = groups.get(key, 0) + 1
    return [Admitted(_admitted_words(count, day), reason) for (day, reason), count in groups.items()]


def _admitted_words(count: int, day: date) -> str:
    words = ngettext(
        "%(count)d of them came late and was admitted on %(day)s",
        "%(count)d of them came late and were admitted on %(day)s",
        count,
    )
    return words % {"count": count, "day": day_words(day)}


# --- what came in -----------------------------------------------------------------------------------


def for_plots(row: RoundRow) -> str:
    """What stands beside the number: "proposals for 10 plots"."""
    count, plots = row.counts.proposals or 0, row.counts.plots
    if plots is None:
        return npgettext("after a number", "proposal", "proposals", count)
    words = ngettext("%(count)d plot", "%(count)d plots", plots) % {"count": plots}
    return ngettext("proposal for %(plots)s", "proposals for %(plots)s", count) % {"plots": words}


def not_public(row: RoundRow) -> str:
    """Why no number stands here."""
    stage = row.stage
    if stage == Stage.UPCOMING:
        return _("Nothing yet: the round has not opened.")
    if row.counts.basis != SEALED:
        return _("Nothing is recorded, and no source reported how many came in.")
    if stage == Stage.OPEN and row.round.sealed:
        return _(
            "Sealed. How many came in is known to nobody before the box is opened, after the closing time."
        )
    if stage == Stage.OPEN:
        return _("Not public before the closing time.")
    if stage == Stage.CLOSED:
        return _("Sealed. How many came in becomes public when two officers have opened the box.")
    return _("The box was never opened, so nothing that came in is public.")


# --- sources -----------------------------------------------------------------------------------


def sayings(
    row: RoundRow, lots: Iterable[LotRow], claims: Iterable[Figure], release: Release | None
) -> list[Saying]:
    """Each source of the page with what it said, the earliest publication first."""
    said: dict[int, Saying] = {}

    def note(source: Source | None, words: str) -> None:
        if source is not None:
            facts = said.setdefault(source.pk, Saying(source)).facts
            facts.extend([] if words in facts else [words])

    note(row.source, _("the round and its dates"))
    for lot in lots:
        note(lot.source, _("what is on offer"))
    for claim in claims:
        words = {"name": indicator_name(claim.indicator), "value": claim_words(claim)}
        note(claim.source, _("%(name)s: %(value)s") % words)
    if release is not None:
        note(release.current.source, _("when the plots are released"))
    return sorted(said.values(), key=lambda saying: (saying.source.published, saying.source.code))
