"""The whole drill: python -m tests.faults [KILLS], so many on each database; prints the table, exit 1 for any fault."""

import sys
import tempfile
import time
from pathlib import Path

from scripts import postgres
from tests.faults.drill import Outcome, run

HEAD = ["database", "killed", "kills"]
COLUMNS = [
    "registered",
    "lost",
    "doubled",
    "partial",
    "said not saved",
    "yet there",
    "no answer",
    "imports killed",
    "of them partial",
]


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    databases = ["sqlite", "postgresql"]
    if postgres.binaries() is None:
        databases.remove("postgresql")
        print("PostgreSQL is not on this machine: SQLite alone is drilled.")
    outcomes = []
    for database in databases:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="tenderground-drill-") as folder:
            outcomes.append(run(database, kills, Path(folder)))
        print(f"{database}: {kills} kills in {time.monotonic() - began:.0f} s", flush=True)
    print(table(outcomes))
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    print("\n".join(faults))
    sys.exit(bool(faults))


def table(outcomes: list[Outcome]) -> str:
    """What was killed how often, then what came of it."""
    lines = [f"\n{HEAD[0]:<12}{HEAD[1]:<22}{HEAD[2]:>6}"]
    for outcome in outcomes:
        lines += [f"{outcome.database:<12}{kind:<22}{times:>6}" for kind, times in outcome.kills.items()]
    lines.append(f"{'':<12}{'':<22}{sum(sum(outcome.kills.values()) for outcome in outcomes):>6}")
    lines.append("\n" + f"{HEAD[0]:<12}" + "".join(f"{name:>{len(name) + 2}}" for name in COLUMNS))
    for outcome in outcomes:
        values = zip(COLUMNS, figures(outcome), strict=True)
        lines.append(
            f"{outcome.database:<12}" + "".join(f"{value:>{len(name) + 2}}" for name, value in values)
        )
    return "\n".join(lines)


def figures(outcome: Outcome) -> list[int]:
    return [
        outcome.registered, len(outcome.lost), len(outcome.doubled), len(outcome.partial), outcome.not_saved,
        len(outcome.denied), outcome.unanswered, len(outcome.imports), len(outcome.partial_imports),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
