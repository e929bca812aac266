"""A throw-away PostgreSQL cluster for one command: python -m scripts.postgres COMMAND ...

The command finds its address in DATABASE_URL. The cluster lives in a temporary folder, listens on a socket in
there and nowhere else, and is gone afterwards.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

LOCAL_ONLY = "-c listen_addresses=''"
# Durability is worth nothing for data that is thrown away, and costs half the time.
CARELESS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@dataclass(frozen=True)
class Cluster:
    """A cluster in a folder of its own. `durable`: what it acknowledges outlives it, as in production."""

    programs: Path
    folder: Path
    durable: bool = False

    @property
    def address(self) -> str:
        return f"postgres://postgres@{quote(str(self.folder), safe='')}/postgres"

    @property
    def postmaster(self) -> int:
        """The process that all others of the cluster belong to."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def make(self) -> None:
        self._run(
            "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"
        )

    def start(self) -> None:
        options = f"{LOCAL_ONLY} {'' if self.durable else CARELESS} -k {self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "--wait", "--silent", "--log", log, "--options", options)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate", "--silent")

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root, as a container's only user is: then its own user runs it.
        drop = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        command = [self.programs / program, "--pgdata", self.folder / "data", *arguments]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        subprocess.run(command, check=True, cwd=self.folder, **quiet, **drop)  # type: ignore[call-overload]  # its overloads know no ** of options


def binaries() -> Path | None:
    """The folder that has initdb and pg_ctl: on the path, or the newest where Debian keeps them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    releases = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(releases, key=lambda folder: float(folder.parent.name), default=None)


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Yield a running cluster; stop and remove it however the block ends."""
    programs = binaries()
    if programs is None:
        sys.exit("PostgreSQL's initdb is not on this machine.")
    # Short, because a socket's path may not be longer than about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="tg-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    made = Cluster(programs, folder, durable)
    try:
        made.make()
        made.start()
        try:
            yield made
        finally:
            with suppress(subprocess.CalledProcessError):  # whoever has it may have ended it already
                made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> NoReturn:
    """Run the command of the command line against a fresh cluster and end with its exit code."""
    if len(sys.argv) < 2:
        sys.exit("Which command? python -m scripts.postgres COMMAND ...")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a killed run cleans up, too
    with cluster() as made:
        environment = {**os.environ, "DATABASE_URL": made.address}
        finished = subprocess.run(sys.argv[1:], env=environment, check=False)
    sys.exit(finished.returncode)


if __name__ == "__main__":
    main()
