import base64
import csv
import io
import itertools

import pytest
from django.contrib.auth import get_user_model
from django_otp.oath import totp

PASSWORD = "a-password-for-this-test-only"
counter = itertools.count(1)


@pytest.fixture
def desk(page, site, django_db_blocker):
    """A browser in which a staff member is logged in, by the forms: password, authenticator, recovery codes."""
    name = f"clerk-{next(counter)}"  # a first login each time; an account with history is not deleted
    with django_db_blocker.unblock():
        get_user_model().objects.create_superuser(name, password=PASSWORD)
    page.goto("/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    key = base64.b32decode(page.locator(".staff-key").inner_text().replace(" ", ""))
    page.get_by_label("Code").fill(f"{totp(key):06}")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_load_state("networkidle")  # or the next page would break off what this one still loads
    return page


def test_staff_registers_a_proposal_and_finds_it_in_the_export(desk, site):
    desk.goto("/admin/parks/organisation/add/")
    desk.get_by_label("Name (English)").fill("Browser Works Limited")
    desk.get_by_role("button", name="Save", exact=True).click()

    desk.goto("/admin/tenders/proposal/add/")
    choose(desk, "round", "SAMPLE-T-1")
    choose(desk, "proponent", "Browser Works")
    desk.get_by_role("button", name="Save", exact=True).click()

    assert "registered" in desk.locator(".messagelist").inner_text()
    answer = desk.request.get("/admin/tenders/proposal/export.csv?round=SAMPLE-T-1")
    rows = list(csv.DictReader(io.StringIO(answer.text().removeprefix("\ufeff"))))
    assert [row["round"] for row in rows if row["proponent"] == "Browser Works Limited"] == ["SAMPLE-T-1"]


def choose(desk, field, words):
    """Pick from one of the admin's autocomplete boxes, with the keyboard."""
    desk.locator(f".field-{field} .select2-selection").click()
    desk.locator(".select2-search__field").fill(words)
    desk.locator(".select2-results__option--highlighted", has_text=words).wait_for()
    desk.keyboard.press("Enter")


def test_desk_pages_stand_without_a_fault(desk, faults):
    for path in ("", "tenders/tenderround/", "tenders/proposal/", "tenders/proposal/add/", "parks/release/"):
        response = desk.goto(f"/admin/{path}", wait_until="networkidle")  # nothing is broken off by the next
        assert (path, response.status, faults) == (path, 200, [])
