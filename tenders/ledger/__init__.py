"""Every number that the product shows, by what it speaks of: claimed, recorded, leading, contradicted.

One rule chooses what leads: the records where they are complete; else the newest claim, with its source; else, where
nobody claims anything, the records with their gap named. Never a sum that mixes records and claims.

`facts` fetches, `statements` and `records` turn rows into what is said and what is recorded, `laws` find what cannot
be true together, `book` puts it together for an instant, `course` asks it day by day.
"""

from tenders.ledger.book import Ledger, ledger, ledger_of
from tenders.ledger.course import Course, Step, course
from tenders.ledger.shapes import (
    Basis,
    Claim,
    Completeness,
    Conflict,
    Law,
    Part,
    Record,
    Standing,
    Statement,
    Term,
)

__all__ = [
    "Basis",
    "Claim",
    "Completeness",
    "Conflict",
    "Course",
    "Law",
    "Ledger",
    "Part",
    "Record",
    "Standing",
    "Statement",
    "Step",
    "Term",
    "course",
    "ledger",
    "ledger_of",
]
