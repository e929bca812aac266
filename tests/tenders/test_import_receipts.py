import pytest

from tenders import lifecycle
from tenders.importing.proposals import COLUMNS
from tenders.importing.proposals.lines import CONTENT
from tenders.models import Proposal
from tests.factories import hk, make_round, open_box
from tests.proposal_files import exported, history, refused, take
from tests.tables import csv_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def round(db):
    return make_round("R-1", lots=2)


# --- sealed -----------------------------------------------------------------------------------------------------

RECEIPT = {
    "proposal": "P-0001",
    "round": "S-1",
    "proponent": "Company 1",
    "received_at": "2026-03-30T15:04:05",
    "channel": "post",
}


@pytest.fixture
def sealed(db):
    return make_round("S-1", sealed=True)


def test_a_sealed_round_takes_receipts(sealed, at):
    assert take(csv_file(RECEIPT), at).created == 1
    assert Proposal.objects.values_list("channel", "received_at").get() == ("post", hk(2026, 3, 30, 15, 4, 5))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("lots", "1"),
        ("plots", "NT-01"),
        ("members", "A"),
        ("sector", "AI"),
        ("investment_hkd", "5"),
        ("gfa_m2", "5"),
        ("jobs", "5"),
    ],
)
def test_a_sealed_round_takes_nothing_but_receipts(column, value, sealed, at):
    assert refused(csv_file(RECEIPT | {column: value}), at) == [
        f"line 2, {column}: {value}: stays in the box until round S-1 is opened; leave the cell empty"
    ]


@pytest.mark.parametrize("lots", ["", "1"])
def test_a_sealed_round_takes_no_premium(lots, sealed, at):
    problems = refused(csv_file(RECEIPT | {"lots": lots, "premium_hkd": "5"}), at)
    assert [problem for problem in problems if problem.startswith("line 2, premium_hkd: 5: ")] == problems[
        -1:
    ]


def test_a_sealed_round_takes_no_summary(sealed, at):
    [problem] = refused(csv_file(RECEIPT | {"summary": "We plan a laboratory."}), at)
    assert problem.startswith("line 1, summary: is not a column here")


def test_every_column_is_of_the_receipt_or_stays_in_the_box():
    """A column that is added has to be put on one side: what nobody thought of would leak."""
    receipt = {"proposal", "round", "proponent", "received_at", "channel", "status", "late", "updated_at"}
    known = {*COLUMNS.required, *COLUMNS.optional, *COLUMNS.derived}
    assert (known - receipt, receipt & set(CONTENT)) == (set(CONTENT), set())


@pytest.mark.parametrize(("time", "late"), [("2026-03-31T11:59:59", False), ("2026-03-31T12:00:00", True)])
def test_a_late_receipt_is_kept_and_marked(time, late, sealed, at):
    take(csv_file(RECEIPT | {"received_at": time}), at)
    assert Proposal.objects.with_late().get().is_late == late


@pytest.mark.parametrize("status", ["withdrawn", "rejected", "shortlisted"])
def test_a_sealed_round_has_no_status_but_received(status, sealed, at):
    [problem] = refused(csv_file(RECEIPT | {"status": status}), at)
    assert problem.startswith(f"line 2, status: {status}: cannot be given before the box is opened")


def test_the_export_of_a_sealed_round_comes_back_unchanged(sealed, at):
    take(csv_file(RECEIPT, RECEIPT | {"proposal": "P-0002"}), at)
    lifecycle.withdraw(Proposal.objects.get(reference="P-0002"), by=None, at=at)
    before = history()
    assert (take(csv_file(*exported()), at).unchanged, history()) == (2, before)


def test_receipts_of_a_round_that_was_never_opened_come_back_unchanged(sealed, at):
    take(csv_file(RECEIPT), at)
    lifecycle.cancel(sealed, by=None, at=at, reason="No longer needed.")
    assert take(csv_file(*exported()), at).unchanged == 1


def test_an_opened_round_takes_the_content(sealed, at):
    take(csv_file(RECEIPT), at)
    open_box(sealed)
    report = take(csv_file(RECEIPT | {"lots": "1", "investment_hkd": "5"}), at)
    assert report.updated == 1
    assert Proposal.objects.get().investment_hkd == 5
