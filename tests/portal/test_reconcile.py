"""`manage.py reconcile` and its page for staff: what is said, with which exit code, to whom, and from how many queries."""

from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.urls import reverse

from parks.admin.base import admin_url
from portal.management.commands.reconcile import Command
from staff import roles
from tenders.models import Figure
from tests.factories import (
    hk,
    make_lot,
    make_park,
    make_phase,
    make_plot,
    make_proposal,
    make_release,
    make_round,
    make_source,
    open_box,
)

pytestmark = pytest.mark.django_db

NOW = hk(2026, 6, 1, 10)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def claim(indicator, value, day, publisher, park="hsitp", **fields):
    phase = make_phase(park=make_park(park))
    source = make_source(publisher.lower().replace(" ", "-"), publisher_en=publisher, published=day)
    fields = {"park": phase.park, "phase": phase, "unit": "plots"} | fields
    return Figure.objects.create(indicator=indicator, value=value, as_of=day, source=source, **fields)


def reported():
    claim("plots_remaining", 22, date(2025, 12, 31), "Wen Wei Po", as_of_precision="month")
    claim("plots_remaining", 12, date(2025, 9, 29), "Ming Pao")
    claim("plots_total", 22, date(2025, 9, 24), "HK01")
    claim("plots_offered", 10, date(2025, 9, 25), "Sing Tao")


def said(capsys, *arguments):
    """(exit code, lines on stdout)."""
    code = 0
    try:
        call_command("reconcile", *arguments)
    except SystemExit as ended:
        code = ended.code
    except CommandError as refused:
        code = refused.returncode
    return code, capsys.readouterr().out.splitlines()


# --- the command --------------------------------------------------------------------------------------------


def test_a_line_says_what_leads_what_stands_against_it_and_who_says_so(capsys):
    reported()

    assert said(capsys) == (1, [
        "hsitp-1-plots-remaining: 22 plots reported by Wen Wei Po, 2025-12 ≠ 12 = 22 in all (HK01, 2025-09-24)"
        " − 10 offered (Sing Tao, 2025-09-25); also reported by Ming Pao, 2025-09-29",
        "1 of 3 figures differs.",
    ])  # fmt: skip


def test_before_the_newer_claim_nothing_differed(capsys):
    reported()

    assert said(capsys, "--as-of", "2025-10-01") == (0, ["0 of 3 figures differ."])


def test_all_also_lists_what_agrees_what_is_only_claimed_and_what_is_only_on_record(capsys):
    make_plot(phase=make_phase())
    claim("plots_total", 1, date(2026, 1, 31), "HK01")
    claim("personnel", 1400, date(2026, 1, 31), "HK01", unit="people", qualifier="about")

    code, lines = said(capsys, "--all")

    assert (code, [line for line in lines if line.startswith(("hsitp-1-p", "hsitp-plots-total"))]) == (0, [
        "hsitp-1-personnel: about 1,400 people reported by HK01, 2026-01-31; nothing on record",
        "hsitp-1-plots-awarded: 0 plots on record; nobody reports it",
        "hsitp-1-plots-offered: 0 plots on record; nobody reports it",
        "hsitp-1-plots-remaining: 1 plot on record; nobody reports it",
        "hsitp-1-plots-total: 1 plot on record; agrees with 1 claim",
        "hsitp-plots-total: 1 plot on record; nobody reports it",
    ])  # fmt: skip
    assert lines[-1] == "0 of 25 figures differ."


def test_every_other_law_has_its_words(capsys):
    claim("plots_offered", 10, date(2026, 1, 31), "HK01")
    claim("plots_awarded", 12, date(2026, 1, 31), "Ming Pao")
    claim("plots_total", 20, date(2026, 1, 30), "Sing Tao")
    claim("plots_total", 19, date(2026, 1, 30), "Wen Wei Po")
    make_release("rest", plot_count=22, phase=make_phase()).plots.add(make_plot(phase=make_phase()))
    make_lot(make_round("R-0", lots=0), "1", plots=2, stated_plots=3)
    round = make_round("R-1", lots=0, plot_count=3)
    make_lot(round, "1")
    make_lot(round, "2")
    sealed = make_round("R-2", lots=0, sealed=True, closes_at=hk(2026, 4, 1, 12))
    open_box(sealed, hk(2026, 4, 1, 13))
    make_proposal(sealed)
    partly = make_round("R-3", lots=0)
    make_proposal(partly)
    claim("proposals_received", 27, date(2026, 4, 2), "HK01", phase=None, round=partly, unit="proposals")

    code, lines = said(capsys)

    assert code == 1
    for words in (
        "hsitp-1-plots-awarded: 12 plots reported by Ming Pao, 2026-01-31 ≠ at most 10 offered (HK01, 2026-01-31)",
        "hsitp-1-plots-total: 20 plots reported by Sing Tao, 2026-01-30 ≠ 22 = 22 announced (rest; Gazette, 2026-01-05)",
        "hsitp-1-plots-total: 20 plots reported by Sing Tao, 2026-01-30 ≠ 19 plots reported by Wen Wei Po, 2026-01-30",
        "hsitp-1-plots-total: 20 plots reported by Sing Tao, 2026-01-30 ≠ 5 plots on record",
        "r-0-lot-1-plots-offered: 3 plots announced (round R-0, 2026-02-28) ≠ 2 plots named",
        "r-1-plots-offered: 3 plots announced (round R-1, 2026-02-28) ≠ 2 = 1 offered + 1 offered",
        "r-2-proposals-received: 0 proposals found in the box when it was opened (2026-04-01) ≠ 1 proposal on record,"
        " 1 of them not on the list of the opening",
        "r-3-proposals-received: 27 proposals reported by HK01, 2026-04-02 ≠ 1 proposal on record",
        "rest-plots-announced: 22 plots announced (Gazette, 2026-01-05) ≠ 1 plot named",
    ):
        assert words in lines


def test_a_made_up_park_is_marked_and_comes_last_and_a_park_can_be_asked_alone(capsys):
    reported()
    make_park("alpha-2")
    for value, publisher in [(4, "HK01"), (6, "Ming Pao")]:
        claim("plots_total", value, date(2026, 1, 31), publisher, park="sample")
    claim("area", 1, date(2026, 1, 31), "HK01", park="alpha-2", unit="ha")

    code, lines = said(capsys)

    assert (code, lines[-2:]) == (1, [
        "sample-1-plots-total (sample): 4 plots reported by HK01, 2026-01-31 ≠ 6 plots reported by Ming Pao, 2026-01-31",
        "2 of 5 figures differ.",
    ])  # fmt: skip
    assert said(capsys, "--park", "alpha-2") == (0, ["0 of 1 figures differ."])


@pytest.mark.parametrize(
    "arguments", [("--as-of", "2026-06-02"), ("--as-of", "June"), ("--by-park", "x"), ("figures",)]
)
def test_what_cannot_be_asked_is_wrong_usage(capsys, arguments):
    command = Command()
    command._called_from_command_line = True

    with pytest.raises(SystemExit) as refused:
        command.create_parser("manage.py", "reconcile").parse_args(arguments)

    assert (refused.value.code, capsys.readouterr().out) == (2, "")


@pytest.mark.parametrize("park", ["nowhere", "draft"])
def test_a_park_that_is_not_public_is_like_one_that_is_not_there(capsys, park):
    make_park("draft", published=False)

    with pytest.raises(CommandError, match=f"There is no public park {park}:") as refused:
        call_command("reconcile", "--park", park)

    assert (refused.value.returncode, capsys.readouterr().out) == (2, "")


# --- the page -----------------------------------------------------------------------------------------------


def entered(client, *, role="", may=()):
    user = User.objects.create_user(f"reader-{role}{''.join(may)}".replace(" ", "-"), is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    user.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", roles.ROLES)
def test_who_may_view_figures_may_see_where_they_differ(client, role):
    allowed = "tenders.view_figure" in roles.permissions_of(role)

    answer = entered(client, role=role).get(reverse("reconcile"))
    first = client.get(reverse("admin:index")).content.decode()

    assert (answer.status_code, reverse("reconcile") in first) == ((200, True) if allowed else (403, False))


def test_the_page_links_each_number_to_its_proof_its_claims_and_its_records(client):
    reported()
    release = make_release("rest", plot_count=22, phase=make_phase())

    answer = entered(client, role=roles.PUBLISHER).get(reverse("reconcile"), {"as_of": "2026-05-31"})

    rows = {row.figure_id: row for row in answer.context["rows"]}
    remaining = rows["hsitp-1-plots-remaining"]
    claims = {figure.value: figure for figure in Figure.objects.exclude(indicator="plots_remaining")}
    assert remaining.proof_url == "/figures/hsitp-1-plots-remaining/?as_of=2026-05-31"
    assert [link.url for link in remaining.records] == [admin_url(make_phase())]
    assert [link.url for link in remaining.leads_say] == [
        admin_url(Figure.objects.get(value=22, indicator="plots_remaining"))
    ]
    assert {admin_url(claims[10]), admin_url(claims[22])} < {link.url for link in remaining.against_say}
    body = answer.content.decode()
    assert all(f'href="{link.url}"' in body for link in [*remaining.records, *remaining.against_say])
    assert release.code not in rows


def test_a_link_leads_only_where_its_reader_may_go(client):
    claim("plots_total", 22, date(2025, 9, 24), "HK01")
    claim("plots_total", 20, date(2025, 9, 24), "Ming Pao")

    (row,) = entered(client, may=["view_figure"]).get(reverse("reconcile")).context["rows"]

    assert (row.records, len(row.leads_say)) == ([], 1)


@pytest.mark.parametrize(
    ("may", "expected"),
    [(["view_figure"], []), (["view_figure", "view_proposal"], ["r-1-proposals-received"])],
)
def test_proposals_are_for_those_who_may_see_proposals(client, may, expected):
    round = make_round("R-1", sealed=True)
    open_box(round, hk(2026, 4, 1, 13))
    make_proposal(round, lots=[])

    answer = entered(client, may=may).get(reverse("reconcile"))

    assert [row.figure_id for row in answer.context["rows"]] == expected
    assert answer.context["sum"] == ("1 of 31 figures differs." if expected else "0 of 26 figures differ.")


def test_the_page_is_of_a_park_and_a_day_as_asked(client):
    reported()
    claim("plots_total", 4, date(2026, 1, 31), "HK01", park="sample")
    claim("plots_total", 6, date(2026, 1, 31), "Ming Pao", park="sample")
    page = reverse("reconcile")
    entered(client, role=roles.AUDITOR)

    found = [
        [row.figure_id for row in client.get(page, asked).context["rows"]]
        for asked in (
            {},
            {"park": "sample"},
            {"as_of": "2025-12-31"},
            {"park": "hsitp", "as_of": "2025-10-01"},
        )
    ]

    assert found == [
        ["hsitp-1-plots-remaining", "sample-1-plots-total"],
        ["sample-1-plots-total"],
        ["hsitp-1-plots-remaining"],
        [],
    ]
    refused = [
        client.get(page, asked) for asked in ({"park": "nowhere"}, {"as_of": "2026-06-02"}, {"as_of": "x"})
    ]
    assert [answer.status_code for answer in refused] == [400, 400, 400]
    assert "park: there is no public park of this name." in refused[0].content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_one_row_as_for_three(client, django_assert_num_queries, rows):
    for number in range(rows):
        phase = make_phase(str(number))
        make_release(plot_count=4, phase=phase).plots.add(make_plot(phase=phase))
        for value, publisher in [(4, "HK01"), (6, "Ming Pao")]:
            claim("plots_total", value, date(2026, 1, 31), publisher, phase=phase)
        lot = make_lot(make_round(f"R-{number}", phase=phase, lots=0), "1", plots=2, stated_plots=3)
        claim("plots_offered", 9, date(2026, 1, 31), "HK01", phase=None, round=lot.round)
    entered(client, role=roles.PUBLISHER)
    client.get(reverse("reconcile"))

    with django_assert_num_queries(22):
        answer = client.get(reverse("reconcile"))

    assert len(answer.context["rows"]) == 4 * rows
