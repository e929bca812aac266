"""`backup`: a consistent copy of all records in one file, made while the site serves."""

import errno
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import backups
from portal.management.tables import lines_of

REFUSED, WRONG_USAGE = 1, 2


class Command(BaseCommand):
    """Exit 0 when the copy is whole, 1 when it could not be made, 2 for wrong usage."""

    help = "Copies all records, as they stand at one instant, into a new file that restore reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="a name that is not taken yet: records.zip"
        )

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            tables = backups.write(file, at=timezone.now())
        except FileExistsError as error:
            words = _("%(file)s is there already: give another name.") % {"file": file}
            raise CommandError(words, returncode=WRONG_USAGE) from error
        except OSError as error:
            words = _("No backup was made, %(file)s cannot be written: %(error)s.")
            code = REFUSED if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} else WRONG_USAGE
            raise CommandError(words % {"file": file, "error": error.strerror}, returncode=code) from error
        except DatabaseError as error:
            words = _("No backup was made, the records cannot be read: %(error)s") % {"error": error}
            raise CommandError(words, returncode=REFUSED) from error
        for line in lines_of(tables):
            self.stdout.write(line)
        self.stdout.write(
            _("%(file)s is made. It holds what nobody may see: keep it as safe as the database itself.")
            % {"file": file}
        )
