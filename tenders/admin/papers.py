"""Pages that staff print and sign: the acknowledgement of a proposal, the record of an opening."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from parks.admin.base import admin_url
from tenders.models import Opening


def receipt_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The acknowledgement of one proposal. Nothing on it depends on any other."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    proposal: Any = get_object_or_404(model_admin.get_queryset(request), pk=pk)
    first = proposal.history.select_related("history_user").order_by("history_date", "history_id").first()
    context = {
        "title": _("Acknowledgement %(reference)s") % {"reference": proposal.reference},
        "proposal": proposal,
        "round": proposal.round,
        "registered_by": first.history_user if first else None,
        "registered_at": first.history_date if first else proposal.created_at,
        "original": proposal,
    }
    return _paper(model_admin, request, "admin/tenders/proposal/receipt.html", context)


def record_view(model_admin: admin.ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """What two officers found in the box. There is none before both have opened it."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    opened = Opening.objects.filter(opened_at__isnull=False)
    found = opened.select_related("round", "first_officer", "second_officer")
    opening = get_object_or_404(found, pk=pk)
    context = {
        "title": _("Opening of %(round)s") % {"round": opening.round.code},
        "opening": opening,
        "round": opening.round,
        "original": opening,
    }
    return _paper(model_admin, request, "admin/tenders/opening/record.html", context)


def _paper(
    model_admin: admin.ModelAdmin, request: HttpRequest, template: str, context: dict[str, Any]
) -> HttpResponse:
    shared = {"opts": model_admin.opts, "back": admin_url(context["original"])}
    return TemplateResponse(
        request, template, {**model_admin.admin_site.each_context(request), **shared, **context}
    )
