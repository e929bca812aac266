"""One drill: officers at work, kills one after the other, imports killed half-way; then the count."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from scripts import postgres
from tests.faults.imports import ROWS, Imports
from tests.faults.officers import Desk, Notes, Officers
from tests.faults.processes import children, command_of, until
from tests.faults.site import Site

OFFICERS = 4
BETWEEN = 3  # proposals registered between two kills, so that each meets a site at work


@dataclass
class Outcome:
    """What a drill came to. Nothing of `lost`, `doubled`, `partial` and `denied` may ever be found."""

    database: str
    kills: dict[str, int] = field(default_factory=dict)
    registered: int = 0
    not_saved: int = 0
    unanswered: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)  # said not to be saved, and there all the same
    imports: list[int] = field(default_factory=list)  # rows that each import killed left behind
    partial_imports: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.partial, *self.denied, *self.partial_imports]


def run(database: str, kills: int, folder: Path, port: int | None = None) -> Outcome:
    """A drill with so many kills on `sqlite` or `postgresql`, spread over all that can be killed there."""
    outcome = Outcome(database)
    with started(database, folder, port) as (site, cluster):
        desk = Desk(site.address, **site.run("tests.faults.desk", "prepare"))
        site.start()
        imports = Imports(site, folder)
        killers = killers_of(site, cluster, imports)
        with Officers(desk, OFFICERS) as officers:
            for number in range(kills):
                kind = list(killers)[number % len(killers)]
                wait_for_work(officers.notes)
                killers[kind]()
                site.wait()
                outcome.kills[kind] = outcome.kills.get(kind, 0) + 1
            wait_for_work(officers.notes)
        imports.whole()  # the next one works
        judge(outcome, officers.notes, imports, site.run("tests.faults.desk", "count"))
    return outcome


@contextmanager
def started(database: str, folder: Path, port: int | None) -> Iterator[tuple[Site, postgres.Cluster | None]]:
    """A site that is not served yet, on a database of its own that keeps what it acknowledges."""
    with ExitStack() as stack:
        cluster = stack.enter_context(postgres.cluster(durable=True)) if database == "postgresql" else None
        address = cluster.address if cluster else f"sqlite:///{folder / 'drill.sqlite3'}"
        site = Site(address, folder, port)
        stack.callback(site.stop)
        yield site, cluster


def killers_of(
    site: Site, cluster: postgres.Cluster | None, imports: Imports
) -> dict[str, Callable[[], None]]:
    """Every kind of kill, by name."""
    found = {"a worker": site.kill_worker, "the whole site": site.kill, "an import": imports.kill}
    if cluster is None:
        return found
    return {
        **found,
        "a database process": lambda: kill_backend(cluster),
        "the database server": lambda: kill_postmaster(cluster),
    }


def wait_for_work(notes: Notes) -> None:
    """Until some more proposals are registered; then a moment more, so that the kill comes anywhere in the next."""
    enough = len(notes.registered) + BETWEEN
    until(lambda: len(notes.registered) >= enough, "officers register proposals")
    time.sleep(random.uniform(0, 0.1))


def kill_backend(cluster: postgres.Cluster) -> None:
    """A process that serves one connection. PostgreSQL ends all others and recovers from its log."""
    until(lambda: _kill_one(cluster), "a connection is served")


def _kill_one(cluster: postgres.Cluster) -> bool:
    serving = [pid for pid in children(cluster.postmaster) if "postgres postgres" in command_of(pid)]
    with suppress(ProcessLookupError):
        if serving:
            os.kill(random.choice(serving), signal.SIGKILL)
            return True
    return False


def kill_postmaster(cluster: postgres.Cluster) -> None:
    """The server itself; a new one is started once its orphans are gone."""
    postmaster = cluster.postmaster
    orphans = children(postmaster)
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: not any(command_of(pid) for pid in [postmaster, *orphans]), "the server's processes end")
    until(lambda: _starts(cluster), "the database server starts again")


def _starts(cluster: postgres.Cluster) -> bool:
    """It refuses as long as it takes the machine to bury the one before."""
    try:
        cluster.start()
    except subprocess.CalledProcessError:
        return False
    return True


def judge(outcome: Outcome, notes: Notes, imports: Imports, rows: list[dict[str, object]]) -> None:
    """Compare what was said with what is there."""
    there: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        there.setdefault(str(row["mark"]), []).append(row)
    outcome.registered, outcome.not_saved = len(notes.registered), len(notes.not_saved)
    outcome.unanswered = len(notes.unanswered)
    for mark, reference in notes.registered.items():
        if reference not in {row["reference"] for row in there.get(mark, [])}:
            outcome.lost.append(f"{mark}: {reference}")
    outcome.doubled = [mark for mark, found in there.items() if mark.startswith("officer") and len(found) > 1]
    outcome.partial = [f"{row['mark']}: {row['reference']}" for row in rows if not row["whole"]]
    outcome.denied = [mark for mark in notes.not_saved if mark in there]
    outcome.imports = [len(there.get(mark, [])) for mark in imports.killed]
    outcome.partial_imports = [
        f"{mark}: {len(there.get(mark, []))}"
        for mark in [*imports.killed, *imports.done]
        if len(there.get(mark, [])) not in ({ROWS} if mark in imports.done else {0, ROWS})
    ]
