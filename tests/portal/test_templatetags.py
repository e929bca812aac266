from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from parks.models import Park, ReleaseRevision, Source
from tests.factories import hk


def said(*, language="en", verbatim=True, **fields) -> ReleaseRevision:
    fields = {
        "window_text": "gradually next year", "window_earliest": date(2026, 1, 1), "window_latest": date(2026, 12, 31),
        "window_precision": "year",
    } | fields  # fmt: skip
    return ReleaseRevision(source=Source(language=language), verbatim=verbatim, **fields)


def render(text: str, language="en", **context) -> str:
    with translation.override(language):
        return Template("{% load portal %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("revision", "language", "shown"),
    [
        (said(), "en", "“gradually next year”"),
        (said(verbatim=False), "en", "gradually next year"),
        (said(), "zh-hant", "2026年"),
        (said(window_text_zh_hant="明年陸續推出"), "zh-hant", "明年陸續推出"),
        (said(language="zh-hant", window_text_zh_hans="明年陆续推出"), "zh-hans", "明年陆续推出"),
        (said(language="zh-hant"), "en", "gradually next year"),
    ],
)
def test_words_are_quoted_only_in_the_language_of_their_source(revision, language, shown):
    assert render("{{ revision|as_published }}", language, revision=revision) == shown


def test_words_without_a_rendering_come_from_the_limits():
    revision = said(window_text="", verbatim=False)
    assert render("{{ revision|as_published }}", revision=revision) == "2026"


def test_a_text_falls_back_to_the_nearest_language():
    park = Park(name_en="Park", name_zh_hant="園區")
    assert render('{{ park|local:"name" }}', "zh-hans", park=park) == "園區"


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("{{ value|number }}", Decimal("117000.00"), "117,000"),
        ("{{ value|number }}", Decimal("82.20"), "82.2"),
        ("{{ value|number }}", None, ""),
        ("{{ value|ratio }}", 5.0, "5.0"),
        ("{{ value|ratio }}", 5.83, "5.83"),
        ("{{ value|money }}", Decimal("1250000.00"), "HK$1,250,000"),
        ("{{ value|money }}", None, ""),
        ('{{ value|day_text:"month" }}', date(2025, 12, 31), "December 2025"),
        ("{{ value|day_text }}", None, ""),
        ('{{ value|short_day:"day" }}', date(2025, 9, 24), "24 Sep 2025"),
        ("{{ value|instant_text }}", hk(2026, 4, 30, 12), "Thu 30 April 2026, 12:00 noon"),
        ("{{ value|instant_text }}", hk(2026, 4, 30), "Thu 30 April 2026"),
        ("{{ value|availability_label }}", "on_offer", "on offer"),
        ("{{ value|stage_label }}", "upcoming", "Upcoming"),
        ("{{ value|term }}", "robotics", "Robotics"),
        ("{{ value|term }}", "Basket weaving", "Basket weaving"),
        ("{{ value|spoken }}", said().window, "2026"),
        ("{{ value|spoken }}", None, ""),
    ],
)
def test_a_value_is_shown_in_words(text, value, shown):
    assert render(text, value=value) == shown
