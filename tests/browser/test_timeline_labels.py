import pytest

# Letters need no room above their own height: two lines of text may share a pixel or two of leading.
LABELS = """() => {
  const seen = [...document.querySelectorAll(".tl-lane text")]
    .map((text) => [text.textContent.trim(), text.getBoundingClientRect()])
    .filter(([words, box]) => words && box.width);
  const clashes = [];
  seen.forEach(([one, a], number) => seen.slice(number + 1).forEach(([two, b]) => {
    const over = a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom;
    if (over) clashes.push(`${one} / ${two}`);
  }));
  return { count: seen.length, clashes };
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [1440, 1000, 390])
@pytest.mark.parametrize(
    "path", ["/calendar/", "/zh-hant/calendar/", "/calendar/?year=2025", "/calendar/?year=2027"]
)
def test_no_two_labels_of_the_timeline_touch_and_nothing_scrolls_sideways(page, width, path):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path)
    found = page.evaluate(LABELS)

    assert found["count"] >= 12
    assert found["clashes"] == []
    assert page.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("width", [1440, 1000, 390])
@pytest.mark.parametrize("code", ["S-01", "S-11", "S-23", "S-25", "S-26"])
def test_no_two_labels_of_a_plots_life_touch(page, width, code):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/parks/sample/plots/{code}/")
    found = page.evaluate(LABELS)

    assert found["count"] >= 8
    assert found["clashes"] == []


@pytest.mark.parametrize("width", [1440, 1000, 390, 320])
@pytest.mark.parametrize("view", ["month", "agenda"])
def test_month_and_agenda_do_not_scroll_sideways(page, faults, width, view):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/calendar/?view={view}")

    assert page.evaluate(OVERFLOW) == 0
    assert faults == []


@pytest.mark.parametrize("width", [1440, 1000, 390, 320])
@pytest.mark.parametrize(
    "figure",
    ["hsitp-1.2-3-plots-remaining", "sample-a-plots-remaining", "sample-area-offered", "manufacturing-gdp"],
)
def test_no_two_labels_of_a_course_touch(page, width, figure):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/figures/{figure}/")
    found = page.evaluate(LABELS.replace(".tl-lane text", ".chart text"))

    assert found["count"] >= 3
    assert found["clashes"] == []
