"""How the commands of backups show what a copy holds."""

from collections.abc import Iterator, Sequence

from portal.backups import Counted


def lines_of(tables: Sequence[Counted]) -> Iterator[str]:
    """A line for each table: its name, how many rows, the beginning of their checksum; then all rows."""
    width = max(len(table.name) for table in tables)
    for table in tables:
        yield f"{table.name:<{width}}  {table.rows:>9,}  {table.checksum[:12]}"
    yield f"{'':<{width}}  {sum(table.rows for table in tables):>9,}"
