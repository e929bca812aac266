"""Who may what: the table of roles, and what puts it into the database after every migrate.

A role is a Django group of the same name. The table here is the only place where its permissions are decided: whatever
was changed in the database by hand is put right by the next migrate. docs/operations.md says the same page by page.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.apps import apps as installed
from django.db import transaction

REGISTRAR: Final = "Registrar"
OPENING_OFFICER: Final = "Opening officer"
PUBLISHER: Final = "Publisher"
AUDITOR: Final = "Auditor"
ADMINISTRATOR: Final = "Administrator"

VIEW: Final = ("view",)
WRITE: Final = ("view", "add", "change")
ALL: Final = ("view", "add", "change", "delete")


def _may(actions: Iterable[str], app: str, *models: str) -> set[str]:
    return {f"{app}.{action}_{model}" for action in actions for model in models}


_LAND = ("park", "phase", "plot")
_ROUND = ("tenderround", "lot", "lotplot", "document", "enquiry")
_RECORD = ("amendment", "roundevent", "opening")
_PROPOSAL = ("proposal", "proposallot", "proposalmember")

ROLES: Final[dict[str, set[str]]] = {
    REGISTRAR: {
        *_may(WRITE, "tenders", "proposal"),
        *_may(ALL, "tenders", "proposallot", "proposalmember"),
        *_may(WRITE, "parks", "organisation"),
        *_may(VIEW, "parks", *_LAND),
        *_may(VIEW, "tenders", *_ROUND, *_RECORD),
        "tenders.export_proposal",
        "tenders.see_receipts",
    },
    OPENING_OFFICER: {
        *_may(VIEW, "tenders", *_ROUND, *_RECORD, *_PROPOSAL),
        "tenders.open_box",
        "tenders.admit_late",
    },
    PUBLISHER: {
        *_may(ALL, "parks", *_LAND, "release", "releaseplot", "milestone", "source"),
        *_may(("view", "add"), "parks", "releaserevision", "milestonerevision"),
        *_may(ALL, "tenders", *_ROUND, "figure"),
        *_may(VIEW, "tenders", *_RECORD, *_PROPOSAL, "award"),
        "tenders.decide_round",
        "tenders.see_reserve",
    },
    # And every page there is to look at: see `permissions_of`.
    AUDITOR: {
        *_may(VIEW, "auth", "user", "group"),
        *_may(VIEW, "staff", "securityevent"),
        "tenders.export_proposal",
        "tenders.see_receipts",
        "tenders.see_reserve",
    },
    ADMINISTRATOR: {
        *_may(WRITE, "auth", "user"),
        *_may(VIEW, "auth", "group"),
        *_may(VIEW, "staff", "securityevent"),
    },
}


def permissions_of(role: str) -> set[str]:
    """The role's permissions as `app.codename`. An auditor views every model of the land and of the rounds."""
    if role != AUDITOR:
        return ROLES[role]
    models = [
        model._meta for app in ("parks", "tenders") for model in installed.get_app_config(app).get_models()
    ]
    return ROLES[role] | {
        f"{model.app_label}.view_{model.model_name}"
        for model in models
        if "view" in model.default_permissions
    }


def give(*, using: str = "default", state: Any = installed) -> None:
    """Make the groups and give each its permissions, exactly. Safe to run again.

    Raises LookupError for a permission that no model has, so that a misspelt one cannot grant nothing in silence.
    """
    if not _has_tables(state):
        return  # a migrate that stops before the accounts are there
    group, permission = installed.get_model("auth", "Group"), installed.get_model("auth", "Permission")
    known = {
        f"{found.content_type.app_label}.{found.codename}": found
        for found in permission._default_manager.using(using).select_related("content_type")
    }
    with transaction.atomic(using=using):
        for role in ROLES:
            names = permissions_of(role)
            if missing := sorted(names - known.keys()):
                raise LookupError(f"No model has the permissions {', '.join(missing)} of {role}.")
            made, _created = group._default_manager.using(using).get_or_create(name=role)
            made.permissions.set([known[name] for name in names])


def _has_tables(state: Any) -> bool:
    """Whether the migrations that have run made the tables this needs."""
    try:
        return all(
            state.get_model(app, model)
            for app, model in [("auth", "Group"), ("tenders", "Proposal"), ("staff", "SecurityEvent")]
        )
    except LookupError:
        return False
