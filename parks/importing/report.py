"""What an import says: what it did, or what stands against it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.tabular import MOST_KEPT, Problem, Problems

MOST_SHOWN = MOST_KEPT

# Called with rows done and rows in all; a page may show it, a terminal draws a bar.
Progress: TypeAlias = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """For those who do not watch."""


class ImportRefused(Exception):
    """The file was not taken and nothing was written; `problems` are the first of all that is to mend."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = Problems(problems)
        super().__init__(*map(str, self.problems))

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """`line 3, lots: NT-99: what to do`, the first hundred of them by line, then how many there are."""
        yield from map(str, self.problems)
        total, lines = self.problems.total, self.problems.lines
        if total > MOST_SHOWN:
            words = ngettext(
                "… and %(more)s more: %(total)s problems in %(lines)s line.",
                "… and %(more)s more: %(total)s problems in %(lines)s lines.",
                lines,
            )
            counts = {"more": total - MOST_SHOWN, "total": total, "lines": lines}
            yield words % {name: f"{count:,}" for name, count in counts.items()}
        yield ngettext(
            "Nothing was written: there is %(count)s problem.",
            "Nothing was written: there are %(count)s problems.",
            total,
        ) % {"count": f"{total:,}"}


@dataclass
class Report:
    """What an import did, or in a dry run would do: `changes` are values that differ, `notes` the rest.

    The first hundred changes are kept to be shown; `fingerprint` is made of all of them, so that two imports
    that did the same can be told from two that did not.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped_lines: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    changed_values: int = 0
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256, repr=False, compare=False)

    def count(self, *, known: bool, changes: Sequence[str]) -> None:
        """One row more: new, changed in these values, or as it was."""
        if not known:
            self.created += 1
        elif changes:
            self.updated += 1
        else:
            self.unchanged += 1
        if known:
            self._keep(changes)

    def _keep(self, changes: Sequence[str]) -> None:
        self.changed_values += len(changes)
        self.changes.extend(changes[: max(MOST_SHOWN - len(self.changes), 0)])
        for words in changes:
            self._digest.update(words.encode("utf-8", "surrogatepass") + b"\0")

    @property
    def fingerprint(self) -> str:
        """The same for two imports that make the same rows and the same changes, in the same language."""
        counts = f"{self.created} {self.updated} {self.unchanged} {self.notes}"
        digest = self._digest.copy()
        digest.update(counts.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def __str__(self) -> str:
        """`3 new, 1 changed, 2 unchanged.`"""
        return _("%(created)s new, %(updated)s changed, %(unchanged)s unchanged.") % {
            "created": self.created, "updated": self.updated, "unchanged": self.unchanged,
        }  # fmt: skip

    def lines(self) -> Iterator[str]:
        """The one line of the result, the lines that were empty, then what changed."""
        yield str(self)
        if self.skipped_lines:
            yield ngettext(
                "Skipped the empty line %(lines)s.",
                "Skipped the empty lines %(lines)s.",
                len(self.skipped_lines),
            ) % {"lines": _some(self.skipped_lines)}
        yield from self.notes
        yield from self.changes
        if self.changed_values > MOST_SHOWN:
            yield _("These are the first %(shown)s of %(total)s changes.") % {
                "shown": MOST_SHOWN, "total": f"{self.changed_values:,}",
            }  # fmt: skip


def _some(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} …"
