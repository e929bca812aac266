"""However much is wrong with a file, what is kept of it is small and the totals are right."""

import io
import random

import pytest

from parks.importing import ImportRefused, Report
from parks.tabular import Problem, Problems, TableRefused, read_table


def test_of_many_problems_the_first_by_line_are_kept_and_all_are_counted():
    lines = [line for line in range(2, 2002) for _ in range(3)]
    random.Random(1).shuffle(lines)

    found = Problems(Problem(line, "n", "x", "is wrong") for line in lines)

    assert [problem.line for problem in found] == [2 + place // 3 for place in range(100)]
    assert (found.total, found.lines, len(found._kept) < 400) == (6000, 2000, True)


def test_problems_of_the_file_as_a_whole_stand_first_and_in_no_line():
    found = Problems([Problem(3, "n", "x", "is wrong"), Problem(None, "lots", None, "is missing")])
    assert ([str(problem) for problem in found], found.total, found.lines) == (
        ["lots: is missing", "line 3, n: x: is wrong"], 2, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("problems", "last"),
    [
        (1, ["Nothing was written: there is 1 problem."]),
        (100, ["Nothing was written: there are 100 problems."]),
        (101, ["… and 1 more: 101 problems in 51 lines.", "Nothing was written: there are 101 problems."]),
        (
            250_000,
            [
                "… and 249,900 more: 250,000 problems in 125,000 lines.",
                "Nothing was written: there are 250,000 problems.",
            ],
        ),
    ],
)
def test_a_refusal_shows_a_hundred_and_says_how_many_there_are(problems, last):
    refused = ImportRefused(Problem(2 + n // 2, "n", "x", "is wrong") for n in range(problems))
    shown = list(refused.lines())
    assert (len(shown), shown[min(problems, 100) :]) == (min(problems, 100) + len(last), last)


def test_a_report_keeps_a_hundred_changes_and_counts_them_all():
    report = Report()
    for number in range(70):
        report.count(known=True, changes=[f"P-{number}: jobs 1 -> 2", f"P-{number}: sector a -> b"])

    lines = list(report.lines())
    assert (lines[0], lines[100], lines[101:]) == (
        "0 new, 70 changed, 0 unchanged.",
        "P-49: sector a -> b",
        ["These are the first 100 of 140 changes."],
    )


def test_reports_that_differ_past_the_hundredth_change_are_told_apart():
    def fingerprint(last):
        report = Report()
        for number in range(200):
            report.count(known=True, changes=[f"P-{number}: jobs 1 -> {last if number == 199 else 2}"])
        return report.fingerprint

    assert (fingerprint(3) == fingerprint(3), fingerprint(3) == fingerprint(4)) == (True, False)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"plot\n" + b"\n" * 1_048_577, "The file has more than 1,048,576 lines: part it into smaller ones."),
        (b"a," * 20_000 + b"\nNT-01\n", "line 1: The header has 20,001 columns; 1,000 are the most."),
        (b"plot\n" + b"A" * 5_000_000, "line 2: A cell of this line is longer than 100,000 characters: "
         "shorten it, or close its quotes."),
        (b"plot\n" + b"A," * 3_000_000 + b"\n", "line 2: This line is longer than 4,194,304 characters: is this the right file?"),
    ],
    ids=["lines", "columns", "cell", "line"],
)  # fmt: skip
def test_a_file_without_end_is_refused_in_words(data, words):
    with pytest.raises(TableRefused) as refusal:
        read_table(io.BytesIO(data), known=["plot"], required=["plot"])
    assert str(refusal.value) == words


def test_a_file_that_is_too_large_is_not_read():
    class Huge(io.BytesIO):
        def seek(self, place, whence=0):
            return 10**12 if whence == io.SEEK_END else super().seek(place, whence)

        def read(self, size=-1):
            raise AssertionError("It was read.")

    with pytest.raises(TableRefused, match="larger than 64 MB: part it into smaller ones"):
        read_table(Huge(), known=["plot"], required=["plot"])


def test_of_a_million_blank_lines_ten_are_named():
    table = read_table(io.BytesIO(b"plot\n" + b"\n" * 1000 + b"NT-01\n"), known=["plot"], required=["plot"])
    assert list(Report(skipped_lines=table.skipped).lines())[1] == (
        "Skipped the empty lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …."
    )
