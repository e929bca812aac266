"""Files between their try and their import in the admin: kept on the server, for one officer, for one import."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parks.importing import ImportRefused, Report
from tenders.importing import proposals
from tenders.models import Upload

if TYPE_CHECKING:
    from django.contrib.auth.models import User

WAITS = timedelta(hours=1)
MOST_WAITING = 5  # of one officer; older ones make room
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


class UploadRefused(Exception):
    """The file cannot be imported any more, with words for the officer. Nothing was written."""


class ImportedAlready(UploadRefused):
    """It was imported before, by the same officer."""


def keep(*, by: User, at: datetime, name: str, content: bytes, found: Report) -> Upload:
    """Let a file that was tried wait for its import, with what the try found."""
    sweep(at=at)
    upload = Upload.objects.create(
        by=by, name=name[:300], content=content, foreseen=found.fingerprint, tried_at=at
    )
    waiting = Upload.objects.filter(by=by, begun_at=None).values_list("pk", flat=True)
    Upload.objects.filter(pk__in=list(waiting[MOST_WAITING:])).delete()
    return upload


def sweep(*, at: datetime) -> None:
    """Let go of what has waited too long. No cron: every use of the page does it."""
    old = Upload.objects.filter(tried_at__lte=at - WAITS).values_list("pk", flat=True)
    if keys := list(old):  # asking first: a page that is only looked at does not wait for a writer
        Upload.objects.filter(pk__in=keys).delete()


def import_kept(*, key: str, by: User, at: datetime) -> tuple[Upload, Report]:
    """Import the file, once. Raises UploadRefused, or ImportRefused when the data now stands against it.

    The claim is committed first, so that a second click is answered at once and does not wait for the first.
    That it is done is written with the proposals, in one transaction: killed in between, neither is.
    """
    upload = _claimed(key, by, at)
    try:
        with transaction.atomic():
            report = proposals.run(io.BytesIO(upload.content), by=by, at=at, file=upload.name)
            upload.done_at, upload.result, upload.content = at, str(report), b""
            upload.save(update_fields=["done_at", "result", "content"])
    except ImportRefused:
        upload.delete()
        raise
    except BaseException:
        Upload.objects.filter(pk=upload.pk).update(begun_at=None)  # it may be tried again
        raise
    return upload, report


def _claimed(key: str, by: User, at: datetime) -> Upload:
    upload = Upload.objects.defer("content").filter(key=key).first() if _KEY.fullmatch(key) else None
    if upload is None or (upload.begun_at is None and upload.tried_at <= at - WAITS):
        raise UploadRefused(_("The file is not here any more, it waits for an hour. Choose it again."))
    if upload.by_id != by.pk:
        raise UploadRefused(_("The file was tried by somebody else. Choose it yourself."))
    if upload.done_at is not None:
        words = _("%(file)s was imported already, at %(time)s: %(result)s Nothing was done twice.")
        raise ImportedAlready(
            words % {"file": upload.name, "time": _clock(upload.done_at), "result": upload.result}
        )
    if not Upload.objects.filter(pk=upload.pk, begun_at=None).update(begun_at=at):
        upload.refresh_from_db(fields=["begun_at"])
        words = _(
            "The import of %(file)s began at %(time)s and has not ended; nothing of it is written before it ends. "
            "Look at the list in a minute. If it does not come, choose the file again."
        )
        raise UploadRefused(words % {"file": upload.name, "time": _clock(upload.begun_at or at)})
    upload.begun_at = at
    return upload


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M:%S}"
