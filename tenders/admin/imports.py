"""Proposals out of a file: first a dry run that says what would change, then the same file for good."""

import base64
import binascii
import io
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from parks.admin.submissions import ONCE, Made, new_token, once, saved_already, token_of
from parks.importing import ImportRefused, Report
from tenders.importing import proposals
from tenders.models import Proposal

# The tried file waits in the page itself, signed; a request may carry 2.5 MB outside of files.
LARGEST = 1_500_000
AN_HOUR = 60 * 60
SALT = "proposals-import"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV (UTF-8, commas) or XLSX, with the columns of the export. All or nothing."
        ),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than %(size)s KB. Use the command import_proposals for it."),
                params={"size": LARGEST // 1000},
            )
        return file


@require_http_methods(["GET", "POST"])
def import_view(request: HttpRequest) -> HttpResponse:
    """Ask for a file, try it and show what it would do; on “Import” do it."""
    if not request.user.has_perms(["tenders.add_proposal", "tenders.change_proposal"]):
        raise PermissionDenied
    if request.method == "POST" and "tried" in request.POST:
        return _import(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return _page(request, form=form)
    file: Any = form.cleaned_data["file"]
    data = file.read()
    found = _run(request, data, file.name, dry_run=True)
    if isinstance(found, ImportRefused):
        return _page(request, form=UploadForm(), refused=list(found.lines()), name=file.name)
    tried = signing.dumps(
        [request.user.pk, file.name, base64.b64encode(data).decode()], salt=SALT, compress=True
    )
    once_only = {ONCE: new_token(request.user)}
    return _page(request, report=list(found.lines()), tried=tried, name=file.name, hidden=once_only)


def _import(request: HttpRequest) -> HttpResponse:
    try:
        user, name, coded = signing.loads(request.POST["tried"], salt=SALT, max_age=AN_HOUR)
        data = base64.b64decode(coded)
    except (signing.BadSignature, ValueError, binascii.Error):
        user = None
    token = token_of(request)
    if user != request.user.pk or not token:
        messages.error(request, _("The file was tried too long ago, or by somebody else. Choose it again."))
        return redirect(request.path)
    answer, before = once(request, token, lambda: _import_once(request, data, name))
    return saved_already(request, before) if before is not None else answer


def _import_once(request: HttpRequest, data: bytes, name: str) -> tuple[HttpResponse, Made | None]:
    found = _run(request, data, name, dry_run=False)
    if isinstance(found, ImportRefused):
        return _page(request, form=UploadForm(), refused=list(found.lines()), name=name), None
    # The admin capitalises a message: the file's own name may not stand first.
    words = _("Imported %(file)s: %(result)s") % {"file": name, "result": found}
    messages.success(request, words)
    proposals_list = reverse("admin:tenders_proposal_changelist")
    return redirect(proposals_list), Made(words, proposals_list)


def _run(request: HttpRequest, data: bytes, name: str, *, dry_run: bool) -> Report | ImportRefused:
    by: Any = request.user
    try:
        return proposals.run(io.BytesIO(data), by=by, at=timezone.now(), dry_run=dry_run, file=name)
    except ImportRefused as refused:
        return refused


def _page(request: HttpRequest, **context: Any) -> TemplateResponse:
    shared = {**admin.site.each_context(request), "title": _("Import proposals"), "opts": Proposal._meta}
    return TemplateResponse(request, "admin/tenders/proposal/import.html", {**shared, **context})
