"""Counts, table by table, what seeding found and what it made."""

from collections import defaultdict

from django.db import models


class Tally:
    """Which rows of each table were asked for, and which of them are new."""

    def __init__(self) -> None:
        self._seen: dict[type[models.Model], set[int]] = defaultdict(set)
        self._made: dict[type[models.Model], set[int]] = defaultdict(set)

    def found(self, row: models.Model) -> None:
        self._seen[type(row)].add(row.pk)

    def made(self, row: models.Model) -> None:
        self.found(row)
        self._made[type(row)].add(row.pk)

    def is_new(self, row: models.Model) -> bool:
        return row.pk in self._made[type(row)]

    def lines(self) -> list[str]:
        """ "5 parks: 5 new", a table a line."""
        return [
            f"{len(seen)} {_name(model, len(seen))}: {len(self._made[model])} new"
            for model, seen in self._seen.items()
        ]


def _name(model: type[models.Model], count: int) -> str:
    return str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)
