"""The staff's pages for the land: one module a group of nouns, `base` for what they share."""

from parks.admin import land, programme, publications

__all__ = ["land", "programme", "publications"]
