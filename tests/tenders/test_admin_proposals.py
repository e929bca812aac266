"""The front desk: a proposal comes in by the form, is found in the export, and goes its way."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tenders import lifecycle
from tenders.models import Proposal
from tenders.statuses import Decision, ProposalStatus
from tests.factories import CLOSES, OPENS, make_organisation, make_proposal, make_round, make_user, open_box

pytestmark = pytest.mark.django_db

ADD = "/admin/tenders/proposal/add/"
LIST = "/admin/tenders/proposal/"
EXPORT = "/admin/tenders/proposal/export.csv"
IMPORT = "/admin/tenders/proposal/import/"


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss")
    client.force_login(user)
    return user


def form_for(round, *, lots=(), at="2026-03-30", time="15:00:00", why="The desk had no power.", **fields):
    rows = {f"proposal_lots-{number}-lot": lot.pk for number, lot in enumerate(lots)}
    return {
        "round": round.pk,
        "proponent": make_organisation("Acme Limited").pk,
        "received_at_0": at,
        "received_at_1": time,
        "received_at_reason": why,
        "channel": "counter",
        "proposal_lots-TOTAL_FORMS": len(lots),
        "proposal_lots-INITIAL_FORMS": 0,
        "proposal_members-TOTAL_FORMS": 0,
        "proposal_members-INITIAL_FORMS": 0,
        **rows,
        **fields,
    }


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_staff_register_a_proposal_and_find_it_in_the_export(client, boss):
    round = make_round("T-1")

    answer = client.post(ADD, form_for(round, lots=round.lots.all(), sector="Life science"), follow=True)

    proposal = Proposal.objects.get()
    [row] = rows_of(client.get(EXPORT, {"round": "T-1"}))
    page = f"/admin/tenders/proposal/{proposal.pk}"
    assert said(answer) == [
        f'Proposal <a href="{page}/change/">{proposal.reference}</a> registered. '
        f'<a href="{page}/receipt/">Print the acknowledgement</a>'
    ]
    assert (row["proposal"], row["proponent"], row["sector"]) == (
        proposal.reference,
        "Acme Limited",
        "Life science",
    )
    assert (row["lots"], row["late"], row["received_at"]) == ("1", "false", "2026-03-30T15:00:00+08:00")
    assert proposal.history.get().history_user == boss


def test_at_noon_sharp_is_late_and_said_so(client, boss):
    round = make_round()

    answer = client.post(
        ADD, form_for(round, lots=round.lots.all(), at="2026-03-31", time="12:00:00"), follow=True
    )

    assert " registered, late. " in said(answer)[0]


def test_proposal_needs_a_lot(client, boss):
    answer = client.post(ADD, form_for(make_round()))

    assert "A proposal is for at least one lot." in answer.content.decode()
    assert not Proposal.objects.exists()


def test_lot_of_another_round_is_refused_in_words(client, boss):
    other = make_round("OTHER-1")

    answer = client.post(ADD, form_for(make_round("T-1"), lots=other.lots.all()))

    assert answer.content.decode().count("Lot OTHER-1 1 is not of round T-1.") == 1
    assert not Proposal.objects.exists()


def test_rows_are_added_under_short_names(client, boss):
    formsets = client.get(ADD).context["inline_admin_formsets"]

    assert [str(formset.opts.verbose_name) for formset in formsets] == ["lot", "member"]


def test_sealed_round_takes_the_receipt_alone(client, boss):
    round = make_round(sealed=True)

    client.post(ADD, form_for(round))

    assert Proposal.objects.get().lots.count() == 0


@pytest.mark.parametrize(
    "more",
    [{"sector": "Biotech"}, {"summary": "Labs"}, {"investment_hkd": "1"}, {"gfa_m2": "1"}, {"jobs": "0"}],
)
def test_sealed_round_takes_no_content(client, boss, more):
    answer = client.post(ADD, form_for(make_round(sealed=True), **more))

    assert "is sealed: until the box is opened only the receipt is entered." in answer.content.decode()
    assert not Proposal.objects.exists()


def test_sealed_round_takes_no_lot(client, boss):
    round = make_round(sealed=True)

    client.post(ADD, form_for(round, lots=round.lots.all()))

    assert not Proposal.objects.exists()


def test_sealed_proposal_shows_no_field_for_content(client, boss):
    proposal = make_proposal(make_round(sealed=True), lots=[])
    form = client.get(f"{LIST}{proposal.pk}/change/").context["adminform"].form

    assert sorted(form.fields) == ["channel", "proponent", "received_at", "received_at_reason"]


@pytest.mark.parametrize("decision", [Decision.DRAFT, Decision.CANCELLED])
def test_round_that_takes_no_proposals_is_refused_in_words(client, boss, decision):
    round = make_round("T-1", decision=Decision.DRAFT)
    if decision == Decision.CANCELLED:
        lifecycle.publish(round, by=None, at=OPENS)
        lifecycle.cancel(round, by=None, at=OPENS, reason="Called off.")

    answer = client.post(ADD, form_for(round, lots=round.lots.all()))

    assert f"T-1 takes no proposals: it is {decision.label}." in answer.content.decode()


def test_only_rounds_that_take_proposals_are_offered(client, boss):
    make_round("LIVE-1")
    make_round("DRAFT-1", decision=Decision.DRAFT)
    asked = {"app_label": "tenders", "model_name": "proposal", "field_name": "round", "term": ""}

    found = client.get(reverse("admin:autocomplete"), asked).json()["results"]

    assert [entry["text"] for entry in found] == ["LIVE-1"]


def test_what_is_still_to_come_was_not_received(client, boss):
    round = make_round()

    answer = client.post(ADD, form_for(round, lots=round.lots.all(), at="2099-01-01"))

    assert "That is still to come." in answer.content.decode()


def test_proposal_is_never_deleted_and_says_why(client, boss):
    proposal = make_proposal(make_round())

    answer = client.post(f"{LIST}{proposal.pk}/delete/", {"post": "yes"}, follow=True)

    assert said(answer) == [
        "A proposal that was received is kept. If the proponent takes it back, withdraw it."
    ]
    assert Proposal.objects.get() == proposal


def test_several_are_rejected_with_one_reason(client, boss):
    round = make_round()
    proposals = [make_proposal(round), make_proposal(round)]
    open_box(round)
    chosen = {"action": "reject_selected", "_selected_action": [proposal.pk for proposal in proposals]}

    asked = client.post(LIST, chosen)
    client.post(LIST, {**chosen, "confirmed": "yes", "reason": "Incomplete."})

    assert asked.status_code == 200
    assert set(Proposal.objects.values_list("status", flat=True)) == {ProposalStatus.REJECTED}


def test_late_one_is_not_shortlisted_and_the_others_are(client, boss):
    round = make_round()
    in_time, late = make_proposal(round), make_proposal(round, received_at=CLOSES)
    open_box(round)
    chosen = {"action": "shortlist_selected", "_selected_action": [in_time.pk, late.pk], "confirmed": "yes"}

    answer = client.post(LIST, chosen, follow=True)

    in_time.refresh_from_db()
    assert in_time.status == ProposalStatus.SHORTLISTED
    assert said(answer)[0] == "Done for 1 row."
    assert "came late" in said(answer)[1]


# Export ---------------------------------------------------------------------------------------------------------


def clerk_with(*codenames):
    clerk = make_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return clerk


def test_export_asks_a_stranger_to_log_in(client):
    answer = client.get(EXPORT)

    assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={EXPORT}")


@pytest.mark.parametrize(("codename", "status"), [("view_proposal", 403), ("export_proposal", 200)])
def test_export_needs_its_permission(client, codename, status):
    client.force_login(clerk_with(codename))

    assert client.get(EXPORT).status_code == status


def test_export_is_a_file_that_nobody_keeps(client, boss):
    make_proposal(make_round("T-1"))

    answer = client.get(EXPORT, {"round": "T-1"})

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"].startswith("no-store")
    assert answer["Content-Disposition"].startswith('attachment; filename="proposals-t-1-')


def test_export_is_logged_with_who_round_and_rows(client, boss):
    make_proposal(make_round("T-1"))

    client.get(EXPORT, {"round": "T-1"})

    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr, entry.change_message) == (
        boss,
        "export.csv T-1",
        "Exported 1 proposal.",
    )


def test_export_of_an_unknown_round_is_refused_in_words(client, boss):
    answer = client.get(EXPORT, {"round": "NO-1"})

    assert answer.status_code == 400
    assert answer.content.decode().startswith("There is no round “NO-1”.")


@pytest.mark.parametrize("rows", [1, 3])
def test_export_asks_as_often_for_one_row_as_for_three(client, boss, django_assert_num_queries, rows):
    round = make_round("T-1", lots=2)
    for _ in range(rows):
        make_proposal(round)
    rows_of(client.get(EXPORT, {"round": "T-1"}))

    with django_assert_num_queries(11):
        found = rows_of(client.get(EXPORT, {"round": "T-1"}))

    assert len(found) == rows


# Import ---------------------------------------------------------------------------------------------------------


def as_file(text):
    return SimpleUploadedFile("proposals.csv", text.encode())


GOOD = "round,lots,proponent,received_at\nT-1,1,Acme Limited,2026-03-30T15:00:00+08:00\n"


def test_import_is_tried_first_and_then_done(client, boss):
    make_round("T-1")

    tried = client.post(IMPORT, {"file": as_file(GOOD)})
    before = Proposal.objects.count()
    client.post(IMPORT, {"key": tried.context["key"]})

    assert tried.context["report"][0] == "1 new, 0 changed, 0 unchanged."
    assert (before, Proposal.objects.get().proponent.name) == (0, "Acme Limited")


def test_import_names_its_file_as_it_is_called_and_what_is_new(client, boss):
    make_round("T-1")

    tried = client.post(IMPORT, {"file": as_file(GOOD)})
    done = client.post(IMPORT, {"key": tried.context["key"]}, follow=True)

    assert tried.context["report"][1:] == ["1 organisation is new: Acme Limited"]
    assert "Imported proposals.csv: 1 new, 0 changed, 0 unchanged." in done.content.decode()


def test_import_names_the_line_to_mend_and_writes_nothing(client, boss):
    make_round("T-1")

    answer = client.post(IMPORT, {"file": as_file(GOOD.replace("T-1,1,", "T-1,9,"))})

    assert answer.context["refused"][0].startswith("line 2, lots: 9")
    assert not Proposal.objects.exists()


def test_import_needs_its_permissions(client):
    client.force_login(clerk_with("view_proposal", "change_proposal"))

    assert client.get(IMPORT).status_code == 403


def test_export_is_imported_again_without_a_change(client, boss):
    round = make_round("T-1")
    make_proposal(round)
    data = b"".join(client.get(EXPORT, {"round": "T-1"}).streaming_content)

    tried = client.post(IMPORT, {"file": SimpleUploadedFile("proposals.csv", data)})

    assert tried.context["report"][0] == "0 new, 0 changed, 1 unchanged."


def test_lot_that_somebody_else_has_added_meanwhile_is_said_to_be_there(client, boss):
    round = make_round("T-1")
    proposal = make_proposal(round)

    answer = client.post(f"{LIST}{proposal.pk}/change/", form_for(round, lots=round.lots.all()))

    assert "T-1 1 is on the proposal already." in answer.content.decode()
    assert proposal.proposal_lots.count() == 1
