"""Claims as rows: what each says, who says it, and how it stands to the value that leads."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from parks.models import ReleaseRevision, Source
from portal.asof import Moment
from portal.words.indicators import claim_words, digits, indicator_name
from portal.words.numbers import proof_url
from portal.words.speech import listed
from portal.words.subjects import subject_name, subject_url
from tenders.ledger import Basis, Claim, Conflict, Law, Standing, Statement, Term
from tenders.subjects import of_release, of_round

HEADLINE, AGREES, CONFLICTS, EARLIER, BEARS = "headline", "agrees", "conflict", "earlier", "bears"


@dataclass(frozen=True)
class ClaimLine:
    """One claim in words. `so`: what the number comes out as, `how` if it follows; `about`: of which other number."""

    claim: Claim
    words: str
    standing: str
    label: str
    so: str = ""
    how: str = ""
    about: str = ""
    about_url: str = ""
    said_in: str = ""
    said_in_url: str = ""

    @property
    def source(self) -> Source | None:
        return self.claim.source


def claim_lines(standing: Standing, moment: Moment) -> list[ClaimLine]:
    """Of the number itself, the newest first."""
    return [_line(claim, standing, moment) for claim in standing.claims]


def bearing_lines(standing: Standing, moment: Moment) -> list[ClaimLine]:
    """What others claimed of other numbers and what this one comes out as if they are right."""
    found: list[ClaimLine] = []
    seen: list[Claim] = list(standing.claims)
    for conflict in standing.conflicts:
        for term in conflict.terms:
            for claim in term.said:
                if claim not in seen:
                    seen.append(claim)
                    found.append(_bearing(claim, term, conflict, standing, moment))
    return found


def _line(claim: Claim, standing: Standing, moment: Moment) -> ClaimLine:
    state = claim_standing(claim, standing)
    name, url = _said_in(claim, moment)
    return ClaimLine(
        claim,
        claim_words(claim),
        state,
        standing_word(state),
        so=digits(claim.value),
        said_in=name,
        said_in_url=url,
    )


def _bearing(claim: Claim, term: Term, conflict: Conflict, standing: Standing, moment: Moment) -> ClaimLine:
    name, url = _said_in(claim, moment)
    about = listed([indicator_name(term.indicator), _other_subject(term, standing)])
    # What was offered is disputed by nobody: it only makes the difference.
    state = CONFLICTS if term.sign > 0 and standing.value is not None else BEARS
    return ClaimLine(
        claim,
        claim_words(claim),
        state,
        standing_word(state),
        so=_so(conflict),
        how=reckoning_in_digits(conflict),
        about=about,
        about_url=proof_url(term.subject.figure_id(term.indicator), moment),
        said_in=name,
        said_in_url=url,
    )


def _so(conflict: Conflict) -> str:
    if conflict.at_most:
        return _("at most %(value)s") % {"value": digits(conflict.value)}
    return digits(conflict.value)


def _other_subject(term: Term, standing: Standing) -> str:
    return "" if term.subject == standing.subject else subject_name(term.subject)


def reckoning_in_digits(conflict: Conflict) -> str:
    """ "22 − 10", "10 + 22": how the other value comes about; nothing where it is said, or only a limit."""
    if len(conflict.terms) < 2 or conflict.law not in {Law.REMAINDER, Law.PARTS}:
        return ""
    first, *rest = conflict.terms
    signed = "".join(f" {'+' if term.sign > 0 else '−'} {digits(term.value)}" for term in rest)
    return f"{digits(first.value)}{signed}"


def claim_standing(claim: Claim, standing: Standing) -> str:
    leads = standing.basis in {Basis.REPORTED, Basis.STATED}
    if leads and claim is standing.lead:
        return HEADLINE
    if any(claim in conflict.saying for conflict in standing.conflicts):
        return CONFLICTS
    return AGREES if (claim.value, claim.unit) == (standing.value, standing.unit) else EARLIER


def standing_word(state: str) -> str:
    return {
        HEADLINE: _("headline"),
        AGREES: _("says the same"),
        CONFLICTS: _("≠ conflicts"),
        BEARS: _("bears on it"),
        EARLIER: _("earlier"),
    }[state]


def _said_in(claim: Claim, moment: Moment) -> tuple[str, str]:
    """The announcement or the round that a statement stands in, and its address; a figure has its source."""
    if not isinstance(claim, Statement):
        return "", ""
    if claim.said_in is None:
        return _("added up from announcements and awards"), ""
    subject = (
        of_release(claim.said_in.subject)
        if isinstance(claim.said_in, ReleaseRevision)
        else of_round(claim.said_in)
    )
    return subject_name(subject), subject_url(subject, None, moment)


def who(claim: Claim) -> str:
    """Who says it: the publisher, else the announcement or the round itself."""
    if claim.source is not None:
        return claim.source.publisher
    said_in = claim.said_in if isinstance(claim, Statement) else None
    if said_in is None:
        return _("the sum of announcements and awards")
    return subject_name(
        of_release(said_in.subject) if isinstance(said_in, ReleaseRevision) else of_round(said_in)
    )


def publishers(claims: tuple[Claim, ...]) -> str:
    return _("; ").join(dict.fromkeys(who(claim) for claim in claims))


def other_unit(conflict: Conflict, standing_unit: str) -> str:
    """What the value that stands against is measured in: its own source may have said it in another unit."""
    if conflict.law in {Law.SAME_DAYS, Law.RECORDS} and conflict.saying:
        return conflict.saying[0].unit
    return standing_unit
