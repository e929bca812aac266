"""Small words that pages, files and drawings share: days and times, numbers, indicators, titles, slips."""
