"""Simplified Chinese from Traditional, where nobody has given it. No Django here, and nothing of the land."""

from functools import cache

from opencc import OpenCC

# The converter changes characters only; quotation marks differ between the two as well.
QUOTES = str.maketrans("「」『』", "“”‘’")


def simplified(traditional: str) -> str:
    """The text in Simplified characters and quotation marks, as Hong Kong's Traditional reads there."""
    if not traditional:
        return ""
    return str(_converter().convert(traditional)).translate(QUOTES)


@cache
def _converter() -> OpenCC:
    """Made when first asked for: it reads its dictionaries then."""
    return OpenCC("hk2s")
