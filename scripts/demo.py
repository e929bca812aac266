"""Serves the product for a look: its own database in var/, logins made for this run, then gunicorn."""

import os
import secrets
import socket
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import django
from django.contrib.auth import get_user_model
from django.core.management import call_command

VAR = Path(__file__).resolve().parent.parent / "var"
DATABASE = VAR / "demo.sqlite3"
LOGIN = "demo"
SECOND = "demo-second"  # opening a box takes two officers, so a look at it takes two logins


@dataclass(frozen=True)
class Login:
    """What it takes to log in: a password, and an authenticator's key or a code that is good once."""

    name: str
    password: str
    key: str
    codes: list[str]


def main() -> None:
    """Prepare everything that is missing, say where to look, and become the web server."""
    port = free_port(os.environ.get("PORT", "8000"))
    VAR.mkdir(exist_ok=True)
    set_environment(port)
    django.setup()
    print("Preparing the database and the static files ...", flush=True)
    call_command("migrate", verbosity=0)
    call_command("seed", sample=True, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    announce(port, [new_login(LOGIN), new_login(SECOND)])
    serve(port)


def free_port(text: str) -> int:
    """The port to serve on. Stops in words when it is no port or somebody else's."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            sys.exit(f"Port {text} cannot be used ({error.strerror}). Try another: make demo PORT=8001")
    return int(text)


def set_environment(port: int) -> None:
    """The demo's settings, whatever the shell has: a real database must never meet the samples."""
    for name in ("DATABASE_URL", "DATABASE_REPLICA_URL", "CACHE_URL"):
        if os.environ.pop(name, ""):
            print(f"{name} is set; the demo leaves it alone and uses {DATABASE.relative_to(VAR.parent)}.")
    os.environ.pop("DEBUG", None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        DATABASE_URL=f"sqlite:///{DATABASE}",
        SITE_URL=f"http://127.0.0.1:{port}",
        ALLOWED_HOSTS="127.0.0.1,localhost",
        SECRET_KEY=secret_key(),
    )


def secret_key() -> str:
    """Kept between runs, so that a restart does not log anybody out; readable by its owner only."""
    path = VAR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


def new_login(name: str) -> Login:
    """Give a superuser of the demo a fresh password and second factor; those of the last run end here."""
    # Only now: these are models, and Django is set up by then.
    factors = import_module("staff.factors")
    password = secrets.token_urlsafe(12)
    user, _created = get_user_model().objects.get_or_create(username=name)
    user.is_staff = user.is_superuser = True
    user.set_password(password)
    user.save()
    factors.reset(user)
    key = factors.given_key(user)
    return Login(name, password, key, factors.new_recovery_codes(user, count=3))


def announce(port: int, logins: list[Login]) -> None:
    """What to open, and how to log in."""
    site = f"http://127.0.0.1:{port}"
    first, second = map(in_words, logins)
    print(
        f"\n  The site   {site}/\n"
        f"  繁體       {site}/zh-hant/\n"
        f"  简体       {site}/zh-hans/\n"
        f"  The staff  {site}/admin/\n{first}"
        f"             to open a box as second officer:\n{second}"
        f"\n  Ctrl-C stops it.\n",
        flush=True,
    )


def in_words(login: Login) -> str:
    margin = " " * 13
    return (
        f"{margin}login {login.name}   password {login.password}\n"
        f"{margin}second step: any of {', '.join(login.codes)} (each once)\n"
        f"{margin}or an authenticator with the key {login.key}\n"
    )


def serve(port: int) -> NoReturn:
    """Become gunicorn, so that Ctrl-C reaches it and nothing is left behind."""
    threads = ["--worker-class", "gthread", "--threads", "8"]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", *threads]
    os.execv(sys.executable, [*command, "--log-level", "error"])


if __name__ == "__main__":
    main()
