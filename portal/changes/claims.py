"""What sources claimed anew of a number, and what led before that."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from parks.models import ReleaseRevision
from parks.windows import iso_day
from portal.asof import Moment
from portal.changes.asked import Asked
from portal.changes.change import Change, ChangeKind
from portal.changes.places import of_source, on_land
from portal.words.indicators import claim_words, digits, indicator_name
from portal.words.numbers import proof_url
from portal.words.speech import hong_kong
from tenders.claims import headlines
from tenders.models import Figure, TenderRound
from tenders.subjects import Subject, of_figure


def claim_changes(moment: Moment, asked: Asked) -> Iterator[Change]:
    """One query. Of all claims, since what led before one may be about a day that was not asked for."""
    rounds = TenderRound.objects.public(moment.at)
    announced = ReleaseRevision.objects.filter(subject=OuterRef("release"))
    claims = (
        Figure.objects.public()
        .as_of(moment.day)
        .filter(Q(round=None) | Q(round__in=rounds))
        .annotate(told_on=Subquery(announced.order_by("announced_on").values("announced_on")[:1]))
        .select_related(
            *("park", "phase__part_of", "source"),
            *("release__park", "release__phase__part_of", "round__park", "round__phase__part_of"),
        )
        .order_by("as_of", "source__code", "pk")
    )
    if asked.round:
        claims = claims.filter(round__code=asked.round)
    numbers: dict[tuple[Subject, str], list[Figure]] = defaultdict(list)
    for claim in claims:
        numbers[of_figure(claim), claim.indicator].append(claim)
    for said in numbers.values():
        yield from _of_number(said, moment)


def _of_number(claims: Iterable[Figure], moment: Moment) -> Iterator[Change]:
    """Claims in order of their days: each with what led before its day."""
    before: Figure | None = None
    for _day, same_day in groupby(claims, key=lambda claim: claim.as_of):
        said = list(same_day)
        for claim in said:
            yield _change(claim, before, moment)
        before = headlines([before, *said] if before else said)[0].headline


def _change(claim: Figure, before: Figure | None, moment: Moment) -> Change:
    of = claim.round or claim.release
    park = claim.park or (of.park if of else None)
    phase = claim.phase or (of.phase if of else None)
    day, precision = _known_on(claim)
    return Change(
        key=(
            "figure",
            of_figure(claim).kind.value,
            claim.figure_id,
            iso_day(claim.as_of, claim.as_of_precision),
            claim.source.code,
        ),
        kind=ChangeKind.FIGURE_REPORTED,
        date=day,
        precision=precision,
        subject=of.title if of else (phase.name if phase else park.name if park else _("Of no single park")),
        words=_words(claim, before),
        # One address, whichever day it is asked for: a file kept then and one asked for now are the same.
        url=proof_url(claim.figure_id, replace(moment, is_now=True)),
        release=claim.release.code if claim.release else "",
        round=claim.round.code if claim.round else "",
        before=_plain(before) if before else "",
        after=_plain(claim),
        said=of_source(claim.source),
        **on_land(park, phase),
    )


def _known_on(claim: Figure) -> tuple[date, str]:
    """The day that it speaks of, or a later one: when its source came out, when its release or round was public."""
    begun = getattr(claim, "told_on", None)
    if claim.round and claim.round.published_at:
        begun = hong_kong(claim.round.published_at).date()
    days = [(claim.as_of, claim.as_of_precision), (claim.source.published, claim.source.published_precision)]
    return max([*days, (begun, "day")] if begun is not None else days, key=lambda day: day[0])


def _words(claim: Figure, before: Figure | None) -> str:
    words = {"name": indicator_name(claim.indicator), "value": claim_words(claim)}
    if before is None:
        return _("%(name)s: %(value)s") % words
    if before.value == claim.value and before.unit == claim.unit:
        return _("%(name)s: still %(value)s") % words
    return _("%(name)s: %(value)s, before that %(old)s") % (words | {"old": claim_words(before)})


def _plain(claim: Figure) -> str:
    """Qualifier, number and unit as figures.csv has them."""
    return f"{claim.qualifier} {digits(claim.value).replace(',', '')} {claim.unit}".strip()
