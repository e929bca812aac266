"""The connection of that backend. What the server is told to do, and what it answers, is Django's own."""

from collections.abc import Callable
from typing import Any

from django.db import Error, OperationalError
from django.db.backends.postgresql import base
from psycopg import OperationalError as LostConnection
from psycopg.pq import TransactionStatus

CHECK = 1.0  # seconds for a kept connection to show that it still works; else a new one is made


class OutcomeUnknown(OperationalError):
    """The connection was lost while the server was told to commit: it may have, or not."""


class Patience:
    """Waits for the server as psycopg does, but for `seconds` at the most: then the connection is dropped.

    The server's own limits (statement_timeout) end what takes long; this ends the wait for a server that is stopped,
    unplugged or behind a cable that swallows everything, and that can therefore not say so.
    """

    def __init__(self, connection: Any, seconds: float | None) -> None:
        self.seconds = seconds
        self._connection = connection
        self._wait: Callable[..., Any] = connection.wait

    def __call__(self, generator: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return self._wait(generator, interval, timeout or self.seconds)
        except LostConnection:
            if self._connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self._connection.pgconn.finish()  # an answer that came now would be taken for that of the next query
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """`patience` in the OPTIONS: seconds to wait for any one answer of the server; without it, for ever."""

    _told_to_commit = False

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params.pop("patience", None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection: Any = super().get_new_connection(conn_params)
        connection.wait = Patience(connection, self.settings_dict["OPTIONS"].get("patience"))
        return connection

    def is_usable(self) -> bool:
        """Asked of a kept connection when a request begins: no reader should wait long to learn that it is dead."""
        if self.connection is None:
            return False
        patience: Patience = self.connection.wait
        seconds, patience.seconds = patience.seconds, CHECK
        try:
            return bool(super().is_usable())
        finally:
            patience.seconds = seconds

    def _commit(self) -> None:
        self._told_to_commit = True
        try:
            super()._commit()  # type: ignore[misc]  # the stubs leave it out
        except Error as error:
            raise OutcomeUnknown(*error.args) from error.__cause__

    def _set_autocommit(self, autocommit: bool) -> None:
        """Django's last step after a commit: a connection that is lost just then takes the good news with it."""
        try:
            super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs leave it out
        except Error as error:
            if self._told_to_commit:
                raise OutcomeUnknown(*error.args) from error.__cause__
            raise
        self._told_to_commit = False
