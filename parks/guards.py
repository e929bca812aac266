"""Guards: triggers by which the database itself refuses what must never happen, whoever asks and however.

A constraint judges one row; a guard judges a change of it. Each app lists its own (`guards` of its AppConfig); they are
put in place after every `migrate`, in one transaction, so that a table which a migration made anew has them too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.db import connections, transaction
from django.db.models.signals import post_migrate, pre_migrate

INSERT, UPDATE, DELETE = "INSERT", "UPDATE", "DELETE"


@dataclass(frozen=True)
class Guard:
    """Refuses an event on a table with an IntegrityError whose words are `words`.

    name: a sentence, at most 63 letters · when: SQL over NEW and OLD that both databases read; empty: always
    """

    name: str
    table: str
    event: str
    words: str
    when: str = ""


def changed(*columns: str) -> str:
    """SQL: an update gives one of the columns another value, empty ones included."""
    return " OR ".join(
        f"(NEW.{name} <> OLD.{name} OR (NEW.{name} IS NULL) <> (OLD.{name} IS NULL))" for name in columns
    )


def kept_for_ever(table: str) -> list[Guard]:
    """The table only grows: no row of it is ever changed or deleted."""
    return [
        Guard(f"{table}_is_never_changed", table, UPDATE, f"A row of {table} is never changed."),
        Guard(f"{table}_is_never_deleted", table, DELETE, f"A row of {table} is never deleted."),
    ]


def never_deleted(table: str, words: str, when: str = "") -> Guard:
    """Rows of the table that meet the condition stay; without one, all do."""
    return Guard(f"{table}_is_kept", table, DELETE, words, when)


def history_guards(label: str) -> list[Guard]:
    """History says what was: of every model of the app that keeps one."""
    tables = [model.history.model._meta.db_table for model in kept_models(label)]
    return [guard for table in tables for guard in kept_for_ever(table)]


def kept_models(label: str) -> list[Any]:
    """The models of the app with a history of changes."""
    return [model for model in apps.get_app_config(label).get_models() if hasattr(model, "history")]


class GuardedConfig(AppConfig):
    """An app whose tables have guards."""

    def guards(self) -> list[Guard]:
        raise NotImplementedError

    def ready(self) -> None:
        pre_migrate.connect(_before, sender=self)
        post_migrate.connect(_after, sender=self)


def _before(sender: GuardedConfig, using: str, plan: list[Any], **_kwargs: Any) -> None:
    """SQLite makes a table anew to change it, and cannot while a guard elsewhere names it."""
    if plan:
        remove(sender.guards(), using)


def _after(sender: GuardedConfig, using: str, **_kwargs: Any) -> None:
    install(sender.guards(), using)


def every_guard() -> list[Guard]:
    """The guards of all apps."""
    return [
        guard for app in apps.get_app_configs() if isinstance(app, GuardedConfig) for guard in app.guards()
    ]


def install(guards: Iterable[Guard], using: str = "default") -> None:
    """Put the guards in place of what stood there under their names; at once, so that no change slips through."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    speak = _sqlite if connection.vendor == "sqlite" else _postgresql
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in guards:
            if guard.table in tables:  # not yet there, or no more: a migration that stops half-way
                for statement in [*_removal(guard, connection.vendor), *speak(guard)]:
                    cursor.execute(statement)


def remove(guards: Iterable[Guard], using: str = "default") -> None:
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in guards:
            if guard.table in tables:
                for statement in _removal(guard, connection.vendor):
                    cursor.execute(statement)


def present(using: str = "default") -> set[str]:
    """The names of all triggers that the database has."""
    connection = connections[using]
    ask = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(ask)
        return {name for (name,) in cursor.fetchall()}


def _removal(guard: Guard, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{guard.name}"']
    return [
        f'DROP TRIGGER IF EXISTS "{guard.name}" ON "{guard.table}"',
        f'DROP TRIGGER IF EXISTS "{_truncation(guard)}" ON "{guard.table}"',
        f'DROP FUNCTION IF EXISTS "{guard.name}"()',
    ]


def _sqlite(guard: Guard) -> list[str]:
    condition = f" WHEN {guard.when}" if guard.when else ""
    return [
        f'CREATE TRIGGER "{guard.name}" BEFORE {guard.event} ON "{guard.table}" FOR EACH ROW{condition}'
        f" BEGIN SELECT RAISE(ABORT, {_quoted(guard.words)}); END"
    ]


def _postgresql(guard: Guard) -> list[str]:
    refuse = (
        f"RAISE EXCEPTION USING MESSAGE = {_quoted(guard.words)}, "
        f"ERRCODE = 'integrity_constraint_violation', CONSTRAINT = {_quoted(guard.name)};"
    )
    body = f"IF {guard.when} THEN {refuse} END IF;" if guard.when else refuse
    answer = "OLD" if guard.event == DELETE else "NEW"
    statements = [
        f'CREATE FUNCTION "{guard.name}"() RETURNS trigger LANGUAGE plpgsql'
        f" AS $guard$ BEGIN {body} RETURN {answer}; END $guard$",
        f'CREATE TRIGGER "{guard.name}" BEFORE {guard.event} ON "{guard.table}"'
        f' FOR EACH ROW EXECUTE FUNCTION "{guard.name}"()',
    ]
    if guard.event == DELETE and not guard.when:
        statements.append(
            f'CREATE TRIGGER "{_truncation(guard)}" BEFORE TRUNCATE ON "{guard.table}"'
            f' FOR EACH STATEMENT EXECUTE FUNCTION "{guard.name}"()'
        )
    return statements


def _truncation(guard: Guard) -> str:
    return f"{guard.name}_whole"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


@checks.register(checks.Tags.database)
def guards_are_in_place(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """A warning for each guard that its table lacks: `manage.py check --database default`."""
    return [warning for using in databases or [] for warning in _lacking(using)]


def _lacking(using: str) -> list[checks.CheckMessage]:
    tables, names = set(connections[using].introspection.table_names()), present(using)
    return [
        checks.Warning(
            f"The database lacks the guard {guard.name}.",
            hint="Run manage.py migrate.",
            id="tenderground.W001",
        )
        for guard in every_guard()
        if guard.table in tables and guard.name not in names
    ]
