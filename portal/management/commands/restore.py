"""`restore`: the records of a backup into an empty database, proven equal."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from portal import backups
from portal.management.tables import lines_of

REFUSED, WRONG_USAGE = 1, 2


class Command(BaseCommand):
    """Exit 0 when all is back and proven, 1 when refused (nothing is written), 2 for wrong usage."""

    help = "Puts the records of a backup into a database that is migrated and otherwise empty."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="a file that backup made")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            tables = backups.restore(file)
        except backups.BackupRefused as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        except OSError as error:
            words = _("%(file)s cannot be read: %(error)s") % {"file": file, "error": error.strerror}
            raise CommandError(words, returncode=WRONG_USAGE) from error
        except DatabaseError as error:
            words = _("Nothing was restored, the database does not answer: %(error)s") % {"error": error}
            raise CommandError(words, returncode=REFUSED) from error
        for line in lines_of(tables):
            self.stdout.write(line)
        self.stdout.write(_("Restored and proven: every table has the rows and the checksum of the backup."))
