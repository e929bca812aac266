"""Text that a spreadsheet would take for a formula: disarmed on the way out, as it was on the way in.

The characters are those of OWASP, "CSV Injection", with the full-width forms that spreadsheets take as well.
"""

import re

_STARTS = r"[=+\-@\t\r\n＝＋－＠]"
_NEEDS_QUOTE = re.compile(rf"'*{_STARTS}")
_HAS_QUOTE = re.compile(rf"'+{_STARTS}")


def defuse(text: str) -> str:
    """A leading `'` before what would be calculated, and before what already looks defused."""
    return f"'{text}" if _NEEDS_QUOTE.match(text) else text


def undefuse(text: str) -> str:
    """The exact inverse: undefuse(defuse(text)) == text, for every text."""
    return text[1:] if text.startswith("'") and _HAS_QUOTE.match(text) else text
