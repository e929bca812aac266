"""How sure a number is, in words: what it rests on, how complete the records are, which rule chose it."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tenders.ledger import Basis, Completeness, Law, Record


def basis_word(basis: Basis) -> str:
    """For a narrow column."""
    return {
        Basis.RECORDED: _("recorded"),
        Basis.REPORTED: _("as reported"),
        Basis.STATED: pgettext("plots", "announced"),
        Basis.PARTIAL: _("recorded so far"),
        Basis.SEALED: _("sealed"),
        Basis.NOTHING: _("implied"),
    }[basis]


def basis_sentence(basis: Basis) -> str:
    """What the number rests on, and by which part of the rule it leads."""
    return {
        Basis.RECORDED: _("Basis: recorded. Headline by the rule “records where they are complete”."),
        Basis.REPORTED: _("Basis: reported, not recorded. Headline by the rule “newest as-of date”."),
        Basis.STATED: _(
            "Basis: announced as a count, before every plot is named. Headline by the rule “newest as-of date”."
        ),
        Basis.PARTIAL: _(
            "Basis: recorded so far. Nobody claims this number, so the records stand with their gap named."
        ),
        Basis.SEALED: _("Basis: sealed. What came in is known to nobody before that."),
        Basis.NOTHING: _("Basis: none. Nobody has said this number."),
    }[basis]


def gap_words(record: Record, indicator: str) -> str:
    """What the records fall short of, with its number: never nought for what is not known."""
    count = int(record.missing or Decimal())
    match record.why:
        case Completeness.UNNAMED:
            words = ngettext(
                "%(count)d plot is counted and not named.",
                "%(count)d plots are counted and not named.",
                count,
            )
        case Completeness.UNMEASURED if indicator.startswith("gfa"):
            words = ngettext(
                "%(count)d plot has no floor area on record.",
                "%(count)d plots have no floor area on record.",
                count,
            )
        case Completeness.UNMEASURED:
            words = ngettext(
                "%(count)d plot has no area on record.", "%(count)d plots have no area on record.", count
            )
        case Completeness.SOME_PARTS:
            words = ngettext(
                "%(count)d round is not public yet.", "%(count)d rounds are not public yet.", count
            )
        case Completeness.UNOPENED:
            return _(
                "The round has closed and its box was not opened: more may have come in than is recorded."
            )
        case _:
            return ""
    return words % {"count": count}


def complete_words(record: Record) -> str:
    """Why nothing is missing; nothing where something is."""
    words = {
        Completeness.OPENED: _("Two officers opened the box and counted, so the records are complete."),
        Completeness.REACHED: _(
            "The round has closed and as many are recorded as anybody claimed, so the records are complete."
        ),
        Completeness.EVERY_PART: _("Each of its parts is complete, so the records are."),
    }
    if record.why is Completeness.NAMED and record.unit == "lots":
        return _("Every lot is on record, so the records are complete.")
    if record.why is Completeness.NAMED:
        return _("Every plot that was spoken of is named, so the records are complete.")
    return words.get(record.why, "")


def law_words(law: Law) -> str:
    """The rule that two things break together, as a sentence."""
    return {
        Law.SAME_DAYS: _("Both speak of the same days, and one number has one value on one day."),
        Law.REMAINDER: _("What remains is what there is in all without what is offered."),
        Law.WITHIN: _("A part is not more than its whole."),
        Law.PARTS: _("The parts of a thing add up to the whole of it."),
        Law.RECORDS: _("What is on record of a day is what was said of that day."),
    }[law]
