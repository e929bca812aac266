"""What is wrong with a table, in words that name the place and the mend."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_SHOWN = 60
MOST_KEPT = 100


class TableRefused(Exception):
    """Nothing of the table can be taken; `problems` names every reason found."""

    def __init__(self, problems: "Iterable[Problem]") -> None:
        self.problems = Problems(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
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


class Problems:
    """All that is wrong with a table: the first hundred by line are kept to be shown, the others are counted.

    A file of a million bad rows takes no more memory than a file of a hundred. `total` counts the problems,
    `lines` the lines that they stand in.
    """

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.total = 0
        self._kept: list[Problem] = []
        self._lines = bytearray()  # one bit a line: it may be any million of them
        self.lines = 0
        if isinstance(problems, Problems):
            self._take_over(problems)
        else:
            self.extend(problems)

    def add(self, problem: Problem) -> None:
        self.total += 1
        self._count_line(problem.line or 0)
        self._kept.append(problem)
        if len(self._kept) >= 4 * MOST_KEPT:
            self._kept = self._first()

    def extend(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add(problem)

    def __iter__(self) -> Iterator[Problem]:
        """Those that are kept, by line; of one line, in the order in which they were found."""
        return iter(self._first())

    def __bool__(self) -> bool:
        return self.total > 0

    def _first(self) -> list[Problem]:
        return sorted(self._kept, key=lambda problem: problem.line or 0)[:MOST_KEPT]

    def _take_over(self, others: "Problems") -> None:
        self.total, self.lines = others.total, others.lines
        self._kept, self._lines = list(others._kept), bytearray(others._lines)

    def _count_line(self, line: int) -> None:
        byte, bit = line >> 3, 1 << (line & 7)
        if byte >= len(self._lines):
            self._lines.extend(bytes(byte + 1 - len(self._lines)))
        if line and not self._lines[byte] & bit:
            self._lines[byte] |= bit
            self.lines += 1


def visible(text: str) -> str:
    """The text with control and other hidden characters spelt out, cut to a length that fits a line."""
    cut = text[:LONGEST_SHOWN]
    spelt = "".join(letter if letter.isprintable() else _spelt(letter) for letter in cut)
    return spelt if cut == text else f"{spelt}… ({len(text)} characters)"


def _spelt(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
