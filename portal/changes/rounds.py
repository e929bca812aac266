"""What changed of rounds on paper: publication, amendments, answers, documents, their end. No proposal is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from parks.models import Release, out_by
from parks.windows import Precision, Window, speak
from portal.asof import Moment
from portal.changes.asked import Asked
from portal.changes.change import Change, ChangeKind, Said, iso_window
from portal.changes.places import of_source, on_land
from portal.words.speech import day_words, hong_kong, instant_words, language
from tenders.models import Amendment, Document, Enquiry, RoundEvent, TenderRound
from tenders.statuses import Decision

ENDS = {Decision.UNSUCCESSFUL.value, Decision.CANCELLED.value}


@dataclass(frozen=True)
class Round:
    """A public round and what was published beside it by the moment; `release` is the code of a public one."""

    row: Any
    release: str

    def change(self, kind: ChangeKind, *name: str, section: str = "", **more: Any) -> Change:
        """A change of this round; `section` is the part of its page that proves it."""
        row = self.row
        if "at" in more:
            more["date"] = hong_kong(more["at"]).date()
        return Change(
            key=("round", row.code, *name),
            kind=kind,
            subject=row.title,
            url=reverse("round", args=[row.code]) + (f"#{section}" if section else ""),
            release=self.release,
            round=row.code,
            **on_land(row.park, row.phase),
            **more,
        )


def public_rounds(moment: Moment, asked: Asked) -> list[Round]:
    """Six queries: rounds, amendments, decisions, enquiries, documents, releases."""
    rounds = (
        TenderRound.objects.public(moment.at)
        .with_stage(moment.at)
        .select_related("park", "phase__part_of", "release", "source", "opening")
        .order_by("code")
    )
    if asked.park:
        rounds = rounds.in_park(asked.park)
    if asked.round:
        rounds = rounds.filter(code=asked.round)
    releases = Release.objects.public().as_of(moment.day).prefetch_related(None)
    told = set(releases.values_list("pk", flat=True))
    return [
        Round(row, row.release.code if row.release and row.release.pk in told else "")
        for row in rounds.prefetch_related(*_beside(moment.at))
    ]


def _beside(at: datetime) -> list["Prefetch[Any, Any, Any]"]:
    """Amendments all, those to come too: what they replace is what was published first."""
    events = RoundEvent.objects.filter(at__lte=at).order_by("at", "pk")
    return [
        Prefetch("amendments", Amendment.objects.order_by("number"), to_attr="amended"),
        Prefetch("events", events, to_attr="taken"),
        Prefetch("enquiries", Enquiry.objects.public(at).order_by("number"), to_attr="answered"),
        Prefetch("documents", Document.objects.public(at).order_by("published_at", "pk"), to_attr="papers"),
    ]


def paper_changes(rounds: list[Round], moment: Moment) -> Iterator[Change]:
    """No query."""
    for round in rounds:
        yield _published(round, moment.day)
        for amendment in round.row.amended:
            if amendment.published_at <= moment.at:
                yield from _amended(round, amendment)
        yield from _answered(round)
        yield from _documents(round)
        yield from _ended(round)


def _published(round: Round, day: date) -> Change:
    row = round.row
    closes = _first_closing_time(row)
    words = {"kind": row.get_kind_display(), "when": instant_words(closes) if closes else ""}
    said = _("%(kind)s published, closes %(when)s") if closes else _("%(kind)s published")
    return round.change(
        ChangeKind.ROUND_PUBLISHED,
        "published",
        at=row.published_at,
        words=said % words,
        after=_iso(closes),
        said=of_source(out_by(row.source, day)),
    )


def _first_closing_time(row: Any) -> datetime | None:
    """As it was published: before the first amendment that moved it."""
    moves = (move for move in row.amended if move.closes_at_after is not None)
    first = next(moves, None)
    closes: datetime | None = first.closes_at_before if first else row.closes_at
    return closes


def _amended(round: Round, amendment: Amendment) -> Iterator[Change]:
    """Each date that it moves is a change of its own."""
    for kind, name, old, new, words in _moves(amendment):
        yield round.change(
            kind,
            "amendment",
            str(amendment.number),
            name,
            section="amendments",
            at=amendment.published_at,
            words=words,
            before=_iso(old),
            after=_iso(new),
            reason=amendment.reason,
        )


When = date | datetime | Window | None


def _moves(amendment: Amendment) -> Iterator[tuple[ChangeKind, str, When, When, str]]:
    """Kind, name, before, after and the sentence of each date that the amendment says."""
    sentences = [
        (
            ChangeKind.BRIEFING_AMENDED,
            "briefing_on",
            _("Briefing set to %(new)s"),
            _("Briefing moved from %(old)s to %(new)s"),
        ),
        (
            ChangeKind.OPENS_AMENDED,
            "opens_at",
            _("Opening time set to %(new)s"),
            _("Opening time moved from %(old)s to %(new)s"),
        ),
        (
            ChangeKind.ENQUIRIES_AMENDED,
            "enquiries_until",
            _("End of enquiries set to %(new)s"),
            _("End of enquiries moved from %(old)s to %(new)s"),
        ),
        (
            ChangeKind.CLOSES_AMENDED,
            "closes_at",
            _("Closing time set to %(new)s"),
            _("Closing time moved from %(old)s to %(new)s"),
        ),
    ]
    for kind, name, first, moved in sentences:
        old, new = getattr(amendment, f"{name}_before"), getattr(amendment, f"{name}_after")
        if new is not None:
            yield kind, name, old, new, (moved if old else first) % {"old": _spoken(old), "new": _spoken(new)}
    before, after = amendment.window_before, amendment.window_after
    if after is not None:
        is_first = before is None or before.precision is Precision.UNKNOWN
        said = (
            _("Decision expected: %(new)s")
            if is_first
            else _("Expected decision moved from %(old)s to %(new)s")
        )
        words = said % {"old": _spoken(before), "new": _spoken(after)}
        yield ChangeKind.DECISION_AMENDED, "decision", before, after, words


def _spoken(when: When) -> str:
    match when:
        case None:
            return ""
        case Window():
            return speak(when, language())
        case datetime():
            return instant_words(when)
    return day_words(when)


def _iso(when: When) -> str:
    match when:
        case None:
            return ""
        case Window():
            return iso_window(when)
        case datetime():
            return hong_kong(when).isoformat()
    return when.isoformat()


def _answered(round: Round) -> Iterator[Change]:
    for enquiry in round.row.answered:
        yield round.change(
            ChangeKind.ENQUIRY_ANSWERED,
            "enquiry",
            str(enquiry.number),
            section="enquiries",
            at=enquiry.published_at,
            words=_("Enquiry %(number)d answered") % {"number": enquiry.number},
            after=str(enquiry.number),
        )


def _documents(round: Round) -> Iterator[Change]:
    """A document is named by its instant and its place among those of that instant: a key of the database
    would count those that wait."""
    for instant, papers in groupby(round.row.papers, key=lambda paper: paper.published_at):
        for place, paper in enumerate(papers, 1):
            yield round.change(
                ChangeKind.DOCUMENT_PUBLISHED,
                "document",
                hong_kong(instant).isoformat(),
                str(place),
                section="documents",
                at=instant,
                words=_("Document published: %(title)s") % {"title": paper.title},
                after=paper.title,
                said=Said(url=paper.url),
            )


def _ended(round: Round) -> Iterator[Change]:
    for event in round.row.taken:
        if event.decision in ENDS:
            is_cancelled = event.decision == Decision.CANCELLED
            yield round.change(
                ChangeKind.ROUND_CANCELLED if is_cancelled else ChangeKind.ROUND_UNSUCCESSFUL,
                event.decision,
                section="outcome",
                at=event.at,
                words=_("Called off") if is_cancelled else _("Ended without an award"),
                reason=event.reason,
            )
