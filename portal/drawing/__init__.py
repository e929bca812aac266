"""Drawings made on the server: the timeline of the programme, the map of a park's plots."""
