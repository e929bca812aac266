"""Every address of staff, somebody of every role, and what each role gets there. Shared by the tests of this folder."""

import re
from contextlib import contextmanager

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from staff import roles
from staff.models import SecurityEvent
from tenders import lifecycle
from tenders.models import Award, Document, Enquiry, Figure
from tests.factories import (
    CLOSES,
    hk,
    make_milestone,
    make_officer,
    make_organisation,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
)  # fmt: skip

VISITOR, NOT_STAFF, NO_ROLE = "visitor", "not staff", "no role"
WHO = [VISITOR, NOT_STAFF, NO_ROLE, *roles.ROLES]
YES, READS, NO = "yes", "reads", "no"
STEPS = {"login", "verify", "enrol", "logout"}
# Pages that only show: they answer any method alike and change nothing.
SHOWN = (
    *("index", "_history", "password_change_done", "autocomplete", "jsi18n", "_export", "app_list"),
    *("_receipt", "_record", "preview", "reconcile"),
)


def addresses():
    """(route, name) of every staff address, routes as the table of docs/operations.md writes them."""
    found = dict.fromkeys(_walk(get_resolver().url_patterns, "", inside=False))
    return [(route, name) for route, name in found if route.startswith("admin/")]


def _walk(patterns, prefix, *, inside):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, route, inside=inside or pattern.app_name == "admin")
        elif inside or route.startswith("admin/"):
            yield _written(route), pattern.name or ""


def _written(route):
    route = route.replace("^([^/]+)/history/([^/]+)/$", "<id>/history/<version>/")
    route = re.sub(r"\^\(\?P<app_label>.*\)/\$", "<app>/", route).replace("(?P<url>.*)$", "<anything else>")
    return re.sub(r"<\w+:(object_id|pk)>", "<id>", route)


def furnish():
    """A row of everything, and somebody of every role: {role: user}."""
    people = {NOT_STAFF: User.objects.create_user("passer-by", password="x")}
    for name in [NO_ROLE, *roles.ROLES]:
        people[name] = User.objects.create_user(name.lower().replace(" ", "-"), password="x", is_staff=True)
    for role in roles.ROLES:
        people[role].groups.add(Group.objects.get(name=role))
    User.objects.create_user("somebody", password="x", is_staff=True)
    source = make_source()
    make_release()
    make_milestone()
    round = make_round("T-1", sealed=True)
    proposal = make_proposal(round, lots=[])
    lifecycle.amend(round, by=None, at=hk(2026, 3, 2), reason="Asked for", closes_at=hk(2026, 4, 2, 12))
    open_box(round, at=hk(2026, 4, 2, 13))
    Award.objects.create(
        lot=round.lots.get(), proposal=proposal, decided_on=hk(2026, 5, 1).date(), decided_at=hk(2026, 5, 1)
    )
    Enquiry.objects.create(round=round, number=1, asked_on=CLOSES.date(), question="Q")
    Document.objects.create(round=round, title_en="Brief", url="https://example.test/a", language="en")
    Figure.objects.create(
        indicator="proposals_received", value=1, as_of=CLOSES.date(), source=source, round=round
    )
    make_organisation("A row of its own")
    late = make_proposal(make_round("LATE-1"), received_at=CLOSES)
    lifecycle.ask_admission(late, by=make_officer("asker"), at=hk(2026, 4, 1), reason="Our own gate was shut")
    SecurityEvent.objects.create(at=CLOSES, kind="logged_in", username="somebody")
    return people


def key_of(route):
    """The address with the keys of the newest row of its model."""
    model = _model_of(route)
    if model is None:
        return "/" + route.replace("<anything else>", "nothing-here/").replace("<app>", "tenders")
    row = model._default_manager.order_by("-pk").first()
    version = row.history.first().pk if "<version>" in route else ""
    return "/" + route.replace("<id>", str(row.pk)).replace("<version>", str(version))


def _model_of(route):
    parts = route.split("/")
    for model in admin.site._registry:
        if parts[1:3] == [model._meta.app_label, model._meta.model_name]:
            return model
    return None


def client_of(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@contextmanager
def undone():
    """Whatever happens in here did not."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcome(client, route, name):
    """What somebody gets: nothing, a page to read, or a page that also takes."""
    address = key_of(route)
    with undone():
        shown = client.get(address, _asked(name))
        if shown.streaming:
            list(shown)
    if _refused(shown):
        return NO
    if name.endswith("_changelist"):
        form = (shown.context_data or {}).get("action_form") if hasattr(shown, "context_data") else None
        return YES if form is not None else READS
    if not name or name.endswith(SHOWN):
        return READS
    with undone():
        taken = client.post(address, {})
    return READS if _refused(taken) or taken.status_code == 405 else YES


def _refused(answer):
    to_login = answer.status_code == 302 and answer["Location"].startswith("/admin/login/")
    return answer.status_code == 403 or to_login


def _asked(name):
    asked = {"app_label": "tenders", "model_name": "proposal", "field_name": "round", "term": "T"}
    return asked if name == "autocomplete" else {}
