import pytest

from scripts import postgres
from tests.faults.__main__ import table
from tests.faults.drill import Outcome, judge, run
from tests.faults.imports import ROWS, Imports
from tests.faults.officers import Notes, note

pytestmark = pytest.mark.faults

HAS_POSTGRESQL = pytest.mark.skipif(postgres.binaries() is None, reason="PostgreSQL is not on this machine")
KILLS = 6


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=HAS_POSTGRESQL)])
def test_what_was_said_to_be_registered_outlives_kills(database, tmp_path):
    outcome = run(database, KILLS, tmp_path)

    assert (outcome.faults, sum(outcome.kills.values())) == ([], KILLS), table([outcome])
    assert outcome.registered > KILLS


# --- The drill itself would notice ---------------------------------------------------------------------------------


def row(mark, reference="P-1", whole=True) -> dict[str, object]:
    return {"mark": mark, "reference": reference, "whole": whole}


def judged(notes=None, rows=(), killed=(), done=()) -> Outcome:
    outcome, imports = Outcome("any"), Imports(None, None)
    imports.killed, imports.done = list(killed), list(done)
    judge(outcome, notes or Notes(), imports, list(rows))
    return outcome


def test_drill_finds_a_lost_proposal():
    notes = Notes(registered={"officer 1, 1": "P-1", "officer 1, 2": "P-2"})

    assert judged(notes, [row("officer 1, 1")]).lost == ["officer 1, 2: P-2"]


def test_drill_finds_a_proposal_twice():
    assert judged(rows=[row("officer 1, 1"), row("officer 1, 1", "P-2")]).doubled == ["officer 1, 1"]


def test_drill_finds_a_proposal_without_its_lot_or_history():
    assert judged(rows=[row("officer 1, 1", whole=False)]).partial == ["officer 1, 1: P-1"]


def test_drill_finds_a_proposal_that_was_said_not_to_be_saved():
    assert judged(Notes(not_saved={"officer 1, 1"}), [row("officer 1, 1")]).denied == ["officer 1, 1"]


@pytest.mark.parametrize(("rows", "faults"), [(0, []), (1, ["import 1: 1"]), (ROWS, [])])
def test_killed_import_has_left_all_or_nothing(rows, faults):
    assert judged(rows=[row("import 1")] * rows, killed=["import 1"]).faults == faults


def test_import_that_ended_well_has_left_all():
    assert judged(rows=[], done=["import 1"]).faults == ["import 1: 0"]


def test_officer_believes_only_what_names_the_reference():
    notes = Notes()
    note(notes, "a", 'Proposal <a href="/x/">P-7K3QX-M2V9D</a> registered.')
    note(notes, "b", "The records cannot be reached now. Nothing was saved. Try again in a minute.")
    note(notes, "c", "What you sent may have been saved all the same: look before you send it again.")

    assert (notes.registered, notes.not_saved, notes.unanswered) == ({"a": "P-7K3QX-M2V9D"}, {"b"}, {"c"})
