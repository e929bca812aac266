"""Drafts a sample round with its lots, enquiries and documents; publishing it is left to lifecycle."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from parks.models import Phase, Plot, Release
from tenders import lifecycle
from tenders.models import Document, Enquiry, Lot, LotPlot, TenderRound
from tenders.seeding.maker import ADDRESS, Maker, texts
from tenders.seeding.reading import HONG_KONG
from tenders.statuses import Disclosure, Method, RoundKind

KINDS = {
    RoundKind.EXPRESSION_OF_INTEREST: "expressions of interest",
    RoundKind.PREQUALIFICATION: "prequalification",
    RoundKind.TENDER: "tender",
}


@dataclass(frozen=True)
class Offer:
    """A round as the park company planned it. `opens` and `closes` are days from the day the sample is made.

    `notice` is how many days before it opens the round is published.
    """

    code: str
    phase: Phase
    english: str
    chinese: str
    opens: int
    closes: int
    lots: list[list[Plot]]
    kind: RoundKind = RoundKind.TENDER
    release: Release | None = None
    reoffer_of: TenderRound | None = None
    disclosure: Disclosure = Disclosure.NAMES
    notice: int = 2

    @property
    def published(self) -> int:
        return self.opens - self.notice


def draft(maker: Maker, offer: Offer) -> TenderRound:
    """The round with its lots, not yet published. It closes at noon, as rounds in Hong Kong do."""
    days = maker.days
    expected = days.day(offer.closes + 120)
    closes_at = days.time(offer.closes, 12)
    round = maker.make(
        TenderRound(
            code=offer.code,
            park=offer.phase.park,
            phase=offer.phase,
            release=offer.release,
            reoffer_of=offer.reoffer_of,
            kind=offer.kind,
            method=Method.OPEN,
            **texts("title", offer.english, offer.chinese),
            sealed=True,
            disclosure=offer.disclosure,
            opens_at=days.time(offer.opens, 9),
            enquiries_until=(closes_at - timedelta(days=21)).replace(hour=17),
            closes_at=closes_at,
            decision_latest=expected,
            decision_precision="by",
            decision_text="within four months of the closing time",
            source=maker.gazette(days.day(offer.published)),
        )
    )
    for number, plots in enumerate(offer.lots, start=1):
        _lot(maker, round, number, plots)
    return round


def publish(maker: Maker, offer: Offer) -> TenderRound:
    """The round, published, with its documents."""
    round = draft(maker, offer)
    lifecycle.publish(round, by=maker.first_officer, at=maker.days.time(offer.published, 9))
    maker.made(*round.events.all())
    for part, chinese in [("Conditions", "條款"), ("Plan of the plots", "地塊圖則")]:
        maker.make(
            Document(
                round=round,
                **texts("title", f"Sample document: {part}", f"樣本文件：{chinese}"),
                url=f"{ADDRESS}/{round.code.lower()}/{part.split()[0].lower()}.pdf",
                language="en",
                published_at=round.published_at,
            )
        )
    return round


def closing_time(round: TenderRound) -> datetime:
    """In Hong Kong time; the database gives it back in another zone. Every round of the sample has one."""
    return cast(datetime, round.closes_at).astimezone(HONG_KONG)


def _lot(maker: Maker, round: TenderRound, number: int, plots: list[Plot]) -> None:
    package = len(plots) > 1
    floor_area = sum((plot.max_gfa_m2 or Decimal(0) for plot in plots), Decimal(0))
    least = (floor_area * 4000).quantize(Decimal("1000000")) if round.kind == RoundKind.TENDER else None
    lot = maker.make(
        Lot(
            round=round,
            code=str(number),
            **texts("title", *_lot_titles(number, plots[0], package=package)),
            **texts(
                "uses", "Sample use: advanced manufacturing and laboratories", "樣本用途：先進製造及實驗室"
            ),
            buildings=len(plots) + 1 if package else 1,
            max_gfa_m2=floor_area or None,
            minimum_premium_hkd=least,
            reserve_premium_hkd=least * Decimal("1.25") if least else None,
        )
    )
    for plot in plots:
        maker.make(LotPlot(lot=lot, plot=plot))


def _lot_titles(number: int, plot: Plot, *, package: bool) -> tuple[str, str]:
    if package:
        return f"Sample package {number}", f"樣本組合{'一二三'[number - 1]}"
    return f"Sample lot {number}: plot {plot.code}", f"樣本標段{'一二三'[number - 1]}：地塊 {plot.code}"


def ask(
    maker: Maker, round: TenderRound, question: str, asked: int, answer: str = "", answered: int = 0
) -> None:
    """An enquiry, with its answer published to everybody unless nobody has answered yet."""
    maker.make(
        Enquiry(
            round=round,
            number=round.enquiries.count() + 1,
            asked_on=maker.days.day(asked),
            question=f"Sample question: {question}",
            answer=f"Sample answer: {answer}" if answer else "",
            published_at=maker.days.time(answered, 15) if answer else None,
        )
    )
