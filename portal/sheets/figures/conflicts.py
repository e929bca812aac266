"""Conflicts in words and as equations: each law says its own, every number in it a door to its proof."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.asof import Moment
from portal.sheets.figures.claims import other_unit, publishers, reckoning_in_digits
from portal.words.evidence import law_words
from portal.words.indicators import digits, quantity
from portal.words.numbers import proof_url
from portal.words.subjects import short_name
from tenders.ledger import Basis, Claim, Conflict, Law, Ledger, Standing, Term
from tenders.ledger.indicators import AWARDED, OFFERED, REMAINING, TOTAL


@dataclass(frozen=True)
class Entry:
    """One number of an equation with the sign before it; no `url` where nobody says it, or it is the page's own."""

    sign: str
    value: str
    label: str
    url: str = ""
    is_other: bool = False


@dataclass(frozen=True)
class Side:
    """What would follow if one of the two were right."""

    title: str
    entries: list[Entry]


@dataclass(frozen=True)
class Contradiction:
    """Two sides that cannot both be right, and the law that says so."""

    words: str
    sides: list[Side]


def contradictions(standing: Standing, book: Ledger, moment: Moment) -> list[Contradiction]:
    shape: dict[Law, Callable[[Conflict, Standing, Ledger, Moment], list[Side]]] = {
        Law.REMAINDER: _remainder,
        Law.PARTS: _parts,
        Law.WITHIN: _within,
        Law.SAME_DAYS: _two_values,
        Law.RECORDS: _two_values,
    }
    return [
        Contradiction(law_words(conflict.law), shape[conflict.law](conflict, standing, book, moment))
        for conflict in standing.conflicts
    ]


# --- as sentences -------------------------------------------------------------------------------------------


def conflict_sentence(conflict: Conflict, unit: str) -> str:
    """ "≠ 22 in all (HK01) − 10 offered = 12, as Ming Pao said", or "≠ 6 plots, says Sample Courier"."""
    said = publishers(conflict.saying)
    value = quantity(conflict.value, other_unit(conflict, unit))
    match conflict.law:
        case Law.REMAINDER:
            return _remainder_sentence(conflict, said)
        case Law.PARTS:
            reckoning = reckoning_in_digits(conflict) or digits(conflict.value)
            words = {"reckoning": reckoning, "value": value}
            return _("≠ its parts: %(reckoning)s = %(value)s") % words
        case Law.WITHIN:
            return _("≠ not more than %(value)s in all, says %(publisher)s") % {
                "value": value,
                "publisher": publishers(conflict.terms[0].said),
            }
    if said:
        return _("≠ %(value)s, says %(publisher)s") % {"value": value, "publisher": said}
    return _("≠ %(value)s on record") % {"value": value}


def _remainder_sentence(conflict: Conflict, said: str) -> str:
    total, *offered = conflict.terms
    reckoning = _("%(total)s in all (%(publisher)s) − %(offered)s offered = %(rest)s") % {
        "total": digits(total.value),
        "publisher": publishers(total.said),
        "offered": " − ".join(digits(term.value) for term in offered),
        "rest": digits(conflict.value),
    }
    if said:
        return _("≠ %(reckoning)s, as %(publisher)s said") % {"reckoning": reckoning, "publisher": said}
    return _("≠ %(reckoning)s, which no source says itself") % {"reckoning": reckoning}


def conflict_line(conflict: Conflict, unit: str) -> str:
    """The same in a few words beside the giant number."""
    value = digits(conflict.value)
    if other_unit(conflict, unit) != unit:
        value = quantity(conflict.value, other_unit(conflict, unit))
    if conflict.at_most:
        return _("≠ Another source allows at most %(value)s.") % {"value": value}
    if conflict.law is Law.PARTS:
        return _("≠ Its parts come to %(value)s.") % {"value": value}
    if conflict.law is Law.REMAINDER:
        return _("≠ Another source implies %(value)s.") % {"value": value}
    if conflict.saying:
        return _("≠ Another source says %(value)s.") % {"value": value}
    return _("≠ %(value)s are on record.") % {"value": value}


# --- as equations -------------------------------------------------------------------------------------------


def _remainder(conflict: Conflict, standing: Standing, book: Ledger, moment: Moment) -> list[Side]:
    total, *offered = conflict.terms
    lead = standing.lead
    left = lead.value if lead is not None else standing.value or Decimal()
    whole = left + sum(term.value for term in offered)
    known = book.number(total.subject, TOTAL)
    saying = tuple(claim for claim in known.claims if claim.value == whole) if known else ()
    return [
        Side(
            _("If %(value)s remain") % {"value": digits(left)},
            [
                Entry("", digits(left), _("remain")),
                *[_entry("+", term, _state(OFFERED), moment) for term in offered],
                Entry("=", digits(whole), _said_or_nobody(_("in all"), saying)),
            ],
        ),
        Side(
            _("If there are %(value)s in all") % {"value": digits(total.value)},
            [
                _entry("", total, _said_by(_("in all"), total.said), moment),
                *[_entry("−", term, _state(OFFERED), moment) for term in offered],
                Entry(
                    "=", digits(conflict.value), _said_or_nobody(_("remain"), conflict.saying), is_other=True
                ),
            ],
        ),
    ]


def _parts(conflict: Conflict, standing: Standing, book: Ledger, moment: Moment) -> list[Side]:
    entries = [
        _entry("+" if number else "", term, _part_label(term, standing), moment)
        for number, term in enumerate(conflict.terms)
    ]
    total = Entry("=", digits(conflict.value), _("together"), is_other=True)
    return [Side(_("If the parts are right"), [*entries, total]), _own_side(standing)]


def _part_label(term: Term, standing: Standing) -> str:
    return _said_by(short_name(term.subject), term.said) if term.subject != standing.subject else _("one lot")


def _within(conflict: Conflict, standing: Standing, book: Ledger, moment: Moment) -> list[Side]:
    (whole,) = conflict.terms
    limit = _said_by(_state(whole.indicator), whole.said)
    return [
        _own_side(standing),
        Side(_("If the whole is right"), [_entry("", whole, limit, moment, is_other=True)]),
    ]


def _two_values(conflict: Conflict, standing: Standing, book: Ledger, moment: Moment) -> list[Side]:
    if conflict.saying:
        label = _said_by(_state(standing.indicator), conflict.saying)
        title = _("If %(publisher)s is right") % {"publisher": publishers(conflict.saying)}
    else:
        label, title = _("on record"), _("If the records are right")
    value = _value(conflict.value, other_unit(conflict, standing.unit))
    return [_own_side(standing), Side(title, [Entry("", value, label, is_other=True)])]


def _own_side(standing: Standing) -> Side:
    """The leading value alone."""
    value = _value(standing.value or Decimal(), standing.unit)
    if standing.basis in {Basis.RECORDED, Basis.PARTIAL}:
        return Side(_("If the records are right"), [Entry("", value, _("on record"))])
    said = tuple(claim for claim in standing.claims if claim.value == standing.value)
    title = _("If %(publisher)s is right") % {"publisher": publishers(said)}
    return Side(title, [Entry("", value, _said_by(_state(standing.indicator), said))])


def _value(value: Decimal, unit: str) -> str:
    return digits(value) if unit == "plots" else quantity(value, unit)


def _entry(sign: str, term: Term, label: str, moment: Moment, *, is_other: bool = False) -> Entry:
    return Entry(
        sign, digits(term.value), label, proof_url(term.subject.figure_id(term.indicator), moment), is_other
    )


def _state(indicator: str) -> str:
    """What stands under a number of an equation."""
    words = {TOTAL: _("in all"), OFFERED: _("offered"), REMAINING: _("remain"), AWARDED: _("awarded")}
    return words.get(indicator, "")


def _said_by(words: str, said: tuple[Claim, ...]) -> str:
    if not said:
        return words
    return (
        _("%(what)s (%(publisher)s)") % {"what": words, "publisher": publishers(said)}
        if words
        else publishers(said)
    )


def _said_or_nobody(words: str, said: tuple[Claim, ...]) -> str:
    return _said_by(words, said) if said else _("%(what)s, said by nobody") % {"what": words}
