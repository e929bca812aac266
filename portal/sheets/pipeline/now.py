"""How each phase stands now: a row for each state, the gap to what is said of the whole, and phases with nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.models import Park
from portal.asof import Moment
from portal.pipeline import Scope
from portal.sheets.pipeline.words import (
    counted_url,
    gap_words,
    hectares,
    plots_url,
    scope_name,
    square_metres,
)
from portal.words.numbers import plain, proof_url
from tenders.availability import Availability
from tenders.balance import Tally, whole


@dataclass(frozen=True)
class Cell:
    """A number with its address, and what it does not speak of. Empty: a dash."""

    text: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class NowRow:
    """One state of a phase, or its sum (`state` None)."""

    name: str
    state: Availability | None
    named: Cell
    area: Cell
    gfa: Cell
    counted: Cell
    counted_gfa: Cell


@dataclass(frozen=True)
class GapRow:
    name: str
    words: str
    url: str


@dataclass
class NowGroup:
    """A park's rows. `nothing`: names of phases of which no plot is named or counted."""

    park: Park
    rows: list[NowRow | GapRow] = field(default_factory=list)
    nothing: list[str] = field(default_factory=list)


def now_groups(scopes: Iterable[Scope], moment: Moment) -> list[NowGroup]:
    groups: dict[int, NowGroup] = {}
    wholes = {(scope.park.pk, scope.phase and scope.phase.pk) for scope in scopes if scope.is_whole}
    for scope in scopes:
        group = groups.setdefault(scope.park.pk, NowGroup(scope.park))
        group.rows += _rows(scope, moment)
        has_parts = (scope.park.pk, scope.phase and scope.phase.pk) in wholes
        if not scope.states and not scope.is_whole and not has_parts:
            group.nothing.append(scope_name(scope))
    return list(groups.values())


def _rows(scope: Scope, moment: Moment) -> list[NowRow | GapRow]:
    found: list[NowRow | GapRow] = []
    if scope.is_whole:
        found.append(_row(scope, None, whole(scope.states), moment))
    else:
        found += [_row(scope, state, tally, moment) for state, tally in scope.states.items()]
    if scope.gap:
        url = proof_url(scope.gap.claim.figure_id, moment)
        found.append(GapRow(scope_name(scope), gap_words(scope.gap), url))
    return found


def _row(scope: Scope, state: Availability | None, tally: Tally, moment: Moment) -> NowRow:
    named = plots_url(scope.park, scope.phase, moment, state)
    counted = counted_url(scope.park, scope.phase, moment, state)
    return NowRow(
        scope_name(scope),
        state,
        named=Cell(plain(tally.named), named) if tally.named else Cell(),
        area=_measured(hectares(tally.area_known), tally.area_unknown, tally.named, named),
        gfa=_measured(square_metres(tally.gfa_known), tally.gfa_unknown, tally.named, named),
        counted=Cell(plain(tally.counted), counted) if tally.counted else Cell(),
        counted_gfa=_measured(
            square_metres(tally.counted_gfa_known), tally.counted_gfa_unknown, tally.counted, counted
        ),
    )


def _measured(text: str, unknown: int, plots: int, url: str) -> Cell:
    """Where none is known, words stand instead of a number: that is not nought."""
    if not plots:
        return Cell()
    if not text:
        return Cell(_("not known"))
    note = ngettext("of %(count)s plot not known", "of %(count)s plots not known", unknown)
    return Cell(text, url, note % {"count": plain(unknown)} if unknown else "")
