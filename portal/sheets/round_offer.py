"""What a round offers, lot by lot, as its table and its bars show it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.windows import speak_day
from portal.asof import Moment
from portal.exports.rows import LotRow, RoundRow
from portal.words.numbers import proof_url
from portal.words.speech import language, sentences
from portal.words.titles import OtherTitle, other_title
from tenders.ledger.indicators import PROPOSALS
from tenders.statistics import RECORDED, REPORTED
from tenders.subjects import of_lot


@dataclass(frozen=True)
class LotLine:
    row: LotRow
    other: OtherTitle | None


@dataclass(frozen=True)
class Bar:
    """`width` is a share of the widest bar, in percent; `url` is where its number is proved."""

    label: str
    text: str
    width: str
    url: str


@dataclass(frozen=True)
class Offer:
    """The table: its lines, which columns say anything, and sums where every line is known."""

    lines: list[LotLine]
    caption: str
    has_buildings: bool
    has_area: bool
    has_uses: bool
    has_premium: bool
    has_proposals: bool
    has_total: bool
    plots: int | None
    buildings: int | None
    area: Decimal | None


def offer(row: RoundRow, lots: Sequence[LotRow]) -> Offer:
    return Offer(
        lines=[LotLine(lot, other_title(lot.lot)) for lot in lots],
        caption=_caption(lots),
        has_buildings=any(lot.lot.buildings for lot in lots),
        has_area=any(lot.lot.max_gfa_m2 for lot in lots),
        has_uses=any(lot.lot.uses for lot in lots),
        has_premium=any(lot.lot.minimum_premium_hkd is not None for lot in lots),
        has_proposals=row.counts.basis in {RECORDED, REPORTED},
        has_total=len(lots) > 1,
        plots=_whole(lots, lambda lot: lot.plot_count),
        buildings=_whole(lots, lambda lot: lot.lot.buildings),
        area=_sum(lots, lambda lot: lot.lot.max_gfa_m2),
    )


def _sum(lots: Sequence[LotRow], value: Callable[[LotRow], Decimal | int | None]) -> Decimal | None:
    """None unless every lot says it: a sum with holes would be wrong."""
    values = [value(lot) for lot in lots]
    known = [Decimal(each) for each in values if each is not None]
    return sum(known, Decimal()) if known and len(known) == len(values) else None


def _whole(lots: Sequence[LotRow], value: Callable[[LotRow], int | None]) -> int | None:
    total = _sum(lots, value)
    return None if total is None else int(total)


def _caption(lots: Sequence[LotRow]) -> str:
    count = ngettext("%(count)d lot.", "%(count)d lots.", len(lots)) % {"count": len(lots)}
    return sentences([count, _said_by(lots), _naming(lots)])


def _said_by(lots: Iterable[LotRow]) -> str:
    sources = {lot.source.pk: lot.source for lot in lots if lot.source}
    said = [
        _("%(publisher)s, %(day)s")
        % {
            "publisher": source.publisher,
            "day": speak_day(source.published, source.published_precision, language()),
        }
        for source in sources.values()
    ]
    return _("As reported by %(sources)s.") % {"sources": _("; ").join(said)} if said else ""


def _naming(lots: Sequence[LotRow]) -> str:
    named = sum(bool(lot.plots) for lot in lots)
    if named == len(lots):
        return ""
    return _("Some plots are not named yet.") if named else _("No plot is named by any source.")


# --- bars -----------------------------------------------------------------------------------


def area_bars(lots: Sequence[LotRow]) -> list[Bar]:
    """Floor area by lot; nothing unless at least two lots say theirs."""
    return _bars([(lot.lot.title, lot.lot.max_gfa_m2, "#on-offer") for lot in lots])


def proposal_bars(row: RoundRow, lots: Sequence[LotRow], moment: Moment) -> list[Bar]:
    """Proposals by lot, where they are recorded and public; nothing for a single lot."""
    if row.counts.basis != RECORDED:
        return []
    return _bars(
        [
            (_bar_label(lot, lots), lot.proposals, proof_url(of_lot(lot.lot).figure_id(PROPOSALS), moment))
            for lot in lots
        ]
    )


def is_plot_each(lots: Sequence[LotRow]) -> bool:
    """Whether every lot is one plot, so that proposals per lot are proposals per plot."""
    return bool(lots) and all(len(lot.plots) == 1 for lot in lots)


def _bar_label(lot: LotRow, lots: Sequence[LotRow]) -> str:
    return lot.plots[0].code if is_plot_each(lots) else lot.lot.title


def _bars(values: Sequence[tuple[str, Decimal | int | None, str]]) -> list[Bar]:
    known = [(label, Decimal(value), url) for label, value, url in values if value is not None]
    widest = max((value for _label, value, _url in known), default=Decimal())
    if len(known) < 2 or not widest:
        return []
    return [
        Bar(
            label,
            f"{value.normalize():,f}",
            f"{(value / widest * 100).quantize(Decimal('0.1')).normalize():f}%",
            url,
        )
        for label, value, url in known
    ]
