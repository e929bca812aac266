"""Words, numbers and addresses that the tables and the drawing of the pipeline share."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parks.models import Park, Phase
from portal.asof import Moment
from portal.pipeline import Scope
from portal.words.indicators import claim_words
from portal.words.numbers import plain
from tenders.availability import Availability
from tenders.balance import Gap, Gathered, Happening, Kind, Tally

M2_IN_A_HECTARE = 10000

HAPPENED: dict[Kind, Any] = {
    Kind.ANNOUNCED: gettext_lazy("Announced: %(what)s"),
    Kind.REVISED: gettext_lazy("Announced anew: %(what)s"),
    Kind.CALLED_OFF: gettext_lazy("Called off: %(what)s"),
    Kind.NAMED: gettext_lazy("Plots named: %(what)s"),
    Kind.PUBLISHED: gettext_lazy("Published: %(what)s"),
    Kind.OPENS: gettext_lazy("Opened for proposals: %(what)s"),
    Kind.AMENDED: gettext_lazy("Dates amended: %(what)s"),
    Kind.CLOSES: gettext_lazy("Closed: %(what)s"),
    Kind.OPENED: gettext_lazy("Box opened: %(what)s"),
    Kind.AWARDED: gettext_lazy("Awarded: %(what)s"),
    Kind.UNSUCCESSFUL: gettext_lazy("Ended without an award: %(what)s"),
    Kind.CANCELLED: gettext_lazy("Called off: %(what)s"),
    Kind.LAPSED: gettext_lazy("Award lapsed: %(what)s"),
    Kind.CLAIMED: gettext_lazy("In all, says %(what)s"),
}


def scope_name(scope: Scope) -> str:
    """What a row speaks of, under the name of its park."""
    if scope.phase is None:
        return _("The whole park") if scope.is_whole else _("No phase said")
    return _("%(phase)s with its parts") % {"phase": scope.phase.name} if scope.is_whole else scope.phase.name


def plots_url(park: Park, phase: Phase | None, moment: Moment, state: Availability | None = None) -> str:
    """Where the plots are listed. What was called off before it was named stands with the releases."""
    query = {"park": park.slug}
    if phase:
        query["phase"] = phase.code
    if state:
        query["availability"] = state.value
    return _with_day(reverse("plots"), query, moment)


def counted_url(park: Park, phase: Phase | None, moment: Moment, state: Availability | None = None) -> str:
    """The list of plots has a row for each count; of what was called off the release has the number."""
    if state == Availability.WITHDRAWN:
        return _with_day(reverse("releases"), {"park": park.slug}, moment)
    return plots_url(park, phase, moment, state)


def _with_day(path: str, query: dict[str, str], moment: Moment) -> str:
    asked = query if moment.is_now else query | {"as_of": moment.day.isoformat()}
    return f"{path}?{urlencode(asked)}"


def hectares(m2: Decimal | None) -> str:
    """ "7.63"; nothing where it is not known."""
    return "" if m2 is None else plain(round(m2 / M2_IN_A_HECTARE, 2))


def square_metres(m2: Decimal | None) -> str:
    return "" if m2 is None else plain(round(m2))


def amount(tally: Tally, measure: str) -> str:
    """The named plots of a tally as they are measured: "4", or "4 (1.46 ha)"."""
    number = plain(tally.named)
    known = {"area": hectares(tally.area_known), "gfa": square_metres(tally.gfa_known)}.get(measure)
    units: dict[str, Callable[[str], str]] = {
        "area": lambda text: _("%(number)s ha") % {"number": text},
        "gfa": lambda text: _("%(number)s m²") % {"number": text},
    }
    if not known:
        return number
    return _("%(plots)s (%(measured)s)") % {"plots": number, "measured": units[measure](known)}


def in_state(number: str, state: Availability) -> str:
    """ "10 under evaluation"."""
    return _("%(number)s %(state)s") % {"number": number, "state": state.label}


def gap_words(gap: Gap) -> str:
    """ "10 + 22 = 32 counted; 22 plots in all, says HK01: ≠ 10 more than in all"."""
    terms = " + ".join(plain(term) for term in gap.terms)
    total = terms if len(gap.terms) == 1 else f"{terms} = {plain(gap.sum)}"
    counted = _("%(total)s named or counted") if gap.named else _("%(total)s counted")
    return _("%(counted)s; %(claim)s in all, says %(publisher)s: %(gap)s") % {
        "counted": counted % {"total": total},
        "claim": claim_words(gap.claim),
        "publisher": gap.claim.source.publisher,
        "gap": difference_words(gap),
    }


def difference_words(gap: Gap) -> str:
    more, number = gap.difference > 0, abs(gap.difference)
    if not number:
        return _("≠ no more than that")
    words = (
        ngettext("≠ %(count)s more than in all", "≠ %(count)s more than in all", number)
        if more
        else ngettext("≠ %(count)s fewer than in all", "≠ %(count)s fewer than in all", number)
    )
    return words % {"count": plain(number)}


def happening_words(happening: Happening, gathered: Gathered) -> tuple[str, str]:
    """What happened, and the address of what it happened to."""
    title, url = _subject(happening, gathered)
    words = str(HAPPENED[happening.kind]) % {"what": title}
    if happening.plots is None or happening.kind == Kind.CALLED_OFF:
        return words, url
    plots = ngettext("%(number)s plot", "%(number)s plots", happening.plots)
    said = plots % {"number": plain(happening.plots)}
    return _("%(what)s, %(plots)s") % {"what": words, "plots": said}, url


def _subject(happening: Happening, gathered: Gathered) -> tuple[str, str]:
    if happening.release is not None:
        release = gathered.releases[happening.release]
        return release.title, reverse("release", args=[release.code])
    if happening.round is not None:
        round = gathered.rounds[happening.round]
        return round.title, reverse("round", args=[round.code])
    claim = next(claim for claim in gathered.claims if claim.pk == happening.claim)
    words = _("%(publisher)s: %(value)s") % {"publisher": claim.source.publisher, "value": claim_words(claim)}
    return words, f"{reverse('figures')}#{claim.figure_id}"
