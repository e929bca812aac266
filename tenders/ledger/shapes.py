"""The shapes of a number: what was claimed of it, what is recorded of it, how it stands, and what stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeAlias

from parks.models import DayPrecision, ReleaseRevision, Source
from tenders.models import TenderRound
from tenders.subjects import Subject

Key: TypeAlias = tuple[Subject, str]  # a subject and an indicator


class Basis(StrEnum):
    """What the leading value rests on."""

    RECORDED = "recorded"  # rows of ours, and all of them
    REPORTED = "reported"  # a source says so
    STATED = "stated"  # an announcement or a round says how many, and names none or not all
    PARTIAL = "partial"  # rows of ours, and some are missing: the gap is said
    SEALED = "sealed"  # something may be recorded, and is not public
    NOTHING = ""  # neither recorded nor said


class Claim(Protocol):
    """A number as it was said: a Figure, or a Statement."""

    @property
    def indicator(self) -> str: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def unit(self) -> str: ...
    @property
    def qualifier(self) -> str: ...
    @property
    def as_of(self) -> date: ...
    @property
    def as_of_precision(self) -> str: ...
    @property
    def source(self) -> Source | None: ...


@dataclass(frozen=True)
class Statement:
    """How many plots an announcement or a round speaks of, which may name none of them.

    `said_in`: the announcement, the round; nothing where `parts` add up to it.
    """

    indicator: str
    value: Decimal
    as_of: date
    as_of_precision: str = DayPrecision.DAY
    source: Source | None = None
    said_in: ReleaseRevision | TenderRound | None = None
    parts: tuple["Part", ...] = ()
    unit: str = "plots"
    qualifier: str = ""


@dataclass(frozen=True)
class Part:
    """A share of a number. None: it is there, and how much it is, is not known or not public."""

    subject: Subject
    value: Decimal | None
    state: str = ""  # the availability, where the part is the plots of a phase


class Completeness(StrEnum):
    """Why records are all there is, or why they are not."""

    OPENED = "opened"  # two officers opened the box and counted
    REACHED = "reached"  # closed, and as many as anybody claimed
    NAMED = "named"  # every plot that was spoken of is named
    EVERY_PART = "every part"  # each part is complete
    UNOPENED = "unopened"  # closed, not opened: more may have come in
    UNNAMED = "unnamed"  # some plots are only counted
    UNMEASURED = "unmeasured"  # some plots have no area on record
    SOME_PARTS = "some parts"  # some parts are not public or not recorded


COMPLETE = frozenset({Completeness.OPENED, Completeness.REACHED, Completeness.NAMED, Completeness.EVERY_PART})


@dataclass(frozen=True)
class Record:
    """What the rows come to. `missing`: by how much they fall short of what was spoken of, in `missing_unit`.

    parts overlap where one proposal asks for several lots: they then add up to more than the value.
    """

    value: Decimal
    unit: str
    why: Completeness
    as_of: date
    parts: tuple[Part, ...] = ()
    missing: Decimal | None = None
    missing_unit: str = ""
    overlapping: bool = False

    @property
    def complete(self) -> bool:
        return self.why in COMPLETE


class Law(StrEnum):
    """Which rule two things break together."""

    SAME_DAYS = "same days"  # one number has one value on one day
    REMAINDER = "remainder"  # in all − offered = remaining
    WITHIN = "within"  # a part is not more than its whole
    PARTS = "parts"  # the parts of a phase, of a round, of a programme add up to it
    RECORDS = "records"  # what is recorded of a day is what was claimed for it


@dataclass(frozen=True)
class Term:
    """One number of a sum, and who says it; recorded where nobody does."""

    sign: int
    subject: Subject
    indicator: str
    value: Decimal
    said: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """`value` stands against the leading one: it is what the `terms` come to, or what others say.

    `saying`: who says it in so many words; nobody where it is only implied. `at_most`: the value is a bound.
    """

    law: Law
    value: Decimal
    terms: tuple[Term, ...] = ()
    saying: tuple[Claim, ...] = ()
    at_most: bool = False

    @property
    def implied(self) -> bool:
        return not self.saying


@dataclass(frozen=True)
class Standing:
    """One number at an instant: who claims what, what is recorded, which value leads, what stands against it."""

    subject: Subject
    indicator: str
    unit: str
    basis: Basis
    value: Decimal | None  # None: nothing, or nothing public
    claims: Sequence[Claim] = ()  # the newest first, by the rule
    record: Record | None = None
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return (self.subject, self.indicator)

    @property
    def figure_id(self) -> str:
        return self.subject.figure_id(self.indicator)

    @property
    def lead(self) -> Claim | None:
        """The claim that the rule puts first, whether or not the records lead before it."""
        return self.claims[0] if self.claims else None

    @property
    def other(self) -> Decimal | None:
        """The value that stands against the leading one, where any does."""
        return self.conflicts[0].value if self.conflicts else None
