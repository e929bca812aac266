"""The site as production runs it: gunicorn, two workers of four threads, on a port of this machine alone."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.faults.processes import children, until

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS = 2


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """Started with `start`; `stop` ends whatever is left of it. Only processes of its own group are ever ended."""

    def __init__(self, database: str, folder: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "site.log"
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "DATABASE_URL": database, "SITE_URL": self.address,
            "ALLOWED_HOSTS": "127.0.0.1", "SECRET_KEY": "of-this-drill-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings", "PYTHONWARNINGS": "ignore",
        }  # fmt: skip
        self._master: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        threads = ["--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "4"]
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
            *threads,
        ]
        with self.log.open("ab") as log:
            self._master = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, process_group=0
            )
        self.wait()

    def wait(self) -> None:
        """Until all workers are there and the site answers that it is well."""
        until(self._is_well, "the site is well again")

    def _is_well(self) -> bool:
        if self._master is not None and self._master.poll() is not None:
            raise RuntimeError(f"gunicorn ended:\n{self.log.read_text()[-2000:]}")
        return len(self.workers()) == WORKERS and self.health() == 200

    def health(self) -> int:
        """The status of /healthz; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=30) as response:
                return response.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return 0

    def workers(self) -> list[int]:
        return children(self._master.pid) if self._master else []

    def kill_worker(self) -> None:
        """One of the workers, at random; gunicorn starts another."""
        until(self.workers, "a worker")
        with suppress(ProcessLookupError):
            os.kill(random.choice(self.workers()), signal.SIGKILL)
        self.wait()

    def kill(self) -> None:
        """Master and workers at once, then start anew: as after a crash of the machine's container."""
        self.stop()
        self.start()

    def stop(self) -> None:
        if self._master is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._master.pid, signal.SIGKILL)
        self._master.wait()
        self._master = None

    def run(self, module: str, *arguments: str) -> Any:
        """What a module of this package prints, as JSON, run with the settings of the site."""
        command = [sys.executable, "-m", module, *arguments]
        said = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if said.returncode:
            raise RuntimeError(said.stderr[-2000:])
        return json.loads(said.stdout)

    def command(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command of manage.py, running."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, process_group=0, **quiet)
