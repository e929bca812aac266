"""Officers at the front desk: each fills in the form of a proposal over HTTP, again and again, and notes what it was told."""

import http.client
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import Cookie, CookieJar

ADD = "/admin/tenders/proposal/add/"
REGISTERED = re.compile(r"Proposal <a [^>]*>([A-Z0-9-]+)</a> registered")
NOT_SAVED = "Nothing was saved."
LONGEST = 60  # seconds that an officer waits for an answer


@dataclass(frozen=True)
class Desk:
    """Where the form is and what to choose in it."""

    address: str
    session: str
    round: int
    proponent: int
    lot: int


@dataclass
class Notes:
    """What the officers were told, by the mark that each proposal carries."""

    registered: dict[str, str] = field(default_factory=dict)
    not_saved: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)  # no answer, or one that says neither


class Fields(HTMLParser):
    """The fields of the proposal's form as a browser would send them untouched, tokens and hidden ones included."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        name, kind = attributes.get("name") or "", attributes.get("type", "text")
        if tag == "form":
            self._inside = attributes.get("id") == "proposal_form"
        elif not self._inside or "__prefix__" in name:
            return
        elif tag == "select":
            self._select = name
            self.values[name] = ""
        elif tag == "option" and "selected" in attributes:
            self.values[self._select] = attributes.get("value") or ""
        elif tag == "textarea" or (
            tag == "input" and name and kind not in {"submit", "button", "checkbox", "file"}
        ):
            self.values[name] = attributes.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False


def browser(desk: Desk) -> urllib.request.OpenerDirector:
    """With the officer's session and nothing else, so that no message of an earlier proposal is shown."""
    jar = CookieJar()
    host = urllib.parse.urlsplit(desk.address).hostname
    jar.set_cookie(
        Cookie(
            0, "sessionid", desk.session, None, False, host, True, False, "/", True, False, None, False, None, None, {},
        )
    )  # fmt: skip
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))


def fill_in(desk: Desk, mark: str) -> tuple[urllib.request.OpenerDirector, bytes]:
    """An open form with everything typed: who sends it, and what. Raises OSError where the form cannot be had."""
    ask = browser(desk)
    fields = Fields()
    with ask.open(f"{desk.address}{ADD}", timeout=LONGEST) as page:
        fields.feed(page.read().decode())
    fields.values |= {
        "round": str(desk.round), "proponent": str(desk.proponent), "sector": mark, "_save": "Save",
        "proposal_lots-0-lot": str(desk.lot),
    }  # fmt: skip
    return ask, urllib.parse.urlencode(fields.values).encode()


def register(desk: Desk, mark: str, notes: Notes) -> None:
    """Fill in one form, send it and note the answer. A form that cannot be had is no attempt."""
    try:
        ask, body = fill_in(desk, mark)
    except (OSError, http.client.HTTPException):
        return
    try:
        with ask.open(f"{desk.address}{ADD}", body, timeout=LONGEST) as page:
            note(notes, mark, page.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            note(notes, mark, error.read().decode(errors="replace"))
    except (OSError, http.client.HTTPException):
        notes.unanswered.add(mark)


def note(notes: Notes, mark: str, page: str) -> None:
    if found := REGISTERED.search(page):
        notes.registered[mark] = found[1]
    elif NOT_SAVED in page:
        notes.not_saved.add(mark)
    else:
        notes.unanswered.add(mark)


class Officers:
    """Several officers at work: `with Officers(desk, 4) as officers: ...`"""

    def __init__(self, desk: Desk, how_many: int) -> None:
        self.notes = Notes()
        self._desk = desk
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(how_many)]

    def __enter__(self) -> "Officers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _work(self, officer: int) -> None:
        number = 0
        while not self._done.is_set():
            number += 1
            before = len(self.notes.registered)
            register(self._desk, f"officer {officer}, {number}", self.notes)
            if len(self.notes.registered) == before:
                time.sleep(0.05)  # the site is away: no sense in asking as fast as the machine can
