import shutil
from datetime import date, datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from parks.models import Milestone, Organisation, Park, Phase, Plot, Release, Source
from tenders.models import (
    Award,
    Figure,
    Lot,
    Proposal,
    TenderRound,
)
from tenders.seeding.facts import FACTS, load_facts
from tenders.seeding.reading import HONG_KONG
from tenders.statuses import Stage

pytestmark = pytest.mark.django_db

DAYS = [date(2026, 1, 1), date(2026, 4, 15), date(2027, 7, 1), date(2028, 2, 29), date(2026, 12, 31)]
ALL_STAGES = {stage.value for stage in Stage}


def everything():
    """Every row of every table of ours, histories included."""
    ours = [model for app in ("parks", "tenders", "auth") for model in apps.get_app_config(app).get_models()]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in ours}


def seed(*arguments):
    out = StringIO()
    call_command("seed", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the fact files that a test may change, and that the command reads."""
    copy = tmp_path / "facts"
    shutil.copytree(FACTS, copy)
    monkeypatch.setattr("tenders.management.commands.seed.FACTS", copy)
    return copy


def append(folder, name, line):
    with (folder / f"{name}.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


# --- the reported facts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("proposals_received", [(27, "2025-12-31", "month", "wwp-2025-12")]),
        (
            "plots_offered",
            [(10, "2025-12-31", "month", "wwp-2025-12"), (10, "2025-09-25", "day", "mingpao-2025-09-25")],
        ),
        (
            "plots_remaining",
            [(22, "2025-12-31", "month", "wwp-2025-12"), (12, "2025-09-29", "day", "mingpao-2025-09-29")],
        ),
        ("plots_total", [(22, "2025-09-24", "day", "hk01-2025-09-24")]),
    ],
)
def test_every_claim_stands_with_its_day_and_source(indicator, expected):
    seed()

    claims = Figure.objects.filter(park__slug="hsitp", phase__code="1.2-3", indicator=indicator).order_by(
        "-as_of"
    )

    assert [(f.value, f.as_of.isoformat(), f.as_of_precision, f.source.code) for f in claims] == expected


def test_qualifiers_are_kept():
    seed()

    assert set(Figure.objects.exclude(qualifier="").values_list("indicator", "qualifier", "phase__code")) == {
        ("plots_total", "preliminary", "1.2-3"),
        ("gfa", "preliminary", "1.2-3"),
        ("gfa", "about", "1"),
        ("buildings", "more than", "2"),
        ("personnel", "about", None),
        ("manufacturing_growth", "more than", None),
    }


def test_parks_and_phases_keep_the_order_of_the_file_and_are_public():
    seed()

    parks = ["hsitp", "san-tin", "yuen-long", "tai-po", "tseung-kwan-o"]
    assert list(Park.objects.public().values_list("slug", flat=True)) == parks
    assert list(Phase.objects.public().values_list("code", "part_of__code")) == [
        ("1", None), ("1.1", "1"), ("1.2-3", "1"), ("2", None),
    ]  # fmt: skip


def test_the_reported_round_is_public_from_the_day_its_source_told_of_it():
    seed()

    tender_round = TenderRound.objects.get()
    assert (tender_round.code, tender_round.kind, tender_round.sealed, tender_round.disclosure) == (
        "HSITP-EOI-2025", "expression_of_interest", False, "totals",
    )  # fmt: skip
    assert tender_round.published_at == datetime(2025, 9, 24, tzinfo=HONG_KONG)
    assert tender_round.closes_at == datetime(2025, 11, 6, 12, tzinfo=HONG_KONG)
    assert (tender_round.release.code, tender_round.plot_count) == ("hsitp-eoi-10", 10)
    assert list(tender_round.events.values_list("decision", "at")) == [
        ("published", tender_round.published_at)
    ]
    assert list(tender_round.lots.values_list("code", "stated_plots", "buildings", "max_gfa_m2")) == [
        ("1", 6, 10, 117000), ("2", 4, 6, 32000),
    ]  # fmt: skip


def test_no_plot_proponent_or_proposal_is_made_up_for_a_real_park():
    seed()

    assert (Plot.objects.count(), Proposal.objects.count(), Award.objects.count()) == (0, 0, 0)


def test_both_announcements_of_the_remaining_plots_are_kept_in_three_languages():
    seed()

    remaining = Release.objects.get(code="hsitp-remaining")
    assert list(
        remaining.revisions.in_order().values_list(
            "plot_count", "window_text", "window_text_zh_hant", "window_text_zh_hans", "verbatim"
        )
    ) == [
        (12, "not dated", "未有日期", "未有日期", False),
        (22, "gradually next year", "明年陸續推出", "明年陆续推出", True),
    ]
    assert (remaining.title_zh_hant, remaining.title_zh_hans) == ("餘下地塊", "余下地块")


def test_every_announcement_round_lot_park_and_phase_has_its_source():
    seed()

    for model in (Park, Phase, TenderRound, Lot):
        assert not model.objects.filter(source=None).exists()
    for subject in [*Release.objects.all(), *Milestone.objects.all()]:
        assert subject.revisions.exists()


@pytest.mark.parametrize("arguments", [(), ("--sample",)])
def test_simplified_is_there_wherever_traditional_is(arguments):
    seed(*arguments)

    for model in apps.get_models():
        for field in (f.name for f in model._meta.fields if f.name.endswith("_zh_hans")):
            traditional = field.replace("hans", "hant")
            assert not model._default_manager.filter(**{field: ""}).exclude(**{traditional: ""}).exists(), (
                field
            )


# --- again, and beside what staff have made ---------------------------------------------------------------------


def test_seeding_twice_changes_nothing():
    seed("--sample")
    once = everything()

    lines = seed("--sample")

    assert everything() == once
    assert lines[-1] == "The sample park is there already: nothing made."
    assert all(line.endswith(": 0 new") for line in lines[:-1])


def test_it_says_what_it_did_a_table_a_line():
    assert seed() == [
        "7 sources: 7 new",
        "2 organisations: 2 new",
        "5 parks: 5 new",
        "4 phases: 4 new",
        "2 releases: 2 new",
        "3 announcements of releases: 3 new",
        "5 milestones: 5 new",
        "6 announcements of milestones: 6 new",
        "1 round: 1 new",
        "2 lots: 2 new",
        "17 figures: 17 new",
    ]


def test_what_staff_edited_or_added_stays_theirs():
    seed()
    park = Park.objects.get(slug="san-tin")
    park.name_en, park.published = "San Tin Technopole (staff)", False
    park.save()
    company = Organisation.objects.get(parks__slug="hsitp")
    company.name_en = "The park company, renamed"
    company.save()
    Park.objects.create(slug="another", name_en="Another park")
    before = everything()

    seed()

    assert everything() == before


def test_a_draft_that_staff_made_under_a_reported_code_stays_a_draft(folder):
    append(
        folder,
        "rounds",
        "DRAFT-9,hsitp,2,tender,Draft,,,,2027-01-04T12:00:00+08:00,3,hk01-2025-09-24,,true,totals",
    )
    load_facts(FACTS)
    TenderRound.objects.create(
        code="DRAFT-9", park=Park.objects.get(slug="hsitp"), kind="tender", title_en="Ours"
    )

    seed()

    assert TenderRound.objects.get(code="DRAFT-9").decision == "draft"


def test_a_newer_fact_file_adds_what_is_new(folder):
    seed()
    before = everything()
    append(folder, "sources", "gazette-2027-01-05,Gazette,Plots named,2027-01-05,day,en,,憲報,公布地塊")
    append(
        folder, "releases", "hsitp-remaining,hsitp,1.2-3,The remaining plots,3,2027-01-05,day,22,Q2 2027,true,"
        "2027-04-01,2027-06-30,quarter,gazette-2027-01-05,餘下地塊,2027年第二季",
    )  # fmt: skip

    lines = seed()

    assert {line for line in lines if not line.endswith(" 0 new")} == {
        "8 sources: 1 new", "4 announcements of releases: 1 new",
    }  # fmt: skip
    assert Release.objects.get(code="hsitp-remaining").revisions.in_order().last().window_text == "Q2 2027"
    after = everything()
    assert {name for name in after if after[name] != before[name]} == {
        "Source", "HistoricalSource", "ReleaseRevision",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("figures", "proposals_received,27,", "proposals_received,many,", "figures.csv, line 2: value is “many”: write a number."),
        (
            "figures", "proposals_received,27,proposals,2025-12,month", "proposals_received,27,proposals,2025-12,day",
            "figures.csv, line 2: precision is “day”, but the day beside it is known to its month.",
        ),
        (
            "phases", "第一期,hk01-2025-09-24", "第一期,hk02",
            "phases.csv, line 2: source “hk02” is in no line before this one, nor in the database.",
        ),
        ("releases", "gradually next year,true", "gradually next year,yes", "releases.csv, line 4: verbatim is “yes”: write true or false."),
        (
            "rounds", "2025-11-06T12:00:00+08:00", "2025-11-06T12:00:00",
            "rounds.csv, line 2: closes_at is “2025-11-06T12:00:00”: add the offset, +08:00.",
        ),
        ("lots", "117000", "117000,9", "lots.csv, line 2: not as many values as there are columns."),
        ("sources", ",day,zh-hant,", ",day,,", "sources.csv, line 3: language is missing."),
    ],
)  # fmt: skip
def test_a_bad_line_is_refused_by_file_and_line_and_nothing_is_loaded(folder, name, old, new, words):
    path = folder / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    with pytest.raises(CommandError) as refusal:
        seed()

    assert str(refusal.value) == words
    assert (Source.objects.count(), Park.objects.count()) == (0, 0)


def test_a_missing_fact_file_is_refused_by_name(folder):
    (folder / "lots.csv").unlink()

    with pytest.raises(CommandError, match=r"\Alots\.csv: "):
        seed()
