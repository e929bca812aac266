"""What became of a round, in clauses: what came in for how many plots, or where it stands; how it ended."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.sheets.press.basis import figure
from portal.sheets.press.phrases import Phrase, Piece, dated, fill
from portal.sheets.press.told import Told, plots_words
from portal.sheets.round_words import asked_for, day_words, instant_words
from portal.words.speech import hong_kong
from tenders.ledger import Standing
from tenders.ledger.indicators import LOTS, LOTS_AWARDED, OFFERED, PROPOSALS
from tenders.statuses import Stage
from tenders.subjects import of_round


def clauses(told: Told) -> list[Phrase]:
    """The first says what came in, or where the round stands; a second one how it ended."""
    came_in = _number(told, PROPOSALS)
    if came_in is None:
        stage = Stage(told.round.stage_now)
        return [_standing(told, stage), _awards(told) if stage is Stage.AWARDED else ()]
    return [_came_in(told, came_in), _outcome(told)]


def _number(told: Told, indicator: str) -> Standing | None:
    standing = told.book.number(of_round(told.round), indicator)
    return standing if standing is not None and standing.value is not None else None


def _place(told: Told) -> Phrase:
    """Where the plots lie, a link to the round."""
    url = reverse("round", args=[told.round.code])
    if not told.moment.is_now:
        url += f"?as_of={told.moment.day.isoformat()}"
    park, phase = told.round.park.name, told.round.phase
    words = _("%(phase)s of %(park)s") % {"phase": phase.name, "park": park} if phase else park
    return (Piece(words, url),)


# --- what came in -------------------------------------------------------------------------------------------


def _came_in(told: Told, came_in: Standing) -> Phrase:
    offered, asked, place = _number(told, OFFERED), asked_for(told.round.kind), _place(told)
    if not came_in.value:
        none = figure(came_in, told.moment, words=pgettext("start of a sentence", "No proposal"))
        if offered is None:
            words = _("%(none)s has been received in answer to a call for %(asked)s at %(place)s")
            return fill(words, none=none, asked=asked, place=place)
        words = _("%(none)s has been received for %(plots)s in %(place)s in answer to a call for %(asked)s")
        return fill(words, none=none, plots=plots_words(offered, told.moment), asked=asked, place=place)
    number, count = figure(came_in, told.moment), int(came_in.value)
    if offered is None:
        words = ngettext(
            "%(number)s proposal has been received in answer to a call for %(asked)s at %(place)s",
            "%(number)s proposals have been received in answer to a call for %(asked)s at %(place)s",
            count,
        )
        return fill(words, number=number, asked=asked, place=place)
    words = ngettext(
        "%(number)s proposal has been received for %(plots)s in %(place)s in answer to a call for %(asked)s",
        "%(number)s proposals have been received for %(plots)s in %(place)s in answer to a call for %(asked)s",
        count,
    )
    return fill(words, number=number, plots=plots_words(offered, told.moment), asked=asked, place=place)


# --- where it stands, where no number is known or public ----------------------------------------------------


def _call(told: Told) -> Phrase:
    """What was put to the market, as the subject of a sentence."""
    offered, asked, place = _number(told, OFFERED), asked_for(told.round.kind), _place(told)
    if offered is None:
        return fill(_("A call for %(asked)s at %(place)s"), asked=asked, place=place)
    words = _("A call for %(asked)s for %(plots)s in %(place)s")
    return fill(words, asked=asked, plots=plots_words(offered, told.moment), place=place)


def _standing(told: Told, stage: Stage) -> Phrase:
    match stage:
        case Stage.UPCOMING:
            return _upcoming(told)
        case Stage.OPEN:
            return _open(told)
        case Stage.CANCELLED | Stage.UNSUCCESSFUL if told.decided is not None:
            words = {
                Stage.CANCELLED: _("%(call)s was cancelled on %(when)s"),
                Stage.UNSUCCESSFUL: _("%(call)s ended on %(when)s without an award"),
            }[stage]
            return fill(words, call=_call(told), when=dated(day_words(told.decided), told.decided))
    return _closed(told)


def _upcoming(told: Told) -> Phrase:
    opens = told.round.opening_time
    if opens is None:
        return fill(_("%(call)s has been announced"), call=_call(told))
    return fill(_("%(call)s opens on %(when)s"), call=_call(told), when=_instant(opens))


def _open(told: Told) -> Phrase:
    closes = told.round.closing_time
    if closes is None:
        return fill(_("%(call)s is open, and no closing time has been announced"), call=_call(told))
    return fill(_("%(call)s closes on %(when)s"), call=_call(told), when=_instant(closes))


def _closed(told: Told) -> Phrase:
    closes = told.round.closing_time
    if closes is None:
        return fill(_("%(call)s has ended, and how many proposals came in is not known"), call=_call(told))
    if told.sealed:
        words = _("%(call)s closed on %(when)s, and how many proposals came in is not public yet")
    else:
        words = _("%(call)s closed on %(when)s, and nobody has said how many proposals came in")
    return fill(words, call=_call(told), when=_instant(closes))


def _instant(instant: object) -> Phrase:
    local = hong_kong(instant)  # type: ignore[arg-type]  # with_stage annotates a datetime
    return dated(instant_words(local), local)


# --- how it ended -------------------------------------------------------------------------------------------


def _outcome(told: Told) -> Phrase:
    stage = Stage(told.round.stage_now)
    if stage is Stage.AWARDED:
        return _awards(told)
    endings = {
        Stage.UNSUCCESSFUL: _("the call ended on %(when)s without an award"),
        Stage.CANCELLED: _("the call was cancelled on %(when)s"),
    }
    if stage not in endings or told.decided is None:
        return ()
    return fill(endings[stage], when=dated(day_words(told.decided), told.decided))


def _awards(told: Told) -> Phrase:
    """ "2 of 3 lots have been awarded"; an award that has lapsed is none any more."""
    awarded, lots = _number(told, LOTS_AWARDED), _number(told, LOTS)
    if awarded is None or lots is None:
        return fill(_("no award stands any longer"))
    of_lots = ngettext("%(number)s lot", "%(number)s lots", int(lots.value or 0))
    words = ngettext(
        "%(awarded)s of %(lots)s has been awarded",
        "%(awarded)s of %(lots)s have been awarded",
        int(awarded.value or 0),
    )
    return fill(
        words,
        awarded=figure(awarded, told.moment),
        lots=fill(of_lots, number=figure(lots, told.moment)),
    )
