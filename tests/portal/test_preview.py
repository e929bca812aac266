"""As the public on day X: the public page itself, for staff alone, that shows no more and leaves nothing behind."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission

from tenders import lifecycle
from tenders.lifecycle import AwardChoice
from tenders.models import ProposalLot, RoundEvent, TenderRound
from tests.factories import (
    CLOSES,
    hk,
    make_organisation,
    make_park,
    make_proposal,
    make_round,
    make_user,
    open_box,
)  # fmt: skip

pytestmark = pytest.mark.django_db

OPENED, AWARDED = CLOSES + timedelta(hours=1), hk(2026, 4, 30, 12)
NOW = hk(2026, 5, 4, 10)
AMOUNTS_ON = "2026-05-10"
MAIN = re.compile(rb"<main.*</main>", re.DOTALL)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def staff(client):
    client.force_login(make_user("clerk", is_staff=True, is_superuser=True))
    return client


def with_permissions(client, *codenames):
    user = make_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


def staged_round():
    round = make_round("R-1", sealed=True, disclosure="staged", disclosure_days=10)
    offers = {"Winner": 515151009, "Chan": 515151001, "Ho": 515151002, "Zhao": 515151003}
    open_box(round, OPENED)
    proposals = [make_proposal(round, proponent=make_organisation(name)) for name in offers]
    for proposal, premium in zip(proposals, offers.values(), strict=True):
        ProposalLot.objects.filter(proposal=proposal).update(premium_hkd=Decimal(premium))
    choice = AwardChoice(round.lots.get(), proposals[0], AWARDED.date(), Decimal(515151009))
    lifecycle.award(round, by=make_user(), at=AWARDED, choices=[choice])
    return round


def address(round, prefix="", **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{prefix}/admin/tenders/tenderround/{round.pk}/preview/?{asked}"


def main(response) -> bytes:
    return MAIN.search(response.content).group()


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
@pytest.mark.parametrize(
    "day", ["2026-03-05", "2026-03-30", "2026-03-31", "2026-04-29", "2026-04-30", "2026-05-03"]
)
def test_main_part_of_a_past_day_is_the_public_page_of_that_day_to_the_byte(staff, client, day, language):
    round = staged_round()
    prefix = "" if language == "en" else f"/{language}"

    preview = staff.get(address(round, day=day, language=language))
    client.logout()
    public = client.get(f"{prefix}/rounds/R-1/?as_of={day}")

    assert (preview.status_code, public.status_code) == (200, 200)
    assert main(preview) == main(public)


def test_main_part_of_today_is_what_the_public_sees_now(staff, client):
    round = staged_round()

    preview = staff.get(address(round))
    client.logout()

    assert main(preview) == main(client.get("/rounds/R-1/"))


def test_staged_amounts_show_on_their_day_and_not_a_day_before(staff):
    round = staged_round()

    before, after = (
        staff.get(address(round, day=day)).content.decode() for day in ("2026-05-09", AMOUNTS_ON)
    )

    assert ["515,151,002" in page for page in (before, after)] == [False, True]
    assert ["This day is still to come" in page for page in (before, after)] == [True, True]


def test_round_is_closed_on_a_day_after_its_closing_time(staff):
    round = make_round("R-1", closes_at=hk(2026, 6, 30, 12))

    open_one, closed = (
        main(staff.get(address(round, day=day))).decode() for day in ("2026-06-29", "2026-06-30")
    )

    assert ["Opens" in page or "for tenders until" in page for page in (open_one, closed)] == [True, False]
    assert "since 30 June 2026, 12:00 noon" in closed


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("day", ["2026-05-03", "2026-05-04", "2026-06-30", "2026-12-31"])
def test_of_a_box_that_is_shut_no_day_tells_anything(staff, sealed, day):
    """Not even the day after the closing, when the count of a round that is not sealed becomes public."""
    round = make_round("R-1", lots=2, sealed=sealed, closes_at=hk(2026, 6, 30, 12))
    without = staff.get(address(round, day=day)).content

    for index in range(3):
        make_proposal(round, received_at=hk(2026, 4, 1 + index))

    assert staff.get(address(round, day=day)).content == without


def test_a_count_that_is_public_already_stays_in_days_to_come(staff):
    round = make_round("R-1", lots=1)
    for _index in range(37):
        make_proposal(round)

    assert "37" in main(staff.get(address(round, day="2026-06-01"))).decode()


def test_a_draft_says_that_the_public_sees_nothing(staff):
    round = make_round("R-DRAFT", published=False, title_en="Canary", closes_at=hk(2026, 6, 30, 12))

    page = staff.get(address(round)).content.decode()

    assert (
        "The round is a draft: on this day the public sees nothing here, and its address answers 404" in page
    )
    assert "There is no such sheet" in page
    assert "Canary" not in page


def test_a_draft_can_be_shown_as_if_published_now_and_stays_a_draft(staff, client):
    round = make_round("R-DRAFT", published=False, title_en="Canary", closes_at=hk(2026, 6, 30, 12))

    shown = staff.get(address(round, as_if="published")).content.decode()

    assert "Preview of a draft: as the public on 4 May 2026, if it were published now." in shown
    assert "Canary" in shown
    assert TenderRound.objects.get().decision == "draft"
    assert (RoundEvent.objects.count(), TenderRound.history.filter(decision="published").count()) == (0, 0)
    client.logout()
    assert client.get("/rounds/R-DRAFT/").status_code == 404


def test_a_draft_that_cannot_be_published_says_why(staff):
    round = make_round("R-DRAFT", published=False, closes_at=None)

    page = staff.get(address(round, as_if="published")).content.decode()

    assert "It cannot be published now: A round needs a closing time before it is published." in page
    assert "There is no such sheet" in page


def test_a_round_of_a_hidden_park_is_seen_by_nobody_even_if_published(staff):
    round = make_round("R-1", park=make_park("hidden", published=False), published=False, lots=0)

    page = staff.get(address(round, as_if="published")).content.decode()

    assert "The round, its park or its phase is not public then." in page


def test_banner_says_whose_page_it_is_and_leads_to_the_days_on_which_it_changes(staff):
    round = staged_round()

    page = staff.get(address(round, day="2026-05-03")).content.decode()

    assert "Preview: as the public on 3 May 2026." in page
    assert "Nobody else sees this page." in page
    days = re.findall(r'<li><a href="[^"]*day=([0-9-]+)[^"]*"[^>]*>[^<]*<small>([^<]*)', page)
    assert days == [
        ("2026-02-28", "published"), ("2026-03-01", "opens"), ("2026-03-31", "box opened, closes"),
        ("2026-04-30", "awarded"), ("2026-05-04", "today"), (AMOUNTS_ON, "amounts"),
    ]  # fmt: skip


def test_the_pages_own_form_for_another_day_leads_to_the_preview_of_it(staff):
    round = staged_round()

    by_form, by_banner = (staff.get(address(round, **{name: "2026-04-29"})) for name in ("as_of", "day"))

    assert by_form.content == by_banner.content


def test_banner_speaks_the_language_of_staff_and_the_page_the_one_asked_for(staff):
    round = staged_round()

    page = staff.get(address(round, language="zh-hant")).content.decode()

    assert '<html lang="zh-Hant">' in page
    assert '<aside class="preview" lang="en"' in page
    assert "Preview: as the public on 4 May 2026." in page


def test_nothing_keeps_a_preview_or_finds_it(staff, client):
    round = staged_round()

    answer = staff.get(address(round))

    assert "no-store" in answer["Cache-Control"].split(", ")
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()
    assert 'rel="canonical"' not in answer.content.decode()
    client.logout()
    assert b"preview" not in client.get("/sitemap.xml").content
    assert b"Disallow: /admin/" in client.get("/robots.txt").content


@pytest.mark.parametrize("prefix", ["", "/zh-hant"])
def test_public_is_sent_to_the_login_and_sees_nothing(client, prefix):
    round = make_round("R-DRAFT", published=False, title_en="Canary")

    answer = client.get(address(round, prefix, as_if="published"))

    assert (answer.status_code, answer["Location"].startswith(f"{prefix}/admin/login/")) == (302, True)
    assert b"Canary" not in answer.content


def test_staff_without_the_right_to_see_rounds_are_refused(client):
    assert with_permissions(client, "view_park").get(address(staged_round())).status_code == 403


@pytest.mark.parametrize(("day", "status"), [("2026-05-04", 200), ("2026-05-05", 403)])
def test_days_to_come_are_for_those_who_may_read_proposals(client, day, status):
    round = staged_round()

    assert with_permissions(client, "view_tenderround").get(address(round, day=day)).status_code == status
    both = with_permissions(client, "view_tenderround", "view_proposal")
    assert both.get(address(round, day=day)).status_code == 200


@pytest.mark.parametrize(
    "query", [{"day": "tomorrow"}, {"day": "2026-02-30"}, {"day": "2101-01-01"}, {"language": "fr"}]
)
def test_what_cannot_be_read_is_refused_in_words(staff, query):
    answer = staff.get(address(staged_round(), **query))

    assert answer.status_code == 400
    assert next(iter(query)) in answer.content.decode()


def test_a_preview_is_only_read(staff):
    assert staff.post(address(staged_round())).status_code == 405


def test_round_page_of_staff_leads_to_its_preview(staff):
    round = staged_round()

    page = staff.get(f"/admin/tenders/tenderround/{round.pk}/change/").content.decode()

    assert f'<a href="/admin/tenders/tenderround/{round.pk}/preview/">Preview as the public</a>' in page
