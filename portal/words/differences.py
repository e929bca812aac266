"""Differences between figures and records in words: the same for the command and for the page of staff."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parks.windows import iso_day
from portal.words.indicators import claim_words as value_words
from portal.words.indicators import digits, quantity
from tenders.ledger import Claim, Standing, Statement, Term
from tenders.ledger.indicators import ANNOUNCED, OFFERED, TOTAL
from tenders.models import Figure, TenderRound
from tenders.reconciling import Difference, Reconciliation, Rests, Side, Why, leading
from tenders.subjects import Subject

WHYS = {
    Why.SAME_DAYS: gettext_lazy("One number has one value on one day."),
    Why.REMAINDER: gettext_lazy("What remains is what there is in all without what was offered."),
    Why.WITHIN: gettext_lazy("A part is not more than its whole."),
    Why.PARTS: gettext_lazy("The parts add up to the whole."),
    Why.RECORDS: gettext_lazy("What is on record is what was reported."),
    Why.NAMES: gettext_lazy("As many plots are named as were counted."),
    Why.OPENING: gettext_lazy("What two officers found in the box is what the register has."),
}
TODO = {
    Why.SAME_DAYS: gettext_lazy("Look at both sources. Correct a claim that its source does not make."),
    Why.REMAINDER: gettext_lazy("Ask the park company which number holds, and add its answer as a claim."),
    Why.WITHIN: gettext_lazy("Look at both sources. Correct a claim that its source does not make."),
    Why.PARTS: gettext_lazy("Look whether a part is counted twice or is missing."),
    Why.RECORDS: gettext_lazy("Bring in what is missing, or ask the source what it counted."),
    Why.NAMES: gettext_lazy("Name the plots that are missing, or announce the right number."),
    Why.OPENING: gettext_lazy("Find out at once which receipt came or went after the opening."),
}
TERMS = {
    TOTAL: gettext_lazy("%(number)s in all"),
    OFFERED: gettext_lazy("%(number)s offered"),
    ANNOUNCED: gettext_lazy("%(number)s announced"),
}


def line(found: Difference, *, is_sample: bool) -> str:
    """ "hsitp-1-plots-remaining: 22 plots reported by A (2025-12) ≠ 12 = 22 in all (B, 2025-09-24) − …"."""
    words = _("%(leads)s ≠ %(against)s") % {
        "leads": side_words(found.leads, found.subject),
        "against": side_words(found.against, found.subject),
    }
    return _one_line(f"{found.figure_id}{_sample(is_sample)}: {words}")


def agreeing_line(number: Standing, *, is_sample: bool) -> str:
    """What leads, and whether anything bears it out."""
    words = side_words(leading(number, number.value or Decimal()), number.subject)
    return _one_line(f"{number.figure_id}{_sample(is_sample)}: {words}; {_borne_out(number)}")


def sum_words(found: Reconciliation) -> str:
    words = ngettext(
        "%(count)d of %(total)d figures differs.", "%(count)d of %(total)d figures differ.", found.differing
    )
    return words % {"count": found.differing, "total": found.total}


def side_words(side: Side, subject: Subject) -> str:
    """One of the two values, with what it rests on. `subject` is what the number speaks of."""
    number = _number(side)
    match side.rests:
        case Rests.SAID:
            return _said(number, side.said)
        case Rests.TERMS:
            return _reckoned(side, subject)
        case Rests.NAMED:
            return _("%(number)s named") % {"number": number}
        case Rests.OPENED:
            return _("%(number)s found in the box when it was opened (%(day)s)") % {
                "number": number,
                "day": side.day,
            }
    return _on_record(number, side)


def claim_words(claim: Claim) -> str:
    """Who says it, and of which day: "Wen Wei Po, 2025-12"."""
    said_in = claim.said_in if isinstance(claim, Statement) else None
    day = iso_day(claim.as_of, claim.as_of_precision)
    if claim.source is not None:
        return _("%(publisher)s, %(day)s") % {"publisher": claim.source.publisher, "day": day}
    if isinstance(said_in, TenderRound):
        return _("round %(code)s, %(day)s") % {"code": said_in.code, "day": day}
    return _("the announcements together, %(day)s") % {"day": day}


def _number(side: Side) -> str:
    """As it was said: "about 87 ha"."""
    first = side.said[0] if side.said and side.rests is Rests.SAID else None
    return value_words(first) if isinstance(first, Figure) else quantity(side.value, side.unit)


def _said(number: str, said: tuple[Claim, ...]) -> str:
    who = _who(said)
    if any(isinstance(claim, Statement) for claim in said):
        return _("%(number)s announced (%(who)s)") % {"number": number, "who": who}
    return _("%(number)s reported by %(who)s") % {"number": number, "who": who}


def _who(said: Iterable[Claim]) -> str:
    return "; ".join(dict.fromkeys(claim_words(claim) for claim in said))


def _on_record(number: str, side: Side) -> str:
    words = _("%(number)s on record") % {"number": number}
    if not side.strangers:
        return words
    more = ngettext(
        "%(count)d of them not on the list of the opening",
        "%(count)d of them not on the list of the opening",
        side.strangers,
    )
    return f"{words}, {more % {'count': side.strangers}}"


def _reckoned(side: Side, subject: Subject) -> str:
    """ "12 = 22 in all (HK01, 2025-09-24) − 10 offered (…)"; a bound is a bound."""
    terms = "".join(
        f"{_sign(index, term)}{_term(term, subject)}" for index, term in enumerate(side.terms)
    ).strip()
    if side.at_most:
        return _("at most %(terms)s") % {"terms": terms}
    words = f"{digits(side.value)} = {terms}"
    return words + (_("; also reported by %(who)s") % {"who": _who(side.said)} if side.said else "")


def _sign(index: int, term: Term) -> str:
    if term.sign < 0:
        return " − "
    return " + " if index else ""


def _term(term: Term, subject: Subject) -> str:
    number = digits(term.value)
    words = str(TERMS[term.indicator]) % {"number": number} if term.indicator in TERMS else number
    notes = [term.subject.slug] if term.subject != subject else []
    notes += [claim_words(claim) for claim in term.said]
    return f"{words} ({'; '.join(dict.fromkeys(notes))})" if notes else words


def _borne_out(number: Standing) -> str:
    if not number.claims:
        return _("nobody reports it")
    if number.record is None or not (number.record.value or number.record.complete):
        return _("nothing on record")
    words = ngettext("agrees with %(count)d claim", "agrees with %(count)d claims", len(number.claims))
    if number.record.complete:
        return words % {"count": len(number.claims)}
    return _("%(number)s on record so far") % {"number": quantity(number.record.value, number.record.unit)}


def _sample(is_sample: bool) -> str:
    return _(" (sample)") if is_sample else ""


def _one_line(words: str) -> str:
    """Whatever a publisher is called: a line is a line."""
    return " ".join(words.split())
