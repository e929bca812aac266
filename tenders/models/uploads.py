"""Files that wait in the admin between their try and their import."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def new_key() -> str:
    """256 bits that nobody guesses, as 43 letters that may stand in a form."""
    return secrets.token_urlsafe(32)


class Upload(models.Model):
    """A file as it was tried, and who tried it. Its bytes are let go when it is imported, or after an hour."""

    key = models.CharField(_("key"), max_length=43, unique=True, default=new_key, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by"))
    name = models.CharField(_("name"), max_length=300)
    content = models.BinaryField(_("content"))
    foreseen = models.CharField(_("what the try found"), max_length=64)
    tried_at = models.DateTimeField(_("tried at"))
    begun_at = models.DateTimeField(_("import begun at"), null=True)
    done_at = models.DateTimeField(_("imported at"), null=True)
    result = models.TextField(_("result"), blank=True)

    class Meta:
        verbose_name = _("file to import")
        verbose_name_plural = _("files to import")
        default_permissions = ()  # nobody sees or edits these: the import page alone uses them
        ordering = ["-tried_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(begun_at__isnull=False, done_at__gte=F("begun_at")),
                name="upload_is_imported_after_it_was_begun",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(content=b""), name="imported_upload_holds_no_bytes"
            ),
        ]

    def __str__(self) -> str:
        return self.name
