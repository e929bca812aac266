import gettext
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.translations import simplified_catalogue

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ["zh_Hant", "zh_Hans"]
WITH_STRINGS = ["config", "parks", "tenders", "portal", "staff", "templates", "locale"]
COMPILE = ["msgfmt", "--output-file=-", "-"]
# A placeholder that a translation lost or made up is a fault.
COMPILE_STRICTLY = ["msgfmt", "--check-format", "--output-file=-", "-"]

pytestmark = pytest.mark.skipif(
    not shutil.which("msgfmt") and not os.environ.get("CI"), reason="gettext is not on this machine"
)


def catalogue(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def pipe(data: bytes, *programs: list[str]) -> bytes:
    for program in programs:
        data = subprocess.run(program, input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def entries(compiled: bytes) -> dict[str | tuple[str, int], str]:
    """What a compiled catalogue translates, plurals by number: fuzzy and empty entries are not in there."""
    return gettext.GNUTranslations(io.BytesIO(compiled))._catalog


def words(compiled: bytes) -> set[str]:
    """What a compiled catalogue has a translation of, however many plurals there are."""
    return {key if isinstance(key, str) else key[0] for key in entries(compiled)}


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(collected, language):
    source = (collected / catalogue(language).relative_to(ROOT)).read_bytes()
    # msgen puts the English where a translation lacks; fuzzy ones are guesses, and compile to nothing.
    everything = words(pipe(source, ["msgattrib", "--clear-fuzzy", "--no-obsolete"], ["msgen", "-"], COMPILE))
    assert sorted(everything - words(pipe(source, COMPILE))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language):
    assert pipe(catalogue(language).read_bytes(), ["msgattrib", "--only-fuzzy", "-"]) == b""


def test_simplified_is_made_from_traditional_save_what_was_translated_by_hand():
    traditional, simplified = (catalogue(language).read_text("utf-8") for language in LANGUAGES)
    assert simplified_catalogue(traditional, simplified) == simplified


def test_entry_by_hand_outlives_the_conversion():
    head = 'msgid ""\nmsgstr ""\n"Language: zh_Hant\\n"'
    ours = f'{head}\n\n#: a.py\nmsgid "file"\nmsgstr "檔案"\n\nmsgid "plot"\nmsgstr "「地"\n"塊」"\n'
    theirs = f'{head}\n\n# by hand\nmsgid "file"\nmsgstr "文档"\n'
    made = simplified_catalogue(ours, theirs)
    assert '# by hand\nmsgid "file"\nmsgstr "文档"' in made
    assert 'msgid "plot"\nmsgstr "“地块”"' in made
    assert "Language: zh_Hans" in made


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_the_one_of_its_source(language):
    source = catalogue(language)
    assert entries(source.with_suffix(".mo").read_bytes()) == entries(
        pipe(source.read_bytes(), COMPILE_STRICTLY)
    )
