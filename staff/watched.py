"""Which staff pages leave a line in the security log when they have done their work."""

from typing import Final

EXPORTED: Final = "exported"
DECIDED: Final = "decided"

# Name of the page, as its address is reversed: what its success is. A GET that answers 200 took something away.
TAKEN_AWAY: Final = {"tenders_proposal_export": EXPORTED}

# A POST that answers with a redirect has done what it says.
DONE: Final = {
    f"tenders_tenderround_{move}": DECIDED
    for move in (
        "publish",
        "amend",
        "begin-opening",
        "confirm-opening",
        "award",
        "declare-unsuccessful",
        "cancel",
    )
} | dict.fromkeys(
    [
        *(f"tenders_award_{move}" for move in ("sign", "lapse")),
        *(f"tenders_proposal_{move}" for move in ("ask-admission", "confirm-admission")),
    ],
    DECIDED,
)


def kind_of(name: str, method: str, status: int) -> str | None:
    """The kind of line that an answered request leaves; None for none."""
    if method == "GET" and status == 200:
        return TAKEN_AWAY.get(name)
    if method == "POST" and status == 302:
        return DONE.get(name)
    return None
