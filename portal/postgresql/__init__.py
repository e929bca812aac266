"""Django's PostgreSQL backend with an end to its patience: what a web worker needs of a server that hangs."""
