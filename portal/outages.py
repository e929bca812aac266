"""Answers for when the records cannot be reached or do not fit: in words, and without asking the database again."""

import errno
import logging
import sys
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from parks.guards import every_guard
from portal.postgresql.base import OutcomeUnknown
from portal.refusals import FILES, SAFE, TEXT

log = logging.getLogger(__name__)

RETRY_AFTER = 60  # seconds
MACHINE_READ = (*FILES, ".xml", ".txt")
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
WRITES = ("INSERT", "UPDATE", "DELETE")

# SQLite calls every fault of a statement an OperationalError; these are faults of the place it is kept in.
SQLITE_FULL = "SQLITE_FULL"
SQLITE_AWAY = (
    "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_CORRUPT",
    "SQLITE_NOTADB", "SQLITE_NOMEM", "SQLITE_PERM", "SQLITE_PROTOCOL", "SQLITE_INTERRUPT", SQLITE_FULL,
)  # fmt: skip
# PostgreSQL, appendix A: the session was idle for too long; the server is a standby that only reads.
POSTGRESQL_AWAY = {"25P03", "25006"}
DISK_FULL = "53100"


class Writes:
    """Notes whether anything that a request sent is in the database for good: the answer must not deny it."""

    def __init__(self) -> None:
        self.kept = False

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if str(sql).lstrip().upper().startswith(WRITES) and "django_session" not in str(sql):
            transaction.on_commit(self._keep)  # outside a transaction this is at once
        return execute(sql, params, many, context)

    def _keep(self) -> None:
        self.kept = True


class OutageMiddleware:
    """A 503 when the database is away, locked or full; a 409 when it refuses what staff sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE:
            return self.get_response(request)
        writes = Writes()
        setattr(request, "writes", writes)  # noqa: B010  # a request has no such attribute of its own
        with connection.execute_wrapper(writes):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_to(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The site's handler500: faults outside the views, in a session that cannot be read or saved, end here."""
    exception = sys.exc_info()[1]
    answer = answer_to(request, exception) if isinstance(exception, Exception) else None
    return answer or defaults.server_error(request)


def answer_to(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """What to say to an outage or a refusal of the database; None to any other fault."""
    if is_outage(exception):
        log.error("%s %s: 503, %s", request.method, request.path, " ".join(str(exception).split()))
        words = f"{_reason(exception)} {_outcome(request, exception)}"
        response = _answer(request, "503.html", words, 503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    if isinstance(exception, IntegrityError) and request.method not in SAFE:
        log.exception(
            "%s %s: 409", request.method, request.path
        )  # it slipped past the forms: to be mended there
        refusal = _("The database refuses this: %(words)s") % {"words": refusal_words(exception)}
        return _answer(request, "409.html", f"{refusal} {_outcome(request, exception)}", 409)
    return None


def is_outage(exception: BaseException) -> bool:
    """Whether the database is away, locked or full: not what was asked is at fault, and asking again may help."""
    if isinstance(exception, OSError):
        return exception.errno in NO_ROOM
    cause = exception.__cause__
    name = getattr(cause, "sqlite_errorname", None)
    if isinstance(exception, DatabaseError) and name is not None:
        return str(name).startswith(SQLITE_AWAY)
    if isinstance(exception, (OperationalError, InterfaceError)):
        return True
    return isinstance(exception, DatabaseError) and getattr(cause, "sqlstate", None) in POSTGRESQL_AWAY


def is_full(exception: BaseException) -> bool:
    """Whether there is no room left, in the database or for a file on its way out."""
    cause = exception.__cause__
    return (
        isinstance(exception, OSError)
        or getattr(cause, "sqlite_errorname", None) == SQLITE_FULL
        or getattr(cause, "sqlstate", None) == DISK_FULL
    )


def refusal_words(error: IntegrityError) -> str:
    """A guard's words, or a constraint's name, which is a sentence; of anything else only that it does not fit."""
    said = str(error).partition("\n")[0]
    if any(said == guard.words for guard in every_guard()):
        return said
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    name = name or said.partition("CHECK constraint failed: ")[2]
    if name and said.startswith(("CHECK", "new row")):
        return f"{name.replace('_', ' ')}."
    return _("it does not fit what is recorded by now.")


def _reason(exception: Exception) -> str:
    if is_full(exception):
        return _("There is no room left to write anything. Tell whoever looks after the server.")
    return _("The records cannot be reached now.")


def _outcome(request: HttpRequest, exception: Exception) -> str:
    """What became of what was sent. Never that nothing was saved unless that is certain."""
    full = is_full(exception)
    if _lost_a_commit(exception) or getattr(getattr(request, "writes", None), "kept", False):
        return _("What you sent may have been saved all the same: look before you send it again.")
    if request.method in SAFE:
        return _("Nothing was changed.") if full else _("Nothing was changed. Try again in a minute.")
    if full or isinstance(exception, IntegrityError):
        return _("Nothing was saved.")
    return _("Nothing was saved. Try again in a minute.")


def _lost_a_commit(exception: BaseException | None) -> bool:
    """Also when Django then fails to connect anew, and raises that instead."""
    while exception is not None and not isinstance(exception, OutcomeUnknown):
        exception = exception.__context__
    return exception is not None


def _answer(request: HttpRequest, template: str, words: str, status: int) -> HttpResponse:
    """Without the request, so that no context processor asks who is logged in."""
    if request.path.endswith(MACHINE_READ):
        response = HttpResponse(f"{words}\n", status=status, content_type=TEXT)
    else:
        response = HttpResponse(render_to_string(template, {"message": words}), status=status)
    response["Cache-Control"] = "no-store"
    return response
