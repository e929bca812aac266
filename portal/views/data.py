"""What can be taken away: all files with their columns, the licence, and how to subscribe."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from portal import selections
from portal.asof import moment
from portal.exports.datapackage import FILES, LICENCE, package
from portal.files import file_response
from portal.sheets.titleblock import sheet


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    asked = moment(request)
    calendar = reverse("calendar-ics")
    context = {
        "sheet": sheet(request, _("Data"), asked, [(_("Data package"), "datapackage")], as_of_url=""),
        "files": [
            {"file": file, "url": reverse(f"{file.name}-csv"), "columns": _columns(file.fields)}
            for file in FILES.values()
        ],
        "licence": LICENCE,
        "last_change": selections.last_change(asked),
        "calendar_url": settings.SITE_URL + calendar,
        "changes_feed": settings.SITE_URL + reverse("changes-atom"),
        "calendar_feed": settings.SITE_URL + reverse("calendar-atom"),
        "webcal_url": f"webcal://{urlsplit(settings.SITE_URL).netloc}{calendar}",
    }
    return render(request, "portal/data.html", context)


def _columns(fields):
    words = {
        "string": _("text"),
        "number": pgettext("type of a column", "number"),
        "integer": _("whole number"),
        "date": _("day"),
        "datetime": _("time"),
        "boolean": _("true or false"),
    }
    return [
        {"name": name, "type": words[field.type], "meaning": field.meaning, "values": field.values}
        for name, field in fields.items()
    ]


@require_safe
def datapackage(request: HttpRequest) -> HttpResponseBase:
    body = package(
        lambda name: settings.SITE_URL + reverse(f"{name}-csv"), settings.SITE_URL + reverse("data")
    )
    return file_response(request, "datapackage.json", "application/json", [body], inline=True)
