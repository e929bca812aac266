import os
import re
import socket

import pytest
from django.contrib.auth import authenticate

from scripts import demo


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "VAR", tmp_path / "var")
    monkeypatch.setattr(demo, "DATABASE", tmp_path / "var" / "demo.sqlite3")
    demo.VAR.mkdir()
    return demo.VAR


def test_demo_leaves_the_database_of_the_shell_alone_and_says_so(var, monkeypatch, capsys):
    # A copy, because what the demo sets is for a process of its own.
    monkeypatch.setattr(os, "environ", {"DATABASE_URL": "postgres://real", "DEBUG": "True"})
    demo.set_environment(8000)
    key = os.environ.pop("SECRET_KEY")
    assert os.environ == {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{var}/demo.sqlite3",
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
    assert len(key) > 64
    assert capsys.readouterr().out == (
        "DATABASE_URL is set; the demo leaves it alone and uses var/demo.sqlite3.\n"
    )


def test_secret_key_is_kept_and_readable_by_its_owner_only(var):
    assert demo.secret_key() == demo.secret_key()
    assert (var / "secret_key").stat().st_mode & 0o777 == 0o600


def test_port_of_somebody_else_is_refused_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = f"Port {port} cannot be used (Address already in use). Try another: make demo PORT=8001"
        with pytest.raises(SystemExit, match=f"^{re.escape(words)}$"):
            demo.free_port(str(port))


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "８０００"])
def test_port_that_is_none_is_refused_in_words(text):
    words = f"PORT must be a number from 1 to 65535, not {text!r}."
    with pytest.raises(SystemExit, match=f"^{re.escape(words)}$"):
        demo.free_port(text)


@pytest.mark.django_db
def test_password_of_the_last_run_ends_with_the_next():
    last, now = demo.new_password(demo.LOGIN), demo.new_password(demo.LOGIN)
    assert authenticate(username="demo", password=last) is None
    assert authenticate(username="demo", password=now).is_superuser
