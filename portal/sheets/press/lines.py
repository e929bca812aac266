"""The press line of a round or a park on a day: what it speaks of, and the sentence in each language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from parks.models import Park
from parks.windows import speak_day
from portal.asof import Moment
from portal.sheets.press import land, remainder, rounds
from portal.sheets.press.basis import lines
from portal.sheets.press.phrases import Phrase, dated, fill
from portal.sheets.press.told import Told, one_sentence
from portal.words.speech import hong_kong, language
from tenders.ledger import Ledger
from tenders.models import RoundEvent
from tenders.statuses import Decision


@dataclass(frozen=True)
class PressLine:
    """The sentence in one language, what its figures rest on, the day, and where it will always be found."""

    language: str
    sentence: Phrase
    notes: list[Phrase]
    as_of: Phrase
    permalink: str


@dataclass(frozen=True)
class Press:
    """What the page speaks of. `others`: the other rounds of the park, each with its sentence."""

    park: Park
    round: Any | None
    lines: list[PressLine]
    others: list[tuple[Any, Phrase]] = field(default_factory=list)
    phases: list[Phrase] = field(default_factory=list)


def leading(known: Iterable[Any], book: Ledger) -> Any | None:
    """The newest round of a real park whose proposals are known, else the newest one: as on the home page."""
    newest = sorted(known, key=lambda round: round.code)
    newest.sort(key=lambda round: round.published_at, reverse=True)
    real = [round for round in newest if not round.park.is_sample] or newest
    counted = [round for round in real if book.known.counts[round.pk].proposals is not None]
    return next(iter(counted or real), None)


def of_round(round: Any, book: Ledger, moment: Moment, *, others: Iterable[Any] = ()) -> Press:
    """One query, for the days of decisions."""
    others = list(others)
    decided = _decided([round, *others], moment)
    told = Told(round, book, moment, decided.get(round.pk))
    more = [
        (other, one_sentence(rounds.clauses(Told(other, book, moment, decided.get(other.pk)))))
        for other in others
    ]
    return Press(round.park, round, [_of_round(told, code) for code, _name in settings.LANGUAGES], more)


def of_land(park: Park, book: Ledger, moment: Moment) -> Press:
    """A park that has put nothing to the market yet: its plots, and those of its phases."""
    spoken = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            sentence = one_sentence(land.clauses(park, book, moment))
            spoken.append(_line(sentence, park, {"park": park.slug}, moment))
    return Press(park, None, spoken, phases=[one_sentence([said]) for said in land.phases(book, moment)])


def _decided(known: list[Any], moment: Moment) -> dict[int, date]:
    """The day on which each round was called off or given up."""
    ends = [Decision.CANCELLED, Decision.UNSUCCESSFUL]
    events = RoundEvent.objects.filter(round__in=known, decision__in=ends, at__lte=moment.at)
    return {event.round_id: hong_kong(event.at).date() for event in events}


def _of_round(told: Told, code: str) -> PressLine:
    with translation.override(code):
        rest = remainder.of_the_rounds_phase(told.round, told.book, told.moment)
        sentence = one_sentence([*rounds.clauses(told), rest])
        return _line(sentence, told.round.park, {"round": told.round.code}, told.moment)


def _line(sentence: Phrase, park: Park, asked: dict[str, str], moment: Moment) -> PressLine:
    """In the active language."""
    made_up = [fill(_("Sample: all of this is made up."))] if park.is_sample else []
    query = urlencode(asked | {"as_of": moment.day.isoformat()})
    return PressLine(
        language=language(),
        sentence=sentence,
        notes=[*made_up, *lines(sentence, moment)],
        as_of=_as_of(moment),
        permalink=f"{settings.SITE_URL}{reverse('press')}?{query}",
    )


def _as_of(moment: Moment) -> Phrase:
    """A day that is not over may still change what its address says."""
    day = dated(speak_day(moment.day, "day", language()), moment.day)
    if moment.is_now:
        return fill(_("As it stands on %(day)s, before the day is over"), day=day)
    return fill(_("As it stood at the end of %(day)s, Hong Kong time"), day=day)
