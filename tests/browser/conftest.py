"""A browser and a served site with the facts and the samples, for the tests that need to see a page."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

# Playwright runs an event loop in the tests' own thread, and Django takes that for an async program.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SCREENSHOTS = Path(__file__).resolve().parent.parent.parent / "var" / "screenshots"
WIDTHS = {"wide": 1440, "phone": 390}


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The machine's own Chromium (CHROMIUM names another), which does not ask home for anything."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which(os.environ.get("CHROMIUM", "chromium")),
        "args": [
            "--no-sandbox",  # a container's root has no other way
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker):
    """The address of the whole site, seeded once for all browser tests.

    The rows stay from test to test: a test that writes uses rows of its own, and none asks for `db` or
    `transactional_db`, which would take them away.
    """
    with django_db_blocker.unblock():
        # django_db_setup makes databases only for tests that ask for them by `db`, which none of these does.
        made = [] if _is_for_tests() else setup_databases(verbosity=0, interactive=False)
        call_command("seed", sample=True, verbosity=0)
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()
        teardown_databases(made, verbosity=0)


def _is_for_tests() -> bool:
    return connection.settings_dict["NAME"] == connection.creation._get_test_db_name()


@pytest.fixture(scope="session")
def base_url(site):
    """So that tests can say page.goto("/plots/")."""
    return site


@pytest.fixture
def faults(page: Page) -> list[str]:
    """What went wrong in the page so far: script errors, refusals of the policy, failed requests."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    page.on("console", lambda line: found.append(f"console: {line.text}") if line.type == "error" else None)
    page.on("requestfailed", lambda request: found.append(f"request: {request.url}"))
    return found


@pytest.fixture
def photograph(page: Page):
    """photograph("/plots/", "plots") keeps the page, wide and phone-size, in var/screenshots/ for a look."""

    def take(path: str, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for size, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path)
            page.screenshot(path=SCREENSHOTS / f"{name}-{size}.png", full_page=True)

    return take
