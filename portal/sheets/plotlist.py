"""Shapes the table of plots: its groups by park, its columns, its caption."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Page
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.models import Park
from portal.exports.rows import PlotRow
from portal.sheets.unnamed import Unnamed
from portal.words.numbers import plain
from portal.words.speech import sentences

BY_PARK = {"", "park"}


@dataclass(frozen=True)
class Group:
    """Rows under one head. `park` is None where the order mixes parks."""

    park: Park | None
    rows: list[PlotRow | Unnamed]


@dataclass(frozen=True)
class Column:
    """A head of the table; `url` sorts by it, and `direction` says how it is sorted now, as ARIA has it."""

    label: str
    is_number: bool = False
    url: str = ""
    direction: str = ""


def groups(plots: Iterable[PlotRow], others: Iterable[Unnamed], sort: str) -> list[Group]:
    """By park, what is not named first; in another order one group, what is not known last."""
    if sort.removeprefix("-") not in BY_PARK:
        rows: list[PlotRow | Unnamed] = [*plots, *others]
        return [Group(None, rows)] if rows else []
    heads: dict[int, Park] = {}
    found: dict[int, list[PlotRow | Unnamed]] = defaultdict(list)
    for other in others:
        heads[other.park.pk] = other.park
        found[other.park.pk].append(other)
    for row in plots:
        heads[row.plot.park_id] = row.plot.park
        found[row.plot.park_id].append(row)
    downwards = sort.startswith("-")
    order = sorted(heads.values(), key=lambda park: (park.order, park.slug), reverse=downwards)
    return [Group(park, found[park.pk]) for park in order]


def plain_columns() -> list[Column]:
    """The same heads where the order is fixed."""
    return [Column(column.label, column.is_number) for column in columns(QueryDict(), "")]


def columns(params: QueryDict, sort: str) -> list[Column]:
    return [
        _column(_("Plot"), "plot", params, sort),
        _column(_("Area, m²"), "area", params, sort, is_number=True),
        _column(_("Max. GFA, m²"), "gfa", params, sort, is_number=True),
        _column(_("Ratio"), "ratio", params, sort, is_number=True),
        _column(_("Availability"), "availability", params, sort),
        Column(_("Round or window")),
    ]


def _column(label: str, name: str, params: QueryDict, sort: str, *, is_number: bool = False) -> Column:
    """Its link sorts by it, or the other way round if it is sorted so already; the largest number first."""
    first, then = (f"-{name}", name) if is_number else (name, f"-{name}")
    query = params.copy()
    query.pop("page", None)
    query["sort"] = then if sort == first else first
    direction = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    return Column(label, is_number, f"?{query.urlencode()}", direction)


def caption(page: Page[PlotRow], total: int, others: list[Unnamed], asked: Mapping[str, object]) -> str:
    """What, how many of how many, sorted by what, narrowed by what."""
    found = page.paginator.count
    said = [
        ngettext("%(found)s plot of %(total)s, %(order)s.", "%(found)s plots of %(total)s, %(order)s.", found)
        % {"found": plain(found), "total": plain(total), "order": _order(str(asked.get("sort") or ""))},
        _on_this_page(page),
        _counted_only(others),
        _area(asked.get("area_min"), asked.get("area_max")),
        *(words % {"value": asked[name]} for name, words in _hidden().items() if asked.get(name)),
    ]
    return sentences(said)


def park_caption(page: Page[PlotRow], others: list[Unnamed]) -> str:
    """The same for the plots of one park."""
    found, shown = page.paginator.count, len(page.object_list)
    words = ngettext("%(shown)s plot of %(found)s.", "%(shown)s plots of %(found)s, sorted by plot.", found)
    named = (
        words % {"shown": plain(shown), "found": plain(found)}
        if found
        else _("No plot is named by any source.")
    )
    return sentences([named, _counted_only(others)])


def _order(sort: str) -> str:
    words = {
        "": _("sorted by park and plot"),
        "park": _("sorted by park and plot"),
        "plot": _("sorted by plot"),
        "area": _("sorted by area"),
        "gfa": _("sorted by maximum floor area"),
        "ratio": _("sorted by ratio"),
        "availability": _("sorted by availability"),
    }[sort.removeprefix("-")]
    return _("%(order)s, downwards") % {"order": words} if sort.startswith("-") else words


def _on_this_page(page: Page[PlotRow]) -> str:
    if not page.has_other_pages():
        return ""
    return _("Here are %(first)s to %(last)s.") % {"first": page.start_index(), "last": page.end_index()}


def _counted_only(others: list[Unnamed]) -> str:
    """No total: what several sources counted is not to be added up."""
    return _("Rows without a code are plots that are counted, but not named.") if others else ""


def _area(low: object, high: object) -> str:
    values = {"low": plain(Decimal(str(low or 0))), "high": plain(Decimal(str(high or 0)))}
    if low is not None and high is not None:
        return _("Area from %(low)s to %(high)s m², or not known.") % values
    if low is not None:
        return _("Area of at least %(low)s m², or not known.") % values
    if high is not None:
        return _("Area of at most %(high)s m², or not known.") % values
    return ""


def _hidden() -> dict[str, str]:
    """Filters that the form does not show; the caption must."""
    return {
        "sector": _("Sector: %(value)s."),
        "round": _("In the round %(value)s."),
        "release": _("In the release %(value)s."),
    }
