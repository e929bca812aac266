"""Edits that do not destroy: a form says what it was made of, and makes its thing once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import unquote
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parks.admin.conflicts import Conflict, find, saved_as
from parks.admin.rows import align, formsets_now, sent_rows
from parks.admin.submissions import ONCE, Made, new_token, once, saved_already, token_of
from parks.admin.versions import SEEN, Version, has_history, label, newest_lines, read, version_of
from parks.models import because

WHY = "_why"
LONGEST_WHY = 500
LIST_SALT = "list-seen"
MOST_NAMED = 10


class SeenActionForm(ActionForm):
    """Actions carry how far the list's history went when it was shown."""

    _seen = forms.CharField(required=False, label="", widget=forms.HiddenInput)


_ModelAdmin: Any = admin.ModelAdmin  # untyped, as the admin classes of this project are


class CarefulEdits(_ModelAdmin):
    """For every model that staff edit. What it needs of a model is nothing; with a history it can tell more."""

    action_form = SeenActionForm

    # Changing -------------------------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if "_saveasnew" in request.POST and not self.save_as:
            messages.error(request, _("An entry is not made out of another one. Nothing was saved."))
            return redirect(request.path)
        if request.method != "POST":
            return self._form(request, object_id, form_url, extra_context or {})
        try:
            return self._form(request, object_id, form_url, extra_context or {})
        except IntegrityError as error:
            # What validation could not see: somebody was faster, or a guard stands. Once more, without saving.
            request.held = True  # type: ignore[attr-defined]  # read by get_form
            words = _("The database refuses this: %(error)s. Nothing is saved; what you typed is below.")
            messages.error(request, words % {"error": error})
            return self._form(request, object_id, form_url, extra_context or {})

    def _form(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra: dict[str, Any]
    ) -> HttpResponse:
        if object_id is None:
            return self._add(request, form_url, extra)
        if request.method == "POST":
            with transaction.atomic(), because(self.why(request) or _("Changed by form")):
                return self._change(request, object_id, form_url, extra)
        return self._change(request, object_id, form_url, extra)

    def _change(
        self, request: HttpRequest, object_id: str, form_url: str, extra: dict[str, Any]
    ) -> HttpResponse:
        """The version is read before the values are: what comes between is told as a conflict, never missed."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_change_permission(request, row):
            return super().changeform_view(request, object_id, form_url, extra)
        sent = request.method == "POST"
        now = version_of(self, request, row, locked=sent)
        if sent:
            request.conflict = self._conflict(request, row, now)  # type: ignore[attr-defined]  # read by get_form
        context = {
            "seen_name": SEEN,
            "seen": now.sealed(),
            "conflict": getattr(request, "conflict", None),
            "asks_why": has_history(self.model),
            "why_name": WHY,
            "why": self.why(request),
            "longest_why": LONGEST_WHY,
        }
        return super().changeform_view(request, object_id, form_url, extra | context)

    def _conflict(self, request: HttpRequest, row: models.Model, now: Version) -> Conflict | None:
        seen = read(request.POST.get(SEEN, ""), row)
        if seen is None or seen != now:
            return find(self, request, row, seen, align)
        kept = self._rows_kept(request, row)
        return Conflict(kept=tuple(kept)) if kept else None

    def _rows_kept(self, request: HttpRequest, row: models.Model) -> list[str]:
        """Why rows beside it that the form would delete are kept, in words."""
        words = []
        for formset, _inline in formsets_now(self, request, row):
            sent, initial = sent_rows(request.POST, formset.prefix)
            keys = {row.get("id", [""])[0] for row in sent[:initial] if "DELETE" in row}
            words += [
                why_kept_of(form.instance) for form in formset.initial_forms if str(form.instance.pk) in keys
            ]
        return [one for one in words if one]

    def why(self, request: HttpRequest) -> str:
        """The reason that the person gives for the change, for the history."""
        return str(request.POST.get(WHY, "")).strip()[:LONGEST_WHY]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        held = getattr(request, "conflict", None) is not None or getattr(request, "held", False)
        return type(f"Held{form.__name__}", (HeldForm, form), {}) if held else form

    # Adding ---------------------------------------------------------------------------------------------------

    def _add(self, request: HttpRequest, form_url: str, extra: dict[str, Any]) -> HttpResponse:
        token = token_of(request) if request.method == "POST" else ""
        tokenless = request.method == "POST" and not token
        request.made = None  # type: ignore[attr-defined]  # what log_addition says
        if tokenless:
            request.held = True  # type: ignore[attr-defined]  # read by get_form
        context = {"once_name": ONCE, "once": token or new_token(request.user), "tokenless": tokenless}
        show = super().changeform_view
        if not token:
            return show(request, None, form_url, extra | context)

        def make() -> tuple[HttpResponse, Made | None]:
            with because(_("Added by form")):
                return show(request, None, form_url, extra | context), request.made  # type: ignore[attr-defined]  # set above

        answer, before = once(request, token, make)
        return self._made_before(request, before) if before is not None else answer

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Called for what a form has added, in the same transaction: the moment at which it is known."""
        request.made = Made(str(obj), self.page_of(obj), str(obj.pk))  # type: ignore[attr-defined]  # read by _add
        return super().log_addition(request, obj, message)

    def _made_before(self, request: HttpRequest, sent: Any) -> HttpResponse:
        row = self.model._default_manager.filter(pk=sent.key).first()
        if "_popup" in request.POST and row is not None:
            return self.response_add(request, row)
        return saved_already(request, sent)

    def page_of(self, row: models.Model) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    # Deleting -------------------------------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method != "POST":
            return self._delete(request, object_id, extra_context or {})
        try:
            with transaction.atomic(), because(self.why(request) or _("Deleted by form")):
                return self._delete(request, object_id, extra_context or {})
        except IntegrityError as error:
            messages.error(request, _("The database refuses this: %(error)s") % {"error": error})
            return redirect(request.path)

    def _delete(self, request: HttpRequest, object_id: str, extra: dict[str, Any]) -> HttpResponse:
        """What was changed since it was looked at is looked at again before it goes."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_delete_permission(request, row):
            return super().delete_view(request, object_id, extra)
        now = version_of(self, request, row, locked=request.method == "POST")
        if request.method == "POST" and read(request.POST.get(SEEN, ""), row) != now:
            words = _("“%(row)s” is not as it was when you were asked, or the form is too old. Look again.")
            messages.error(request, words % {"row": row})
            return redirect(request.path)
        seen = {"seen_name": SEEN, "seen": now.sealed(), "why_name": WHY, "longest_why": LONGEST_WHY}
        return super().delete_view(request, object_id, extra | seen)

    # Actions --------------------------------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """How far the history went is read before the list is: what comes between counts as not seen."""
        seen = self.list_seen() if self.get_actions(request) else ""
        answer: Any = super().changelist_view(request, extra_context)
        form = (getattr(answer, "context_data", None) or {}).get("action_form")
        if form is not None:
            form.fields[SEEN].initial = seen
        return answer

    def list_seen(self) -> str:
        if not has_history(self.model):
            return ""
        lines: Any = self.model.history.model
        newest = lines.objects.aggregate(newest=Max("history_id"))["newest"] or 0
        return signing.dumps([label(self.model), newest], salt=LIST_SALT)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        return {name: (_careful(action), name, words) for name, (action, name, words) in actions.items()}


class HeldForm:
    """A form that is not saved this time, whatever is in it."""

    def is_valid(self) -> bool:
        """Checked all the same: what is wrong in it is said beside what stands against it."""
        super().is_valid()  # type: ignore[misc]  # of the form that it stands before
        return False


def why_kept_of(row: models.Model) -> str:
    """As the row's own page says it."""
    own: Any = admin.site._registry.get(type(row))
    return str(own.why_kept(row)) if hasattr(own, "why_kept") else ""


def _careful(action: Callable[..., Any]) -> Callable[..., Any]:
    """The action, on the rows that are as they were in the list; the others are named and left alone."""

    @wraps(action)  # with what else it says of itself: who may use it
    def careful(modeladmin: CarefulEdits, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        if not has_history(modeladmin.model):
            return action(modeladmin, request, queryset)
        newest = _newest_seen(modeladmin, request)
        if newest is None:
            messages.error(
                request, _("This list does not say what you saw of it. Nothing was done: choose again.")
            )
            return None
        with transaction.atomic():
            return _act(modeladmin, request, queryset, action, newest)

    return careful


def _newest_seen(modeladmin: CarefulEdits, request: HttpRequest) -> int | None:
    try:
        of, newest = signing.loads(request.POST.get(SEEN, ""), salt=LIST_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(newest) if of == label(modeladmin.model) else None


def _act(
    modeladmin: CarefulEdits, request: HttpRequest, queryset: Any, action: Callable[..., Any], newest: int
) -> Any:
    keys = list(queryset.values_list("pk", flat=True))
    locked = modeladmin.model._default_manager.select_for_update(of=("self",)).filter(pk__in=keys)
    rows = {row.pk: row for row in locked.order_by("pk")}
    lines = newest_lines(modeladmin.model, rows)
    changed = [key for key, line in lines.items() if line > newest]
    for key in changed[:MOST_NAMED]:
        messages.error(request, _changed_words(modeladmin.model, rows[key], lines[key]))
    if len(changed) > MOST_NAMED:
        more = len(changed) - MOST_NAMED
        messages.error(
            request, ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more}
        )
    left = queryset.exclude(pk__in=changed) if changed else queryset
    return action(modeladmin, request, left) if len(changed) < len(keys) else None


def _changed_words(model: Any, row: models.Model, line: int) -> str:
    saved = saved_as(model.history.select_related("history_user").get(history_id=line))
    words = _(
        "“%(row)s” was left as it is: %(who)s saved it at %(at)s, after this list was shown. Look again."
    )
    return words % {"row": row, "who": saved.by or _("the system"), "at": saved.at}
