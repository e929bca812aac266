"""The acknowledgement that staff print: what it says of one proposal, and nothing of any other."""

import re

import pytest
from django.contrib.auth.models import User

from tenders.models import Proposal
from tests.factories import CLOSES, hk, make_organisation, make_proposal, make_round, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/tenders/proposal/"
NOW = hk(2026, 3, 30, 15, 4, 5, 678901)


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def round():
    return make_round("S-1", sealed=True)


def register(desk, round):
    form = {"round": round.pk, "proponent": make_organisation("Acme").pk, "channel": "counter"}
    rows = {
        f"proposal_{name}-{count}": 0
        for name in ("lots", "members")
        for count in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return desk.post(f"{LIST}add/", form | rows, follow=True)


def receipt(client, proposal, prefix=""):
    return client.get(f"{prefix}{LIST}{proposal.pk}/receipt/")


def sheet_of(answer):
    """The page but for the token of the form that logs out."""
    return re.sub('name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def test_acknowledgement_says_what_was_received_and_when(desk, round):
    register(desk, round)
    proposal = Proposal.objects.get()

    told = receipt(desk, proposal).content.decode()

    for words in (
        proposal.reference, "S-1", "Tender", "Acme", "2026-03-30 15:04:05", "2026-03-31 12:00:00",
        "Over the counter", "in time: received before the closing time.", ">boss<", "signature",
    ):  # fmt: skip
        assert words in told, words
    assert "style=" not in told.partition('class="paper"')[2]


def test_acknowledgement_of_a_late_one_says_so_with_the_reason_of_its_time(desk, round):
    proposal = make_proposal(round, received_at=CLOSES, received_at_reason="Read from the stamp.")

    told = receipt(desk, proposal).content.decode()

    assert "late: received at the closing time or after it." in told
    assert "Entered by hand: Read from the stamp." in told


def test_acknowledgement_is_the_same_however_many_there_are(desk, round):
    proposal = make_proposal(round)
    alone = sheet_of(receipt(desk, proposal))

    for _ in range(26):
        make_proposal(round)

    assert (proposal.reference in alone, sheet_of(receipt(desk, proposal))) == (True, alone)


def test_acknowledgement_is_linked_from_the_proposal_and_speaks_the_language_of_its_page(desk, round):
    proposal = make_proposal(round)

    page = desk.get(f"{LIST}{proposal.pk}/change/").content.decode()
    languages = [
        re.search('<html lang="([^"]+)"', receipt(desk, proposal, prefix).content.decode())[1]
        for prefix in ("", "/zh-hant", "/zh-hans")
    ]

    assert f'href="{LIST}{proposal.pk}/receipt/"' in page
    assert languages == ["en", "zh-hant", "zh-hans"]


def test_acknowledgement_is_for_those_who_may_see_the_proposal(client, round):
    proposal = make_proposal(round)
    client.force_login(make_user("clerk", is_staff=True))

    assert receipt(client, proposal).status_code == 403
