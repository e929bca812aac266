"""The staff's pages for rounds and proposals: they show, ask and delegate. One module a group of nouns."""

from tenders.admin import admissions, awards, correspondence, figures, openings, proposals, rounds

__all__ = ["admissions", "awards", "correspondence", "figures", "openings", "proposals", "rounds"]
