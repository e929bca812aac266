r"""The members of a consortium in one cell, there and back without loss. Plain text, no models.

`Harbour Ltd (60%);Delta Ltd` are two members, the first with a share of 60 %. In a name a backslash stands
before `;`, before another backslash, and before a bracket that only looks like a share: `Delta \(60%)` is a
name.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

_LETTER = r"(?:\\[\\;(]|\\(?![\\;(])|[^\\;])"  # one letter of a name, with the backslash before it
_MEMBERS = re.compile(rf"{_LETTER}+", re.DOTALL)
_SHARE = re.compile(rf"(?P<name>{_LETTER}*?)\s*\((?P<share>[0-9]{{1,3}}(?:\.[0-9]{{1,2}})?)%\)", re.DOTALL)
_LOOKS_LIKE_SHARE = re.compile(r"\((?=[0-9.]+%\)\s*\Z)")


class Member(NamedTuple):
    """A name, and the share in percent where it is known."""

    name: str
    share: Decimal | None


def join_members(members: Iterable[Member]) -> str:
    """The cell: `Harbour Ltd (60%);Delta Ltd`."""
    return ";".join(_written(member) for member in members)


def _written(member: Member) -> str:
    name = member.name.replace("\\", "\\\\").replace(";", "\\;")
    name = _LOOKS_LIKE_SHARE.sub(r"\\(", name)
    return name if member.share is None else f"{name} ({member.share.normalize():f}%)"


def split_members(text: str) -> list[Member]:
    """The members in the cell, in its order; empty ones are left out."""
    return [_read(part.strip()) for part in _MEMBERS.findall(text) if part.strip()]


def _read(part: str) -> Member:
    found = _SHARE.fullmatch(part)
    if found and found["name"].strip():
        return Member(_plain(found["name"]), Decimal(found["share"]))
    return Member(_plain(part), None)


def _plain(name: str) -> str:
    return re.sub(r"\\([\\;(])", r"\1", name).strip()
