"""The land and its release programme. Constraints hold here, and QuerySet words."""

from parks.models.base import PRECISION_CHOICES, DayPrecision, localised
from parks.models.land import SAMPLE_PARK, Park, Phase, Plot
from parks.models.programme import (
    Milestone,
    MilestoneRevision,
    Release,
    ReleasePlot,
    ReleaseQuerySet,
    ReleaseRevision,
    Revision,
    RevisionKept,
)
from parks.models.publications import Organisation, Source, out_by
from parks.models.records import because, changed_by
from parks.models.submissions import Submission

__all__ = [
    "PRECISION_CHOICES",
    "SAMPLE_PARK",
    "DayPrecision",
    "Milestone",
    "MilestoneRevision",
    "Organisation",
    "Park",
    "Phase",
    "Plot",
    "Release",
    "ReleasePlot",
    "ReleaseQuerySet",
    "ReleaseRevision",
    "Revision",
    "RevisionKept",
    "Source",
    "Submission",
    "because",
    "changed_by",
    "localised",
    "out_by",
]
