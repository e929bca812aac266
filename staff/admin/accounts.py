"""Accounts and roles: who looks after them gives roles to others, and to nobody more than a role."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from parks.admin.base import NOTHING, PlainLookups, ReadOnlyAdmin, admin_url
from parks.admin.editing import CarefulEdits
from staff import factors, views
from staff.models import Kind

# Keys and codes are nobody's to read, and the roles are a table in the code.
for model in (TOTPDevice, StaticDevice, User, Group):
    admin.site.unregister(model)

# What one may not change of oneself, so that nobody gives themselves a role or shuts themselves out.
OWN = ["is_active", "is_staff", "groups"]
ONLY_FOR_SUPERUSERS = {"is_superuser", "user_permissions"}


@admin.register(User)
class AccountAdmin(CarefulEdits, PlainLookups, UserAdmin):
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "groups", "is_superuser"]
    list_per_page = 50
    empty_value_display = NOTHING
    filter_horizontal = []
    change_form_template = add_form_template = "admin/tenders/change_form.html"
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description=gettext_lazy("second factor"))
    def second_factor(self, user: User) -> str:
        return _("set up") if factors.has_one(user) else _("to be set up at the next login")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        rights = ["is_active", "is_staff", "groups"]
        if request.user.is_superuser:
            rights += ["is_superuser", "user_permissions"]
        may = self.has_change_permission(request, obj)
        words = _("Disable an account that is not used any more: take “active” away. It is never deleted.")
        return [
            (None, {"fields": ["username", "password"] if may else ["username"]}),
            (_("Who it is"), {"fields": ["first_name", "last_name", "email"]}),
            (_("What it may"), {"fields": rights, "description": words}),
            (_("How it was used"), {"fields": ["second_factor", "last_login", "date_joined"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        shown = ["second_factor", "last_login", "date_joined"]
        own = obj is not None and obj.pk == request.user.pk and not request.user.is_superuser
        return shown + (OWN if own else [])

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's account is changed by superusers."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        user = self.get_object(request, object_id)
        if user is None or not self.has_change_permission(request, user):
            raise PermissionDenied
        messages.error(
            request,
            _("An account is never deleted: what it did stays in its name. Take “active” away instead."),
        )
        return redirect(admin_url(user))

    def get_urls(self) -> list[Any]:
        reset = self.admin_site.admin_view(self.reset_factor)
        return [
            path("<int:pk>/reset-second-factor/", reset, name="auth_user_reset_factor"),
            *super().get_urls(),
        ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles are few: boxes to tick, not a list to scroll."""
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        return forms.ModelMultipleChoiceField(
            Group.objects.order_by("pk"),
            label=_("Roles"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "What each may do is in docs/operations.md. A change logs the account out everywhere."
            ),
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Accounts"), **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        user = kwargs.get("obj")
        context["moves"] = []
        if user is not None and self.has_change_permission(request, user) and factors.has_one(user):
            url = reverse("admin:auth_user_reset_factor", args=[user.pk])
            context["moves"] = [{"verb": _("Reset second factor"), "url": url, "final": True}]
        return super().render_change_form(request, context, *args, **kwargs)

    def reset_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asked once, then the account sets up a new authenticator at its next login."""
        user = self.get_object(request, str(pk))
        if user is None or not self.has_change_permission(request, user):
            raise PermissionDenied
        if request.method == "POST":
            factors.reset(user)
            self._note(request, Kind.FACTOR_RESET, user)
            words = _("{} sets up a new second factor at the next login, and is logged out everywhere.")
            messages.success(request, format_html(words, user.get_username()))
            return redirect(admin_url(user))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reset second factor: %(account)s") % {"account": user.get_username()},
            "opts": self.opts,
            "account": user,
            "back": admin_url(user),
        }
        return TemplateResponse(request, "staff/reset_factor.html", context)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new account is one of staff: the public needs none."""
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        changed = [name for name in form.changed_data if not name.startswith("password")]
        roles = ", ".join(form.instance.groups.order_by("name").values_list("name", flat=True))
        if not change:
            self._note(request, Kind.ACCOUNT_ADDED, form.instance)
        elif changed:
            state = "active" if form.instance.is_active else "disabled"
            told = f"{', '.join(changed)}; now {state}, roles: {roles or 'none'}"
            self._note(request, Kind.ACCOUNT_CHANGED, form.instance, told)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Its sessions end; who set it stands in the log."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            user = self.get_object(request, id)
            if user is not None:
                self._note(request, Kind.PASSWORD_SET, user)
        return response

    def _note(self, request: HttpRequest, kind: Kind, user: User, told: str = "") -> None:
        detail = f"{user.get_username()}: {told}" if told else user.get_username()
        views.note(request, kind, by=request.user, detail=detail)


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin):
    """Roles as they are; what they may is decided in staff/roles.py."""

    list_display = ["name"]
    search_fields = ["name"]
    fields = ["name", "may"]
    readonly_fields = ["may"]

    @admin.display(description=gettext_lazy("may"))
    def may(self, group: Group) -> str:
        found = group.permissions.select_related("content_type").order_by(
            "content_type__app_label", "codename"
        )
        return ", ".join(f"{p.content_type.app_label}.{p.codename}" for p in found)
