"""The button of the press line in a real browser: it copies what stands there, and without it nothing is missing."""

import pytest
from playwright.sync_api import expect

DAY = "/press/?as_of=2025-12-31"
ENGLISH = "#line-en"


def shown(page) -> str:
    """The parts of the English line as a reader sees them, one under the other."""
    return "\n".join(part.strip() for part in page.locator(f"{ENGLISH} [data-copied]").all_inner_texts())


def test_button_copies_the_sentence_its_sources_the_day_and_the_address(page, faults):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(DAY)
    section = page.locator("section.press").first

    section.get_by_role("button", name="Copy").click()

    expect(section.get_by_role("status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == shown(page)
    assert copied.startswith("27 proposals have been received for 10 plots in Phase 1 Batches 2 and 3 of ")
    assert copied.splitlines()[-1].endswith("/press/?round=HSITP-EOI-2025&as_of=2025-12-31")
    assert faults == []


@pytest.mark.parametrize("clipboard", ["undefined", "{ writeText: () => Promise.reject(new Error('no')) }"])
def test_where_a_page_may_not_copy_the_text_is_marked_and_it_says_what_to_do(page, faults, clipboard):
    page.add_init_script(f"Object.defineProperty(navigator, 'clipboard', {{ value: {clipboard} }})")
    page.goto(DAY)
    section = page.locator("section.press").first

    section.get_by_role("button", name="Copy").click()

    expect(section.get_by_role("status")).to_contain_text("press Ctrl+C")
    marked = page.evaluate("window.getSelection().toString()")
    assert [line for line in marked.splitlines() if line] == shown(page).splitlines()
    assert faults == []


def test_without_a_script_the_page_is_whole_and_has_no_button_that_does_nothing(browser, base_url):
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    page.goto("/press/")

    assert page.locator("button[data-copies]:visible").count() == 0
    assert page.locator(".press-sentence:visible").count() == 3
    page.get_by_label("Round").select_option("SAMPLE-T-3")
    page.get_by_role("button", name="Show").click()

    assert "round=SAMPLE-T-3" in page.url
    assert "2 of 2 lots have been awarded" in page.locator(f"{ENGLISH} .press-sentence").inner_text()
    context.close()
