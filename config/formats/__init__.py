"""How days and times are written where a page says no form of its own."""
