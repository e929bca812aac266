"""What the drill asks of the database itself, beside the site: `prepare` before, `count` after. Prints JSON."""

import json
import sys

import django
from django.conf import settings
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()

from django.contrib.auth.models import User
from django.db.models import Count
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from tenders.models import Proposal, ProposalLot
from tests.factories import hk, make_organisation, make_round
from tests.faults.imports import ROUND


def prepare() -> dict[str, object]:
    """A database with a round that takes proposals, and an officer who is logged in."""
    call_command("migrate", verbosity=0)
    round = make_round(ROUND, lots=2, opens_at=hk(2020, 1, 1), closes_at=hk(2090, 1, 1))
    officer = User.objects.create_superuser("officer", password=None)
    return {
        "session": log_in(officer),
        "round": round.pk,
        "proponent": make_organisation("Drill Ltd").pk,
        "lot": round.lots.order_by("code")[0].pk,
    }


def log_in(officer: User) -> str:
    """The value of a session cookie with which the officer may work. Nothing else here knows how one logs in."""
    client = Client()
    client.force_login(officer)
    session = client.session
    device = TOTPDevice.objects.create(user=officer, name="of the drill", confirmed=True)
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def count() -> list[dict[str, object]]:
    """Every proposal with how much of it is there."""
    history = dict(Proposal.history.values_list("reference").annotate(Count("history_id")).order_by())
    of_lots = dict(ProposalLot.history.values_list("proposal_id").annotate(Count("history_id")).order_by())
    return [
        {
            "reference": proposal.reference,
            "mark": proposal.sector,
            "whole": (proposal.asked, history.get(proposal.reference), of_lots.get(proposal.pk)) == (1, 1, 1),
        }
        for proposal in Proposal.objects.annotate(asked=Count("proposal_lots"))
    ]


if __name__ == "__main__":
    print(json.dumps({"prepare": prepare, "count": count}[sys.argv[1]]()))
