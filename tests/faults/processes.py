"""Waiting for a condition, and which processes belong to which (Linux)."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

LONGEST = 90  # seconds; a loaded machine is slow, but what takes longer hangs
PAUSE = 0.02


def until(condition: Callable[[], object], what: str, longest: float = LONGEST) -> None:
    """Return as soon as the condition holds. Raises TimeoutError with `what` was waited for."""
    end = time.monotonic() + longest
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {longest} s")
        time.sleep(PAUSE)


def children(pid: int) -> list[int]:
    """The processes that this one started and that are still there."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = entry.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(entry.parent.name))
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
