"""The security log, and the stamp by which an account's sessions end."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Account(models.Model):
    """What an account has beside Django's own: a stamp that every session of it carries.

    A new stamp ends them all. `state` is what the account was when it got its stamp, so that any other save of the
    account (its last login, its name) leaves it alone.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="account"
    )
    stamp = models.CharField(max_length=32)
    state = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.user)


class Kind(models.TextChoices):
    """What can happen at the door."""

    LOGGED_IN = "logged_in", _("logged in")
    PASSWORD_ACCEPTED = "password_accepted", _("password accepted, second step to come")
    LOGIN_FAILED = "login_failed", _("login failed")
    LOCKED_OUT = "locked_out", _("locked out")
    CODE_FAILED = "code_failed", _("code refused")
    FACTOR_ENROLLED = "factor_enrolled", _("second factor set up")
    FACTOR_RESET = "factor_reset", _("second factor reset")
    LOGGED_OUT = "logged_out", _("logged out")
    REFUSED = "refused", _("page refused")
    ACCOUNT_ADDED = "account_added", _("account added")
    ACCOUNT_CHANGED = "account_changed", _("account changed")
    PASSWORD_SET = "password_set", _("password set")
    EXPORTED = "exported", _("proposals exported")
    DECIDED = "decided", _("move made")


class SecurityEvent(models.Model):
    """A line of the security log. The database refuses to change or delete one."""

    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    username = models.CharField(
        _("username"), max_length=150, blank=True, help_text=_("As it was typed, where nobody was logged in.")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,  # accounts are never deleted, and a line of the log is never changed
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("account"),
    )
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("entry of the security log")
        verbose_name_plural = _("security log entries")
        ordering = ["-at", "-id"]
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["kind", "at"], name="security_event_kind_at"),
            models.Index(fields=["at"], name="security_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.username}"
