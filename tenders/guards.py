"""What the database itself refuses of rounds and proposals, whoever asks; see parks.guards for how."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import TextChoices

from parks.guards import (
    DELETE,
    INSERT,
    UPDATE,
    Guard,
    changed,
    history_guards,
    kept_for_ever,
    never_deleted,
)
from tenders.statuses import LIVE, MOVES, NOT_FOR_LATE, PROPOSAL_MOVES, RECEIPT_ONLY, Decision

ROUND, DECISIONS, AMENDMENTS = "tenders_tenderround", "tenders_roundevent", "tenders_amendment"
PROPOSAL, OPENING, ADMISSION = "tenders_proposal", "tenders_opening", "tenders_admission"
CONTENT = "NEW.sector <> '' OR NEW.summary <> '' OR " + " OR ".join(
    f"NEW.{name} IS NOT NULL" for name in ("investment_hkd", "gfa_m2", "jobs")
)
DATES = {
    "opening_time": ["opens_at"],
    "briefing": ["briefing_on"],
    "enquiry_time": ["enquiries_until"],
    "closing_time": ["closes_at"],
    "decision_window": ["decision_earliest", "decision_latest", "decision_precision", "decision_text"],
}


def tenders_guards() -> list[Guard]:
    """Every guard of the app. History, decisions and amendments only grow; what came in or was published stays."""
    return [
        *history_guards("tenders"),
        *kept_for_ever(DECISIONS),
        *kept_for_ever(AMENDMENTS),
        *_rounds(),
        *_published_dates(),
        *_receipts(),
        *_proposals(),
        *_two_officers(OPENING, "round_id", "begun_at", "opened_at", _opening_closed()),
        *_two_officers(ADMISSION, "proposal_id", "asked_at", "admitted_at", _admission_closed()),
        *_admissions(),
        *_kept(),
    ]


# --- rounds -----------------------------------------------------------------------------------------------------


def _rounds() -> list[Guard]:
    opened = f"EXISTS (SELECT 1 FROM {OPENING} o WHERE o.round_id = NEW.id AND o.opened_at IS NOT NULL)"
    public = f"OLD.decision <> '{Decision.DRAFT.value}'"
    return [
        Guard("round_begins_as_a_draft", ROUND, INSERT, "A round begins as a draft.",
              f"NEW.decision <> '{Decision.DRAFT.value}'"),
        Guard("round_moves_by_the_table", ROUND, UPDATE, "No decision leads from there to there.",
              _off_the_table("decision", MOVES)),
        Guard("round_is_opened_by_two_officers", ROUND, UPDATE, "The box was not opened by two officers.",
              f"NEW.decision = '{Decision.OPENED.value}' AND OLD.decision <> NEW.decision AND NOT {opened}"),
        Guard("round_keeps_the_rules_it_was_published_with", ROUND, UPDATE,
              "Sealing and disclosure are fixed once a round is published.",
              f"{public} AND ({changed('sealed', 'disclosure', 'disclosure_days')})"),
        Guard("round_keeps_its_day_of_publication", ROUND, UPDATE,
              "The day of publication stands.", f"{public} AND ({changed('published_at')})"),
    ]  # fmt: skip


def _published_dates() -> list[Guard]:
    """The newest amendment must say the very change, from what stood to what shall stand."""
    return [
        Guard(f"published_{name}_moves_by_amendment", ROUND, UPDATE,
              "A published date moves by amendment only.",
              f"OLD.decision <> '{Decision.DRAFT.value}' AND ({changed(*columns)}) AND NOT {_amended(columns)}")
        for name, columns in DATES.items()
    ]  # fmt: skip


def _amended(columns: list[str]) -> str:
    said = " AND ".join(
        f"{_same(f'a.{name}_before', f'OLD.{name}')} AND {_same(f'a.{name}_after', f'NEW.{name}')}"
        for name in columns
    )
    newest = f"(SELECT MAX(b.number) FROM {AMENDMENTS} b WHERE b.round_id = NEW.id)"
    return (
        f"EXISTS (SELECT 1 FROM {AMENDMENTS} a WHERE a.round_id = NEW.id AND a.number = {newest} AND {said})"
    )


# --- proposals --------------------------------------------------------------------------------------------------


def _receipts() -> list[Guard]:
    """Until the opening a proposal of a sealed round is its receipt; nothing else is there, so nothing can leak."""
    words = "The round is sealed: until the box is opened a proposal is its receipt only."
    own = f"(SELECT p.round_id FROM {PROPOSAL} p WHERE p.id = NEW.proposal_id)"
    status = f"NEW.status NOT IN ({_listed(RECEIPT_ONLY)})"
    return [
        guard
        for event, when in ((INSERT, "added"), (UPDATE, "changed"))
        for guard in [
            Guard(f"sealed_content_is_not_{when}", PROPOSAL, event, words,
                  f"({CONTENT}) AND {_shut('NEW.round_id')}"),
            Guard(f"sealed_status_is_not_{when}", PROPOSAL, event, words,
                  f"{status} AND {_shut('NEW.round_id')}"),
            Guard(f"sealed_lot_is_not_{when}", "tenders_proposallot", event, words, _shut(own)),
            Guard(f"sealed_member_is_not_{when}", "tenders_proposalmember", event, words, _shut(own)),
        ]
    ]  # fmt: skip


def _proposals() -> list[Guard]:
    draft = f"EXISTS (SELECT 1 FROM {ROUND} r WHERE r.id = NEW.round_id AND r.decision = 'draft')"
    late = f"EXISTS (SELECT 1 FROM {ROUND} r WHERE r.id = NEW.round_id AND NEW.received_at >= r.closes_at)"
    admitted = (
        f"EXISTS (SELECT 1 FROM {ADMISSION} a WHERE a.proposal_id = NEW.id AND a.admitted_at IS NOT NULL)"
    )
    chosen = f"NEW.status IN ({_listed(NOT_FOR_LATE)}) AND {late} AND NOT {admitted}"
    return [
        Guard("proposal_keeps_its_round", PROPOSAL, UPDATE, "A proposal stays in its round.",
              changed("round_id")),
        Guard("proposal_moves_by_the_table", PROPOSAL, UPDATE, "No move leads a proposal from there to there.",
              _off_the_table("status", PROPOSAL_MOVES)),
        Guard("withdrawal_keeps_its_time", PROPOSAL, UPDATE, "When it was withdrawn stands.",
              f"OLD.withdrawn_at IS NOT NULL AND ({changed('withdrawn_at')})"),
        Guard("proposal_is_of_a_published_round", PROPOSAL, INSERT, "A draft takes no proposals.", draft),
        Guard("late_proposal_is_not_added_as_chosen", PROPOSAL, INSERT,
              "A late proposal is never chosen unless it was admitted.", chosen),
        Guard("late_proposal_is_not_chosen", PROPOSAL, UPDATE,
              "A late proposal is never chosen unless it was admitted.", chosen),
        Guard("time_of_receipt_is_corrected_with_a_reason", PROPOSAL, UPDATE,
              "The time of receipt is corrected with a reason.",
              f"({changed('received_at')}) AND NEW.received_at_reason = ''"),
    ]  # fmt: skip


# --- two officers -----------------------------------------------------------------------------------------------


def _two_officers(table: str, about: str, begun: str, done: str, closed: str) -> list[Guard]:
    """One begins, after the closing time; another one confirms; then it stands for ever.

    about: the column of what it is about · begun, done: of the two times · closed: SQL that its round allows it
    """
    gone = "EXISTS (SELECT 1 FROM auth_user u WHERE u.id = OLD.first_officer_id AND NOT u.is_active)"
    return [
        Guard(f"{table}_begins_with_one_officer", table, INSERT, "One officer begins, another one confirms.",
              f"NEW.{done} IS NOT NULL OR NEW.second_officer_id IS NOT NULL"),
        Guard(f"{table}_begins_after_the_closing_time", table, INSERT,
              "The round has not closed, or it is decided.", f"NOT {closed}"),
        Guard(f"{table}_goes_on_after_the_closing_time", table, UPDATE,
              "The round has not closed, or it is decided.", f"OLD.{done} IS NULL AND NOT {closed}"),
        Guard(f"{table}_stands_once_confirmed", table, UPDATE, "What two officers confirmed is never changed.",
              f"OLD.{done} IS NOT NULL"),
        Guard(f"{table}_keeps_what_it_is_about", table, UPDATE, "It stays with what it is about.",
              changed(about)),
        Guard(f"{table}_keeps_its_first_officer", table, UPDATE,
              "Only when the account of the first officer is disabled does another one begin anew.",
              f"OLD.{done} IS NULL AND ({changed('first_officer_id', begun)})"
              f" AND (NEW.{done} IS NOT NULL OR NOT {gone})"),
        Guard(f"{table}_is_never_deleted", table, DELETE, f"A row of {table} is never deleted."),
    ]  # fmt: skip


def _opening_closed() -> str:
    return (
        f"EXISTS (SELECT 1 FROM {ROUND} r WHERE r.id = NEW.round_id AND r.decision = 'published'"
        " AND NEW.begun_at >= r.closes_at AND (NEW.opened_at IS NULL OR NEW.opened_at >= r.closes_at))"
    )


def _admission_closed() -> str:
    live = _listed(LIVE)
    return (
        f"EXISTS (SELECT 1 FROM {PROPOSAL} p JOIN {ROUND} r ON r.id = p.round_id WHERE p.id = NEW.proposal_id"
        f" AND r.decision IN ({live}) AND NEW.asked_at >= r.closes_at"
        " AND (NEW.admitted_at IS NULL OR NEW.admitted_at >= r.closes_at))"
    )


def _admissions() -> list[Guard]:
    late = (
        f"EXISTS (SELECT 1 FROM {PROPOSAL} p JOIN {ROUND} r ON r.id = p.round_id"
        " WHERE p.id = NEW.proposal_id AND p.received_at >= r.closes_at)"
    )
    return [
        Guard("admission_is_of_a_late_proposal", ADMISSION, INSERT, "Only what came late is admitted.",
              f"NOT {late}"),
    ]  # fmt: skip


# --- what was published ----------------------------------------------------------------------------------------


def _kept() -> list[Guard]:
    published = "What was published is kept."
    draft = f"'{Decision.DRAFT.value}'"
    of_a_public_round = f"(SELECT decision FROM {ROUND} WHERE id = OLD.round_id) <> {draft}"
    of_a_public_lot = (
        f"(SELECT r.decision FROM {ROUND} r JOIN tenders_lot l ON l.round_id = r.id WHERE l.id = OLD.lot_id)"
        f" <> {draft}"
    )
    return [
        never_deleted(PROPOSAL, "A proposal that was received is kept."),
        never_deleted("tenders_award", "An award is kept. It lapses if it comes to nothing."),
        never_deleted(ROUND, published, when=f"OLD.decision <> {draft}"),
        never_deleted("tenders_lot", published, when=of_a_public_round),
        never_deleted("tenders_lotplot", published, when=of_a_public_lot),
        Guard("published_lot_keeps_the_day_on_which_it_came", "tenders_lot", UPDATE,
              "The day on which a lot of a published round came stands.",
              f"{of_a_public_round} AND ({changed('added_on')})"),
        Guard("published_lot_keeps_the_day_on_which_it_named_a_plot", "tenders_lotplot", UPDATE,
              "The day on which a plot was named stands.",
              f"{of_a_public_lot} AND ({changed('named_on')})"),
        never_deleted("tenders_enquiry", published, when="OLD.published_at IS NOT NULL"),
        never_deleted("tenders_document", published, when="OLD.published_at IS NOT NULL"),
        *[
            Guard(f"{table}_stays_published", table, UPDATE, published,
                  "OLD.published_at IS NOT NULL AND NEW.published_at IS NULL")
            for table in ("tenders_enquiry", "tenders_document")
        ],
    ]  # fmt: skip


# --- SQL that both databases read -------------------------------------------------------------------------------


def _shut(round: str) -> str:
    """The round is sealed and nobody has opened its box."""
    opened = f"EXISTS (SELECT 1 FROM {OPENING} o WHERE o.round_id = r.id AND o.opened_at IS NOT NULL)"
    return f"EXISTS (SELECT 1 FROM {ROUND} r WHERE r.id = {round} AND r.sealed AND NOT {opened})"


def _off_the_table(column: str, moves: Mapping[Any, set[Any]]) -> str:
    """The column changes to what its table of moves does not know."""
    known = " OR ".join(
        f"(OLD.{column} = '{old.value}' AND NEW.{column} IN ({_listed(new)}))"
        for old, new in moves.items()
        if new
    )
    return f"NEW.{column} <> OLD.{column} AND NOT ({known})"


def _same(one: str, other: str) -> str:
    return f"({one} = {other} OR ({one} IS NULL AND {other} IS NULL))"


def _listed(values: Iterable[TextChoices]) -> str:
    return ", ".join(sorted(f"'{value.value}'" for value in values))
