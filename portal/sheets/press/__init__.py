"""The press line: one sentence about a round, on any day, in three languages, each figure a link to its proof.

`phrases` are sentences with links in them, `basis` links a figure and says what it rests on, `rounds`, `remainder` and
`land` make the clauses, `lines` puts them together.
"""

from portal.sheets.press.lines import Press, PressLine, leading, of_land, of_round

__all__ = ["Press", "PressLine", "leading", "of_land", "of_round"]
