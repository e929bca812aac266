"""The staff's pages for rounds and proposals: they show, ask and delegate. One module a group of nouns."""

from tenders.admin import awards, correspondence, figures, proposals, rounds

__all__ = ["awards", "correspondence", "figures", "proposals", "rounds"]
