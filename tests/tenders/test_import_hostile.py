"""A corpus of good and bad proposal files: taken whole, or refused in words with the place, by command and admin alike."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from parks.models import Organisation
from tenders.models import Proposal, ProposalLot, Upload
from tests import hostile_files as made
from tests.factories import make_round
from tests.proposal_files import row

pytestmark = pytest.mark.django_db

PAGE = "/admin/tenders/proposal/import/"
A, B, C = row(1, proponent="示例發展有限公司"), row(2), row(3)
TIMES = [
    "30/03/2026 15:04", "03/30/2026", "2026-3-30", "2026年3月30日", "46111.63", "30-Mar-26", "2026-02-30T10:00",
]  # fmt: skip
NUMBERS = [
    "500,000",
    "HK$5",
    "5e8",
    "-1",
    "NaN",
    "Infinity",
    "１２３",
    "1" * 31,
    "0x10",
    "1_000",
    "١٢٣",
    "=5",
]
NAMES = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1+1", "<script>alert(1)</script>", "100%_\\", "'); DROP TABLE x;--"]  # fmt: skip

# What is taken, and how many proposals there are then.
TAKEN = {
    "plain": (made.plain(A, B, C), 3),
    "with a BOM": (made.with_bom(A, B, C), 3),
    "LF": (made.with_line_ends("\n", A, B, C), 3),
    "CR": (made.with_line_ends("\r", A, B, C), 3),
    "no last line end": (made.plain(A, B).rstrip(b"\r\n"), 2),
    "a line break in quotes": (made.plain(row(1, sector="One\r\nTwo"), B), 2),
    "line breaks without quotes": (made.plain(row(1, sector="One Two"), B).replace(b"One Two", b"One\nTwo"), 2),
    "quotes and commas": (made.plain(row(1, proponent='He said "yes", Ltd')), 1),
    "another order": (made.reversed_columns(A, B), 2),
    "blank lines": (made.with_blank_lines(A, B), 2),
    "Excel's sep line": (made.with_sep_line(A, B), 2),
    "formulas, markup and SQL": (made.plain(*[row(n, proponent=name) for n, name in enumerate(NAMES)]), 8),
}  # fmt: skip

# What is refused, and the beginning of every line that says why.
REFUSED = {
    "Big5": (made.in_encoding("big5", A), ["line 2: The file is not in UTF-8 (it may be in Big5 or GBK)"]),
    "UTF-16": (made.in_encoding("utf-16", A), ["The file is in UTF-16"]),
    "a NUL": (made.with_nul(A), ["line 2: The line holds a NUL character"]),
    "nothing but NULs": (bytes(4096), ["The file holds nothing but NUL bytes"]),
    "no rows": (made.header_only(A), ["line 1: The file has a header but no rows"]),
    "a missing column": (made.plain({k: v for k, v in A.items() if k != "received_at"}), ["line 1, received_at: is missing"]),
    "a doubled column": (made.with_doubled_column(A, "status"), ["line 1, status: stands 2 times"]),
    "an unknown column": (made.with_column(A, "colour"), ["line 1, colour: is not a column here"]),
    "a column of the admin": (made.with_column(A, "summary"), ["line 1, summary: is not a column here"]),
    "a short row": (made.with_short_row(A, B), ["line 3: The row has 3 cells, the header has 9"]),
    "semicolons": (made.with_semicolons(A), ["line 1: The columns are parted by semicolons"]),
    "an open quote": (made.with_open_quote(A, B), ["line 3: A quotation mark opens a cell"]),
    "a translated header": (made.with_translated_header(A), ["line 1: The names of the columns are translated"]),
    "the same reference twice": (
        made.plain(A, B, row(1)), ["line 2, proposal: P-0001: stands in line 4", "line 4, proposal: P-0001: stands in line 2"],
    ),
    "references that look alike": (
        made.plain(A, row(2, proposal="Ｐ－０００１"), row(3, proposal="P-0001\u200b")),
        ["line 3, proposal: Ｐ－０００１: is not a reference", "line 4, proposal: P-0001\\u200b: is not a reference"],
    ),
    "an unknown lot": (made.plain(row(1, lots="1;9")), ["line 2, lots: 9: is not a lot of round R-1"]),
    "a lot twice": (made.plain(row(1, lots=";1;;1; 2 ;")), ["line 2, lots: ;1;;1; 2 ;: names 1 more than once"]),
    "no lot": (made.plain(row(1, lots="")), ["line 2, lots: (empty): is empty"]),
    "an unknown round": (made.plain(row(1, round="R-9")), ["line 2, round: R-9: is not a known round"]),
    "times": (
        made.plain(A, *[row(n, received_at=time) for n, time in enumerate(TIMES, start=2)]),
        [f"line {n + 1}, received_at: {time}: is not a time in ISO 8601" for n, time in enumerate(TIMES, start=2)],
    ),
    "the future": (made.plain(row(1, received_at="2099-01-01T00:00:00")), ["line 2, received_at: 2099-01-01T00:00:00: is still to come"]),
    "statuses": (
        made.plain(row(1, status="RECIEVED"), row(2, status="successful")),
        ["line 2, status: RECIEVED: is not known", "line 3, status: successful: needs an award"],
    ),
    "numbers": (
        made.plain(A, *[row(n, investment_hkd=number) for n, number in enumerate(NUMBERS, start=2)]),
        [f"line {n + 1}, investment_hkd: {number}: " for n, number in enumerate(NUMBERS, start=2)],
    ),
    "a long name": (made.plain(row(1, proponent="名" * 4000)), ["line 2, proponent: 名"]),
    "a cell of megabytes": (made.plain(row(1, proponent="A" * 2_000_000)), ["line 2: A cell of this line is longer than 100,000"]),
    "letters that turn a name around": (
        made.plain(row(1, proponent="Good\u202edtL liveE\u202c Ltd")), ["line 2, proponent: Good\\u202edtL liveE\\u202c Ltd: holds a hidden"],
    ),
    "rows broken into a calendar": (
        made.plain(row(1, proponent="X Y")).replace(b"X Y", b"X\r\nATTENDEE:mailto:a@evil.example"),
        ["line 2: The row has 4 cells", "line 3: The row has 6 cells"],
    ),
    "a workbook by its first bytes": (made.renamed_workbook(), ["The file proposals.csv begins like an Excel workbook"]),
    "a zip bomb": (made.bomb(), ["The workbook is larger than 128 MB when unpacked"]),
    "a formula in a workbook": (made.formula_workbook(A), ["line 2, column A: =1+1: is a formula: paste its value instead"]),
    "one bad line at the end": (
        made.plain(*[row(number) for number in range(1, 300)], row(300, lots="NOPE")), ["line 301, lots: NOPE: is not a lot"],
    ),
}  # fmt: skip


class Command:
    """The file by `import_proposals`."""

    def __init__(self, _client, folder):
        self.path = folder / "proposals.csv"

    def try_it(self, content):
        return self._call(content, "--dry-run")

    def do_it(self, content):
        return self._call(content)

    def _call(self, content, *options):
        self.path.write_bytes(content)
        words, code = io.StringIO(), 0
        try:
            call_command("import_proposals", self.path, *options, stdout=words, stderr=words)
        except SystemExit as end:
            code = end.code
        return code == 0, words.getvalue().splitlines()


class Admin:
    """The file by the import page: chosen, tried, and then imported if the page offers it."""

    def __init__(self, client, _folder):
        self.client = client
        client.force_login(User.objects.create_superuser("boss"))

    def try_it(self, content):
        self.page = self.client.post(PAGE, {"file": SimpleUploadedFile("proposals.csv", content)})
        refused = self.page.context.get("refused")
        return refused is None, refused or self.page.context["report"]

    def do_it(self, content):
        if "key" not in self.page.context:
            return False, self.page.context["refused"]
        done = self.client.post(PAGE, {"key": self.page.context["key"]}, follow=True)
        return True, [str(message) for message in done.context["messages"]]


@pytest.fixture(params=[Command, Admin])
def way(request, client, tmp_path):
    make_round("R-1", lots=2)
    return request.param(client, tmp_path)


def stored():
    models = Proposal, ProposalLot, Organisation
    return [model.objects.count() for model in models], [model.history.count() for model in models]


@pytest.mark.parametrize("name", TAKEN)
def test_a_good_file_is_tried_without_a_trace_and_taken_whole(way, name):
    content, rows = TAKEN[name]

    could, _words = way.try_it(content)
    tried = stored()
    done, words = way.do_it(content)

    assert (could, tried) == (True, ([0, 0, 0], [0, 0, 0]))
    assert (done, f"{rows} new, 0 changed, 0 unchanged." in words[0]) == (True, True)
    assert stored() == ([rows, 2 * rows, rows], [rows, 2 * rows, rows])


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_by_line_and_column_and_leaves_nothing(way, name):
    content, beginnings = REFUSED[name]

    for attempt in (way.try_it, way.do_it):
        taken, words = attempt(content)

        assert (taken, words[-1].startswith("Nothing was written: ")) == (False, True)
        assert [line[: len(start)] for line, start in zip(words[:-1], beginnings, strict=True)] == beginnings
        assert (stored(), Upload.objects.count()) == (([0, 0, 0], [0, 0, 0]), 0)


def test_an_empty_file_is_refused_by_the_command_and_by_the_form(client, tmp_path):
    make_round("R-1")
    command, admin = Command(client, tmp_path), Admin(client, tmp_path)

    said_by_the_command = command.do_it(b"")
    answer = admin.client.post(PAGE, {"file": SimpleUploadedFile("proposals.csv", b"")})

    assert said_by_the_command == (
        False,
        [
            "The file is empty (0 bytes): choose the file that has the rows.",
            "Nothing was written: there is 1 problem.",
        ],
    )
    assert answer.context["form"].errors["file"] == ["The submitted file is empty."]
