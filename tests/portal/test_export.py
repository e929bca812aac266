import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tenders import proposals_csv
from tests.factories import hk, make_proposal, make_round

pytestmark = pytest.mark.django_db

NOW = hk(2026, 4, 15, 10)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def export(capfdbinary):
    def run(*arguments: str) -> bytes:
        call_command("export", *arguments)
        return capfdbinary.readouterr().out

    return run


@pytest.mark.parametrize(
    "name", ["plots", "releases", "rounds", "lots", "awards", "figures", "pipeline", "calendar", "changes"]
)
def test_export_writes_the_bytes_of_the_file(client, export, name):
    make_round("R-1")

    assert export(name) == b"".join(client.get(f"/{name}.csv").streaming_content)


def test_export_is_narrowed_to_a_round(export):
    make_round("R-1")
    make_round("R-2")

    assert [line[:3] for line in export("rounds", "--round", "R-2").splitlines()[1:]] == [b"R-2"]
    assert export("changes", "--round", "R-2", "--as-of", "2026-03-01").count(b"round_published") == 1
    assert [line[:3] for line in export("lots", "--round", "R-1").splitlines()[1:]] == [b"R-1"]


def test_export_of_proposals_has_those_of_the_round_and_those_received_by_the_day(export):
    early = make_proposal(make_round("R-1"), received_at=hk(2026, 3, 2))
    late = make_proposal(make_round("R-2"), received_at=hk(2026, 3, 20))

    def references(*arguments):
        header, *rows = export("proposals", *arguments).decode("utf-8-sig").splitlines()
        assert header.split(",") == list(proposals_csv.COLUMNS)
        return [row.split(",")[0] for row in rows]

    assert references() == [early.reference, late.reference]
    assert references("--round", "R-2") == [late.reference]
    assert references("--as-of", "2026-03-02") == [early.reference]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["lots", "--round", "R-9"], 1, "no round R-9"),
        (["lots", "--round", "DRAFT-1"], 1, "no round DRAFT-1"),
        (["releases", "--round", "R-1"], 2, "leave --round out"),
        (["pipeline", "--round", "R-1"], 2, "leave --round out"),
    ],
)
def test_export_refuses_in_words(arguments, code, words):
    make_round("DRAFT-1", published=False)

    with pytest.raises(CommandError, match=words) as refused:
        call_command("export", *arguments)

    assert refused.value.returncode == code


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["plots", "--as-of", "yesterday"], ["plots", "--as-of", "2999-01-01"]]
)
def test_wrong_usage_ends_with_2_and_no_traceback(arguments):
    done = subprocess.run(
        [sys.executable, "manage.py", "export", *arguments], capture_output=True, text=True, check=False,
        env={"DEBUG": "True", "DATABASE_URL": "sqlite://:memory:", "PATH": ""},
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert arguments[-1] in done.stderr or "has not come yet" in done.stderr or "must be a day" in done.stderr
