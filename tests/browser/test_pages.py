import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = [
    "",
    "calendar/",
    "calendar/?year=2025",
    "calendar/?view=month",
    "calendar/?view=agenda",
    "parks/",
    "parks/hsitp/",
    "parks/sample/",
    "parks/tai-po/",
    "plots/",
    "plots/?q=nothing-of-that-name",
    "parks/sample/plots/S-01/",
    "parks/sample/plots/S-11/",
    "parks/sample/plots/S-25/",
    "pipeline/",
    "pipeline/?measure=gfa&park=sample",
    "releases/",
    "releases/hsitp-remaining/",
    "releases/sample-next-four/",
    "rounds/",
    "rounds/HSITP-EOI-2025/",
    "rounds/SAMPLE-EOI-1/",
    "rounds/SAMPLE-T-1/",
    "rounds/SAMPLE-T-3/",
    "figures/",
    "press/",
    "press/?park=sample",
    "press/?park=tai-po",
    "press/?round=nothing-of-that-code",
    "changes/",
    "changes/?since=2025-01-01&park=hsitp",
    "figures/hsitp-1.2-3-plots-remaining/",
    "figures/sample-a-plots-remaining/",
    "figures/sample-b-gfa/",
    "figures/sample-t-1-proposals-received/",
    "data/",
]
LANGUAGES = ["", "zh-hant/", "zh-hans/"]


WIDTHS = [1440, 1000, 390, 320]
SCHEMES = ["light", "dark"]


@pytest.mark.parametrize("path", PAGES)
def test_page_stands_in_every_width_without_a_fault(page, faults, path):
    response = page.goto(f"/{path}")

    needed = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        needed[width] = page.evaluate("document.documentElement.scrollWidth")

    assert (response.status, faults) == (200, [])
    assert {width: room for width, room in needed.items() if room > width} == {}


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("path", PAGES)
def test_chinese_page_stands_on_a_phone(page, faults, path, language):
    page.set_viewport_size({"width": 390, "height": 900})

    response = page.goto(f"/{language}{path}")

    assert (response.status, faults) == (200, [])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("html").get_attribute("lang").lower() == language.strip("/")


@pytest.mark.parametrize("path", PAGES)
def test_page_breaks_no_rule_of_accessibility(page, path):
    page.goto(f"/{path}")

    broken = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for rule in Axe().run(page).response["violations"]:
            broken.append((scheme, rule["id"], [node["target"] for node in rule["nodes"]][:3]))

    assert broken == []


@pytest.mark.parametrize("path", ["nowhere/", "parks/nowhere/", "calendar/?year=10000", "?as_of=2999-01-01"])
def test_page_of_words_for_an_error_stands_too(page, path):
    page.set_viewport_size({"width": 390, "height": 900})

    response = page.goto(f"/{path}")

    assert response.status in {400, 404}
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
