"""The admin site: stock admin behind two steps of login."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import path

from staff import sessions, views


class StaffSite(AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        """Whether any page but the steps of the login answers: an active member of staff after both steps."""
        return super().has_permission(request) and sessions.is_verified(request.session)

    def get_urls(self) -> list[Any]:
        """The steps answer before has_permission holds, so they come first and stand by themselves."""
        return [
            path("login/", views.login, name="login"),
            path("login/code/", views.verify, name="verify"),
            path("login/set-up/", views.enrol, name="enrol"),
            path("logout/", views.logout, name="logout"),
            # "View on site" tells by its words whether a row is there, to anybody who may log in. No page uses it.
            *[page for page in super().get_urls() if getattr(page, "name", None) != "view_on_site"],
        ]

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """A new password ends every session of the account but the one it was given in."""
        response = super().password_change(request, extra_context)
        if response.status_code == 302:
            user: Any = request.user
            sessions.restamp(request.session, user)
            views.note(request, views.Kind.PASSWORD_SET, by=user, detail=user.get_username())
        return response
