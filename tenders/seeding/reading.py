"""Reads the fact files line by line, and says file, line and column where something is wrong with one."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from parks.chinese import simplified
from parks.programme import AnnouncementRefused
from parks.windows import Precision, Window, read_iso_day
from tenders.lifecycle import MoveRefused

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
LANGUAGES = ("en", "zh_hant", "zh_hans")


class FactsRefused(Exception):
    """A fact file that cannot be loaded: which file, which line, and why."""


@dataclass(frozen=True)
class Fact:
    """One line of a fact file."""

    file: str
    line: int
    values: dict[str, str]

    def text(self, column: str) -> str:
        """The value, or nothing if the column is missing: a fact file says only what is known."""
        return self.values.get(column, "")

    def named(self, column: str) -> str:
        """A value that has to be there."""
        if not self.text(column):
            raise ValueError(f"{column} is missing.")
        return self.text(column)

    def in_languages(self, name: str, english: str = "") -> dict[str, str]:
        """`name` in three languages, as fields of a model; Simplified is converted unless it is given.

        Some files call the English column by another name, `english`.
        """
        traditional = self.text(f"{name}_zh_hant")
        return {
            f"{name}_en": self.text(english or f"{name}_en"),
            f"{name}_zh_hant": traditional,
            f"{name}_zh_hans": self.text(f"{name}_zh_hans") or simplified(traditional),
        }

    def yes(self, column: str) -> bool:
        if self.text(column) not in {"true", "false"}:
            raise ValueError(f"{column} is “{self.text(column)}”: write true or false.")
        return self.text(column) == "true"

    def whole(self, column: str) -> int | None:
        try:
            return int(self.text(column)) if self.text(column) else None
        except ValueError:
            raise ValueError(f"{column} is “{self.text(column)}”: write a whole number.") from None

    def number(self, column: str) -> Decimal | None:
        try:
            return Decimal(self.text(column)) if self.text(column) else None
        except InvalidOperation:
            raise ValueError(f"{column} is “{self.text(column)}”: write a number.") from None

    def day(self, column: str) -> date | None:
        return self.partial_day(column)[0] if self.text(column) else None

    def partial_day(self, column: str) -> tuple[date, str]:
        """The last day that it may be, and how much of it is known."""
        return read_iso_day(self.named(column))

    def instant(self, column: str) -> datetime | None:
        """A time with its offset; a day alone is its first moment in Hong Kong."""
        text = self.text(column)
        if not text:
            return None
        if "T" not in text:
            return datetime.combine(read_iso_day(text)[0], time(), tzinfo=HONG_KONG)
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError(f"{column} is “{text}”: add the offset, +08:00.")
        return instant

    def window(self) -> Window:
        return Window(
            self.day("window_earliest"),
            self.day("window_latest"),
            Precision(self.text("precision")),
            self.named("window_text"),
        )


def read_facts(path: Path) -> list[Fact]:
    """All lines of a fact file. Raises FactsRefused if it cannot be read or a line has too many values."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file, strict=True)
            return [_fact(path.name, lines.line_num, values) for values in lines]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FactsRefused(f"{path.name}: {error}") from error


def _fact(file: str, line: int, values: dict[str, str]) -> Fact:
    if None in values or None in values.values():
        raise FactsRefused(f"{file}, line {line}: not as many values as there are columns.")
    return Fact(file, line, {column: value.strip() for column, value in values.items()})


@contextmanager
def told_where(fact: Fact) -> Iterator[None]:
    """Whatever is refused inside is refused with the file and the line."""
    try:
        yield
    except ValidationError as error:
        raise FactsRefused(f"{fact.file}, line {fact.line}: {' '.join(error.messages)}") from error
    except (ValueError, LookupError, AnnouncementRefused, MoveRefused) as error:
        raise FactsRefused(f"{fact.file}, line {fact.line}: {error}") from error
