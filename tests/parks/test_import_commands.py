import pytest
from django.core.management import call_command

from parks.models import Plot
from tests.factories import make_phase
from tests.tables import csv_file

pytestmark = pytest.mark.django_db

ROW = {"park": "hsitp", "phase": "1", "plot": "NT-01", "area_m2": "3200"}


@pytest.fixture
def plots_file(tmp_path, db):
    make_phase("1")

    def make(*rows):
        path = tmp_path / "plots.csv"
        path.write_bytes(csv_file(*rows).getvalue())
        return path

    return make


def test_done_says_how_many_and_is_silent_on_stderr(plots_file, capsys):
    call_command("import_plots", plots_file(ROW))
    assert capsys.readouterr() == ("1 new, 0 changed, 0 unchanged.\n", "")


def test_changes_are_said_line_by_line(plots_file, capsys):
    call_command("import_plots", plots_file(ROW))
    call_command("import_plots", plots_file(ROW | {"area_m2": "3300"}))
    assert capsys.readouterr().out.splitlines()[1:] == [
        "0 new, 1 changed, 0 unchanged.", "NT-01: area_m2 3200 -> 3300",
    ]  # fmt: skip


def test_a_dry_run_says_so_and_writes_nothing(plots_file, capsys):
    call_command("import_plots", "--dry-run", plots_file(ROW))
    assert capsys.readouterr().out == "Dry run, nothing was written.\n1 new, 0 changed, 0 unchanged.\n"
    assert Plot.objects.count() == 0


def test_refused_data_ends_with_one_and_names_the_line(plots_file, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("import_plots", plots_file(ROW | {"area_m2": "big"}))
    assert end.value.code == 1
    assert capsys.readouterr() == (
        "",
        "line 2, area_m2: big: is not a plain number; write digits with “.” before the places, as in 1234567.50\n"
        "Nothing was written: there is 1 problem.\n",
    )


def test_a_hundred_problems_are_shown_with_their_total(plots_file, capsys):
    with pytest.raises(SystemExit):
        call_command(
            "import_plots", plots_file(*[ROW | {"plot": f"{n}", "area_m2": "big"} for n in range(120)])
        )
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[100:]) == (
        102, ["… and 20 more: 120 problems in 120 lines.", "Nothing was written: there are 120 problems."],
    )  # fmt: skip


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("import_plots", tmp_path / "missing.csv")
    assert end.value.code == 2
    assert capsys.readouterr().err.endswith("missing.csv cannot be read: No such file or directory\n")


def test_a_folder_is_wrong_usage(tmp_path):
    with pytest.raises(SystemExit) as end:
        call_command("import_plots", tmp_path)
    assert end.value.code == 2
