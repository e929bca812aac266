"""The first page of staff: stock admin's index with what needs doing now above it."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tenders.admin.todo import FACTS, ROUNDS, todo


def index(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    found = todo(request.user, at)
    context = {
        "todo": found,
        "now": at,
        "round_items": found.section(ROUNDS),
        "fact_items": found.section(FACTS),
    }
    return admin.site.index(request, context)
