"""Who hands in: organisations are known by their names, and made when they are new."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from parks.importing import Book
from parks.models import Organisation

LONGEST_NAME = 300
MADE_AT_A_TIME = 1000
_HAN = re.compile(r"[\u3400-\u9fff]")


def one_line(name: str) -> str:
    """The name as it is compared: NFC, one space where there are several, none around it."""
    return " ".join(unicodedata.normalize("NFC", name).split())


class Organisations:
    """The keys of organisations by their names, in whichever language. Asks the database once."""

    def __init__(self) -> None:
        self._keys: dict[str, int] = {}
        self._new: dict[str, None] = {}
        known = Organisation.objects.values_list("pk", "registered_name", "name_zh_hant", "name_zh_hans")
        rows = known.order_by("pk")
        # The registered name goes first, for it is unique; another name counts where nobody registered it.
        for key, registered, *_others in rows.iterator():
            self._keys.setdefault(one_line(registered), key)
        for key, _registered, *others in rows.iterator():
            for name in filter(None, others):
                self._keys.setdefault(one_line(name), key)

    def key(self, name: str) -> int | None:
        return self._keys.get(one_line(name))

    def note(self, names: Iterable[str]) -> None:
        """Those that are not known are to be made, in this order."""
        self._new.update(dict.fromkeys(name for name in map(one_line, names) if name not in self._keys))

    def add_new(self, book: Book) -> list[str]:
        """Make those that were noted, and name them."""
        new = list(self._new)
        for start in range(0, len(new), MADE_AT_A_TIME):
            some = new[start : start + MADE_AT_A_TIME]
            made = book.add(Organisation, [_organisation(name) for name in some])
            self._keys.update(zip(some, (row.pk for row in made), strict=True))
        self._new.clear()
        return new


def _organisation(name: str) -> Organisation:
    return Organisation(name_zh_hant=name) if _HAN.search(name) else Organisation(name_en=name)
