import pytest

from tests.numbers import bare_numbers

RECORDS = '<section aria-labelledby="on-offer"><h2 id="on-offer">On offer</h2><table><tr><td>3</td></tr></table></section>'


@pytest.mark.parametrize(
    "page",
    [
        '<p><a href="/figures/hsitp-plots-total/">22 plots</a> remain</p>',
        '<p><a href="/zh-hant/rounds/R-1/?as_of=2025-10-01#came-in"><b>27</b></a></p>',
        f'<p><a href="#on-offer">3 plots</a></p>{RECORDS}',
        '<p><a href="#row">3 plots</a></p><table><tr id="row"><td>3</td></tr></table>',
        '<p><a href="#dates">49 days to go</a></p><section id="dates"><dl class="facts"><dd>x</dd></dl></section>',
        "<table><caption>3 plots</caption><tr><td>117,000 m²</td></tr></table>",
        "<p>Closes on <time>3/4</time></p>",
        "<p>He said: <q>about 22 plots</q></p>",
        '<p lang="en">22 plots</p>',
        "<nav>Page 1 of 3</nav>",
        "<svg><text>27</text></svg>",
        "<head><title>22 plots</title></head>",
        "<form><label>Year</label><select><option>10 plots</option></select></form>",
        "<p>Sample plot S-25 of Phase 1 Batch 2</p>",
        "<p>Thu 30 April 2026, 12:00 noon; 2026-04-30; third quarter of 2026; 3 to 5 May 2026; from 2026 on</p>",
        "<p>2026年4月30日（四）中午12時；2026年3月至5月；2026年4月3日至5日；2026年第三季</p>",
        "<p>two sources agree</p>",
    ],
)
def test_number_with_its_proof_and_what_is_none_pass(page):
    assert bare_numbers(page, ["Sample plot S-25", "S-25", "Phase 1 Batch 2", "1"]) == []


@pytest.mark.parametrize(
    "page",
    [
        "<p>22 plots remain</p>",
        '<p><a href="/data/">22 plots</a></p>',
        '<p><a href="https://example.org/figures/x/">22 plots</a></p>',
        '<p><a href="#about">22 plots</a></p><section id="about"><p>words</p></section>',
        f'<p><a href="#elsewhere">3 plots</a></p>{RECORDS}',
        '<p><a href="/rounds/R-1/">The round</a> has 27 proposals</p>',
        "<p>49 days</p>",
        "<p>49 天後</p>",
        "<p>20日</p>",
        "<p>Slipped 3 months to May 2026</p>",
        "<p>117,000 m²</p>",
        "<p>HK$2,026</p>",
        "<p>In 2026: 3%</p>",
        "<p>12.5 ha</p>",
        "<p>22 plots of Phase 1 Batch 2</p>",
        "<p>S-251</p>",
        "<ul><li><svg></svg>3 announced</li></ul>",
        '<div class="tl-label"><a href="/releases/r/">The first</a><small>10 plots</small></div>',
    ],
)
def test_number_without_proof_is_found(page):
    assert len(bare_numbers(page, ["S-25", "Phase 1 Batch 2", "1"])) == 1


def test_found_number_is_told_with_its_whole_sentence_and_no_other():
    page = "<p>No number.</p><p>There are <b>22 plots</b> of <i>two</i> kinds.</p>"

    assert bare_numbers(page) == ["There are 22 plots of two kinds."]
