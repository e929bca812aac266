"""Hostile requests as bytes for a socket: what a client sends that means harm, or is broken. Made from a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

PAGES = [
    *(
        "/",
        "/calendar/",
        "/parks/",
        "/plots/",
        "/releases/",
        "/rounds/",
        "/figures/",
        "/changes/",
        "/data/",
        "/parks/hsitp/",
    ),
    *("/parks/sample/", "/rounds/nothing/", "/releases/nothing/", "/parks/hsitp/plots/nothing/", "/nothing/"),
]
FILES = [
    *("/plots.csv", "/releases.csv", "/rounds.csv", "/lots.csv", "/awards.csv", "/figures.csv"),
    *("/calendar.csv", "/calendar.ics", "/data/datapackage.json"),
    *("/changes.csv", "/changes.atom", "/calendar.atom"),
]
MACHINE = ["/healthz", "/robots.txt", "/sitemap.xml", "/static/nothing.css", "/favicon.ico"]
STAFF_LISTS = [
    f"/admin/tenders/{name}/" for name in ("tenderround", "proposal", "lot", "award", "figure", "opening")
]
STAFF = [
    *(
        "/admin/",
        "/admin/login/",
        "/admin/autocomplete/",
        "/admin/tenders/proposal/export.csv",
        "/admin/r/1/1/",
    ),
    *("/admin/parks/park/", "/admin/parks/plot/", "/admin/auth/user/", *STAFF_LISTS),
]
LANGUAGES = ["", "", "/zh-hant", "/zh-hans", "/zh-tw", "/xx"]
PARAMETERS = [
    *(
        "q",
        "park",
        "phase",
        "availability",
        "sector",
        "area_min",
        "area_max",
        "round",
        "release",
        "sort",
        "page",
    ),
    *("view", "year", "month", "kind", "stage", "status", "indicator", "as_of", "next", "p", "o", "e", "all"),
    *(
        "_popup",
        "_to_field",
        "_facets",
        "_changelist_filters",
        "round__id__exact",
        "id__in",
        "id__range",
        "code__regex",
    ),
    *(
        "closes_at__year",
        "closes_at__month",
        "as_of__year",
        "term",
        "app_label",
        "model_name",
        "field_name",
        "a[]",
        "a[b]",
    ),
]
ODD = [
    *(
        "",
        "0",
        "-1",
        "1" + "0" * 26,
        "9" * 400,
        "9" * 3000,
        "abc",
        "NaN",
        "Infinity",
        "1e400",
        "%00",
        "a%00b",
        "%ff",
    ),
    *(
        "%ed%a0%80",
        "%c0%ae",
        "%f4%90%80%80",
        "%E2%80%AE",
        "%0d%0aSet-Cookie:%20a=b",
        "%",
        "%zz",
        "%u0041",
        "'",
        "%22%3E%3Cb%3E",
    ),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "2026-13",
        "10000-01",
        "%EF%BC%91",
        "..%2f..%2fetc",
        "x" * 3900,
        "a+" * 1500,
    ),
    *(
        "%F0%9F%AA%A7",
        "1'%20OR%20'1'='1",
        "-ratio",
        "month",
        "agenda",
        "True",
        "null",
        "[]",
        "__proto__",
        "(((((",
        "1,2,3",
    ),
]
HOSTS = [
    *("", "..", "evil.example", "127.0.0.1:99999", "127.0.0.1:abc", "[::1", "a_b", "127.0.0.1, evil.example"),
    *("127.0.0.1@evil.example", "xn--a", "x" * 300, "127.0.0.1\t", "127.0.0.1/..", "％"),
]  # fmt: skip
METHODS = [
    "PUT",
    "DELETE",
    "TRACE",
    "PATCH",
    "OPTIONS",
    "HEAD",
    "CONNECT",
    "PROPFIND",
    "get",
    "GE T",
    "G\x01T",
    "X" * 50,
]
HEADERS = [
    *("Accept-Language: " + "zh-hant;q=abc," * 500, "Accept-Language: *;q=1e999", "If-None-Match: \"", "If-None-Match: *"),
    *("If-None-Match: " + '"a",' * 1500, "If-Modified-Since: Mon, 31 Feb 2026 08:49:37 GMT", "If-Modified-Since: \xff\xfe"),
    *("Range: bytes=0-1", "Range: bytes=5-1", "Range: bytes=-99999999999999999999", "Range: bytes=" + "0-0," * 1500),
    *('Cookie: sessionid="\\000aaaaaaaaaaaa"', "Cookie: csrftoken=short; messages=x", "Cookie: ;;=;", "Cookie: a=" + "b" * 8000),
    *("X-Forwarded-Host: evil.example", "X-Forwarded-Proto: nonsense", "X-Forwarded-For: nonsense", "X-Forwarded-For: " + "1.1.1.1," * 900),
    *("Content-Type: \xff", "Content-Type: multipart/form-data; boundary=" + "x" * 200, "Transfer-Encoding: gzip", "Transfer-Encoding: chunked"),
    *("Expect: 100-continue", "Expect: nonsense", "Upgrade: h2c", "X-Nul: a\0b", "X-Odd: a\rb", "No colon", ": no name", " folded", "Sp ace: a"),
    *("Authorization: Basic \xff", "Referer: \xff\xfe", "Content-Length: -1", "Content-Length: 99999999999999999999", "Content-Length: abc"),
]  # fmt: skip
BODIES = [
    ("application/x-www-form-urlencoded", b"username=%00&password=%ff&next=//evil.example"),
    ("application/x-www-form-urlencoded", b"a=1&" * 5000),
    ("application/x-www-form-urlencoded; charset=nonsense", b"username=a"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfe\x00"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"..\\\x00\"\r\n\r\n\xff\r\n--x--\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n\r\n" * 150 + b"--x--\r\n"),
    ("application/json", b'{"a": ' + b"[" * 5000),
    ("text/\x01plain", b"\x00" * 3000),
    ("", b"x" * 3_000_000),
]  # fmt: skip
RAW = [
    *(b"\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"),
    *(b"GET \x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"\xff\xfe\xfd\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    *(b"GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", b"GET * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
]  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """Bytes to send, at once or in pieces, and what to call them in a table."""

    name: str
    data: bytes
    is_slow: bool = False
    is_cut: bool = False  # the client stops sending before it has sent what it promised


@dataclass(frozen=True)
class Target:
    """The host to name, and the cookie of a member of staff."""

    host: str
    cookie: str


def shots(count: int, target: Target, seed: int) -> list[Shot]:
    """So many shots; the same for the same seed."""
    random = Random(seed)
    kinds: list[Callable[[Random, Target], Shot]] = [
        *(
            odd_query,
            odd_query,
            odd_query,
            odd_path,
            odd_path,
            many_parameters,
            odd_header,
            odd_header,
            odd_host,
        ),
        *(
            odd_method,
            staff_query,
            staff_query,
            staff_query,
            staff_path,
            odd_body,
            staff_body,
            raw,
            header_flood,
        ),
        *(flood, flood, slow_body),
    ]
    return [random.choice(kinds)(random, target) for _ in range(count)]


def odd_query(random: Random, target: Target) -> Shot:
    pairs = [f"{random.choice(PARAMETERS)}={random.choice(ODD)}" for _ in range(random.randint(1, 3))]
    path = random.choice(LANGUAGES) + random.choice(PAGES + FILES + MACHINE)
    return request(random, target, "GET", f"{path}?{'&'.join(pairs)}")


def odd_path(random: Random, target: Target) -> Shot:
    odd = random.choice([*ODD, "\xff", "\x7f", "//evil.example", "/\\evil.example", "../..", "."])
    pattern = random.choice(
        ["/{}", "/{}/", "/parks/{}/", "/parks/hsitp/plots/{}/", "/releases/{}/", "/rounds/{}/", "/static/{}"]
    )
    return request(random, target, "GET", random.choice(LANGUAGES) + pattern.format(odd))


def many_parameters(random: Random, target: Target) -> Shot:
    """As many as a request line takes, of one name or of many."""
    name = random.choice(["a", "q", "page", "park[]"])
    return request(
        random,
        target,
        "GET",
        random.choice(PAGES + FILES) + "?" + f"{name}=1&" * random.choice([500, 1000, 5000]),
    )


def odd_header(random: Random, target: Target) -> Shot:
    path = random.choice(LANGUAGES) + random.choice(PAGES + FILES + ["/admin/", "/admin/login/"])
    return request(random, target, "GET", path, headers=random.sample(HEADERS, random.randint(1, 2)))


def odd_host(random: Random, target: Target) -> Shot:
    return request(
        random,
        Target(random.choice(HOSTS), ""),
        "GET",
        random.choice(LANGUAGES) + random.choice(PAGES + FILES),
    )


def odd_method(random: Random, target: Target) -> Shot:
    return request(
        random,
        target,
        random.choice(METHODS),
        random.choice(LANGUAGES) + random.choice(PAGES + FILES + MACHINE + STAFF),
    )


def staff_query(random: Random, target: Target) -> Shot:
    pairs = [f"{random.choice(PARAMETERS)}={random.choice(ODD)}" for _ in range(random.randint(1, 2))]
    return request(
        random, target, "GET", f"{random.choice(STAFF)}?{'&'.join(pairs)}", headers=[target.cookie]
    )


def staff_path(random: Random, target: Target) -> Shot:
    tail = random.choice(
        ["change/", "delete/", "history/", "history/1/", "", "publish/", "award/", "shortlist/"]
    )
    path = f"{random.choice(STAFF_LISTS)}{random.choice([*ODD, '1', '1' + '0' * 30])}/{tail}"
    return request(random, target, "GET", path, headers=[target.cookie])


def odd_body(random: Random, target: Target) -> Shot:
    kind, body = random.choice(BODIES)
    path = random.choice(["/admin/login/", "/admin/login/", "/", "/plots.csv", "/healthz"])
    shot = request(random, target, "POST", path, headers=[f"Content-Type: {kind}"], body=body)
    return Shot(shot.name, shot.data[:-10] if len(body) > 20 else shot.data, is_cut=len(body) > 20) if random.random() < 0.2 else shot  # fmt: skip


def staff_body(random: Random, target: Target) -> Shot:
    """With a session and a matching token, so that the form's own view reads it."""
    token = "a" * 32
    pairs = [f"{random.choice(['action', '_selected_action', 'select_across', 'index', '_save', 'code', 'id', 'reason', 'closes_at_0'])}={random.choice(ODD)}" for _ in range(4)]  # fmt: skip
    path = random.choice([*STAFF_LISTS, *(f"{path}add/" for path in STAFF_LISTS), "/admin/tenders/tenderround/1/amend/", "/admin/tenders/proposal/import/"])  # fmt: skip
    body = "&".join([f"csrfmiddlewaretoken={token}", *pairs]).encode("latin-1")
    headers = [f"{target.cookie}; csrftoken={token}", "Content-Type: application/x-www-form-urlencoded"]
    return request(random, target, "POST", path, headers=headers, body=body)


def raw(random: Random, target: Target) -> Shot:
    data = random.choice([*RAW, random.randbytes(random.randint(1, 200)) + b"\r\n\r\n"])
    return Shot(f"raw {data[:20]!r}", data, is_cut=True)


def header_flood(random: Random, target: Target) -> Shot:
    many = random.choice(
        [[f"X-{number}: a" for number in range(200)], ["X-Long: " + "a" * 10_000], ["Cookie: a=b"] * 90]
    )
    return request(random, target, "GET", "/plots/", headers=many)


def flood(random: Random, target: Target) -> Shot:
    """The same client again and again, for the limits."""
    if random.random() < 0.5:
        return request(random, target, "GET", random.choice(FILES), client="198.51.100.9")
    form = ["Content-Type: application/x-www-form-urlencoded"]
    return request(
        random, target, "POST", "/admin/login/", headers=form, body=b"username=a", client="198.51.100.9"
    )


def slow_body(random: Random, target: Target) -> Shot:
    shot = request(random, target, "POST", "/admin/login/", headers=["Content-Type: application/x-www-form-urlencoded"], body=b"a=b&" * 100)  # fmt: skip
    return Shot(f"slow {shot.name}", shot.data, is_slow=True)


def request(
    random: Random,
    target: Target,
    method: str,
    path: str,
    *,
    headers: list[str] | None = None,
    body: bytes = b"",
    client: str = "",
) -> Shot:
    """As our own proxy would pass it on: with the client's address, each time another unless one is given."""
    client = client or f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {target.host}",
        *(headers or []),
        f"X-Forwarded-For: {client}",
    ]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join([*lines, "Connection: close", "", ""])
    return Shot(f"{method} {quote(path, safe='/?=&%[]')}", head.encode("latin-1", "replace") + body)
