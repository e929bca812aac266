"""Numbers as their pages show them: the list of all, and the proof of one."""

from portal.sheets.figures.listing import FigureGroup, groups
from portal.sheets.figures.proof import Proof, names_of, park_of, proof

__all__ = ["FigureGroup", "Proof", "groups", "names_of", "park_of", "proof"]
