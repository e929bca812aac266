"""What an import says: what it did, or what stands against it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.tabular import Problem

MOST_SHOWN = 100

# Called with rows done and rows in all; a page may show it, a terminal draws a bar.
Progress: TypeAlias = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """For those who do not watch."""


class ImportRefused(Exception):
    """The file was not taken and nothing was written; `problems` names every line to mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = list(problems)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """`line 3, lots: NT-99: what to do`, the first hundred of them, then how many there are."""
        ordered = sorted(self.problems, key=lambda problem: problem.line or 0)
        yield from map(str, ordered[:MOST_SHOWN])
        total = len(ordered)
        if total > MOST_SHOWN:
            yield _("These are the first %(shown)s of %(total)s.") % {"shown": MOST_SHOWN, "total": total}
        yield ngettext(
            "Nothing was written: there is %(count)s problem.",
            "Nothing was written: there are %(count)s problems.",
            total,
        ) % {"count": total}


@dataclass
class Report:
    """What an import did, or in a dry run would do: `changes` are values that differ, `notes` the rest."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped_lines: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def count(self, *, known: bool, changes: Sequence[str]) -> None:
        """One row more: new, changed in these values, or as it was."""
        if not known:
            self.created += 1
        elif changes:
            self.updated += 1
        else:
            self.unchanged += 1
        self.changes.extend(changes if known else [])

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
        yield from self.changes[:MOST_SHOWN]
        if len(self.changes) > MOST_SHOWN:
            yield _("These are the first %(shown)s of %(total)s changes.") % {
                "shown": MOST_SHOWN, "total": len(self.changes),
            }  # fmt: skip


def _some(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} …"
