from decimal import Decimal

import pytest

from parks.importing import ImportRefused
from parks.models import Organisation
from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import Proposal, ProposalLot, ProposalMember
from tests.factories import CLOSES, hk, make_organisation, make_proposal, make_round, make_user, open_box
from tests.proposal_files import ROW, exported, history, refused, row, take
from tests.tables import csv_file, said, xlsx_file
from tests.unguarded import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def round(db):
    return make_round("R-1", lots=2)


# --- what is taken ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
@pytest.mark.parametrize("count", [1, 3])
def test_proposals_come_out_of_csv_and_xlsx_alike(make, count, at):
    report = take(make(*[row(number) for number in range(count)]), at)

    assert (report.created, Proposal.objects.count(), ProposalLot.objects.count()) == (
        count,
        count,
        2 * count,
    )
    values = "proponent__name_en", "received_at", "status", "sector", "investment_hkd", "gfa_m2"
    assert Proposal.objects.values_list(*values).get(reference="P-0000") == (
        "Company 0", hk(2026, 3, 30, 15, 4, 5), "received", "I&T", Decimal(500000000), Decimal("12000.5"),
    )  # fmt: skip


def test_columns_may_stand_in_any_order_and_blank_lines_are_skipped(at):
    data = csv_file(row(1), {}, row(2), columns=list(reversed(ROW)))
    report = take(data, at)
    assert (report.created, report.skipped_lines) == (2, [3])


def test_an_empty_reference_is_new_each_time_and_gets_one(at):
    take(csv_file(row(proposal="")), at)
    take(csv_file(row(proposal="")), at)
    assert [len(reference) for reference in Proposal.objects.values_list("reference", flat=True)] == [13, 13]


def test_the_round_of_the_command_is_the_round_of_every_row(at):
    data = row()
    del data["round"]
    assert take(csv_file(data), at, only_round="R-1").created == 1


def test_the_round_of_the_command_is_not_another(at):
    assert refused(csv_file(row(round="R-2")), at, only_round="R-1") == [
        "line 2, round: R-2: is not R-1, the round that this import is for"
    ]


def test_a_proponent_is_known_by_its_name_however_it_is_spaced_and_composed(at):
    known = make_organisation("Café Harbour Ltd")
    take(csv_file(row(1, proponent="Cafe\u0301  Harbour Ltd"), row(2, proponent="Café\nHarbour Ltd")), at)
    assert set(Proposal.objects.values_list("proponent", flat=True)) == {known.pk}


def test_a_proponent_is_known_by_its_name_in_another_language(at):
    known = Organisation.objects.create(name_en="Example Ltd", name_zh_hant="示例有限公司")
    take(csv_file(row(1, proponent="示例有限公司")), at)
    assert Proposal.objects.get().proponent == known


@pytest.mark.parametrize("dry_run", [True, False])
def test_organisations_that_are_new_are_named(at, dry_run):
    make_organisation("Known Ltd")
    rows = csv_file(
        row(1, proponent="Known Ltd", members="Known Ltd;Member Ltd"),
        row(2, proponent="Knwon Ltd", members="Member  Ltd"),
    )

    report = take(rows, at, dry_run=dry_run)

    assert list(report.lines()) == [
        "2 new, 0 changed, 0 unchanged.",
        "2 organisations are new: Member Ltd, Knwon Ltd",
    ]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 organisation is new: Company 0"),
        (12, f"12 organisations are new: {', '.join(f'Company {n}' for n in range(10))} and 2 more"),
    ],
)
def test_of_many_new_organisations_ten_are_named(at, count, words):
    assert take(csv_file(*[row(number) for number in range(count)]), at).notes == [words]


def test_without_a_new_organisation_nothing_is_said_of_them(at):
    take(csv_file(row(1)), at)
    assert take(csv_file(row(1, sector="AI")), at).notes == []


def test_formulas_markup_and_quotes_are_stored_as_typed(at):
    names = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1+1", 'He said "yes", Ltd', "<script>alert(1)</script>",
             "Robert'); DROP TABLE proposals;--", "100%_\\"]  # fmt: skip
    take(csv_file(*[row(number, proponent=name) for number, name in enumerate(names)]), at)
    assert list(Proposal.objects.order_by("reference").values_list("proponent__name_en", flat=True)) == names


def test_the_closing_time_itself_is_late(at):
    times = [
        "2026-03-31T11:59:59.999999+08:00",
        "2026-03-31T12:00:00+08:00",
        "2026-03-31T04:00:00Z",
        "2026-03-31T12:00:01",
    ]
    take(csv_file(*[row(number, received_at=time) for number, time in enumerate(times)]), at)
    late = Proposal.objects.with_late().order_by("reference").values_list("is_late", flat=True)
    assert list(late) == [False, True, True, True]


def test_premiums_stand_in_the_order_of_the_lots(at):
    take(csv_file(row(lots="2;1", premium_hkd="200;")), at)
    assert dict(ProposalLot.objects.values_list("lot__code", "premium_hkd")) == {"2": Decimal(200), "1": None}


def test_members_are_taken_with_their_shares(at):
    take(csv_file(row(members="Harbour Ltd (60%);A\\;B")), at)
    assert list(ProposalMember.objects.values_list("organisation__name_en", "share_percent")) == [
        ("Harbour Ltd", Decimal(60)), ("A;B", None),
    ]  # fmt: skip


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"lots": "1;9"}, "lots: 9: is not a lot of round R-1; its lots are 1;2"),
        ({"lots": ";1;;1; 2 ;"}, "lots: ;1;;1; 2 ;: names 1 more than once; name each once"),
        ({"lots": ""}, "lots: (empty): is empty; name at least one lot of round R-1"),
        ({"round": "R-9"}, "round: R-9: is not a known round; import the rounds first"),
        ({"proponent": ""}, "proponent: (empty): is empty; it must be given"),
        ({"proposal": "Ｐ－０００１"}, "proposal: Ｐ－０００１: is not a reference; "
         "write 1 to 32 of the letters A-Z, digits 0-9 and -"),
        ({"proposal": "P-0001\u200b"}, "proposal: P-0001\\u200b: is not a reference; "
         "write 1 to 32 of the letters A-Z, digits 0-9 and -"),
        ({"status": "RECIEVED"}, "status: RECIEVED: is not known; "
         "write one of received, withdrawn, rejected, shortlisted, successful, unsuccessful"),
        ({"status": "successful"}, "status: successful: needs an award; "
         "award the lot in the admin, that makes the proposal successful"),
        ({"status": "unsuccessful"}, "status: unsuccessful: comes with the decision on the round, "
         "which is not taken; write received"),
        ({"received_at": "2099-01-01T00:00:00+08:00"}, "received_at: 2099-01-01T00:00:00+08:00: is still to come; "
         "write when it was received"),
        ({"proponent": "Good\u202edtL liveE\u202c Ltd"}, "proponent: Good\\u202edtL liveE\\u202c Ltd: "
         "holds a hidden character, U+202E RIGHT-TO-LEFT OVERRIDE, as its character 5; delete it"),
        ({"gfa_m2": "0"}, "gfa_m2: 0: is zero; write the floor area, or leave the cell empty"),
        ({"premium_hkd": "5"}, "premium_hkd: 5: is not one amount for each lot in the order of lots, joined by “;”; "
         "there are 2 lots"),
        ({"members": "A;A"}, "members: A: is named more than once; name each member once"),
        ({"members": "A (60%);B (60%)"}, "members: A (60%);B (60%): "
         "has shares that are not more than 0 % and 100 % in all; correct them"),
        ({"late": "true"}, "late: true: does not agree with received_at, by which it is false; "
         "correct it, or leave the cell empty"),
        ({"received_at": "2026-03-31T12:00:00", "status": "shortlisted"}, "status: shortlisted: "
         "is not for a proposal that came late; it is kept, but cannot be chosen"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_the_mend(cells, problem, at):
    assert refused(csv_file(row() | cells), at) == [f"line 2, {problem}"]


@pytest.mark.parametrize(
    "time",
    ["30/03/2026 15:04", "03/30/2026", "2026-3-30", "2026年3月30日", "46111.63", "30-Mar-26", "2026-03-30"],
)
def test_a_time_is_iso_8601_or_refused(time, at):
    [problem] = refused(csv_file(row(received_at=time)), at)
    assert problem.endswith("is not a time in ISO 8601; write day and time, as in 2026-03-30T15:04:05+08:00")


@pytest.mark.parametrize(
    "number",
    [
        "500,000,000",
        "HK$5億",
        "5e8",
        "-1",
        "NaN",
        "Infinity",
        "１２３",
        "1" * 60,
        "0x10",
        "1_000",
        "١٢٣",
        "=500",
    ],
)
def test_a_number_is_plain_digits_or_refused(number, at):
    [problem] = refused(csv_file(row(investment_hkd=number)), at)
    assert problem.startswith("line 2, investment_hkd: ")


def test_a_name_longer_than_its_column_is_refused(at):
    take(csv_file(row(1, proposal="", proponent="名" * 300)), at)
    [problem] = refused(csv_file(row(proponent="名" * 301)), at)
    assert problem.endswith("is 301 characters long; 300 are the most")


def test_plots_that_are_given_must_be_those_of_the_lots(at, round):
    plots = [link.plot.code for lot in round.lots.all() for link in lot.lot_plots.all()]
    [problem] = refused(csv_file(row(plots=plots[0])), at)
    assert problem.startswith(f"line 2, plots: {plots[0]}: are not the plots of its lots, which are ")
    assert take(csv_file(row(plots=";".join(plots), late="false")), at).created == 1


def test_the_same_reference_twice_names_both_lines(at):
    assert refused(csv_file(row(1), row(2), row(1, proponent="Other")), at) == [
        "line 2, proposal: P-0001: stands in line 4 too; give it once",
        "line 4, proposal: P-0001: stands in line 2 too; give it once",
    ]


@pytest.mark.parametrize("column", ["lots", "proponent", "received_at", "round"])
def test_a_column_that_is_required_is_named_when_it_is_missing(column, at):
    data = row()
    del data[column]
    [problem] = refused(csv_file(data), at)
    assert f"{column}: is missing" in problem


def test_a_draft_takes_no_proposals(at):
    make_round("R-2", published=False)
    assert refused(csv_file(row(round="R-2", lots="1")), at) == [
        "line 2, round: R-2: is a draft; publish the round before it takes proposals"
    ]


def test_one_bad_line_keeps_every_line_out(at):
    data = csv_file(*[row(number) for number in range(1, 500)], row(500, lots="NOPE"))
    [problem] = refused(data, at)
    assert problem.startswith("line 501, lots: NOPE: ")
    assert Organisation.objects.count() == 0


def test_mistakes_of_the_cell_and_of_the_rule_are_named_together(at):
    problems = refused(csv_file(row(1, status="RECIEVED"), row(2, status="successful")), at)
    assert [problem[:14] for problem in problems] == ["line 2, status", "line 3, status"]


# --- what is known already --------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing_and_leaves_no_history(at):
    take(csv_file(row(1), row(2)), at)
    before = [model.history.count() for model in (Proposal, ProposalLot, Organisation)]
    report = take(csv_file(row(1), row(2)), at)

    assert (report.unchanged, report.changes) == (2, [])
    assert [model.history.count() for model in (Proposal, ProposalLot, Organisation)] == before


def test_a_change_is_said_and_kept_in_the_history(at):
    officer = make_user()
    take(csv_file(row()), at)
    report = take(csv_file(row(investment_hkd="1")), at, by=officer, file="more.csv")

    assert list(report.lines()) == ["0 new, 1 changed, 0 unchanged.", "P-0001: investment_hkd 500000000 -> 1"]
    change = Proposal.history.first()
    assert (change.history_user, change.history_change_reason, change.investment_hkd) == (
        officer,
        "Import of more.csv",
        1,
    )
    assert Proposal.objects.get().updated_at == at


def test_lots_premiums_and_members_change_with_their_history(at):
    take(csv_file(row(lots="1", premium_hkd="5", members="A (30%);B")), at)
    report = take(csv_file(row(lots="1;2", premium_hkd="6;7", members="A (40%);C")), at)

    assert report.changes == [
        "P-0001: lots 1 -> 1;2",
        "P-0001: premium_hkd 5 -> 6 (1), (empty) -> 7 (2)",
        "P-0001: members A (30%);B -> A (40%);C",
    ]
    assert dict(ProposalLot.objects.values_list("lot__code", "premium_hkd")) == {"1": 6, "2": 7}
    assert dict(ProposalMember.objects.values_list("organisation__name_en", "share_percent")) == {
        "A": 40,
        "C": None,
    }
    assert ProposalMember.history.filter(history_type="-").count() == 1


def test_withdrawn_leaves_the_count_but_keeps_the_record(at):
    take(csv_file(row()), at)
    take(csv_file(row(status="withdrawn")), at)

    proposal = Proposal.objects.get()
    assert (proposal.status, proposal.withdrawn_at) == ("withdrawn", at)
    assert Proposal.objects.standing(at).count() == 0


def test_a_withdrawal_stands(at):
    take(csv_file(row(status="withdrawn")), at)
    with pytest.raises(ImportRefused) as error:
        take(csv_file(row()), at)
    assert "comes after the withdrawal, which stands" in said(error)[0]


def test_a_proposal_does_not_move_to_another_round(at):
    make_round("R-2")
    take(csv_file(row(lots="1")), at)
    with pytest.raises(ImportRefused) as error:
        take(csv_file(row(lots="1", round="R-2")), at)
    assert said(error)[0].startswith(
        "line 2, proposal: P-0001: belongs to round R-1; a proposal does not move"
    )


def test_a_missing_column_leaves_its_value_and_an_empty_cell_empties_it(at):
    take(csv_file(row()), at)
    part = {name: row()[name] for name in ("proposal", "round", "lots", "proponent", "received_at")}
    take(csv_file(part | {"sector": ""}), at)
    assert Proposal.objects.values_list("sector", "gfa_m2").get() == ("", Decimal("12000.5"))


def test_an_award_is_not_lost_by_import(at, round):
    proposal = make_proposal(round, reference="P-0001", proponent=make_organisation("Company 1"))
    open_box(round)
    lot = round.lots.get(code="1")
    lifecycle.award(round, by=None, at=at, choices=[AwardChoice(lot, proposal, at.date())])
    with pytest.raises(ImportRefused) as error:
        take(csv_file(row(lots="2", status="rejected")), at)
    assert [problem.column for problem in error.value.problems] == ["lots", "status"]


def test_a_dry_run_says_all_and_writes_nothing(at):
    take(csv_file(row()), at)
    report = take(csv_file(row(investment_hkd="1"), row(2)), at, dry_run=True)

    assert (report.created, report.changes) == (1, ["P-0001: investment_hkd 500000000 -> 1"])
    assert (Proposal.objects.count(), Proposal.history.count(), Organisation.objects.count()) == (1, 1, 1)


# --- there and back ---------------------------------------------------------------------------------------------


def rich(round):
    """Proposals with everything that is hard to carry through a file."""
    names = ["=1+1", "'=quoted", 'Said "yes", Ltd', "示例；公司", "A;B \\ (30%)", "@now"]
    for number, name in enumerate(names):
        proposal = make_proposal(
            round, lots=[], reference=f"P-{number}", proponent=make_organisation(name), sector=f"{name}\nsecond, line",
            summary="kept", investment_hkd=Decimal("0.10"), gfa_m2=Decimal("3200.00"), jobs=0, channel="post",
            received_at=CLOSES.replace(microsecond=number),
        )  # fmt: skip
        for preference, lot in enumerate(round.lots.order_by("-code"), start=1):
            ProposalLot.objects.create(
                proposal=proposal,
                lot=lot,
                preference=preference,
                premium_hkd=None if preference == 1 else number,
            )
        for other in names[:number]:
            ProposalMember.objects.create(
                proposal=proposal,
                organisation=make_organisation(other),
                share_percent="12.50" if number % 2 else None,
            )


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_what_is_exported_comes_back_unchanged(make, round, at):
    rich(round)
    lifecycle.withdraw(Proposal.objects.get(reference="P-3"), by=None, at=at)
    before = history(), exported(), list(ProposalLot.objects.order_by("pk").values())
    report = take(make(*exported()), at)

    assert (report.created, report.updated, report.unchanged, report.changes) == (0, 0, 6, [])
    assert (history(), exported(), list(ProposalLot.objects.order_by("pk").values())) == before


def test_an_export_makes_the_same_proposals_elsewhere(round, at):
    rich(round)
    rows = exported()
    with unguarded("tenders_proposal"):  # elsewhere is a database that never had them
        for model in (ProposalMember, ProposalLot, Proposal, Organisation):
            model.objects.all().delete()
    take(csv_file(*rows), at)
    again = [line | {"updated_at": ""} for line in exported()]
    # Preferences are not in the file: the order of lots is then that of their codes.
    unordered = {"updated_at": "", "lots": "1;2"}
    assert [line | {"premium_hkd": ""} for line in again] == [
        row | unordered | {"premium_hkd": ""} for row in rows
    ]


# --- size -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_proposals_cost_the_same_queries_for_one_and_three_rows(rows, at, django_assert_num_queries):
    data = csv_file(*[row(number) for number in range(rows)])
    with django_assert_num_queries(17):
        take(data, at)
