"""What a number speaks of, by name: a park, a phase, a release, a round, a lot. No queries."""

from django.urls import reverse
from django.utils.translation import gettext as _

from parks.models import Park, localised
from portal.asof import Moment
from portal.words.speech import listed
from tenders.subjects import Kind, Subject


def subject_name(subject: Subject) -> str:
    """By its title or name in the active language; a lot with its round. Nothing for what is of no park."""
    match subject.kind:
        case Kind.NOWHERE:
            return ""
        case Kind.PARK | Kind.PHASE:
            return localised(subject.row, "name")
        case Kind.LOT:
            return listed([localised(subject.row, "title"), localised(subject.row.round, "title")])
    return localised(subject.row, "title")


def short_name(subject: Subject) -> str:
    """The same beside the round that a lot is of."""
    return localised(subject.row, "title") if subject.kind is Kind.LOT else subject_name(subject)


def park_key(subject: Subject) -> int | None:
    """The key of its park; None where it is of no park in particular."""
    match subject.kind:
        case Kind.NOWHERE:
            return None
        case Kind.PARK:
            return subject.pk
        case Kind.LOT:
            return int(subject.row.round.park_id)
    return int(subject.row.park_id)


def phase_key(subject: Subject) -> int | None:
    """The key of its phase; None where it is of a whole park, or of none."""
    match subject.kind:
        case Kind.NOWHERE | Kind.PARK:
            return None
        case Kind.PHASE:
            return subject.pk
    row = subject.row.round if subject.kind is Kind.LOT else subject.row
    return int(row.phase_id) if row.phase_id is not None else None


def round_code(subject: Subject) -> str:
    """Of the round, or of the round that the lot is of; nothing for what is of none."""
    if subject.kind is Kind.LOT:
        return str(subject.row.round.code)
    return str(subject.row.code) if subject.kind is Kind.ROUND else ""


def subject_url(subject: Subject, park: Park | None, moment: Moment) -> str:
    """The page that shows it, on the day that was asked for; `park` is the one that it is of."""
    day = "" if moment.is_now else f"?as_of={moment.day.isoformat()}"
    match subject.kind:
        case Kind.RELEASE:
            return reverse("release", args=[subject.row.code]) + day
        case Kind.ROUND:
            return reverse("round", args=[subject.row.code]) + day
        case Kind.LOT:
            return reverse("round", args=[subject.row.round.code]) + day + "#on-offer"
    return reverse("park", args=[park.slug]) + day if park is not None else ""


def kind_name(subject: Subject) -> str:
    """ "the release": for a line that tells two numbers of one name apart."""
    return {
        Kind.NOWHERE: _("of no single park"),
        Kind.PARK: _("of the park"),
        Kind.PHASE: _("of the phase"),
        Kind.RELEASE: _("of the release"),
        Kind.ROUND: _("of the round"),
        Kind.LOT: _("of the lot"),
    }[subject.kind]
