"""The staff's stylesheet has the tokens of the public one."""

import re

import pytest
from django.conf import settings

TOKEN = re.compile(r"(--[a-z0-9-]+):\s*(#[0-9a-f]{6});")


def schemes(name):
    """Tokens of the light and the dark block, by name."""
    text = (settings.BASE_DIR / "static" / name).read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\n\s*\}", text, flags=re.DOTALL)[:2]
    return dict(TOKEN.findall(light)), dict(TOKEN.findall(dark))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_staff_and_public_share_their_tokens(scheme):
    public, staff = schemes("tenderground.css")[scheme], schemes("admin-tenderground.css")[scheme]

    assert {name: staff.get(name) for name in public} == public
