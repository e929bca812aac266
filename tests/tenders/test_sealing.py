"""Every way into a box that is shut: each is tried, refused in words, and nothing is stored."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from tenders.models import Proposal, ProposalLot, ProposalMember, TenderRound
from tests.factories import make_organisation, make_proposal, make_round, open_box

pytestmark = pytest.mark.django_db

LIST = "/admin/tenders/proposal/"
SEALED = "is sealed: until the box is opened only the receipt is entered."
CONTENT = {
    "sector": "Biotech",
    "summary": "Laboratories",
    "investment_hkd": "424242",
    "gfa_m2": "999",
    "jobs": "99173",
}


@pytest.fixture(autouse=True)
def _boss(client):
    client.force_login(User.objects.create_superuser("boss"))


@pytest.fixture
def round():
    return make_round("S-1", sealed=True, lots=2)


@pytest.fixture
def receipt(round):
    return make_proposal(round, proponent=make_organisation("Acme Limited"))


def stored():
    """All that the box holds, but for what only says when it was written."""
    return [
        *Proposal.objects.order_by("pk").values("round", "status", *CONTENT),
        *ProposalLot.objects.values(),
        *ProposalMember.objects.values(),
        Proposal.history.count(),
    ]


def form_for(round, **fields):
    return {
        "round": round.pk,
        "proponent": make_organisation("Acme Limited").pk,
        "channel": "counter",
        "proposal_lots-TOTAL_FORMS": 0,
        "proposal_lots-INITIAL_FORMS": 0,
        "proposal_members-TOTAL_FORMS": 0,
        "proposal_members-INITIAL_FORMS": 0,
        **fields,
    }


def lots_of(round):
    return {"proposal_lots-TOTAL_FORMS": 1, "proposal_lots-0-lot": round.lots.first().pk}


def a_member():
    partner = make_organisation("Partner Limited")
    return {"proposal_members-TOTAL_FORMS": 1, "proposal_members-0-organisation": partner.pk}


# --- by the form ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", CONTENT)
def test_content_is_refused_at_the_registration(client, round, column):
    answer = client.post(f"{LIST}add/", form_for(round, **{column: CONTENT[column]}))

    assert SEALED in answer.content.decode()
    assert stored() == [0]


@pytest.mark.parametrize("rows", [lots_of, lambda _round: a_member()], ids=["lot", "member"])
def test_inline_rows_are_refused_at_the_registration(client, round, rows):
    answer = client.post(f"{LIST}add/", form_for(round, **rows(round)))

    assert SEALED in answer.content.decode()
    assert stored() == [0]


@pytest.mark.parametrize("button", ["_save", "_continue", "_addanother"])
def test_no_button_of_the_page_takes_more_than_the_receipt(client, round, button):
    answer = client.post(f"{LIST}add/", form_for(round, **CONTENT, **lots_of(round), **{button: "1"}))

    assert SEALED in answer.content.decode()
    assert stored() == [0]


def test_a_receipt_is_not_saved_as_a_new_proposal_with_content(client, round, receipt):
    before = stored()
    form = form_for(round, **CONTENT, **lots_of(round), _saveasnew="1")

    answer = client.post(f"{LIST}{receipt.pk}/change/", form, follow=True)

    assert "An entry is not made out of another one. Nothing was saved." in answer.content.decode()
    assert stored() == before


@pytest.mark.parametrize("button", ["_save", "_continue"])
def test_fields_that_the_page_of_a_receipt_does_not_have_are_ignored(client, round, receipt, button):
    before = stored()
    form = form_for(round, **CONTENT, **lots_of(round), **a_member(), status="shortlisted", reference="X-1")
    form |= {"received_at_0": "2026-03-30", "received_at_1": "15:00:00", button: "1"}

    answer = client.post(f"{LIST}{receipt.pk}/change/", form)

    receipt.refresh_from_db()
    assert answer.status_code == 302
    assert stored() == [*before[:-1], before[-1] + 1]  # the receipt was saved, and its history says so
    assert receipt.reference != "X-1"


def test_proposal_with_content_does_not_move_into_a_shut_box(client, round):
    other = make_proposal(make_round("OPEN-1"), sector="Biotech")

    client.post(
        f"{LIST}{other.pk}/change/",
        form_for(round, received_at_0="2026-03-30", received_at_1="15:00:00", **a_member()),
    )

    assert Proposal.objects.get().round.code == "OPEN-1"


def test_lots_of_a_shut_box_are_not_asked_for_by_another_proposal(client, round):
    form = form_for(make_round("OPEN-1"), **lots_of(round))

    answer = client.post(f"{LIST}add/", form)

    assert "Lot S-1 1 is not of round OPEN-1." in answer.content.decode()
    assert stored() == [0]


# --- by a move or an action -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"), [("shortlist", {}), ("reject", {"reason": "Below the minimum."})]
)
def test_nothing_is_judged_before_the_opening(client, receipt, name, reason):
    before = stored()
    chosen = {"action": f"{name}_selected", "_selected_action": [receipt.pk], "confirmed": "yes", **reason}

    by_page = client.post(f"{LIST}{receipt.pk}/{name}/", reason)
    by_action = client.post(LIST, chosen, follow=True)

    words = "Proposals are judged between the opening of the box and the award."
    assert [str(message) for message in by_page.context["messages"]] == [words]
    assert [str(message) for message in by_action.context["messages"]] == [words]
    assert stored() == before


@pytest.mark.parametrize("field", ["status", "sealed", "decision"])
def test_list_pages_take_no_values(client, round, receipt, field):
    before = stored()
    rows = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": receipt.pk, f"form-0-{field}": "x"}

    client.post(LIST, {**rows, "_save": "Save"})
    client.post("/admin/tenders/tenderround/", {**rows, "form-0-id": round.pk, "_save": "Save"})

    assert (stored(), TenderRound.objects.get().sealed) == (before, True)


# --- by a file --------------------------------------------------------------------------------------------------


CELLS = {
    "lots": "1",
    "plots": "NT-01",
    "members": "Partner Limited (40%)",
    "sector": "Biotech",
    "investment_hkd": "424242",
    "gfa_m2": "999",
    "jobs": "99173",
    "premium_hkd": "515151",
    "status": "shortlisted",
}


def file_with(column, value, reference=""):
    lots = {} if column in {"lots", "premium_hkd"} else {"lots": ""}
    cells = {
        "proposal": reference, "round": "S-1", "proponent": "Acme Limited",
        "received_at": "2026-03-30T15:00:00+08:00", **lots, column: value,
    }  # fmt: skip
    if column == "premium_hkd":
        cells["lots"] = "1"
    return (",".join(cells) + "\n" + ",".join(cells.values()) + "\n").encode()


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
@pytest.mark.parametrize("column", CELLS)
def test_file_brings_nothing_into_a_shut_box(client, receipt, tmp_path, capsys, column, known):
    before = stored()
    data = file_with(column, CELLS[column], receipt.reference if known else "")
    (tmp_path / "box.csv").write_bytes(data)

    by_page = client.post(f"{LIST}import/", {"file": SimpleUploadedFile("box.csv", data)})
    with pytest.raises((CommandError, SystemExit)):
        call_command("import_proposals", str(tmp_path / "box.csv"))

    assert by_page.context["refused"][0].startswith("line 2, ")
    assert stored() == before


# --- by the round -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [{"sealed": ""}, {"disclosure": "full"}, {"disclosure_days": "9"}])
def test_form_of_a_published_round_has_no_field_for_its_rules(client, round, rule):
    form = {
        "title_en": "Tender", "park": round.park.pk, "kind": "tender", "method": "open", **rule,
        **{f"{rows}-{count}": 0 for rows in ("lots", "documents") for count in ("TOTAL_FORMS", "INITIAL_FORMS")},
    }  # fmt: skip
    client.post(f"/admin/tenders/tenderround/{round.pk}/change/", form)

    stands = TenderRound.objects.get()
    assert (stands.sealed, stands.disclosure, stands.disclosure_days) == (True, "totals", None)


# --- past everything --------------------------------------------------------------------------------------------


def test_fixture_is_refused_whole(round, receipt, tmp_path):
    before = stored()
    row = {"model": "tenders.proposal", "pk": receipt.pk, "fields": {
        "reference": receipt.reference, "round": round.pk, "proponent": receipt.proponent_id, "sector": "Biotech",
        "received_at": "2026-03-30T15:00:00+08:00", "created_at": "2026-03-30T15:00:00+08:00",
        "updated_at": "2026-03-30T15:00:00+08:00",
    }}  # fmt: skip
    (tmp_path / "box.json").write_text(json.dumps([row]))

    with pytest.raises(IntegrityError, match="receipt only"), transaction.atomic():
        call_command("loaddata", str(tmp_path / "box.json"), verbosity=0)

    assert stored() == before


def test_after_the_opening_the_same_content_is_taken(client, round, receipt):
    open_box(round)
    form = form_for(round, **CONTENT, **lots_of(round), received_at_0="2026-03-30", received_at_1="15:00:00")

    client.post(f"{LIST}{receipt.pk}/change/", form)

    receipt.refresh_from_db()
    assert (receipt.sector, receipt.jobs, receipt.proposal_lots.count()) == ("Biotech", 99173, 1)
