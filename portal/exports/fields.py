"""What each column of each file means, and of which type it is: for the data page and the data package."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parks.models import DayPrecision
from parks.windows import Precision
from portal.changes import ChangeKind
from portal.entries import PUBLISHED_KINDS, Kind, Status
from portal.exports.pipeline_csv import GAP
from portal.exports.rounds_csv import WITHHELD
from tenders.availability import Availability, ReleaseStatus
from tenders.statistics import RECORDED, REPORTED
from tenders.statuses import Disclosure, Method, RoundKind, Stage

Text: TypeAlias = str | Promise

# Reduced ISO 8601: a day, or as much of it as is known.
REDUCED_DAY = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"


@dataclass(frozen=True)
class Field:
    """A column as Table Schema has it. `values` are all that it can hold, where they are few."""

    type: str
    meaning: Text
    format: str = ""
    pattern: str = ""
    values: tuple[str, ...] = ()


def _text(meaning: Text, values: Iterable[object] = ()) -> Field:
    return Field("string", meaning, values=tuple(str(value) for value in values))


def _instant(meaning: Text) -> Field:
    return Field(
        "datetime", meaning, format="any"
    )  # with an offset, which the default format has no place for


def _reduced_day(meaning: Text) -> Field:
    return Field("string", meaning, pattern=REDUCED_DAY)


STAGES = [stage.value for stage in Stage if stage is not Stage.DRAFT]
PRECISIONS = [precision.value for precision in Precision]

# Columns that mean the same in every file.
SHARED: dict[str, Field] = {
    "park": _text(_("Short name of the park, as in its address")),
    "phase": _text(_("Code of the phase, unique in its park")),
    "plot": _text(_("Code of the plot, unique in its park")),
    "release": _text(_("Code of the release")),
    "round": _text(_("Code of the round")),
    "lot": _text(_("Code of the lot, unique in its round")),
    "title": _text(_("Title, in the language of the file")),
    "plots": _text(_("Codes of the plots that are named, joined by semicolons")),
    "window_earliest": Field("date", _("First day that it may be; empty if not known")),
    "window_latest": Field("date", _("Last day that it may be; empty if not known")),
    "window_precision": _text(_("How much is known of when"), PRECISIONS),
    "window_text": _text(_("When, in the words of the announcement")),
    "stage": _text(_("Where the round stands"), STAGES),
    "source": _text(_("Code of the source")),
    "source_url": Field("string", _("Address of the source, where it has one"), format="uri"),
    "updated_at": _instant(_("When the row last changed")),
    "proponent": _text(
        _("Lead organisation of the successful proposal; empty where only totals are published")
    ),
}

PLOTS: dict[str, Field] = {
    "name": _text(_("Name of the plot, in the language of the file")),
    "area_m2": Field("number", _("Area of the land in square metres")),
    "max_gfa_m2": Field("number", _("Largest gross floor area allowed, in square metres")),
    "plot_ratio": Field("number", _("Gross floor area divided by area, to two places")),
    "land_use": _text(_("What the land may be used for")),
    "sectors": _text(_("Trades that it is meant for, joined by semicolons")),
    "availability": _text(_("How far the plot is on its way to market"), Availability),
    "release": _text(_("The newest release that names the plot")),
    "round": _text(_("The newest round that offers or offered the plot")),
}
RELEASES: dict[str, Field] = {
    "plots": Field("integer", _("Number of plots as last announced, else the number named")),
    "status": _text(_("How far the release is"), ReleaseStatus),
    "announced_on": _reduced_day(
        _("Day of the first announcement; only the month or year if no more is known")
    ),
    "revised_on": _reduced_day(_("Day of the newest announcement, in the same form")),
    "revisions": Field("integer", _("Number of announcements so far")),
    "slip_days": Field("integer", _("Days from the first announced window to the current one")),
    "round": _text(_("Rounds that offer it, joined by semicolons")),
    "source": _text(_("Code of the source of the newest announcement")),
}
ROUNDS: dict[str, Field] = {
    "kind": _text(_("What is asked for"), RoundKind),
    "method": _text(_("Who may take part"), Method),
    "sealed": Field("boolean", _("Whether proposals stay unread until two officers open the box")),
    "disclosure": _text(_("What is published of proposals"), Disclosure),
    "lots": Field("integer", _("Number of lots")),
    "plots": Field("integer", _("Number of plots on offer, named or stated")),
    "published_at": _instant(_("When the round was published")),
    "opens_at": _instant(_("When proposals can first be handed in")),
    "enquiries_until": _instant(_("Until when questions are answered")),
    "closes_at": _instant(_("Closing time: in time is before it")),
    "opened_at": _instant(_("When two officers opened the box")),
    "proposals": Field("integer", _("Proposals received in time and not withdrawn; empty until public")),
    "proposals_basis": _text(
        _("Whether that number is recorded here, reported by a source, or withheld"),
        [RECORDED, REPORTED, WITHHELD],
    ),
    "proposals_as_of": _reduced_day(
        _("The day that the number speaks of; only the month or year if no more is known")
    ),
    "proponents": Field("integer", _("Different lead organisations among them")),
    "proposals_per_plot": Field("number", _("Mean number of proposals that ask for a plot")),
    "awards": Field("integer", _("Number of lots awarded")),
}
LOTS: dict[str, Field] = {
    "plot_count": Field("integer", _("Number of plots, named or stated")),
    "minimum_premium_hkd": Field("number", _("Least premium asked, in Hong Kong dollars")),
    "proposals": Field("integer", _("Proposals that ask for the lot; empty until public")),
}
AWARDS: dict[str, Field] = {
    "premium_hkd": Field("number", _("Premium in Hong Kong dollars; empty where only totals are published")),
    "tenure_years": Field("integer", _("Years for which the land is granted")),
    "decided_on": Field("date", _("Day of the decision")),
    "signed_on": Field("date", _("Day on which the agreement was signed")),
}
FIGURES: dict[str, Field] = {
    "figure": _text(_("Names the number; every claim about it has the same")),
    "indicator": _text(_("What is counted or measured")),
    "qualifier": _text(_("“about”, “more than”, as the source put it")),
    "value": Field("number", _("The number as reported")),
    "unit": _text(_("Its unit")),
    "as_of": _reduced_day(_("The day it speaks of; only the month or year if no more is known")),
    "as_of_precision": _text(_("How much of that day is known"), DayPrecision),
    "publisher": _text(_("Who published the source")),
    "headline": Field("boolean", _("Whether this claim leads: it speaks of the latest day")),
}
PIPELINE: dict[str, Field] = {
    "date": _reduced_day(
        _(
            "From which day on it stood so, until the phase's next date; empty for what was so before anything dated"
        )
    ),
    "state": _text(
        _("Where the plots stand; “gap” where the states add up to another number than a source says"),
        [*Availability, GAP],
    ),
    "plots_named": Field("integer", _("Plots with a code of their own")),
    "plots_counted": Field("integer", _("Plots that a release or a round counts and nobody has named")),
    "area_m2": Field("number", _("Area of the named plots in square metres; empty where none is known")),
    "area_unknown_plots": Field("integer", _("Named plots whose area is not known")),
    "max_gfa_m2": Field(
        "number", _("Maximum gross floor area of the named plots; empty where none is known")
    ),
    "gfa_unknown_plots": Field("integer", _("Named plots whose floor area is not known")),
    "counted_gfa_m2": Field(
        "number", _("Maximum gross floor area of the lots of counted plots; empty if not known")
    ),
    "counted_gfa_unknown_plots": Field("integer", _("Counted plots whose floor area is not known")),
    "plots_in_all": Field("integer", _("Of a gap: how many plots a source says there are in all")),
    "gap_plots": Field(
        "integer", _("Of a gap: by how many the states add up to more, or with a minus to fewer")
    ),
}
CALENDAR: dict[str, Field] = {
    "uid": _text(_("Stays the same however often the entry changes")),
    "kind": _text(_("What happens"), [kind for kind in Kind if kind in PUBLISHED_KINDS]),
    "title": _text(_("What happens, in words")),
    "starts": _text(_("First day that it may be, or the exact time")),
    "ends": _text(_("Last day that it may be; empty if not known")),
    "all_day": Field("boolean", _("Whether days are given, and no time")),
    "precision": _text(_("How much is known of when")),
    "status": _text(_("How firm it is"), Status),
    "url": Field("string", _("Address of the page about it"), format="uri"),
    "updated_at": _instant(_("When the entry last changed")),
}
CHANGES: dict[str, Field] = {
    "date": _reduced_day(_("Day on which it became public; only the month or year if no more is known")),
    "kind": _text(_("What happened"), ChangeKind),
    "release": _text(_("Code of the release, also of the one that a round offers")),
    "plot": _text(_("Codes of the plots of the lot, joined by semicolons")),
    "from": _text(
        _("What stood before: a day, time, number, or an interval of days; empty if there was nothing")
    ),
    "to": _text(_("What stands since, in the same form")),
    "reason": _text(_("Why, as it was published")),
    "url": Field("string", _("Address of the page that proves it"), format="uri"),
}


def fields(columns: Iterable[str], own: Mapping[str, Field]) -> dict[str, Field]:
    """Each column with its field, in order. KeyError for a column that nobody described."""
    return {column: own.get(column) or SHARED[column] for column in columns}
