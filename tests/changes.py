"""What tests of what changed share: the day, what is read of page and file, a claim, an award."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import Figure
from tests.factories import (
    CLOSES,
    hk,
    make_park,
    make_source,
    make_user,
)  # fmt: skip

NOW = hk(2026, 6, 15, 10)
EVER = "2020-01-01"
OPENED, AWARDED = CLOSES + timedelta(hours=1), hk(2026, 4, 10, 12)


def rows(client, address="/changes.csv", **query):
    """Lines of the file, of all days unless some are asked for."""
    text = b"".join(client.get(address, {"since": EVER, **query})).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def shown(client, address="/changes/", **query):
    """What the page shows: day, kind and words, newest first."""
    page = client.get(address, {"since": EVER, **query})
    assert page.status_code == 200
    changes = [change for day in page.context["days"] for change in day.changes]
    return [(change.iso_day, change.kind.value, change.words) for change in changes]


def kinds(client, **query):
    return [row["kind"] for row in rows(client, **query)]


def claim(value, day, code="gazette", **fields):
    fields = {"park": make_park(), "indicator": "plots_remaining", "unit": "plots"} | fields
    publication = {"published": day, "published_precision": fields.get("as_of_precision", "day")}
    return Figure.objects.create(value=value, as_of=day, source=make_source(code, **publication), **fields)


def give(round, proposal, *, decided_on=date(2026, 4, 10), premium=Decimal(1200000), at=AWARDED):
    choice = AwardChoice(round.lots.first(), proposal, decided_on, premium)
    (award,) = lifecycle.award(round, by=make_user(), at=at, choices=[choice])
    return award
