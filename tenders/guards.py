"""What the database itself refuses of rounds and proposals, whoever asks; see parks.guards for how."""

from parks.guards import Guard, history_guards, kept_for_ever

DECISIONS, AMENDMENTS = "tenders_roundevent", "tenders_amendment"


def tenders_guards() -> list[Guard]:
    """Every guard of the app. History, decisions and amendments only grow."""
    return [*history_guards("tenders"), *kept_for_ever(DECISIONS), *kept_for_ever(AMENDMENTS)]
