import gettext
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ["zh_Hant", "zh_Hans"]
WITH_STRINGS = ["config", "parks", "tenders", "portal", "templates", "locale"]
# Strict: a placeholder that a translation lost or made up is a fault.
MSGFMT = ["msgfmt", "--check", "--output-file=-"]

pytestmark = pytest.mark.skipif(
    not shutil.which("msgfmt") and not os.environ.get("CI"), reason="gettext is not on this machine"
)


def catalogue(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def entries(compiled: bytes) -> dict[object, str]:
    """What a compiled catalogue translates: fuzzy and empty entries are not in there."""
    return dict(gettext.GNUTranslations(io.BytesIO(compiled))._catalog)


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """A copy of the sources whose catalogues were collected anew."""
    copy = tmp_path_factory.mktemp("sources")
    shutil.copy(ROOT / "manage.py", copy)
    for folder in WITH_STRINGS:
        shutil.copytree(ROOT / folder, copy / folder)
    locales = [f"--locale={language}" for language in LANGUAGES]
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--no-obsolete", *locales],
        cwd=copy,
        env={
            **os.environ,
            "DEBUG": "True",
            "DATABASE_URL": "sqlite://:memory:",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return copy


def pipe(data: bytes, *programs: list[str]) -> bytes:
    for program in programs:
        data = subprocess.run(program, input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(collected, language):
    source = (collected / catalogue(language).relative_to(ROOT)).read_bytes()
    # msgen puts the English where a translation lacks; fuzzy ones are guesses, and compile to nothing.
    everything = entries(
        pipe(source, ["msgattrib", "--clear-fuzzy", "--no-obsolete"], ["msgen", "-"], [*MSGFMT, "-"])
    )
    translated = entries(pipe(source, [*MSGFMT, "-"]))
    assert sorted(map(str, everything.keys() - translated.keys())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_the_one_of_its_source(language):
    po = catalogue(language)
    assert entries(po.with_suffix(".mo").read_bytes()) == entries(subprocess.check_output([*MSGFMT, po]))
