"""Imports that are killed half-way, and whole ones to compare them with."""

import csv
import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

from tests.faults.site import Site

ROUND = "DRILL"
ROWS = 800


class Imports:
    """Each has a mark of its own in its rows. `killed` may have left all of them or none, `done` have left all."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.killed: list[str] = []
        self.done: list[str] = []
        self._site, self._folder = site, folder
        self._seconds = 0.0  # that a whole one takes

    def whole(self) -> None:
        mark, began = self._next(), time.monotonic()
        if self._begin(mark).wait():
            raise RuntimeError(f"{mark} was refused")
        self._seconds = time.monotonic() - began
        self.done.append(mark)

    def kill(self) -> None:
        """At a moment drawn from how long a whole one takes, so that it comes before, while and after it writes."""
        if not self._seconds:
            self.whole()
        mark = self._next()
        running = self._begin(mark)
        time.sleep(self._seconds * random.uniform(0.4, 1.0))
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        (self.done if running.wait() == 0 else self.killed).append(mark)

    def _next(self) -> str:
        return f"import {len(self.killed) + len(self.done) + 1}"

    def _begin(self, mark: str):
        path = self._folder / "proposals.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["lots", "proponent", "received_at", "sector"])
            writer.writerows([["1", "Drill Ltd", "2026-03-30T15:00:00+08:00", mark]] * ROWS)
        return self._site.command("import_proposals", str(path), "--round", ROUND)
