"""Where figures, records and counts differ, for staff: what `manage.py reconcile` says, with a link to each claim."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parks.admin.base import admin_url
from parks.models import Park
from portal.asof import BadParameter, Moment, moment
from portal.words.differences import TODO, WHYS, claim_words, side_words, sum_words
from portal.words.indicators import indicator_name
from portal.words.numbers import proof_url
from tenders.ledger import Claim, Statement
from tenders.reconciling import Difference, Side, reconcile
from tenders.secrecy import SEE_PROPOSALS

VIEW_FIGURE = "tenders.view_figure"


@dataclass(frozen=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True)
class Row:
    """One difference: `says` are the claims of each side, `records` what the number speaks of."""

    figure_id: str
    name: str
    proof_url: str
    is_sample: bool
    records: list[Link]
    leads: str
    leads_say: list[Link]
    against: str
    against_say: list[Link]
    why: str
    todo: str


@require_safe
def reconcile_page(request: HttpRequest) -> HttpResponse:
    """Takes `park` and `as_of`."""
    if not request.user.has_perm(VIEW_FIGURE):
        raise PermissionDenied
    asked, parks = moment(request), list(Park.objects.public().order_by("order", "slug"))
    park = _park(request, parks)
    found = reconcile(asked.at, park=park or None)
    if not request.user.has_perm(SEE_PROPOSALS):
        found = found.without_proposals()
    context = {
        **admin.site.each_context(request),
        "title": _("Reconcile"),
        "rows": [
            _row(difference, asked, request.user, is_sample=found.is_sample(difference.subject))
            for difference in found.differences
        ],
        "sum": sum_words(found),
        "parks": parks,
        "park": park,
        "asked": asked,
    }
    return render(request, "admin/reconcile.html", context)


def _park(request: HttpRequest, parks: Iterable[Park]) -> str:
    slug = request.GET.get("park", "").strip()
    if slug and slug not in {park.slug for park in parks}:
        raise BadParameter(_("park: there is no public park of this name. Choose one of the list."))
    return slug


def _row(found: Difference, asked: Moment, user: Any, *, is_sample: bool) -> Row:
    own = found.subject.row
    return Row(
        figure_id=found.figure_id,
        name=indicator_name(found.indicator),
        proof_url=proof_url(found.figure_id, asked),
        is_sample=is_sample,
        records=list(_to([own, *_others(found)], user)),
        leads=side_words(found.leads, found.subject),
        leads_say=list(_says(found.leads, user)),
        against=side_words(found.against, found.subject),
        against_say=list(_says(found.against, user)),
        why=str(WHYS[found.why]),
        todo=str(TODO[found.why]),
    )


def _others(found: Difference) -> Iterator[Model | None]:
    """What else has a share in it: other rounds, releases, phases."""
    summed = [
        part.subject for claim in found.leads.said if isinstance(claim, Statement) for part in claim.parts
    ]
    for subject in [*summed, *(term.subject for term in found.against.terms)]:
        if subject != found.subject:
            yield subject.row


def _to(rows: Iterable[Model | None], user: Any) -> Iterator[Link]:
    """Of rows that have a page this user may open, each once."""
    for row in dict.fromkeys(rows):
        if row is not None and _may_view(user, row):
            yield Link(str(row), admin_url(row))


def _may_view(user: Any, row: Model) -> bool:
    return bool(user.has_perm(f"{row._meta.app_label}.view_{row._meta.model_name}"))


def _says(side: Side, user: Any) -> Iterator[Link]:
    """Every claim of a side, by the page on which it stands."""
    claims: list[Claim] = [*side.said, *(claim for term in side.terms for claim in term.said)]
    for claim in claims:
        row = claim.said_in if isinstance(claim, Statement) else claim
        if isinstance(row, Model) and _may_view(user, row):
            value = f"{claim.value.normalize():f}"
            yield Link(f"{value}: {claim_words(claim)}", admin_url(row))
