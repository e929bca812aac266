"""Moves as staff make them: a button where the table allows it, a page that asks, lifecycle that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parks.admin.base import admin_url
from parks.admin.conflicts import Conflict, since
from parks.admin.submissions import ONCE, Made, new_token, once, saved_already, token_of
from parks.admin.versions import SEEN, read, version_of
from tenders.lifecycle import MoveRefused

MOST_REFUSALS_SHOWN = 10


class MoveForm(forms.Form):
    """What a move asks for: nothing, unless a form of its own says more."""

    def __init__(self, *args: Any, subject: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.at = subject, at


class ReasonForm(MoveForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class OptionalReasonForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


@dataclass(frozen=True)
class Move:
    """One verb of lifecycle on a staff page.

    allowed(subject, user, at): whether to offer it. do(subject, cleaned, by, at): does it, and says so.
    """

    name: str
    verb: Any
    explains: Any
    permission: str
    allowed: Callable[[Any, Any, datetime], bool]
    do: Callable[[Any, dict[str, Any], Any, datetime], str]
    form: type[MoveForm] = MoveForm
    final: bool = False


class MovesMixin(admin.ModelAdmin):
    """Adds a page a move, and the buttons that lead there."""

    moves: ClassVar[list[Move]] = []

    def get_urls(self) -> list[Any]:
        opts = self.opts
        pages = [
            path(
                f"<int:pk>/{move.name}/",
                self.admin_site.admin_view(partial(self.move_view, move=move)),
                name=f"{opts.app_label}_{opts.model_name}_{move.name}",
            )
            for move in self.moves
        ]
        return pages + super().get_urls()

    def move_view(self, request: HttpRequest, pk: int, move: Move) -> HttpResponse:
        if not request.user.has_perm(move.permission):
            raise PermissionDenied
        if request.method == "POST":
            return self._sent(request, pk, move)
        subject = get_object_or_404(self.get_queryset(request), pk=pk)
        at = timezone.now()
        if not move.allowed(subject, request.user, at):
            words = _("“%(verb)s” is not possible for %(subject)s now.")
            messages.error(request, words % {"verb": move.verb, "subject": subject})
            return redirect(admin_url(subject))
        return self._ask_of(request, move, move.form(subject=subject, at=at), subject)

    def _sent(self, request: HttpRequest, pk: int, move: Move) -> HttpResponse:
        """The move is made once, and on what the person saw: else what changed is shown before it is."""
        answer, before = once(
            request, token_of(request) or new_token(request.user), lambda: self._make(request, pk, move)
        )
        return saved_already(request, before) if before is not None else answer

    def _make(self, request: HttpRequest, pk: int, move: Move) -> tuple[HttpResponse, Made | None]:
        self.model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
        subject = get_object_or_404(self.get_queryset(request), pk=pk)
        at = timezone.now()
        form = move.form(request.POST, subject=subject, at=at)
        seen = read(request.POST.get(SEEN, ""), subject) if token_of(request) else None
        conflict = since(self, request, subject, seen)
        words = self._done(request, subject, move, form, at) if conflict is None and form.is_valid() else ""
        if words:
            return redirect(admin_url(subject)), Made(words, admin_url(subject), str(pk))
        return self._ask_of(request, move, form, subject, conflict), None

    def _done(self, request: HttpRequest, subject: Any, move: Move, form: MoveForm, at: datetime) -> str:
        """What was done, in words; empty if it is refused."""
        try:
            words = move.do(subject, form.cleaned_data, request.user, at)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
            return ""
        self.log_change(request, subject, words)
        messages.success(request, words)
        return words

    def _ask_of(
        self,
        request: HttpRequest,
        move: Move,
        form: MoveForm,
        subject: Any,
        conflict: Conflict | None = None,
    ) -> TemplateResponse:
        hidden = {SEEN: version_of(self, request, subject).sealed(), ONCE: new_token(request.user)}
        extra = {"original": subject, "back": admin_url(subject), "hidden": hidden, "conflict": conflict}
        return self._ask(request, move, form, subject, extra)

    def _ask(
        self, request: HttpRequest, move: Move, form: MoveForm, subject: Any, extra: dict[str, Any]
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"{move.verb}: {subject}",
            "opts": self.opts,
            "move": move,
            "form": form,
            "media": self.media + form.media,
            **extra,
        }
        return TemplateResponse(request, "admin/tenders/move.html", context)

    def get_actions(self, request: HttpRequest) -> Any:
        """Without the moves that this user may not make."""
        offered: Any = super().get_actions(request)
        return {
            name: action
            for name, action in offered.items()
            if not hasattr(action[0], "needs") or request.user.has_perm(action[0].needs)
        }

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        subject = kwargs.get("obj")
        context["moves"] = self.moves_now(request, subject) if subject is not None else []
        return super().render_change_form(request, context, *args, **kwargs)

    def moves_now(self, request: HttpRequest, subject: Any) -> list[dict[str, Any]]:
        """The buttons: what the table allows now and this user may do."""
        at = timezone.now()
        return [
            {"verb": move.verb, "url": self.move_url(subject, move.name), "final": move.final}
            for move in self.moves
            if request.user.has_perm(move.permission) and move.allowed(subject, request.user, at)
        ]

    def move_url(self, subject: Any, name: str) -> str:
        opts = self.opts
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[subject.pk])


def move_action(move: Move, description: Any) -> Callable[..., HttpResponse | None]:
    """The same move for several rows: asked once, done one by one, each refusal told in its own words."""

    def action(modeladmin: MovesMixin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        if not request.user.has_perm(move.permission):
            raise PermissionDenied
        at = timezone.now()
        asked = "confirmed" in request.POST
        form = move.form(request.POST if asked else None, subject=None, at=at)
        if form.is_valid():
            _do_each(modeladmin, request, queryset, move, form, at)
            return None
        extra = {
            "action": f"{move.name}_selected",
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "subjects": queryset,
            "hidden": {SEEN: request.POST.get(SEEN, "")},
            "back": request.get_full_path(),
        }
        count = ngettext("%(count)d row", "%(count)d rows", queryset.count()) % {"count": queryset.count()}
        return modeladmin._ask(request, move, form, count, extra)

    action.__name__ = f"{move.name}_selected"
    action.needs = move.permission  # type: ignore[attr-defined]
    return admin.action(description=description)(action)


def _do_each(
    modeladmin: MovesMixin,
    request: HttpRequest,
    queryset: QuerySet[Any],
    move: Move,
    form: MoveForm,
    at: datetime,
) -> None:
    done, refused = 0, []
    for subject in queryset:
        try:
            words = move.do(subject, form.cleaned_data, request.user, at)
        except MoveRefused as refusal:
            refused.append(str(refusal))
            continue
        modeladmin.log_change(request, subject, words)
        done += 1
    if done:
        messages.success(
            request, ngettext("Done for %(count)d row.", "Done for %(count)d rows.", done) % {"count": done}
        )
    for words in refused[:MOST_REFUSALS_SHOWN]:
        messages.error(request, words)
    if len(refused) > MOST_REFUSALS_SHOWN:
        more = len(refused) - MOST_REFUSALS_SHOWN
        messages.error(
            request, ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more}
        )
