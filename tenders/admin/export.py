"""The staff's file of proposals: who took it, when and how much of it is logged."""

import logging
from datetime import date
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tenders import proposals_csv
from tenders.models import Proposal, TenderRound
from tenders.secrecy import proposals_for

log = logging.getLogger(__name__)


@require_safe
def export_view(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """All proposals, or those of `?round=CODE`, as import_proposals reads them."""
    if not request.user.has_perm("tenders.export_proposal"):
        raise PermissionDenied
    code = request.GET.get("round", "")
    if code and not TenderRound.objects.filter(code=code).exists():
        words = _("There is no round “%(code)s”. Give a round's code as the list of rounds shows it.") % {
            "code": code[:40]
        }
        return HttpResponse(f"{words}\n", status=400, content_type="text/plain; charset=utf-8")
    proposals = proposals_for(request.user, Proposal.objects.with_parts())
    proposals = proposals.order_by("round__code", "received_at", "reference")
    if code:
        proposals = proposals.filter(round__code=code)
    _record(request.user, code, proposals.count())
    response = StreamingHttpResponse(proposals_csv.lines(proposals), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(code, timezone.localdate())}"'
    response["Cache-Control"] = "no-store"
    return response


def file_name(code: str, day: date) -> str:
    """Letters that a header takes as they are: a code may have any."""
    return "-".join(filter(None, ["proposals", slugify(code), day.isoformat()])) + ".csv"


def _record(by: Any, code: str, rows: int) -> None:
    """Once where staff look, once where the machine's keepers do."""
    words = ngettext("Exported %(rows)d proposal.", "Exported %(rows)d proposals.", rows) % {"rows": rows}
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(Proposal),
        object_repr=f"export.csv {code}".strip(),
        action_flag=CHANGE,
        change_message=words,
    )
    log.info("proposals exported by %s: round %s, %d rows", by.get_username(), code or "all", rows)
