"""The only writer of decisions: one function a verb, and one private writer below them.

Every verb is keyword-only, says who (`by`, None for the system's own loading) and when (`at`), and raises
MoveRefused with a sentence for staff. It locks, checks, writes and records, in that order, in one transaction.
`rounds`, `amending`, `box`, `admissions`, `awards` and `proposals` hold the verbs, `officers` what two officers
have in common, `writer` the one writer.
"""

from tenders.lifecycle.admissions import ask_admission, confirm_admission
from tenders.lifecycle.amending import amend
from tenders.lifecycle.awards import AwardChoice, award, lapse, sign
from tenders.lifecycle.box import begin_opening, confirm_opening, sealed_now
from tenders.lifecycle.proposals import reject, shortlist, withdraw
from tenders.lifecycle.rounds import cancel, declare_unsuccessful, publish
from tenders.lifecycle.writer import MoveRefused

__all__ = [
    "AwardChoice",
    "MoveRefused",
    "amend",
    "ask_admission",
    "award",
    "begin_opening",
    "cancel",
    "confirm_admission",
    "confirm_opening",
    "declare_unsuccessful",
    "lapse",
    "publish",
    "reject",
    "sealed_now",
    "shortlist",
    "sign",
    "withdraw",
]
