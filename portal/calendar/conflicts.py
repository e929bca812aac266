"""Where a source contradicts the number of plots that a release announces."""

from tenders.ledger import Ledger


def disputed_plots(book: Ledger) -> dict[str, int]:
    """By release code, the number that stands against the announced one."""
    return {code: int(value) for code, value in book.disputed_releases().items()}
