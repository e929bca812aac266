"""Names the app to Django, and gives it the admin site that asks for a second factor."""

from importlib import import_module
from typing import Any

from django.apps import apps as installed
from django.contrib.admin import apps as stock
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from parks import guards
from staff import roles
from staff.guards import staff_guards


class StaffConfig(guards.GuardedConfig):
    default = True
    name = "staff"
    verbose_name = _("Access")

    def guards(self) -> list[guards.Guard]:
        return staff_guards()

    def ready(self) -> None:
        super().ready()
        import_module("staff.receivers")  # models are there only from here on
        post_migrate.connect(_give_roles, sender=self)


def _give_roles(using: str, apps: Any = installed, **_kwargs: Any) -> None:
    """Permissions come with a migrate, so roles do too."""
    roles.give(using=using, state=apps)


class StaffAdminConfig(stock.AdminConfig):
    """Stock admin with our site in place of its own."""

    default = False
    default_site = "staff.site.StaffSite"
