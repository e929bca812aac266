import pytest

from parks.chinese import simplified


@pytest.mark.parametrize(
    ("traditional", "expected"),
    [
        ("樣本園區", "样本园区"),
        ("港深創新及科技園", "港深创新及科技园"),
        ("十幅選定地塊，兩個組合", "十幅选定地块，两个组合"),
        ("明年陸續推出餘下地塊", "明年陆续推出余下地块"),
        ("原為「第一季」", "原为“第一季”"),
        ("Phase 1", "Phase 1"),
        ("", ""),
    ],
)
def test_traditional_becomes_simplified_characters_and_quotes(traditional, expected):
    assert simplified(traditional) == expected


def test_simplified_stays_as_it_is():
    assert simplified("样本园区，余下地块") == "样本园区，余下地块"
