"""Runs the parts of `make test` (all) or `make check` (fast) in turn and sums them up at the end."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scripts import postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
LONGEST = 20 * 60  # seconds; a part that takes longer hangs

# What production has, for the checks that Django makes of it.
DEPLOYED = {
    "DEBUG": "False",
    "SECRET_KEY": "a key for the checks alone, as long as a real one: 0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "tenderground.example",
    "SITE_URL": "https://tenderground.example",
}
DEBUG = {"DEBUG": "True"}
# Never inherited: the tests must not meet anybody's database, and the checks not anybody's settings.
OURS = {"DATABASE_URL", "DATABASE_REPLICA_URL", "CACHE_URL", "SITE_URL", "DEBUG", "BEHIND_PROXY"}
PYTEST = [str(BIN / "pytest"), "--quiet"]
TWO_BROWSERS = ["--numprocesses", "2", "--dist", "worksteal"]  # each with a site of its own
ON_ALL_CORES = [*PYTEST, "-m", "not browser and not faults", "--numprocesses", "auto", "--dist", "worksteal"]


@dataclass(frozen=True)
class Tool:
    """A program that a part needs and Python packages cannot bring, and Debian's package of it."""

    name: str
    package: str
    present: Callable[[], object]


def installed(program: str) -> Callable[[], object]:
    return lambda: shutil.which(program)


CHROMIUM = Tool("Chromium", "chromium", installed(os.environ.get("CHROMIUM", "chromium")))
POSTGRESQL = Tool("PostgreSQL", "postgresql", postgres.binaries)
GETTEXT = Tool("gettext", "gettext", installed("msgfmt"))
HAN_FONT = Tool("a Chinese font", "fonts-noto-cjk", lambda: Path("/usr/share/fonts/opentype/noto").is_dir())


@dataclass(frozen=True)
class Part:
    """A name for the summary, commands that all have to pass, and what they need."""

    name: str
    commands: list[list[str]]
    environment: dict[str, str] = field(default_factory=dict)
    needs: tuple[Tool, ...] = ()
    helped_by: tuple[Tool, ...] = ()  # runs without these as well, only on less


def program(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


FAST = [
    Part(
        "lint",
        [
            program("ruff", "check", "--quiet", "--output-format", "concise", "."),
            program("ruff", "format", "--check", "--output-format", "concise", "."),
        ],
    ),
    Part("types", [program("mypy", "--no-error-summary")]),
    Part("layers", [program("lint-imports", "--no-cache")]),
    Part("tests on SQLite", [ON_ALL_CORES], helped_by=(GETTEXT,)),
]
ALL = [
    *FAST[:3],
    Part("templates", [program("djlint", "--quiet", "--lint", "templates")]),
    Part("migrations", [[PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]], DEBUG),
    Part("deployment", [[PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]], DEPLOYED),
    Part(
        "tests in a browser",
        [[*PYTEST, "-m", "browser", *TWO_BROWSERS]],
        needs=(CHROMIUM,),
        helped_by=(HAN_FONT,),
    ),
    Part("tests of faults", [[*PYTEST, "-m", "faults"]], helped_by=(POSTGRESQL,)),  # on both databases
    Part("tests on PostgreSQL", [[PYTHON, "-m", "scripts.postgres", *ON_ALL_CORES]], needs=(POSTGRESQL,)),
    FAST[3],
]


def main() -> None:
    """Run every part even after a failure, so that one run tells everything."""
    if sys.argv[1:] not in (["fast"], ["all"]):
        sys.exit("Which parts? python -m scripts.run_parts fast|all")
    parts = FAST if sys.argv[1] == "fast" else ALL
    if parts is ALL:
        install_missing({tool for part in parts for tool in (*part.needs, *part.helped_by)})
    outcomes = {part.name: outcome(part) for part in parts}
    print()
    for name, result in outcomes.items():
        print(f"  {name:<20} {result}")
    sys.exit(any(result.startswith("FAILED") for result in outcomes.values()))


def install_missing(tools: set[Tool]) -> None:
    """Fetch what is not there from Debian, where that is allowed; what still lacks skips its part."""
    packages = sorted(tool.package for tool in tools if not tool.present())
    if not packages or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {', '.join(packages)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    get = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    for command in ([*get, "update"], [*get, "install", "--yes", "--no-install-recommends", *packages]):
        ran_well(command, environment, output=subprocess.DEVNULL)


def outcome(part: Part) -> str:
    """Run one part and say how it went, in a few words."""
    print(f"\n--- {part.name}", flush=True)
    if missing := [tool.name for tool in part.needs if not tool.present()]:
        return f"{'FAILED' if CI else 'skipped'}: {' and '.join(missing)} is not on this machine"
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    started = time.monotonic()
    failures = [command for command in part.commands if not ran_well(command, {**kept, **part.environment})]
    return f"{'FAILED' if failures else 'passed'} in {time.monotonic() - started:.0f} s"


def ran_well(command: list[str], environment: dict[str, str], output: int | None = None) -> bool:
    """Run a command with nothing to read from, so that it cannot wait for an answer."""
    # A group of its own, so that what the command has started ends with it.
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, process_group=0
    )
    try:
        return process.wait(timeout=LONGEST) == 0
    except subprocess.TimeoutExpired:
        print(f"Still running after {LONGEST // 60} minutes; stopped.")
        return False
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)


if __name__ == "__main__":
    main()
