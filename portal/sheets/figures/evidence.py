"""Records as far as they are disclosed: the parts of a number, what is missing, and why."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.asof import Moment
from portal.words.evidence import complete_words, gap_words
from portal.words.indicators import digits, quantity
from portal.words.speech import sentences
from portal.words.subjects import short_name, subject_url
from tenders.availability import Availability
from tenders.ledger import Completeness, Ledger, Part, Record, Standing
from tenders.ledger.indicators import AREA, GFA, PER_PLOT, PROPONENTS, PROPOSALS
from tenders.subjects import Kind


@dataclass(frozen=True)
class PartLine:
    """A share: of what, where it shows, how much; `value` empty where that is not known or not public."""

    name: str
    detail: str
    url: str
    value: str
    why_not: str = ""


@dataclass(frozen=True)
class Evidence:
    """`words`: how complete the records are; `parts`: what they are made of; `total` where parts add up to it."""

    value: str
    words: str
    gap: str
    parts: list[PartLine]
    total: str = ""
    overlap: str = ""


def evidence(standing: Standing, book: Ledger, moment: Moment) -> Evidence:
    record = standing.record
    if record is None:
        return Evidence("", _no_records(standing), "", [])
    known = [part.value for part in record.parts if part.value is not None]
    adds_up = len(known) > 1 and sum(known) == record.value
    return Evidence(
        _recorded_value(record),
        sentences([complete_words(record), _explained(standing)]),
        gap_words(record, standing.indicator),
        [_part_line(part, standing, book, moment) for part in record.parts],
        quantity(record.value, record.unit) if adds_up else "",
        _overlap(standing.indicator, record, sum(known, Decimal())),
    )


def _recorded_value(record: Record) -> str:
    """Nothing where more may be there than the nought that is on record."""
    if record.why is Completeness.UNOPENED and not record.value:
        return ""
    return quantity(record.value, record.unit)


def _explained(standing: Standing) -> str:
    if standing.indicator == PER_PLOT:
        return _("The mean over all plots: a proposal for a lot asks for each plot of the lot.")
    if standing.indicator == PROPONENTS:
        return _("Lead organisations, each counted once however many proposals it handed in.")
    return ""


def _overlap(indicator: str, record: Record, together: Decimal) -> str:
    if indicator != PROPOSALS or not record.overlapping or together == record.value:
        return ""
    words = {"sum": digits(together), "count": digits(record.value)}
    return (
        _(
            "One proposal can ask for several lots, so the lots add up to %(sum)s; the proposals are %(count)s."
        )
        % words
    )


def _part_line(part: Part, standing: Standing, book: Ledger, moment: Moment) -> PartLine:
    if part.state:
        return _plots_of(part, standing, moment)
    name, url = short_name(part.subject), subject_url(part.subject, None, moment)
    if part.value is None:
        hidden = _("no plot named so far") if part.subject.kind is Kind.LOT else _("not public yet")
        return PartLine(name, "", url, "", hidden)
    unit = "proposals" if standing.indicator == PER_PLOT else standing.record.unit if standing.record else ""
    return PartLine(name, "", url, quantity(part.value, unit))


def _plots_of(part: Part, standing: Standing, moment: Moment) -> PartLine:
    """Plots of a phase at one availability: the list of plots has them by name."""
    phase = part.subject.row
    query = {"park": phase.park.slug, "phase": phase.code, "availability": part.state}
    query |= {} if moment.is_now else {"as_of": moment.day.isoformat()}
    unit = standing.record.unit if standing.record else ""
    value = quantity(part.value, unit) if part.value is not None else ""
    missing = _("no area on record") if part.value is None else ""
    label = str(Availability(part.state).label)
    return PartLine(short_name(part.subject), label, f"{reverse('plots')}?{urlencode(query)}", value, missing)


def _no_records(standing: Standing) -> str:
    indicator, kind = standing.indicator, standing.subject.kind
    if standing.value is None:
        return _("Nothing of it is public before that, not even whether anything came in.")
    if indicator.startswith(("plots_", AREA, GFA)) and kind is Kind.ROUND:
        return _("No plot of this round is recorded by name, so nothing can be counted.")
    if indicator.startswith(("plots_", AREA, GFA)) and kind in {Kind.PHASE, Kind.PARK}:
        return _(
            "No plot of this land is recorded by name, so nothing can be counted. When plots are recorded, their "
            "count stands beside the claims, and the figure says “recorded”."
        )
    if indicator == PROPOSALS:
        return _("No proposal is on record that is public, so the number rests on what was reported.")
    if kind is Kind.RELEASE:
        return _(
            "What an announcement says is a claim. The page of the release names its plots, as far as they are named."
        )
    return _("This number is only reported: nothing of it is recorded here.")
