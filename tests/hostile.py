"""What a hostile or broken client may write into an address, a header or a form; and what the site reads of one."""

import ast
from pathlib import Path

from django.urls import reverse

import portal
from portal import filters, urls
from portal.views.calendar import CalendarForm
from portal.views.changes import ChangesForm

PAGES = [reverse(path.name) for path in urls.pages if "<" not in str(path.pattern)]
FILES = [reverse(path.name) for path in urls.downloads]
MACHINE = [reverse(path.name) for path in urls.machine]
# Addresses about one thing, {} in the place of what names it.
ABOUT_ONE = ["/parks/{}/", "/parks/hsitp/plots/{}/", "/parks/{}/plots/NT-A/", "/releases/{}/", "/rounds/{}/"]
PREFIXES = ["", "/zh-hant", "/zh-hans"]

LONG = "x" * 10_000
ODD = [
    *("", "0", "-1", "1" + "0" * 26, "9" * 400, "9" * 5000, "abc", "NaN", "Infinity", "1e400", "1e5", "0.001"),
    *("\0", "a\0b", LONG, "9999999999999.99", "a " * 500, "2026", "1989", "２０２６", "2026-02-30", "0000-00-00"),
    *("9999-12-31", "1990-01-01", "2026-13", "1990-01", "2100-12", "10000-01", "month", "agenda", "-ratio"),
    *("hsitp", "NT-A", "R-1", "'", '"><b>', "%", "\r\nSet-Cookie: a=b", "\u202e", "🪧", "1' OR '1'='1", "../..", "{}"),
]  # fmt: skip
HEADERS = {
    "Accept-Language": ["zh-" + "a" * 10_000, "*;q=1e999", "zh-hant;q=abc", ",,;", "a," * 500, "\xff", "\0"],
    "If-None-Match": ["*", '"', 'W/"x', '"a",' * 5000, "\x00", "\xff", LONG],
    "If-Modified-Since": ["Mon, 31 Feb 2026 08:49:37 GMT", "x", "Sun, 06 Nov 99999 08:49:37 GMT", "\xff", LONG],
    "Range": ["bytes=0-1", "bytes=5-1", "bytes=-99999999999999999999", "x", "bytes=" + "0-0," * 2000],
    "Cookie": [
        *("django_language=%00", "sessionid=\x00", "messages=x; csrftoken=y", ";;=;", "sessionid=" + LONG, "\xff=\xfe"),
        *('sessionid="\\000aaaaaaaaaaaa"', 'csrftoken="\\000"', 'messages="\\000"', "a=b; " * 3000),
    ],
    "Host": [
        *("", "..", "testserver:99999", "testserver:abc", "[::1", "a_b", "testserver, evil.example", "evil.example", "台"),
        *("testserver@evil.example", "x" * 10_000, "testserver.", "TESTSERVER", " testserver", "testserver\t"),
    ],
    "X-Forwarded-For": ["", "x", "1.1.1.1," * 2000, "::1%\0", "999.1.1.1", "\xff"],
    "X-Forwarded-Host": ["evil.example", "\0"],
    "X-Forwarded-Proto": ["nonsense", "https", "\xff"],
    "X-Requested-With": ["XMLHttpRequest"],
    "Content-Type": ["\xff", "multipart/form-data", "text/html; charset=nonsense", "x" * 5000, "application/json"],
    "Content-Length": ["-1", "abc", "1e9", "9" * 19, "9" * 400, "1"],
    "Referer": ["\xff", "https://evil.example/", "javascript:alert(1)"],
    "Accept": ["x/y", "\xff", "application/json;q=2"],
}  # fmt: skip


def parameters() -> list[str]:
    """Every name that a filter or a view reads, taken from the code, so that a new one is among them."""
    read = {name for filter_set in _filter_sets(filters.Filters) for name in filter_set.base_filters}
    for path in Path(portal.__file__).parent.rglob("*.py"):
        read |= {name for node in ast.walk(ast.parse(path.read_text())) for name in _read_by(node)}
    return sorted(read | set(CalendarForm.base_fields) | set(ChangesForm.base_fields))


def _filter_sets(parent: type) -> set[type]:
    return {child for own in parent.__subclasses__() for child in {own, *_filter_sets(own)}}


def _read_by(node: ast.AST) -> set[str]:
    """The name in `….GET["name"]`, `….GET.get("name", …)` or `….GET.getlist("name")`."""
    if isinstance(node, ast.Subscript) and _is_query(node.value):
        return _words([node.slice])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_query(node.func.value):
        return _words(node.args[:1])
    return set()


def _is_query(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "GET"


def _words(nodes: list[ast.expr]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
