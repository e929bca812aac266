"""A round's public page as the public would see it at the end of a day, under a banner, for staff alone.

It is the public page: the same view asks the same questions, with a request of a reader who has not logged in. So it
shows staff no more than that, and cannot differ from what it promises.
"""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.asof import BadParameter, Moment, end_of
from portal.context import LABELS, OWN_NAMES, TAGS
from portal.sheets.round_days import changing_days
from portal.views.rounds import round_context
from portal.words.speech import day_words
from tenders import lifecycle
from tenders.models import TenderRound
from tenders.statuses import Decision

VIEW_ROUND, VIEW_PROPOSAL = "tenders.view_tenderround", "tenders.view_proposal"
AS_IF_PUBLISHED = "published"


@require_safe
@cache_control(no_store=True)
def round_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes `day`, `language`, and for a draft `as_if=published`."""
    now = timezone.now()
    if not request.user.has_perm(VIEW_ROUND):
        raise PermissionDenied
    round = get_object_or_404(TenderRound, pk=pk)
    asked, language = end_of(_day(request), now), _language(request)
    if asked.day > timezone.localdate(now) and not request.user.has_perm(VIEW_PROPOSAL):
        raise PermissionDenied(_("Days to come are shown to those who may read proposals."))
    as_if = request.GET.get("as_if") == AS_IF_PUBLISHED and round.decision == Decision.DRAFT
    preview = _Preview(request, round, asked, language, now)
    return preview.as_if_published() if as_if else preview.answer()


def _day(request: HttpRequest) -> str:
    """The page's own form for another day sends `as_of`, to this address."""
    return (request.GET.get("day") or request.GET.get("as_of", "")).strip()


def _language(request: HttpRequest) -> str:
    language = request.GET.get("language", "").strip() or get_language() or settings.LANGUAGE_CODE
    if language not in LABELS:
        raise BadParameter(_("language must be one of %(names)s.") % {"names": ", ".join(LABELS)})
    return language


class _Preview:
    """One question of staff, and the answer to it."""

    def __init__(
        self, request: HttpRequest, round: TenderRound, asked: Moment, language: str, now: datetime
    ) -> None:
        self.request, self.round, self.asked, self.language, self.now = request, round, asked, language, now
        self.is_draft = round.decision == Decision.DRAFT

    def as_if_published(self) -> HttpResponse:
        """The draft is published, shown, and all of it taken back: the same checks speak, the same page answers."""
        refusal = ""
        with transaction.atomic():
            try:
                lifecycle.publish(self.round, by=self.request.user, at=self.now)  # type: ignore[arg-type]  # logged in
            except lifecycle.MoveRefused as refused:
                refusal = str(refused)
            answer = self.answer(as_if=True, refusal=refusal)
            transaction.set_rollback(True)
        return answer

    def answer(self, *, as_if: bool = False, refusal: str = "") -> HttpResponse:
        context: dict[str, Any] = {"canonical": "", "languages": self._languages(as_if)}
        with translation.override(self.language):
            public = self._public_request()
            found = None if refusal else round_context(public, self.round.code, self.asked)
        context["banner"] = self._banner(as_if, refusal, is_nothing=found is None)
        page = "portal/round_preview.html" if found else "portal/round_preview_nothing.html"
        with translation.override(self.language):
            return HttpResponse(render_to_string(page, (found or {}) | context, request=public))

    def _public_request(self) -> HttpRequest:
        """A reader's request for the page: nobody is logged in, and the query string is the one that a reader sends."""
        public = HttpRequest()
        public.method = "GET"
        public.path = public.path_info = reverse("round", args=[self.round.code])
        query = "" if self.asked.is_now else urlencode({"as_of": self.asked.day.isoformat()})
        public.META = {"QUERY_STRING": query}
        public.GET = QueryDict(query)
        return public

    def _banner(self, as_if: bool, refusal: str, *, is_nothing: bool) -> str:
        today = timezone.localdate(self.now)
        context = {
            "round": self.round,
            "day": self.asked.day,
            "day_text": day_words(self.asked.day),
            "language": self.language,
            "language_tag": TAGS.get(get_language() or "en", "en"),
            "languages": self._languages(as_if),
            "is_to_come": self.asked.day > today,
            "is_draft": self.is_draft,
            "is_nothing": is_nothing,
            "as_if": as_if,
            "refusal": refusal,
            "as_if_url": self._url(self.asked.day, self.language, as_if=True),
            "days": self._days(today, as_if),
        }
        return render_to_string("portal/_preview_banner.html", context)

    def _days(self, today: date, as_if: bool) -> list[dict[str, object]]:
        days = [(found.day, found.what) for found in changing_days(self.round, self.now)]
        if today not in {day for day, _what in days}:
            days.append((today, _("today")))
        return [
            {
                "text": day_words(day),
                "what": what,
                "url": self._url(day, self.language, as_if=as_if),
                "is_shown": day == self.asked.day,
            }
            for day, what in sorted(days)
        ]

    def _languages(self, as_if: bool) -> list[dict[str, object]]:
        """The preview in each language, where the public page has its other languages."""
        return [
            {
                "code": code,
                "label": LABELS[code],
                "own_name": OWN_NAMES[code],
                "hreflang": TAGS[code],
                "path": self._url(self.asked.day, code, as_if=as_if),
                "current": code == self.language,
            }
            for code in LABELS
        ]

    def _url(self, day: date, language: str, *, as_if: bool) -> str:
        query = {"day": day.isoformat(), "language": language}
        more = {"as_if": AS_IF_PUBLISHED} if as_if else {}
        return f"{self.request.path}?{urlencode(query | more)}"
