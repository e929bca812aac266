"""What every import command shares: a file in, one line out, errors by line, exit codes 0, 1, 2 and 130."""

import signal
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from parks.importing import ImportRefused, Report

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
STOPPED = 128 + signal.SIGINT  # as shells have it
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
        report = self.report_of(file, dry_run=dry_run, **self.options_of_importer(**options))
        if dry_run:
            self.stdout.write(_("Dry run, nothing was written."))
        for line in report.lines():
            self.stdout.write(line)

    def report_of(self, file: Path, **options: Any) -> Report:
        """What the import did. It ends here, in words and with its exit code, where it did not come to that."""
        before = signal.getsignal(signal.SIGINT)
        try:
            with Path(file).open("rb") as data:
                return type(self).importer(
                    data, by=None, at=timezone.now(), file=Path(file).name, progress=self.follow, **options
                )
        except KeyboardInterrupt:
            if self.stderr.isatty():
                self.stderr.write("")  # below the bar
            self.end(STOPPED, _("Stopped: nothing was written."))
        except OSError as error:
            self.end(
                WRONG_USAGE, _("%(file)s cannot be read: %(error)s") % {"file": file, "error": error.strerror}
            )
        except ImportRefused as refused:
            self.end(REFUSED, *refused.lines())
        except DatabaseError as error:
            self.end(REFUSED, _("Nothing was written, the database refuses it: %(error)s") % {"error": error})
        finally:
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, before)

    def follow(self, done: int, total: int) -> None:
        """Draw how far it is. From the last row on it is too late to stop: the database is about to say yes.

        Stopped in between, "nothing was written" might be untrue.
        """
        if done >= total and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self.stderr.isatty():
            self.draw(done, total)

    def draw(self, done: int, total: int) -> None:
        """A bar on a terminal; nothing is drawn where the words go to a file or another program."""
        filled = BAR * done // max(total, 1)
        self.stderr.write(
            f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}",
            style_func=str,  # not in the red of errors
            ending="\n" if done >= total else "",
        )
        self.stderr.flush()

    def end(self, code: int, *lines: str) -> NoReturn:
        for line in lines:
            self.stderr.write(line)
        sys.exit(code)
