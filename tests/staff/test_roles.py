import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from staff import roles

pytestmark = pytest.mark.django_db


def permissions(role):
    found = Group.objects.get(name=role).permissions.select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in found}


def test_migrate_makes_five_roles():
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Registrar",
        "Opening officer",
        "Publisher",
        "Auditor",
        "Administrator",
    }


@pytest.mark.parametrize("role", roles.ROLES)
def test_role_has_what_the_table_says_and_no_more(role):
    assert permissions(role) == roles.permissions_of(role)


def test_migrate_puts_right_what_was_changed_by_hand():
    auditor = Group.objects.get(name=roles.AUDITOR)
    auditor.permissions.set(Permission.objects.filter(codename="delete_user"))
    Group.objects.filter(name=roles.PUBLISHER).delete()

    call_command("migrate", verbosity=0)

    assert permissions(roles.AUDITOR) == roles.permissions_of(roles.AUDITOR)
    assert permissions(roles.PUBLISHER) == roles.permissions_of(roles.PUBLISHER)


def test_permission_that_no_model_has_stops_the_migrate(monkeypatch):
    monkeypatch.setitem(roles.ROLES, roles.REGISTRAR, {"tenders.open_bocks"})
    with pytest.raises(
        LookupError, match=r"^No model has the permissions tenders\.open_bocks of Registrar\.$"
    ):
        roles.give()


def test_auditor_views_every_model_and_may_write_to_none():
    held = permissions(roles.AUDITOR)
    models = [model for app in ("parks", "tenders") for model in apps.get_app_config(app).get_models()]
    unseen = {"tenders.view_upload"}  # a file that waits for its import has no page
    assert {f"{m._meta.app_label}.view_{m._meta.model_name}" for m in models} - held == unseen
    assert [name for name in held if name.split(".")[1].split("_")[0] in {"add", "change", "delete"}] == []


def test_administrator_has_no_part_in_rounds_and_proposals():
    assert {name.split(".")[0] for name in permissions(roles.ADMINISTRATOR)} == {"auth", "staff"}


def test_only_one_role_opens_and_only_one_decides():
    holders = {
        name: [role for role in roles.ROLES if name in permissions(role)]
        for name in ("tenders.open_box", "tenders.admit_late", "tenders.decide_round", "tenders.add_proposal")
    }
    assert holders == {
        "tenders.open_box": [roles.OPENING_OFFICER],
        "tenders.admit_late": [roles.OPENING_OFFICER],
        "tenders.decide_round": [roles.PUBLISHER],
        "tenders.add_proposal": [roles.REGISTRAR],
    }
