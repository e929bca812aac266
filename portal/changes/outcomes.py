"""What came of rounds, as far as it is public: boxes opened, late ones admitted, awards, the day of the amounts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.models import Plot
from portal.asof import Moment
from portal.changes.change import Change, ChangeKind
from portal.changes.rounds import Round
from portal.words.indicators import quantity
from portal.words.speech import day_words, hong_kong
from tenders.disclosure import PublicAward, amounts_told, public_award
from tenders.models import Admission, Award, LotPlot
from tenders.statistics import RECORDED, RoundCounts, counted_at_opening, round_counts


def outcome_changes(rounds: list[Round], moment: Moment) -> Iterator[Change]:
    """Twelve queries, however many rounds; a staged re-offer asks three more a round that it offers again."""
    yield from _of_boxes(rounds, moment)
    by_key = {round.row.pk: round for round in rounds}
    awards = list(
        Award.objects.public(moment.at)
        .filter(lot__round__in=by_key)
        .select_related("lot__round", "proposal__proponent")
    )
    plots = _plots_of(awards, moment.day)
    for award in awards:
        yield from _of_award(by_key[award.lot.round_id], award, plots[award.lot_id], moment)
    for key, day in amounts_told(moment.at).items():
        if key in by_key:
            words = _("Losing amounts published, without names")
            yield by_key[key].change(
                ChangeKind.AMOUNTS_PUBLISHED, "amounts", section="outcome", date=day, words=words
            )


def _of_boxes(rounds: list[Round], moment: Moment) -> Iterator[Change]:
    counts = round_counts([round.row for round in rounds], moment.at, known_at=moment.known_at)
    opened = [round for round in rounds if _is_opened(round, moment)]
    at_opening = counted_at_opening([round.row for round in opened])
    for round in opened:
        is_counted = counts[round.row.pk].basis == RECORDED
        yield _opening(round, at_opening.get(round.row.pk, 0) if is_counted else None)
    yield from _admissions(rounds, counts, moment)


def _is_opened(round: Round, moment: Moment) -> bool:
    """By two officers: one alone has opened nothing."""
    opening = getattr(round.row, "opening", None)
    return opening is not None and opening.opened_at is not None and opening.opened_at <= moment.at


def _opening(round: Round, count: int | None) -> Change:
    words = _("Box opened")
    if count is not None:
        words = ngettext("Box opened: %(count)d proposal", "Box opened: %(count)d proposals", count)
        words %= {"count": count}
    return round.change(
        ChangeKind.BOX_OPENED,
        "opened",
        section="came-in",
        at=round.row.opening.opened_at,
        words=words,
        after="" if count is None else str(count),
    )


def _admissions(rounds: list[Round], counts: dict[int, RoundCounts], moment: Moment) -> Iterator[Change]:
    """How many were admitted for one reason on one day; of a box that is shut when it was opened."""
    counted = {round.row.pk: round for round in rounds if _is_public(counts[round.row.pk])}
    admitted = Admission.objects.public(moment.at).filter(proposal__round__in=counted)
    groups: Counter[tuple[int, date, str]] = Counter()
    for admission in admitted.select_related("proposal").order_by("admitted_at", "pk"):
        key = admission.proposal.round_id
        groups[key, _known_on(counted[key], admission, moment), admission.reason] += 1
    for (key, day, reason), count in groups.items():
        words = ngettext(
            "%(count)d proposal that came late was admitted",
            "%(count)d proposals that came late were admitted",
            count,
        )
        yield counted[key].change(
            ChangeKind.LATE_ADMITTED,
            "admitted",
            day.isoformat(),
            sha256(reason.encode()).hexdigest()[:8],
            section="came-in",
            date=day,
            words=words % {"count": count},
            after=str(count),
            reason=reason,
        )


def _is_public(counts: RoundCounts) -> bool:
    return counts.basis == RECORDED or counts.recorded is not None


def _known_on(round: Round, admission: Admission, moment: Moment) -> date:
    admitted_at = admission.admitted_at or admission.asked_at
    if _is_opened(round, moment):
        admitted_at = max(admitted_at, round.row.opening.opened_at)
    return hong_kong(admitted_at).date()


def _plots_of(awards: Iterable[Award], day: date) -> dict[int, tuple[str, ...]]:
    """Codes of the public plots of each awarded lot. One query."""
    codes: dict[int, list[str]] = defaultdict(list)
    named = LotPlot.objects.named_by(day).filter(
        lot__in=[award.lot_id for award in awards], plot__in=Plot.objects.public()
    )
    for lot, code in named.order_by("plot__code").values_list("lot", "plot__code"):
        codes[lot].append(code)
    return defaultdict(tuple, {lot: tuple(found) for lot, found in codes.items()})


def _of_award(round: Round, award: Award, plots: tuple[str, ...], moment: Moment) -> Iterator[Change]:
    """Given, signed, lapsed: none of it before the award itself was published."""
    told = public_award(award, moment.day)
    published = hong_kong(award.decided_at).date()
    lot = award.lot.code
    yield round.change(
        ChangeKind.AWARDED,
        "award",
        lot,
        section="outcome",
        at=award.decided_at,
        words=_awarded(told, published),
        lot=lot,
        plots=plots,
        after=told.proponent,
    )
    later = [
        (ChangeKind.AWARD_SIGNED, "signed", told.signed_on, _("Agreement for lot %(lot)s signed")),
        (ChangeKind.AWARD_LAPSED, "lapsed", told.lapsed_on, _("Award of lot %(lot)s lapsed")),
    ]
    for kind, name, day, words in later:
        if day is not None:
            yield round.change(
                kind,
                "award",
                lot,
                name,
                section="outcome",
                date=max(day, published),
                words=words % {"lot": lot},
                lot=lot,
                plots=plots,
                after=day.isoformat(),
            )


def _awarded(told: PublicAward, published: date) -> str:
    """The lot, and to whom and for how much where the rule tells it."""
    words = {"lot": told.lot.code, "name": told.proponent}
    said = _("Lot %(lot)s awarded") % words
    if told.proponent and told.premium_hkd is not None:
        words["premium"] = quantity(told.premium_hkd, "HKD")
        said = _("Lot %(lot)s awarded to %(name)s for %(premium)s") % words
    elif told.proponent:
        said = _("Lot %(lot)s awarded to %(name)s") % words
    if told.decided_on == published:
        return said
    return _("%(awarded)s, decided on %(day)s") % {"awarded": said, "day": day_words(told.decided_on)}
