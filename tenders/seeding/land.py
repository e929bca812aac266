"""The sample's land: park, phases, and twenty-eight plots of a made-up street grid."""

from dataclasses import dataclass
from decimal import Decimal

from parks.models import SAMPLE_PARK, Park, Phase, Plot
from parks.terms import LAND_USES, SECTORS
from tenders.seeding.ground import LATITUDE, LONGITUDE, Outline, outlines
from tenders.seeding.maker import Maker, texts

LAST = 999  # after every real park
IN_PHASE_A = 19
WITHOUT_FLOOR_AREA = {27, 28}  # still planned: nobody has said how much may be built there
RATIOS = (4, 5, 5, 6, 3, 5, 6)


@dataclass(frozen=True)
class Land:
    """The park, its two public phases and the hidden one, and its plots by code."""

    park: Park
    phase_a: Phase
    phase_b: Phase
    draft_phase: Phase
    plots: dict[str, Plot]

    def between(self, first: int, last: int) -> list[Plot]:
        return [self.plots[f"S-{number:02}"] for number in range(first, last + 1)]


def make_land(maker: Maker) -> Land:
    park = maker.make(
        Park(
            slug=SAMPLE_PARK,
            **texts("name", "Sample Park", "樣本園區"),
            **texts(
                "focus",
                "Sample focus: everything that the real parks do not say",
                "樣本重點：真實園區未有公布的一切",
            ),
            **texts(
                "summary",
                "Sample: this park, its plots, proponents and proposals are made up to show a round at work.",
                "樣本：此園區及其地塊、提交者和建議書純屬虛構，用以展示招標期間的紀錄。",
            ),
            manager=maker.organisation("Sample Park Company Limited", "樣本園區有限公司"),
            longitude=Decimal(str(LONGITUDE)),
            latitude=Decimal(str(LATITUDE)),
            website="https://example.org/sample",
            order=LAST,
            published=True,
        )
    )
    phase_a = _phase(maker, park, "A", 1, "Sample Phase A", "樣本甲期")
    phase_b = _phase(maker, park, "B", 2, "Sample Phase B", "樣本乙期")
    draft = _phase(maker, park, "DRAFT", 3, "Sample draft phase", "樣本草稿期", published=False)
    plots = [
        _plot(maker, phase_a if number <= IN_PHASE_A else phase_b, number, outline)
        for number, outline in enumerate(outlines(), start=1)
    ]
    plots += [
        _draft_plot(maker, phase_a, "S-DRAFT-1", published=False),
        _draft_plot(maker, draft, "S-DRAFT-2", published=True),  # hidden all the same, because its phase is
    ]
    return Land(park, phase_a, phase_b, draft, {plot.code: plot for plot in plots})


def _phase(
    maker: Maker, park: Park, code: str, order: int, english: str, chinese: str, *, published: bool = True
) -> Phase:
    return maker.make(
        Phase(park=park, code=code, **texts("name", english, chinese), order=order, published=published)
    )


def _plot(maker: Maker, phase: Phase, number: int, outline: Outline) -> Plot:
    code = f"S-{number:02}"
    floor_area = outline.area_m2 * RATIOS[number % len(RATIOS)]
    return maker.make(
        Plot(
            park=phase.park,
            phase=phase,
            code=code,
            **texts("name", f"Sample plot {code}", f"樣本地塊 {code}"),
            area_m2=outline.area_m2,
            max_gfa_m2=None if number in WITHOUT_FLOOR_AREA else floor_area,
            land_use=LAND_USES[number % 4],
            sectors="; ".join(maker.dice.sample(SECTORS, k=1 + number % 2)),
            boundary=outline.boundary,
            published=True,
        )
    )


def _draft_plot(maker: Maker, phase: Phase, code: str, *, published: bool) -> Plot:
    names = texts("name", f"Sample draft plot {code}", f"樣本草稿地塊 {code}")
    return maker.make(Plot(park=phase.park, phase=phase, code=code, **names, published=published))
