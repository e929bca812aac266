from datetime import UTC

import pytest

from parks.tabular import (
    CellError,
    parse_bool,
    parse_code,
    parse_decimal,
    parse_instant,
    parse_int,
    parse_list,
    parse_text,
)

# Single cells


@pytest.mark.parametrize(
    ("text", "value"), [("500000000", "500000000"), ("12000.5", "12000.5"), ("-1", "-1"), ("-0", "0")]
)
def test_plain_number_is_read(text, value):
    assert str(parse_decimal(text, 2)) == value


@pytest.mark.parametrize(
    "text",
    ["500,000,000", "HK$5億", "5e8", "NaN", "Infinity", "１２３", "1" * 60, "0x10", "1_000", " 5 ", "١٢٣", "=500"]
    + ["", "+5", ".5", "5.", "1.234", "1\n", "-"],
)  # fmt: skip
def test_number_that_is_not_plain_is_refused(text):
    with pytest.raises(CellError):
        parse_decimal(text, 2)


def test_number_below_the_least_is_refused():
    with pytest.raises(CellError, match="is too small; 0 is the least"):
        parse_decimal("-1", 2, minimum=0)


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("1200", 1200), ("2147483647", 2147483647)])
def test_whole_number_is_read(text, value):
    assert parse_int(text, minimum=0) == value


@pytest.mark.parametrize("text", ["", "1.0", "1_0", "٥", "-1", "2147483648", "1" * 17])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(CellError):
        parse_int(text, minimum=0)


def test_truth_is_true_or_false():
    assert [parse_bool(text) for text in ("true", "TRUE", "false")] == [True, True, False]
    with pytest.raises(CellError, match="is neither true nor false"):
        parse_bool("yes")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-30T15:04:05+08:00", "2026-03-30T07:04:05+00:00"),
        ("2026-03-30T15:04:05", "2026-03-30T07:04:05+00:00"),
        ("2026-03-30 15:04", "2026-03-30T07:04:00+00:00"),
        ("2026-03-31T04:00:00Z", "2026-03-31T04:00:00+00:00"),
        ("2026-03-31T11:59:59.999999+08:00", "2026-03-31T03:59:59.999999+00:00"),
        ("2026-03-31", "2026-03-30T16:00:00+00:00"),
    ],
)
def test_iso_time_is_an_instant_and_hong_kong_without_offset(text, instant):
    assert parse_instant(text).astimezone(UTC).isoformat() == instant


@pytest.mark.parametrize(
    "text",
    ["30/03/2026 15:04", "03/30/2026", "2026-3-30", "2026年3月30日", "46111.63", "30-Mar-26", "", "2026-02-30"]
    + ["2026-03-30T24:30:00", "2026-03-30T15:04:05+99:00", "２０２６-03-30", "2026-03-30T15:04:05.1234567", "0001-01-01"],
)  # fmt: skip
def test_time_that_is_not_iso_is_refused(text):
    with pytest.raises(CellError):
        parse_instant(text)


def test_text_keeps_lines_in_one_form_and_is_composed():
    assert parse_text("a\r\nb\rc\td\u0065\u0301", 20) == "a\nb\nc\tdé"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "a\u202eb",
            "holds a hidden character, U+202E RIGHT-TO-LEFT OVERRIDE, as its character 2; delete it",
        ),
        ("\u2066", "holds a hidden character, U+2066 LEFT-TO-RIGHT ISOLATE, as its character 1; delete it"),
        ("a\u200b", "holds a hidden character, U+200B ZERO WIDTH SPACE, as its character 2; delete it"),
        (
            "\ufeffa",
            "holds a hidden character, U+FEFF ZERO WIDTH NO-BREAK SPACE, as its character 1; delete it",
        ),
        ("\x07", "holds a hidden character, U+0007, as its character 1; delete it"),
        ("\uffff", "holds a hidden character, U+FFFF, as its character 1; delete it"),
        ("名" * 201, "is 201 characters long; 200 are the most"),
    ],
)
def test_text_that_hides_something_is_refused_by_name(text, words):
    with pytest.raises(CellError) as refusal:
        parse_text(text, 200)
    assert str(refusal.value) == words


@pytest.mark.parametrize(
    "text", ["", "p-0001", "Ｐ－０００１", "P-0001\u200b", "P 1", "P" * 33, "P-1\n", "P_1"]
)
def test_reference_in_other_letters_is_refused(text):
    assert parse_code("P-0001") == "P-0001"
    with pytest.raises(CellError, match="is not a reference"):
        parse_code(text)


def test_list_is_trimmed_and_names_each_value_once():
    assert parse_list(";NT-01;; NT-02 ;") == ["NT-01", "NT-02"]
    with pytest.raises(CellError, match="names NT-01 more than once"):
        parse_list("NT-01; NT-01")
