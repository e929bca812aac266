"""The balance of the pipeline: how many plots, how much land and floor area each phase has in which state, since when.

Plots that are named and plots that are only counted are never one number. `gathering` finds the dated facts once,
`named` and `counted` say where plots stand at an instant, `course` follows them over the days, `wholes` sets beside
them what sources say of a phase as a whole.
"""

from tenders.balance.counted import Counted, Group, all_groups, counted
from tenders.balance.course import Step, courses
from tenders.balance.facts import Place
from tenders.balance.gathering import Gathered, Offers, gather, gather_offers
from tenders.balance.happenings import Happening, Kind
from tenders.balance.tally import EMPTY, States, Tally, together, whole
from tenders.balance.wholes import Gap, Whole, converted, course_of, gap, wholes, with_gaps

__all__ = [
    "EMPTY",
    "Counted",
    "Gap",
    "Gathered",
    "Group",
    "Happening",
    "Kind",
    "Offers",
    "Place",
    "States",
    "Step",
    "Tally",
    "Whole",
    "all_groups",
    "converted",
    "counted",
    "course_of",
    "courses",
    "gap",
    "gather",
    "gather_offers",
    "together",
    "whole",
    "wholes",
    "with_gaps",
]
