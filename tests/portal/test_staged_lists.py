"""Whoever offered which amount, in whatever order it came and was entered: before full disclosure the bytes are the same."""

from datetime import timedelta
from decimal import Decimal
from unittest import mock

from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import Lot, ProposalLot
from tests.factories import (
    CLOSES,
    make_lot,
    make_organisation,
    make_proposal,
    make_round,
    make_user,
    open_box,
)
from tests.unguarded import unguarded

OPENED, AWARDED = CLOSES + timedelta(hours=1), CLOSES + timedelta(days=30)
STAGED = AWARDED + timedelta(days=10)
BEFORE = f"?as_of={STAGED - timedelta(days=1):%Y-%m-%d}"
PAGE = "/rounds/R-STAGED/"
FILES = [
    f"/{name}"
    for name in ("awards.csv", "lots.csv", "rounds.csv", "calendar.csv", "calendar.ics", "calendar.atom")
]
FILES += ["/changes.csv?since=2026-01-01", "/changes.atom"]
ADDRESSES = [PAGE, PAGE + BEFORE, f"/zh-hant{PAGE}", f"/awards.csv{BEFORE}", "/", "/parks/hsitp/", *FILES]
LOSERS = ["Chan Limited", "Ho Limited", "Ma Limited", "Zhao Limited"]
AMOUNTS = [Decimal(amount) for amount in (515151001, 515151002, 515151003, 515151004)]


class TheListsOfNamesAndOfAmountsShareNothing(TestCase):
    """Lot A is asked for by the winner and the first two losers, lot B by its winner and the other two."""

    @classmethod
    def setUpTestData(cls):
        with mock.patch("django.utils.timezone.now", return_value=STAGED):
            cls.round = make_round("R-STAGED", lots=0, sealed=True, disclosure="staged", disclosure_days=10)
            for code in "AB":
                make_lot(cls.round, code)
            for name in [*LOSERS, "Winner Limited", "Victor Limited"]:
                make_organisation(name)
            open_box(cls.round, OPENED)

    def everything(self, offers, minutes, rule="staged") -> dict[str, tuple]:
        """`offers`: name, lot and amount in the order in which they are entered."""
        with mock.patch("django.utils.timezone.now", return_value=STAGED), transaction.atomic():
            lots = {lot.code: lot for lot in Lot.objects.filter(round=self.round)}
            winners = {}
            for (name, lot, amount), minute in zip(offers, minutes, strict=True):
                came = CLOSES - timedelta(minutes=minute)
                proposal = make_proposal(
                    self.round, proponent=make_organisation(name), lots=[], received_at=came
                )
                ProposalLot.objects.create(proposal=proposal, lot=lots[lot], premium_hkd=amount)
                winners[name] = proposal
            with unguarded("tenders_tenderround"):
                type(self.round).objects.filter(pk=self.round.pk).update(
                    disclosure=rule, disclosure_days=10 if rule == "staged" else None
                )
            round = type(self.round).objects.get(pk=self.round.pk)
            choices = [
                AwardChoice(lots[lot], winners[name], AWARDED.date(), Decimal(600_000_000))
                for lot, name in (("A", "Winner Limited"), ("B", "Victor Limited"))
            ]
            lifecycle.award(round, by=make_user("officer-1"), at=AWARDED, choices=choices)
            answers = {address: ask(address) for address in ADDRESSES}
            transaction.set_rollback(True)
        return answers

    @settings(max_examples=4)
    @given(
        amounts=st.permutations(AMOUNTS),
        order=st.permutations(range(6)),
        minutes=st.permutations(range(1, 7)),
    )
    def test_permuting_amounts_order_and_times_changes_no_byte(self, amounts, order, minutes):
        plain = self.everything(*offers_of(AMOUNTS, range(6), range(1, 7)))

        permuted = self.everything(*offers_of(amounts, order, minutes))

        assert [address for address in ADDRESSES if plain[address] != permuted[address]] == []

    def test_the_page_shows_both_lists_so_that_they_could_differ(self):
        page = self.everything(*offers_of(AMOUNTS, range(6), range(1, 7)))[PAGE][2].decode()

        assert [word in page for word in ("Chan Limited", "515,151,001", "515,151,003")] == [True] * 3

    def test_under_full_disclosure_the_same_permutation_shows(self):
        pair = [
            self.everything(*offers_of(amounts, range(6), range(1, 7)), rule="full")[PAGE]
            for amounts in (AMOUNTS, AMOUNTS[::-1])
        ]

        assert pair[0] != pair[1]


def offers_of(amounts, order, minutes):
    """Who offered what, then the order of entering, and when each came: all three may be anything."""
    losing = zip(LOSERS, "AABB", amounts, strict=True)
    offers = [
        *losing,
        ("Winner Limited", "A", Decimal(600_000_000)),
        ("Victor Limited", "B", Decimal(600_000_000)),
    ]
    return [offers[index] for index in order], minutes


def ask(address: str) -> tuple:
    response = Client().get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, dict(response.headers), body
