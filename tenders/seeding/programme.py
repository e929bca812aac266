"""The sample's programme: releases that slip or are called off, milestones, and figures that disagree."""

from datetime import date, timedelta
from decimal import Decimal

from parks.chinese import simplified
from parks.models import Milestone, Phase, Plot, Release, ReleasePlot, Source
from parks.programme import announce, announce_milestone
from tenders.models import Figure, TenderRound
from tenders.seeding.days import (
    Said,
    end_of_year,
    known_day,
    middle_of_year,
    month,
    next_year,
    not_dated,
    quarter,
)
from tenders.seeding.land import Land
from tenders.seeding.maker import Maker, texts


def make_releases(maker: Maker, land: Land) -> dict[str, Release]:
    """The releases by code."""
    releases = [
        _packages(maker, land),
        _first_three(maker, land),
        _next_four(maker, land),
        _corner_plots(maker, land),
        _later(maker, land),
        _draft(maker, land),
    ]
    return {release.code: release for release in releases}


def _packages(maker: Maker, land: Land) -> Release:
    release = _release(
        maker,
        land.phase_a,
        "sample-packages",
        "Sample ten plots in two packages",
        "樣本十幅地塊，兩個組合",
        land.between(1, 10),
    )
    _tell(maker, release, quarter(maker.days.day(-110), maker.days.day(-240)), 10)
    return release


def _first_three(maker: Maker, land: Land) -> Release:
    release = _release(
        maker,
        land.phase_a,
        "sample-first-three",
        "Sample first three plots",
        "樣本首三幅地塊",
        land.between(11, 13),
    )
    closes = maker.days.day(35) + timedelta(days=14)  # as the tender for them is amended
    _tell(maker, release, quarter(closes, maker.days.day(-150), back=1), 3)
    _tell(
        maker,
        release,
        quarter(closes, maker.days.day(-20)),
        3,
        "Sample reason: the access road is finished later.",
    )
    return release


def _next_four(maker: Maker, land: Land) -> Release:
    release = _release(
        maker,
        land.phase_a,
        "sample-next-four",
        "Sample next four plots",
        "樣本其後四幅地塊",
        land.between(14, 17),
    )
    days, year = maker.days, maker.days.today.year
    _tell(maker, release, middle_of_year(year, days.day(-300)), 4)
    _tell(
        maker,
        release,
        quarter(date(year, 9, 1), days.day(-200)),
        4,
        "Sample reason: site formation takes longer.",
    )
    _tell(maker, release, end_of_year(year, days.day(-100)), 4, "Sample reason: the drainage is laid first.")
    return release


def _corner_plots(maker: Maker, land: Land) -> Release:
    release = _release(
        maker,
        land.phase_a,
        "sample-corner-plots",
        "Sample two corner plots",
        "樣本兩幅街角地塊",
        land.between(18, 19),
    )
    when = maker.days.day(80)
    _tell(maker, release, month(when, maker.days.day(-140)), 2)
    called_off = month(when, maker.days.day(-21))
    _tell(maker, release, called_off, 2, "Sample reason: the corner becomes a public square.", cancelled=True)
    return release


def _later(maker: Maker, land: Land) -> Release:
    release = _release(maker, land.phase_b, "sample-later", "Sample later plots", "樣本稍後推出的地塊", [])
    _tell(maker, release, not_dated(maker.days.day(-70)), None)
    return release


def _draft(maker: Maker, land: Land) -> Release:
    release = _release(
        maker, land.phase_a, "sample-DRAFT-1", "Sample draft release", "樣本草稿推地", [], published=False
    )
    _tell(maker, release, next_year(maker.days.day(-15)), 5)
    return release


def _release(
    maker: Maker,
    phase: Phase,
    code: str,
    english: str,
    chinese: str,
    plots: list[Plot],
    *,
    published: bool = True,
) -> Release:
    titles = texts("title", english, chinese)
    release = maker.make(Release(code=code, park=phase.park, phase=phase, **titles, published=published))
    for plot in plots:
        maker.make(ReleasePlot(release=release, plot=plot))
    return release


def _tell(
    maker: Maker,
    release: Release,
    said: Said,
    plot_count: int | None,
    reason: str = "",
    *,
    cancelled: bool = False,
) -> None:
    revision = announce(
        release,
        window=said.window,
        plot_count=plot_count,
        announced_on=said.on,
        source=maker.gazette(said.on),
        by=maker.first_officer,
        reason=reason,
        verbatim=said.window.earliest is not None,
        cancelled=cancelled,
        window_text_zh_hant=said.zh_hant,
        window_text_zh_hans=simplified(said.zh_hant),
    )
    maker.made(revision)


def make_milestones(maker: Maker, land: Land) -> None:
    """One whose day is known by now, and one that is vague."""
    days = maker.days
    centre = _milestone(
        maker,
        land,
        "sample-visitor-centre",
        Milestone.Kind.OPENING,
        "Sample visitor centre opens",
        "樣本訪客中心開放",
    )
    opens = days.day(33)
    _tell_milestone(maker, centre, quarter(opens, days.day(-130)))
    _tell_milestone(maker, centre, known_day(opens, days.day(-30)))
    road = _milestone(
        maker,
        land,
        "sample-link-road",
        Milestone.Kind.INFRASTRUCTURE,
        "Sample link road opens",
        "樣本連接路開通",
    )
    _tell_milestone(maker, road, next_year(days.day(-45)))


def _milestone(
    maker: Maker, land: Land, code: str, kind: Milestone.Kind, english: str, chinese: str
) -> Milestone:
    titles = texts("title", english, chinese)
    return maker.make(Milestone(code=code, park=land.park, kind=kind, **titles, published=True))


def _tell_milestone(maker: Maker, milestone: Milestone, said: Said) -> None:
    revision = announce_milestone(
        milestone,
        window=said.window,
        announced_on=said.on,
        source=maker.gazette(said.on),
        by=maker.first_officer,
        verbatim=True,
        window_text_zh_hant=said.zh_hant,
        window_text_zh_hans=simplified(said.zh_hant),
    )
    maker.made(revision)


def make_figures(maker: Maker, land: Land, packages: TenderRound) -> None:
    """What the sample's sources reported: the gazette agrees with the records, and not with the courier."""
    counted = maker.days.day(-36)
    gazette, courier = maker.gazette(counted), maker.courier(maker.days.day(-33))
    _figure(maker, land, "proposals_received", 27, "proposals", counted, gazette, round=packages)
    _figure(maker, land, "plots_offered", 10, "plots", counted, gazette, round=packages)
    _figure(maker, land, "plots_remaining", 4, "plots", counted, gazette)
    _figure(maker, land, "plots_remaining", 6, "plots", counted, courier)


def _figure(
    maker: Maker,
    land: Land,
    indicator: str,
    value: int,
    unit: str,
    as_of: date,
    source: Source,
    *,
    round: TenderRound | None = None,
) -> None:
    maker.make(
        Figure(
            park=land.park,
            phase=land.phase_a,
            round=round,
            indicator=indicator,
            value=Decimal(value),
            unit=unit,
            as_of=as_of,
            source=source,
        )
    )
