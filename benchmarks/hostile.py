"""Fires hostile requests at the real site on SQLite and on PostgreSQL: `make hostile`, or with SHOTS=200 fewer.

A database that is thrown away, gunicorn on a free port of this machine, a seeded list of requests, a table of the
answers. Ends with 1 when any answer is a fault of ours or the 99th of a hundred takes a second or more.
"""

import io
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from benchmarks.shots import Shot, Target, shots
from scripts import postgres

ROOT = Path(__file__).resolve().parent.parent
SEED = 20_261_124
CLIENTS = 4  # at a time
LONGEST = 20.0  # seconds that a client waits for an answer
PAUSE = 0.02  # seconds between the pieces of a slow body
SLOWEST = 5  # that the table names
MOST_MS = 1000.0  # for 99 of a hundred
# A coding that HTTP knows and this server does not: 501 is the answer that RFC 9112, section 6.1, asks for.
NOT_IMPLEMENTED = 501


@dataclass(frozen=True)
class Answer:
    """What came back: the status, 0 for a connection that was closed without one, -1 for none in time."""

    shot: Shot
    status: int
    milliseconds: float


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a killed run ends what it started, too
    with tempfile.TemporaryDirectory(prefix="tenderground-hostile-") as folder:
        well = attack("SQLite", f"sqlite:///{Path(folder) / 'hostile.sqlite3'}", count)
    with postgres.cluster() as found:
        well = attack("PostgreSQL", found.address, count) and well
    print(f"\nLoad of this machine over the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    sys.exit(not well)


def attack(name: str, database: str, count: int) -> bool:
    """Serve the site on the database, fire, print the table. True when it held."""
    with tempfile.TemporaryDirectory() as counts, served(database, counts) as target:
        fired = shots(count, target, SEED)
        started = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as clients:
            answers = list(clients.map(lambda shot: fire(shot, target), fired))
        taken = time.perf_counter() - started
        is_well_after = fire(Shot("healthz", plain("/healthz")), target).status == 200
    return report(name, answers, taken) and is_well_after


@contextmanager
def served(database: str, counts: str) -> Iterator[Target]:
    """The site on a free port, with the facts, the samples and a member of staff; ended however the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "False",
        "SECRET_KEY": secrets.token_hex(),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": database,
        "CACHE_URL": f"file://{counts}",  # both workers count together
        "BEHIND_PROXY": "True",  # so that the requests come from many addresses, as they do
    }
    prepared = subprocess.run(
        [sys.executable, "-m", "benchmarks.hostile", "--prepare"],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    threads = ["--worker-class", "gthread", "--threads", "8", "--workers", "2", "--log-level", "critical"]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *threads]
    target = Target(f"127.0.0.1:{port}", f"Cookie: sessionid={prepared.stdout.strip()}")
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(target, server)
        yield target
    finally:
        server.terminate()
        server.wait(timeout=60)


def prepare() -> None:
    """In a process of its own: the database and a session of staff, whose key is all that is printed."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("seed", sample=True, verbosity=0, stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    user = get_user_model().objects.create_superuser("hostile", password=secrets.token_urlsafe())
    client = Client()
    client.force_login(user)
    session = client.session
    device = apps.get_model("otp_totp", "TOTPDevice").objects.create(
        user=user, name="of the attack", confirmed=True
    )
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    print(client.session.session_key)


def wait_for(target: Target, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            sys.exit("The site did not start.")
        if fire(Shot("healthz", plain("/healthz")), target).status == 200:
            return
        time.sleep(0.1)
    sys.exit("The site did not answer within 30 seconds.")


def plain(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()


def fire(shot: Shot, target: Target) -> Answer:
    """Send and read to the end. A slow shot's time begins when its last byte is out."""
    port = int(target.host.rpartition(":")[2])
    started = time.perf_counter()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=LONGEST) as connection:
            started = send(shot, connection)
            status = status_of(read(connection))
    except TimeoutError:
        status = -1
    except OSError:
        status = 0
    return Answer(shot, status, 1000 * (time.perf_counter() - started))


def send(shot: Shot, connection: socket.socket) -> float:
    started = time.perf_counter()
    try:
        if not shot.is_slow:
            connection.sendall(shot.data)
        else:
            for start in range(0, len(shot.data), 50):
                connection.sendall(shot.data[start : start + 50])
                time.sleep(PAUSE)
            started = time.perf_counter()
        if shot.is_cut:
            connection.shutdown(socket.SHUT_WR)
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused before all was sent; the answer may have come all the same
    return started


def read(connection: socket.socket) -> bytes:
    """The beginning of the answer, after all of it came."""
    head = b""
    try:
        while part := connection.recv(65536):
            head = (head + part)[:500]
    except ConnectionResetError:
        pass
    return head


def status_of(head: bytes) -> int:
    """Of the last word on it: a 100 only says that the body may come."""
    if head.startswith(b"HTTP/1.1 100 "):
        head = head.partition(b"\r\n\r\n")[2]
    words = head[:12].split()
    return int(words[1]) if len(words) == 2 and words[0].startswith(b"HTTP/") else 0


def report(name: str, answers: list[Answer], taken: float) -> bool:
    times = sorted(answer.milliseconds for answer in answers)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    faults = [a for a in answers if a.status == -1 or (a.status >= 500 and a.status != NOT_IMPLEMENTED)]
    print(f"\n{name}: {len(answers):,} hostile requests in {taken:.0f} s, {CLIENTS} at a time")
    for status, number in sorted(Counter(answer.status for answer in answers).items()):
        print(f"  {said(status):<28}{number:7,}")
    print(f"  {'5xx (without 501)':<28}{len(faults):7,}")
    print(f"  ms: p50 {statistics.median(times):.0f}, p99 {p99:.0f}, max {times[-1]:.0f}")
    for answer in sorted(answers, key=lambda answer: -answer.milliseconds)[:SLOWEST]:
        print(f"    {answer.milliseconds:6.0f} ms  {answer.status}  {answer.shot.name[:90]}")
    for answer in faults[:10]:
        print(f"  FAULT {answer.status}  {answer.shot.name[:200]}")
    sys.stdout.flush()
    return not faults and p99 < MOST_MS


def said(status: int) -> str:
    return {0: "closed without an answer", -1: "no answer in time"}.get(status, str(status))


if __name__ == "__main__":
    prepare() if sys.argv[1:] == ["--prepare"] else main()
