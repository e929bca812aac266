"""What Django tells of accounts as they are saved, from whichever page, command or shell: their sessions end."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models.signals import m2m_changed, post_save
from django.dispatch import receiver

from staff import sessions

CHANGED = {"post_add", "post_remove", "pre_clear"}


@receiver(post_save, sender=User)
def account_saved(instance: User, created: bool, raw: bool, **_kwargs: Any) -> None:
    if not created and not raw:
        sessions.end_if_changed(instance)


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def roles_changed(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_kwargs: Any) -> None:
    """From the account's side (`reverse` is false) or from the group's."""
    if action not in CHANGED or (pk_set is not None and not pk_set):
        return
    if not reverse:
        users = [instance]
    elif pk_set is not None:
        users = list(User.objects.filter(pk__in=pk_set))
    else:
        users = list(instance.user_set.all())
    for user in users:
        sessions.end_all(user)
