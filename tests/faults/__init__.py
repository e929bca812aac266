"""The real site under load while its parts are killed: is what it acknowledged there, once and whole?"""
