"""What the database itself refuses of rounds and proposals, whoever asks; see parks.guards for how."""

from parks.guards import Guard, history_guards, kept_for_ever, never_deleted

DECISIONS, AMENDMENTS = "tenders_roundevent", "tenders_amendment"
LOT_IS_PUBLIC = "(SELECT decision FROM tenders_tenderround WHERE id = OLD.round_id) <> 'draft'"
PLOT_IS_PUBLIC = (
    "(SELECT r.decision FROM tenders_tenderround r JOIN tenders_lot l ON l.round_id = r.id"
    " WHERE l.id = OLD.lot_id) <> 'draft'"
)


def tenders_guards() -> list[Guard]:
    """Every guard of the app. History, decisions and amendments only grow; what came in or was published stays."""
    return [
        *history_guards("tenders"),
        *kept_for_ever(DECISIONS),
        *kept_for_ever(AMENDMENTS),
        *_kept(),
    ]


def _kept() -> list[Guard]:
    published = "What was published is kept."
    return [
        never_deleted("tenders_proposal", "A proposal that was received is kept."),
        never_deleted("tenders_award", "An award is kept. It lapses if it comes to nothing."),
        never_deleted("tenders_tenderround", published, when="OLD.decision <> 'draft'"),
        never_deleted("tenders_lot", published, when=LOT_IS_PUBLIC),
        never_deleted("tenders_lotplot", published, when=PLOT_IS_PUBLIC),
        never_deleted("tenders_enquiry", published, when="OLD.published_at IS NOT NULL"),
        never_deleted("tenders_document", published, when="OLD.published_at IS NOT NULL"),
    ]
