"""Takes rounds, lots, figures and proposals out of a file: an import each, with one function `run`."""
