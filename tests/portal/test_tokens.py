"""The colours of the stylesheet: every pair in use keeps the contrast of WCAG AA, in light and in dark."""

import re
from pathlib import Path

import pytest

STYLESHEET = Path(__file__).resolve().parents[2] / "static" / "tenderground.css"
TEXT, SHAPE = 4.5, 3.0  # WCAG 1.4.3 for text, 1.4.11 for edges and other forms that carry meaning

PAPERS = ("ground", "ground-2", "sheet")
PAIRS = [
    *[("ink", paper, TEXT) for paper in PAPERS],
    *[("ink-2", paper, TEXT) for paper in PAPERS],
    *[("land", paper, TEXT) for paper in PAPERS],
    *[("due", paper, TEXT) for paper in PAPERS],
    *[("query", paper, TEXT) for paper in PAPERS],
    *[("focus", paper, SHAPE) for paper in PAPERS],
    *[("rule-ui", paper, SHAPE) for paper in PAPERS],
    ("query", "query-2", TEXT),
    ("land-on", "land", TEXT),
    ("ink", "land-2", TEXT),
    ("open-on", "open", TEXT),
    ("ground", "ink", TEXT),  # words on the one ink button
    ("land", "land-2", SHAPE),  # edge of an announced plot on the map
]

Tokens = dict[str, str]


def tokens_of(css: str) -> dict[str, Tokens]:
    """The colour tokens of both schemes; dark holds what light says where it says nothing itself."""
    blocks = re.findall(r":root\s*\{([^}]*--ground:[^}]*)\}", css)
    light, dark = (dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block)) for block in blocks[:2])
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_faint(tokens: Tokens) -> list[str]:
    """The pairs that miss their minimum, in words."""
    return [
        f"{front} on {back}: {contrast(tokens[front], tokens[back]):.2f} < {minimum}"
        for front, back, minimum in PAIRS
        if contrast(tokens[front], tokens[back]) < minimum
    ]


@pytest.fixture(scope="module")
def css() -> str:
    return STYLESHEET.read_text(encoding="utf-8")


def test_twenty_seven_pairs_are_held() -> None:
    assert len(set(PAIRS)) == 27


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_in_use_can_be_read(css: str, scheme: str) -> None:
    assert too_faint(tokens_of(css)[scheme]) == []


@pytest.mark.parametrize(
    ("scheme", "token", "bad"),
    [
        ("light", "ink-2", "#8a9a90"),
        ("light", "rule-ui", "#b6c7bc"),
        ("dark", "due", "#a8260f"),
        ("dark", "land-on", "#ffffff"),
    ],
)
def test_a_bad_change_of_a_token_is_caught(css: str, scheme: str, token: str, bad: str) -> None:
    tokens = tokens_of(css)[scheme] | {token: bad}

    assert any(token in pair.split(":")[0].split() for pair in too_faint(tokens))


def test_contrast_is_the_one_of_the_standard() -> None:
    assert (contrast("#000000", "#ffffff"), round(contrast("#767676", "#ffffff"), 2)) == (21.0, 4.54)


def test_colours_are_said_in_tokens_only(css: str) -> None:
    outside = re.sub(r":root\s*\{[^}]*\}", "", css)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*;)|rgba?\(|hsla?\(", outside) == []


def test_dark_says_every_colour_but_the_yellow(css: str) -> None:
    blocks = re.findall(r":root\s*\{([^}]*--ground:[^}]*)\}", css)
    light, dark = (set(re.findall(r"--([\w-]+):\s*#", block)) for block in blocks[:2])

    assert light - dark == {"open", "open-on"}
