"""Takes out one guard after the other and shows that the canary falls: `make canary-mutations`. Not of the suite: slow.

Each mutation says what it takes out and does so in this process alone. Beside it stands, afterwards, the address that
first told. One that nothing catches fails the run.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from django.db.models import Count, OuterRef, Q, Subquery

from parks.models import Milestone, Park, Phase, Plot, Release, ReleaseRevision
from portal import filters, selections
from portal.exports import awards_csv, lots_csv, rounds_csv
from portal.views import meta
from tenders import disclosure, statistics
from tenders.models import Award, Figure, Proposal, TenderRound
from tenders.models.correspondence import PublishedQuerySet
from tenders.models.proposals import AwardQuerySet, ProposalQuerySet
from tenders.models.rounds import TenderRoundQuerySet
from tenders.statuses import Disclosure
from tests.canary import walk, world

pytestmark = pytest.mark.django_db

PART = 60  # addresses
Mutate = Callable[[pytest.MonkeyPatch], None]
MUTATIONS: dict[str, Mutate] = {}


def takes_out(guard: str) -> Callable[[Mutate], Mutate]:
    def note(mutate: Mutate) -> Mutate:
        MUTATIONS[guard] = mutate
        return mutate

    return note


def everything(rows, *_arguments):
    return rows.all()


# --- drafts ---------------------------------------------------------------------------------------------------------


def _hide_nothing(model) -> Mutate:
    def mutate(patch):
        patch.setattr(type(model.objects.all()), "public", everything)

    return mutate


for _model in (Park, Phase, Plot, Release, Milestone):
    MUTATIONS[f"{_model.__name__}.public: lets drafts through"] = _hide_nothing(_model)


@takes_out("TenderRound.public: lets drafts through")
def _(patch):
    patch.setattr(TenderRoundQuerySet, "public", everything)


@takes_out("TenderRound.public: forgets the park and the phase")
def _(patch):
    patch.setattr(TenderRoundQuerySet, "public", lambda rounds, at: rounds.filter(Q(published_at__lte=at)))


@takes_out("Figure.public: lets figures of drafts through")
def _(patch):
    patch.setattr(type(Figure.objects.all()), "public", everything)


@takes_out("Release.as_of: knows announcements of days to come")
def _(patch):
    told = type(ReleaseRevision.objects.all())
    patch.setattr(told, "announced_by", everything)


@takes_out("sitemap: lists every plot")
def _(patch):
    patch.setattr(meta, "Plot", _Unguarded(Plot))


@takes_out("sitemap: lists every round")
def _(patch):
    patch.setattr(meta, "TenderRound", _Unguarded(TenderRound))


@takes_out("filters: offer draft parks as choices")
def _(patch):
    patch.setattr(filters, "Park", _Unguarded(Park))


@takes_out("filters: offer draft phases as choices")
def _(patch):
    patch.setattr(filters, "Phase", _Unguarded(Phase))


@takes_out("newest source: names one that only drafts name")
def _(patch):
    patch.setattr("portal.sheets.titleblock._speaks_of_what_is_public", lambda _moment: Q())


@takes_out("lots: name draft plots")
def _(patch):
    patch.setattr(selections, "Plot", _Unguarded(Plot))


@takes_out("selections: rounds and lots of drafts too")
def _(patch):
    patch.setattr(selections, "TenderRound", _Unguarded(TenderRound))


class _Unguarded:
    """A model whose `public` hides nothing, for one module alone."""

    def __init__(self, model) -> None:
        self._model, self.objects = model, self

    def public(self, *_arguments):
        return self._model.objects.all()

    def __getattr__(self, name):
        return getattr(self._model.objects, name)


# --- what waits -----------------------------------------------------------------------------------------------------


@takes_out("answers and documents: published or not")
def _(patch):
    patch.setattr(PublishedQuerySet, "public", everything)


@takes_out("answers: published tomorrow")
def _(patch):
    patch.setattr(PublishedQuerySet, "public", lambda rows, _at: rows.filter(published_at__isnull=False))


# --- boxes ----------------------------------------------------------------------------------------------------------


@takes_out("statistics._counted_on: every box counts")
def _(patch):
    patch.setattr(statistics, "_counted_on", lambda _round, _records, at: at.date())


@takes_out("statistics._counted_on: not sealed counts before it closes")
def _(patch):
    plain = statistics._counted_on

    def counted_on(round, records, at):
        return plain(round, records, at) if round.sealed else at.date()

    patch.setattr(statistics, "_counted_on", counted_on)


@takes_out("statistics._counted_on: sealed counts once closed")
def _(patch):
    def counted_on(round, _records, at):
        return at.date() if round.closing_time and round.closing_time <= at else None

    patch.setattr(statistics, "_counted_on", counted_on)


@takes_out("statistics: one officer alone opens")
def _(patch):
    plain = statistics._records

    def records(keys, at):
        found = plain(keys, at)
        begun = statistics.Opening.objects.filter(round__in=keys, begun_at__lte=at)
        return replace(found, opened=dict(begun.values_list("round", "begun_at")))

    patch.setattr(statistics, "_records", records)


@takes_out("Proposal.eligible: late ones count")
def _(patch):
    patch.setattr(ProposalQuerySet, "eligible", everything)


@takes_out("Proposal.standing: withdrawn ones count")
def _(patch):
    patch.setattr(ProposalQuerySet, "standing", lambda rows, at: rows.filter(received_at__lte=at))


# --- disclosure -----------------------------------------------------------------------------------------------------


@takes_out("disclosed: ignores the day of the award")
def _(patch):
    patch.setattr(AwardQuerySet, "public", everything)


@takes_out("disclosed: names others before the award")
def _(patch):
    plain = disclosure.disclosed

    def disclosed(round, at):
        told = plain(round, at)
        others = disclosure._others(list(disclosure._asked(round, at)), [])
        return (
            told
            if told.rule == Disclosure.TOTALS
            else replace(told, awards=told.awards or [_any_award(round)], others=others)
        )

    def _any_award(round):
        return disclosure.PublicAward(round.lots.first(), "", None, None, world.NOW.date(), None, None)

    patch.setattr("portal.views.rounds.disclosed", disclosed)


@takes_out("disclosed: amounts before their day")
def _(patch):
    patch.setattr(disclosure, "_staged_day", lambda _round, awards: awards[0].decided_on)


@takes_out("disclosed: the amount of a single loser")
def _(patch):
    patch.setattr(disclosure, "FEWEST", 1)


@takes_out("disclosed: names are told as under full")
def _(patch):
    patch.setattr(disclosure, "Disclosure", _AllFull)


class _AllFull:
    TOTALS, NAMES, STAGED, FULL = Disclosure.TOTALS, None, None, Disclosure.FULL

    def __new__(cls, rule):
        return Disclosure.TOTALS if rule == Disclosure.TOTALS else Disclosure.FULL


@takes_out("public_award: names the winner under totals")
def _(patch):
    plain = disclosure.public_award

    def public_award(award, day):
        return replace(
            plain(award, day), proponent=award.proposal.proponent.name, premium_hkd=award.premium_hkd
        )

    patch.setattr(disclosure, "public_award", public_award)
    patch.setattr(selections, "public_award", public_award)


@takes_out("awards.csv: awards of days to come")
def _(patch):
    found = type(Award.objects.all())
    plain = found.public
    patch.setattr(found, "public", lambda rows, _at: plain(rows, world.NOW))


# --- the rest -------------------------------------------------------------------------------------------------------


@takes_out("lots.csv: the reserve")
def _(patch):
    patch.setitem(lots_csv.COLUMNS, "reserve_premium_hkd", lambda row: row.lot.reserve_premium_hkd)


@takes_out("rounds.csv: the officer who opened")
def _(patch):
    patch.setitem(
        rounds_csv.COLUMNS, "officer", lambda row: row.opened_at and row.round.opening.first_officer.username
    )


@takes_out("awards.csv: what the winner invests")
def _(patch):
    patch.setitem(awards_csv.COLUMNS, "investment_hkd", lambda row: row.award.proposal.investment_hkd)


@takes_out("plots: sorted by how many ask for them")
def _(patch):
    asking = Proposal.objects.filter(round__lots__plots=OuterRef("pk")).order_by().values("round")
    patch.setitem(filters.PLOT_ORDERS, "area", [Subquery(asking.annotate(n=Count("pk")).values("n")[:1])])


@takes_out("rounds: searched by who takes part")
def _(patch):
    def search(_filters, rounds, _name, words):
        found = Q(title_en__icontains=words) | Q(proposals__proponent__name_en__icontains=words)
        return rounds.filter(found).distinct()

    patch.setattr(filters.RoundFilter, "search", search)


# --- the walk --------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _world(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.NOW)
    world.make_world()


@pytest.mark.parametrize("guard", MUTATIONS)
def test_without_this_guard_the_canary_falls(guard, monkeypatch, record_property):
    MUTATIONS[guard](monkeypatch)

    found = next(filter(None, map(_leaks, _parts())), [])

    record_property("told first by", (guard, found[0] if found else "NOTHING"))
    assert found != []


def _parts() -> Iterator[list[str]]:
    """The whole walk in parts, since most guards are missed at once."""
    for walked in (walk.everything_once, walk.shaped):
        addresses = walked()
        for begin in range(0, len(addresses), PART):
            yield addresses[begin : begin + PART]


def _leaks(addresses: list[str]) -> list[str]:
    """A page that breaks where nothing is hidden any more tells as well that there is something."""
    try:
        return walk.leaks(lambda: addresses, most=1)
    except Exception as error:
        return [f"{type(error).__name__} at one of {addresses[0]} …"]
