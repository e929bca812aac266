import base64
import os
import re
import socket

import pytest
from django.contrib.auth.models import User
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice

from scripts import demo
from staff import factors


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
def test_login_of_the_last_run_ends_with_the_next():
    last, now = demo.new_login(demo.LOGIN), demo.new_login(demo.LOGIN)
    user = User.objects.get(username="demo")
    passwords = (user.check_password(last.password), user.check_password(now.password))
    codes = (try_code(user, last.codes[0]), *[try_code(user, code) for code in (*now.codes, now.codes[0])])
    assert passwords == (False, True)
    assert codes == (False, True, True, True, False)


@pytest.mark.django_db
def test_key_that_is_printed_gives_the_codes_that_count():
    login = demo.new_login(demo.LOGIN)
    key = base64.b32decode(login.key.replace(" ", ""))
    assert try_code(User.objects.get(username="demo"), f"{totp(key):06}")


def try_code(user, code):
    StaticDevice.objects.update(throttling_failure_count=0)
    return factors.check(user, factors.unspaced(code)) is not None


def test_announcement_says_all_that_a_login_takes(capsys):
    demo.announce(
        8000, [demo.Login("a", "pass-a", "KEY A", ["1", "2", "3"]), demo.Login("b", "pass-b", "KEY B", ["4"])]
    )
    assert capsys.readouterr().out.splitlines()[4:11] == [
        "  The staff  http://127.0.0.1:8000/admin/",
        "             login a   password pass-a",
        "             second step: any of 1, 2, 3 (each once)",
        "             or an authenticator with the key KEY A",
        "             to open a box as second officer:",
        "             login b   password pass-b",
        "             second step: any of 4 (each once)",
    ]
