"""What every import command shares: a file in, one line out, errors by line, exit codes 0, 1 and 2."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from parks.importing import ImportRefused, Report

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
BAR = 30


class ImportCommand(BaseCommand):
    """A subclass names the importer's `run` and helps with a sentence."""

    importer: Callable[..., Report]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            metavar="FILE",
            type=Path,
            help="CSV (UTF-8, commas) or XLSX with the columns of the export",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")

    def options_of_importer(self, **_options: Any) -> dict[str, Any]:
        """What the importer takes besides the file."""
        return {}

    def handle(self, *_args: object, file: Path, dry_run: bool, **options: Any) -> None:
        extra = self.options_of_importer(**options)
        try:
            with Path(file).open("rb") as data:
                report = type(self).importer(
                    data,
                    by=None,
                    at=timezone.now(),
                    dry_run=dry_run,
                    file=Path(file).name,
                    progress=self.draw,
                    **extra,
                )
        except OSError as error:
            self.end(
                WRONG_USAGE, _("%(file)s cannot be read: %(error)s") % {"file": file, "error": error.strerror}
            )
        except ImportRefused as refused:
            self.end(REFUSED, *refused.lines())
        except DatabaseError as error:
            self.end(REFUSED, _("Nothing was written, the database refuses it: %(error)s") % {"error": error})
        if dry_run:
            self.stdout.write(_("Dry run, nothing was written."))
        for line in report.lines():
            self.stdout.write(line)

    def draw(self, done: int, total: int) -> None:
        """A bar on a terminal; nothing where the words go to a file or another program."""
        if not self.stderr.isatty():
            return
        filled = BAR * done // max(total, 1)
        self.stderr.write(
            f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}", ending="\n" if done >= total else ""
        )
        self.stderr.flush()

    def end(self, code: int, *lines: str) -> None:
        for line in lines:
            self.stderr.write(line)
        sys.exit(code)
