"""Whatever an auditor posts to whatever page of staff, nothing is changed by it."""

import pytest
from django.apps import apps

from staff import roles
from tests.staff import doors

pytestmark = pytest.mark.django_db

# A refusal is a line of the log, and one's own password and session are one's own.
OWN = {"staff.securityevent", "sessions.session", "staff.account", "otp_totp.totpdevice"}
FIELDS = {
    "post": "yes", "reason": "Because", "_save": "Save", "action": "publish", "_selected_action": "1", "confirmed": "yes",
    "code": "NEW-1", "name_en": "New", "title_en": "New", "username": "new", "password1": "tall-trees-9", "_saveasnew": "1",
}  # fmt: skip


def everything():
    """Every row of the database, by model."""
    models = [m for m in apps.get_models() if m._meta.label_lower not in OWN]
    return {m._meta.label_lower: list(m._base_manager.order_by("pk").values()) for m in models}


def test_auditor_changes_nothing_by_any_post(people, unrendered):
    client = doors.client_of(people[roles.AUDITOR])
    before = everything()

    for route, name in doors.addresses():
        if name not in {*doors.STEPS, "password_change"}:
            client.post(doors.key_of(route), FIELDS)

    assert everything() == before
