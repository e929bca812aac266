"""English: day, month, year."""
