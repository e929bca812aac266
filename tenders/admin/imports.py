"""Proposals out of a file: first a dry run that says what would change, then the same file for good."""

import io
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from parks.importing import ImportRefused
from tenders.importing import proposals, uploads
from tenders.models import Proposal

MEGABYTE = 1_000_000
LARGEST = 20 * MEGABYTE  # about 150,000 proposals; more than that is not for a page to wait for


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV (UTF-8, commas) or XLSX, with the columns of the export, 20 MB at most. All or nothing. "
            "A large file takes a moment: up to a minute for 50,000 proposals."
        ),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                _(
                    "The file is larger than %(size)s MB. Part it, or use the command import_proposals for it."
                ),
                params={"size": LARGEST // MEGABYTE},
            )
        return file


@require_http_methods(["GET", "POST"])
def import_view(request: HttpRequest) -> HttpResponse:
    """Ask for a file, try it and show what it would do; on “Import” do it."""
    if not request.user.has_perms(["tenders.add_proposal", "tenders.change_proposal"]):
        raise PermissionDenied
    try:
        return _import(request) if request.method == "POST" and "key" in request.POST else _try(request)
    except OperationalError:
        messages.error(request, _("Nothing was written: the database is busy. Try again in a minute."))
        return _page(request, form=UploadForm())


def _try(request: HttpRequest) -> HttpResponse:
    by: Any = request.user
    form = UploadForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return _page(request, form=form)
    file: Any = form.cleaned_data["file"]
    content, at = file.read(), timezone.now()
    try:
        found = proposals.run(io.BytesIO(content), by=by, at=at, dry_run=True, file=file.name)
    except ImportRefused as refused:
        return _page(request, form=UploadForm(), refused=list(refused.lines()), name=file.name)
    upload = uploads.keep(by=by, at=at, name=file.name, content=content, found=found)
    return _page(request, report=list(found.lines()), key=upload.key, name=upload.name)


def _import(request: HttpRequest) -> HttpResponse:
    by: Any = request.user
    try:
        upload, done = uploads.import_kept(key=request.POST["key"], by=by, at=timezone.now())
    except uploads.UploadRefused as refused:
        return _refused(request, refused)
    except ImportRefused as refused:
        words = _("When it was tried the file could be taken. The data has changed since.")
        return _page(request, form=UploadForm(), refused=[words, *refused.lines()], name=_("The file"))
    if done.fingerprint != upload.foreseen:
        return _page(request, done=list(done.lines()), name=upload.name)
    # The admin capitalises a message: the file's own name may not stand first.
    messages.success(request, _("Imported %(file)s: %(result)s") % {"file": upload.name, "result": done})
    return redirect(reverse("admin:tenders_proposal_changelist"))


def _refused(request: HttpRequest, refused: uploads.UploadRefused) -> HttpResponse:
    """What was done already stands in the list; anything else begins anew."""
    if isinstance(refused, uploads.ImportedAlready):
        messages.info(request, _("For your second click: %(words)s") % {"words": refused})
        return redirect(reverse("admin:tenders_proposal_changelist"))
    messages.error(request, str(refused))
    return redirect(request.path)


def _page(request: HttpRequest, **context: Any) -> TemplateResponse:
    shared = {**admin.site.each_context(request), "title": _("Import proposals"), "opts": Proposal._meta}
    return TemplateResponse(request, "admin/tenders/proposal/import.html", {**shared, **context})
