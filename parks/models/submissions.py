"""Forms that were sent: by them the second press of a button is known for what it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Submission(models.Model):
    """A form that made something, written together with it. Kept for as long as its token is taken, no longer."""

    token = models.CharField(_("token"), max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_index=True)
    key = models.CharField(_("key of what it made"), max_length=40, blank=True)
    made = models.CharField(_("what it made"), max_length=500, blank=True)
    url = models.CharField(_("address of what it made"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("form that was sent")
        verbose_name_plural = _("forms that were sent")

    def __str__(self) -> str:
        return self.made
