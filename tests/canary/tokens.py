"""Finds odd words and numbers in an answer, however they are written, and knows which of them a day may tell."""

import html
import re
from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

from tenders.statuses import Disclosure
from tests.canary import world
from tests.canary.world import AWARDED, AWARDS, KINDS, LETTERS, LOSE, NOW, WIN

BY_LETTER = {letter: kind for kind, letter in LETTERS.items()}
NAME = re.compile(
    rf"{world.WORD}(\d\d)({'|'.join(KINDS)})|{world.LETTER}(\d\d)([{''.join(BY_LETTER)}])", re.IGNORECASE
)
PREMIUM = re.compile(rf"{world.PREMIUM}(\d\d)(\d)\d\d")
# The same in thousands, in millions, in 億 and 萬; and numbers that no day may tell.
SECRET = re.compile(
    rf"(?:{world.INVESTMENT}|{world.JOBS}|{world.RESERVE}|{world.FIGURE})\d{{5}}"
    r"|(?:515\.1|424\.2|917\.3|737\.3|646\.4)\d*|(?:5\.15|4\.24|9\.17|7\.37|6\.46)\d* ?[億亿]|(?:51515|42424|73737)\d*\.?\d* ?[萬万]"
)
SHARE = re.compile(re.escape(str(world.SHARE)))
DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)
SEPARATOR = re.compile(r"(?<=\d)[,\u00a0\u202f'](?=\d{3})")

RULES = {given.number: given for given in AWARDS}


def told(address: str, answer: tuple) -> list[str]:
    """The tokens in an answer that nothing discloses on its day; what the address itself says is no news."""
    _status, headers, body = answer
    # A hash of the page has such digits by chance, and whether it differs is asked elsewhere.
    headers = {name: value for name, value in headers.items() if name != "ETag"}
    text = html.unescape(f"{headers} {body.decode('utf-8', 'replace')}").replace("\r\n ", "")
    asked, day = unquote(address).casefold(), day_of(address)
    found = {token for token, may in _tokens(text, day) if not may and token.casefold() not in asked}
    return sorted(found)


def day_of(address: str) -> date:
    """The day that an address asks for; today where it asks for none that can be read."""
    try:
        return date.fromisoformat(parse_qs(urlsplit(address).query)["as_of"][0])
    except (KeyError, ValueError):
        return NOW.date()


def _tokens(text: str, day: date):
    """Each token with whether the day may tell it."""
    for match in NAME.finditer(text):
        number, kind = match[1] or match[3], (match[2] or BY_LETTER[match[4]]).lower()
        yield match[0], may_name(int(number), kind, day)
    plain = SEPARATOR.sub("", text)
    for match in PREMIUM.finditer(plain):
        yield match[0], may_tell_amount(int(match[1]), KINDS[int(match[2])], day)
    for match in [*SECRET.finditer(plain), *SHARE.finditer(DRAWING.sub("", plain))]:
        yield match[0], False


def may_name(number: int, kind: str, day: date) -> bool:
    """Winners and losers of an award, unless the round tells totals only. Nobody else, and nothing else that is said."""
    given = RULES.get(number)
    is_told = given is not None and given.rule != Disclosure.TOTALS and day >= AWARDED.date()
    return is_told and kind in (WIN, LOSE)


def may_tell_amount(number: int, kind: str, day: date) -> bool:
    if kind == WIN:
        return may_name(number, kind, day)
    given = RULES.get(number)
    if given is None or kind != LOSE or day < AWARDED.date():
        return False
    if given.rule == Disclosure.FULL:
        return True
    return (
        given.rule == Disclosure.STAGED
        and given.days == world.STAGED_DAYS
        and given.losers > 1
        and day >= world.STAGED_ON
    )
