import io
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from frictionless import Package

from parks.models import ReleasePlot
from portal.exports.datapackage import FILES
from tests.factories import (
    CLOSES,
    hk,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
)

pytestmark = pytest.mark.django_db

NOW = hk(2026, 4, 15, 10)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def keep(client, folder: Path, prefix="") -> Package:
    """The package with its files beside it, as somebody keeps them who takes everything away."""
    package = json.loads(content(client.get(f"{prefix}/data/datapackage.json")))
    for resource in package["resources"]:
        path = resource["path"].removeprefix("http://testserver")
        (folder / f"{resource['name']}.csv").write_bytes(content(client.get(path)))
        resource["path"] = f"{resource['name']}.csv"
    (folder / "datapackage.json").write_text(json.dumps(package))
    return Package(str(folder / "datapackage.json"))


def faults(package: Package) -> list[str]:
    report = package.validate()
    found = [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors]
    return found + [error.message for error in report.errors]


def test_package_describes_the_sample_and_the_facts_without_a_fault(client, tmp_path):
    call_command("seed", sample=True, verbosity=0, stdout=io.StringIO())
    for prefix in ["", "/zh-hant"]:
        package = keep(client, tmp_path, prefix)

        assert faults(package) == []
        assert [name for name in FILES if not package.get_resource(name).read_rows()] == []


def test_package_finds_a_fault(client, tmp_path):
    make_plot("P-1", area_m2=Decimal(2))
    package = keep(client, tmp_path)
    plots = tmp_path / "plots.csv"
    plots.write_bytes(plots.read_bytes().replace(b"planned", b"sold"))

    assert [fault.split(":")[0] for fault in faults(package)] == ["plots"]


def test_package_reads_numbers_times_and_truths_as_such(client, tmp_path):
    plot = make_plot("P-1", area_m2=Decimal("3200.5"))
    ReleasePlot.objects.create(release=make_release("first"), plot=plot)
    round = make_round("R-1", sealed=True)
    make_proposal(round)
    open_box(round)
    package = keep(client, tmp_path)

    land = next(row for row in package.get_resource("plots").read_rows() if row["plot"] == "P-1")
    (offered,) = package.get_resource("rounds").read_rows()

    assert (land["area_m2"], land["window_latest"]) == (Decimal("3200.5"), date(2026, 12, 31))
    assert (offered["closes_at"], offered["sealed"], offered["proposals"]) == (CLOSES, True, 1)


def test_package_names_its_licence_and_every_key(client):
    package = json.loads(content(client.get("/data/datapackage.json")))

    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert {resource["name"]: resource["schema"].get("primaryKey") for resource in package["resources"]} == {
        "plots": ["park", "plot"],
        "releases": ["release"],
        "rounds": ["round"],
        "lots": ["round", "lot"],
        "awards": ["round", "lot"],
        "figures": ["figure", "as_of", "source"],
        "calendar": ["uid"],
        "changes": None,  # the same may happen twice on one day
        "pipeline": None,  # what was so before anything dated has no date
    }


@pytest.mark.parametrize("name", FILES)
def test_data_page_lists_every_column_of_every_file(client, name):
    page = content(client.get("/data/")).decode()
    header = content(client.get(f"/{name}.csv")).decode("utf-8-sig").strip()

    assert f'href="/{name}.csv"' in page
    assert [column for column in header.split(",") if f"<code>{column}</code>" not in page] == []


def test_data_page_says_how_to_subscribe_and_when_something_last_changed(client):
    page = content(client.get("/data/")).decode()
    make_release("first")
    chinese = content(client.get("/zh-hant/data/")).decode()

    assert "webcal://testserver/calendar.ics" in page
    assert '<a href="/changes.atom">http://testserver/changes.atom</a>' in page
    assert '<a href="/zh-hant/calendar.atom">http://testserver/zh-hant/calendar.atom</a>' in chinese
    assert "none yet" in page
    assert "webcal://testserver/zh-hant/calendar.ics" in chinese
    assert '<time datetime="2026-04-15T10:00:00+08:00">' in chinese


def test_last_change_is_no_draft_s_and_no_proposal_s(client, monkeypatch):
    round, _source = make_round("R-1"), make_source()
    before = content(client.get("/data/"))
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=1))
    make_round("R-2", lots=0, published=False)
    make_release("draft", published=False)
    make_proposal(round)

    assert content(client.get("/data/")) == before


@pytest.mark.parametrize("rows", [1, 3])
def test_data_page_asks_five_times(client, django_assert_num_queries, rows):
    for _ in range(rows):
        make_round()

    with django_assert_num_queries(5):
        client.get("/data/")


def test_package_names_the_kinds_that_calendar_csv_has_rows_for(client):
    package = json.loads(content(client.get("/data/datapackage.json")))
    calendar = next(file for file in package["resources"] if file["name"] == "calendar")

    kind = next(field for field in calendar["schema"]["fields"] if field["name"] == "kind")

    assert kind["constraints"]["enum"] == [
        "release", "milestone", "round_opens", "enquiries_close", "round_closes", "decision", "award",
    ]  # fmt: skip
