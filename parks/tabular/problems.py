"""What is wrong with a table, in words that name the place and the mend."""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_SHOWN = 60


class TableRefused(Exception):
    """Nothing of the table can be taken; `problems` names every reason found."""

    def __init__(self, problems: Sequence["Problem"]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `line` is as the spreadsheet or the editor shows it; the header is usually 1."""

    line: int | None
    column: str | None
    value: str | None
    message: str

    def __str__(self) -> str:
        """`line 3, lots: NT-99: not a lot of this round`, leaving out what is not known."""
        line = None if self.line is None else f"line {self.line}"
        place = ", ".join(part for part in (line, visible(self.column or "")) if part)
        shown = None if self.value is None else visible(self.value) or "(empty)"
        return ": ".join(part for part in (place, shown, self.message) if part)


def visible(text: str) -> str:
    """The text with control and other hidden characters spelt out, cut to a length that fits a line."""
    cut = text[:LONGEST_SHOWN]
    spelt = "".join(letter if letter.isprintable() else _spelt(letter) for letter in cut)
    return spelt if cut == text else f"{spelt}… ({len(text)} characters)"


def _spelt(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
