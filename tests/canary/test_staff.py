"""The same canary on the pages of staff: nobody is told there what their role is not to know.

Of a box that is still shut only who sees receipts may learn anything, of a lot's reserve only who sees reserves; who
looks after accounts learns nothing of rounds, and who has taken no second step nothing at all.
"""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from staff import roles
from tenders.models import Lot, Proposal, TenderRound
from tests.canary import tokens, world
from tests.staff import doors

pytestmark = pytest.mark.django_db

SHUT = {given.number for given in world.SHUT if given is not world.OPEN_UNSEALED}
RESERVE = re.compile(
    rf"{world.RESERVE}\d{{3}}(?!99)\d\d"
)  # 99 is the minimum of a draft, which staff may see
RECEIPT, RESERVED, ANYTHING = "of a shut box", "reserve", "anything"
# What each is told where it stands; everything else must not show.
TOLD = {
    roles.REGISTRAR: {RECEIPT, ANYTHING},
    roles.OPENING_OFFICER: {ANYTHING},
    roles.PUBLISHER: {RESERVED, ANYTHING},
    roles.AUDITOR: {RECEIPT, RESERVED, ANYTHING},
    roles.ADMINISTRATOR: set(),
    doors.NO_ROLE: set(),
}
# Rows whose pages are looked at; of any other model the newest.
ROUNDS = [world.OPEN, world.BEGUN, world.EVALUATING, world.AWARDS[3]]
ASKED = [
    "q=Qzx",
    "q=5151",
    f"q={world.RESERVE}",
    "term=Qzx&app_label=tenders&model_name=award&field_name=proposal",
]


@pytest.fixture
def _world(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.NOW)
    world.make_world()
    world.add_secrets()


def addresses() -> list[str]:
    """Every address of staff with the keys of rows that could tell, lists with searches that could find."""
    found = []
    for route, name in doors.addresses():
        if name in doors.STEPS or name.startswith("auth_"):
            continue  # accounts have the names of officers, who are no secret of a round
        for row in rows_of(doors._model_of(route)):
            found.append(f"/{written(route, row)}")
        if "<" not in route:
            queries = ["", *ASKED] if name.endswith(("changelist", "autocomplete")) else [""]
            found += [f"/{route}?{query}" for query in queries]
    return list(dict.fromkeys(found))


def written(route, row):
    version = str(row.history.first().pk) if "<version>" in route else ""
    return route.replace("<id>", str(row.pk)).replace("<version>", version)


def rows_of(model):
    codes = [given.code for given in ROUNDS]
    if model is Proposal:
        return model.objects.filter(round__code__in=codes, proponent__name_en__contains=world.WIN)
    if model is Lot:
        return model.objects.filter(round__code__in=codes)
    if model is TenderRound:
        return model.objects.filter(code__in=codes)
    return model._default_manager.order_by("-pk")[:1] if model is not None else []


def look(client, address) -> set[tuple[str, str]]:
    """What kind of secret an answer tells, and the token."""
    response = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = f"{dict(response.headers)} {body.decode('utf-8', 'replace')}"
    found = set()
    for match in tokens.NAME.finditer(text):
        number = int(match[1] or match[3])
        if (
            "officer" not in text[match.start() : match.end() + 8].lower()
            and "官" not in text[match.end() :][:1]
        ):
            found.add((RECEIPT if number in SHUT else ANYTHING, match[0]))
    return found | {(RESERVED, match[0]) for match in RESERVE.finditer(tokens.SEPARATOR.sub("", text))}


def entered(role) -> Client:
    user = User.objects.create_user(role.lower().replace(" ", "-"), is_staff=True)
    if role in roles.ROLES:
        user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("role", TOLD)
def test_no_page_of_staff_tells_a_role_what_it_may_not_know(role):
    client = entered(role)

    told = {(kind, token, address) for address in addresses() for kind, token in look(client, address)}

    assert sorted(one for one in told if one[0] not in TOLD[role]) == []
    # And what it may know is there to be found: else its absence elsewhere would prove nothing.
    assert {kind for kind, _token, _address in told} == TOLD[role]


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("step", ["nobody", "the password alone"])
def test_before_the_second_step_no_page_of_staff_tells_anything(step):
    client = Client()
    if step != "nobody":
        client.force_login(User.objects.create_superuser("boss"))
        session = client.session
        del session[DEVICE_ID_SESSION_KEY]
        session.save()

    assert [(address, told) for address in addresses() if (told := look(client, address))] == []


def test_every_model_of_the_admin_has_a_page_here():
    assert {model for route, _name in doors.addresses() if (model := doors._model_of(route))} == set(
        admin.site._registry
    )
