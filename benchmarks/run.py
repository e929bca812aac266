"""Measures, in one run and in a database of its own: proposals out, proposals in again, and public pages.

`make bench` runs it with 10,000 proposals, `make bench ROWS=100000` with more. Seconds of wall-clock time in this
process. The peer is Python's csv module over a raw cursor: it knows no rule, no escape and no model.
"""

import csv
import io
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

RUNS = 3


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="tenderground-bench-") as folder:
        prepare(Path(folder))
        source = proposals_file(rows)
        print(f"{rows:,} proposals, {RUNS} runs each; seconds: least, median, most")
        report("import, all new", lambda: take(source), runs=1)
        report("import again, all unchanged", lambda: take(export()), runs=1)
        report("export proposals", export)
        report("peer: csv over a raw cursor", raw)
        for path in (
            "/",
            "/calendar/",
            "/plots/",
            "/rounds/",
            "/rounds/BENCH-1/",
            "/plots.csv",
            "/rounds.csv",
        ):
            report(f"GET {path}", lambda path=path: fetch(path))


def prepare(folder: Path) -> None:
    """A database of its own, whatever the shell says, with the facts, the samples and an open round."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings", DEBUG="False", SECRET_KEY=secrets.token_hex(), SITE_URL="http://testserver",
        ALLOWED_HOSTS="testserver", DATABASE_URL=f"sqlite:///{folder / 'bench.sqlite3'}",
    )  # fmt: skip
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("seed", sample=True, verbosity=0, stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    now = timezone.localtime()
    columns = [
        "round",
        "title",
        "park",
        "phase",
        "kind",
        "sealed",
        "plots",
        "published_at",
        "opens_at",
        "closes_at",
    ]
    values = [
        "BENCH-1", "Bench", "hsitp", "1.2-3", "tender", "false", "2", day(now, -60), day(now, -50), day(now, -1)
    ]  # fmt: skip
    command("import_rounds", folder / "rounds.csv", [columns, values])
    command(
        "import_lots",
        folder / "lots.csv",
        [["round", "lot", "title"], ["BENCH-1", "1", "A"], ["BENCH-1", "2", "B"]],
    )


def day(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).isoformat(timespec="seconds")


def command(name: str, path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    call_command(name, str(path), stdout=io.StringIO())


def proposals_file(rows: int) -> bytes:
    """Proposals for both lots, each of a company of its own."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["proposal", "lots", "proponent", "received_at", "investment_hkd", "gfa_m2"])
    received = day(timezone.localtime(), -2)
    for number in range(rows):
        writer.writerow([f"B-{number:07d}", "1;2", f"Company {number}", received, "500000000.00", "12000.5"])
    return text.getvalue().encode()


def take(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        call_command(
            "import_proposals", file.name, round="BENCH-1", stdout=io.StringIO(), stderr=io.StringIO()
        )


def export() -> bytes:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    call_command("export", "proposals", round="BENCH-1", stdout=out)
    return out.buffer.getvalue()  # type: ignore[attr-defined]  # the BytesIO above


def raw() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reference, round_id, proponent_id, sector, received_at, status FROM tenders_proposal"
        )
        csv.writer(io.StringIO()).writerows(cursor.fetchall())


def fetch(path: str) -> None:
    response = Client().get(path)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.status_code != 200 or not body:
        sys.exit(f"{path} answered {response.status_code}.")


def report(name: str, task: Callable[[], object], runs: int = RUNS) -> None:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    print(f"  {name:<34}{min(times):9.3f}{statistics.median(times):9.3f}{max(times):9.3f}", flush=True)


if __name__ == "__main__":
    main()
