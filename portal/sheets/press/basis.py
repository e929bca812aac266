"""A figure of the press line, linked to its proof, and the line below that says what it rests on."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from parks.windows import speak_day
from portal.asof import Moment
from portal.sheets.press.phrases import Phrase, Piece, dated, fill, joined, plain
from portal.words.indicators import QUALIFIED, indicator_name
from portal.words.numbers import plain as digits
from portal.words.numbers import proof_url
from portal.words.speech import language
from tenders.ledger import Basis, Claim, Conflict, Law, Standing


def figure(standing: Standing, moment: Moment, *, words: str = "") -> Phrase:
    """The leading value as a link to its proof, as exact as it was said: "about 22". `words` stand in its place."""
    text = words or value_words(standing)
    spoken = {"value": text, "what": indicator_name(standing.indicator), "mark": plain(basis(standing))}
    label = _("%(value)s (%(what)s, %(mark)s: proof)") % spoken
    return (Piece(text, proof_url(standing.figure_id, moment), label, standing=standing),)


def value_words(standing: Standing) -> str:
    number = digits(standing.value or 0)
    lead = standing.lead
    if lead is None or standing.basis not in {Basis.REPORTED, Basis.STATED} or not lead.qualifier:
        return number
    if lead.qualifier in QUALIFIED:
        return QUALIFIED[lead.qualifier](number)
    return _("%(number)s, %(qualifier)s") % {"number": number, "qualifier": lead.qualifier}


def basis(standing: Standing) -> Phrase:
    """ "as reported by Wen Wei Po for December 2025", "recorded"."""
    lead = standing.lead
    if standing.basis is Basis.RECORDED:
        return fill(_("recorded"))
    if standing.basis is Basis.PARTIAL or lead is None:
        return fill(_("recorded so far, and the records are not complete"))
    if standing.basis is Basis.REPORTED:
        said = [claim for claim in standing.claims if (claim.value, claim.unit) == (lead.value, lead.unit)]
        return fill(_("as reported by %(sources)s"), sources=_sources(said))
    if getattr(lead, "parts", ()):
        return fill(_("as the announced releases add up"))
    if lead.source is None:
        return fill(_("as announced (%(day)s)"), day=_day(lead))
    return fill(_("as announced (%(publisher)s, %(day)s)"), publisher=lead.source.publisher, day=_day(lead))


def _sources(claims: Iterable[Claim]) -> Phrase:
    """Who said it and for which day, the newest first."""
    return joined(
        _(", "),
        [
            fill(_("%(publisher)s for %(day)s"), publisher=claim.source.publisher, day=_day(claim))
            for claim in claims
            if claim.source is not None
        ],
    )


def _day(claim: Claim) -> Phrase:
    words = speak_day(claim.as_of, claim.as_of_precision, language())
    return dated(words, claim.as_of, claim.as_of_precision)


def lines(sentence: Phrase, moment: Moment) -> list[Phrase]:
    """For each figure of the sentence, once, what it is, what it rests on and what stands against it."""
    standings = {piece.standing.key: piece.standing for piece in sentence if piece.standing is not None}
    return [_line(standing, moment) for standing in standings.values()]


def _line(standing: Standing, moment: Moment) -> Phrase:
    said = fill(
        _("%(what)s: %(number)s, %(basis)s"),
        what=indicator_name(standing.indicator),
        number=figure(standing, moment),
        basis=basis(standing),
    )
    against = [
        tuple(replace(piece, against=True) for piece in _against(conflict, standing, moment))
        for conflict in standing.conflicts
    ]
    return joined(_("; "), [said, *against])


def _against(conflict: Conflict, standing: Standing, moment: Moment) -> Phrase:
    """ "≠ another source implies 12", its number a link to the proof that shows how."""
    text = digits(conflict.value)
    label = _("%(value)s stands against it: proof") % {"value": text}
    number = (Piece(text, proof_url(standing.figure_id, moment), label),)
    if conflict.at_most:
        return fill(_("≠ it cannot be more than %(count)s"), count=number)
    if conflict.law is Law.RECORDS and conflict.implied:
        return fill(_("≠ %(count)s are recorded"), count=number)
    if conflict.law in {Law.SAME_DAYS, Law.RECORDS}:
        publishers = [said.source.publisher for said in conflict.saying if said.source]
        words = _(", ").join(dict.fromkeys(publishers)) or _("another announcement")
        return fill(_("≠ %(publisher)s says %(count)s"), publisher=words, count=number)
    return fill(_("≠ another source implies %(count)s"), count=number)
