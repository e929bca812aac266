"""Reported figures as their page shows them: each number once, with its claims and what contradicts it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parks.models import Park, localised
from portal.words.indicators import claim_words, digits, indicator_name, quantity
from tenders.claims import OFFERED, TOTAL, Alternative, Headline
from tenders.models import Figure

HEADLINE, AGREES, CONFLICTS, EARLIER = "headline", "agrees", "conflict", "earlier"


@dataclass(frozen=True)
class Claim:
    """One claim in words, and how it stands to the one that leads."""

    figure: Figure
    words: str
    standing: str
    label: str


@dataclass(frozen=True)
class FigureNumber:
    """One number: `claims`, the leading one first; `conflicts`, sentences on how another comes about."""

    id: str
    name: str
    subject: str
    lead: Claim
    claims: list[Claim]
    others: list[str]
    conflicts: list[str]


@dataclass(frozen=True)
class FigureGroup:
    """The numbers of one park, or those of no park in particular (`park` None), by phase."""

    park: Park | None
    numbers: list[FigureNumber]


def groups(headlines: Iterable[Headline], parks: Iterable[Park]) -> list[FigureGroup]:
    """By park in the order of `parks`, what is of no park last; in a group the headlines keep their order."""
    numbers: dict[int | None, list[FigureNumber]] = {}
    for headline in headlines:
        numbers.setdefault(_park_of(headline.headline), []).append(figure_number(headline))
    found = [FigureGroup(park, numbers[park.pk]) for park in parks if park.pk in numbers]
    return found + ([FigureGroup(None, numbers[None])] if None in numbers else [])


def _park_of(figure: Figure) -> int | None:
    if figure.park_id is not None:
        return figure.park_id
    subject = figure.release or figure.round
    return subject.park_id if subject else None


def figure_number(headline: Headline) -> FigureNumber:
    claims = [_claim(claim, headline) for claim in headline.claims]
    return FigureNumber(
        id=headline.figure_id,
        name=indicator_name(headline.indicator),
        subject=_subject(headline.headline),
        lead=claims[0],
        claims=claims,
        others=[digits(other.value) for other in headline.alternatives],
        conflicts=[_sentence(other, headline) for other in headline.alternatives],
    )


def _subject(figure: Figure) -> str:
    """The round or release by name, else the phase; nothing where the number is of the whole group."""
    for row, field in [(figure.round, "title"), (figure.release, "title"), (figure.phase, "name")]:
        if row is not None:
            return localised(row, field)
    return ""


def _claim(claim: Figure, headline: Headline) -> Claim:
    standing = _standing(claim, headline)
    labels = {
        HEADLINE: _("headline"),
        AGREES: _("says the same"),
        CONFLICTS: _("≠ conflicts"),
        EARLIER: _("earlier"),
    }
    return Claim(claim, claim_words(claim), standing, labels[standing])


def _standing(claim: Figure, headline: Headline) -> str:
    if claim.pk == headline.headline.pk:
        return HEADLINE
    if claim.value == headline.headline.value:
        return AGREES
    disputing = {other.value for other in headline.alternatives}
    return CONFLICTS if claim.value in disputing else EARLIER


def _sentence(other: Alternative, headline: Headline) -> str:
    """ "≠ 22 in all (HK01) − 10 offered = 12, as Ming Pao said", or "≠ 6 plots, says Sample Courier"."""
    saying = [claim for claim in other.claims if claim.indicator == headline.indicator]
    publishers = _("; ").join(dict.fromkeys(claim.source.publisher for claim in saying))
    reckoned = _reckoning(other)
    value = quantity(other.value, headline.headline.unit)
    if reckoned and publishers:
        words = {"reckoning": reckoned, "publisher": publishers}
        return _("≠ %(reckoning)s, as %(publisher)s said") % words
    if reckoned:
        return _("≠ %(reckoning)s, which no source says itself") % {"reckoning": reckoned}
    return _("≠ %(value)s, says %(publisher)s") % {"value": value, "publisher": publishers}


def _reckoning(other: Alternative) -> str:
    total = next((claim for claim in other.claims if claim.indicator == TOTAL), None)
    offered = next((claim for claim in other.claims if claim.indicator == OFFERED), None)
    if total is None or offered is None:
        return ""
    return _("%(total)s in all (%(publisher)s) − %(offered)s offered = %(rest)s") % {
        "total": digits(total.value),
        "publisher": total.source.publisher,
        "offered": digits(offered.value),
        "rest": digits(other.value),
    }
