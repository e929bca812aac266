"""What sources say of a phase or a park as a whole: land and floor area, converted, beside the records."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.asof import Moment
from portal.sheets.pipeline.words import hectares, square_metres
from portal.words.indicators import claim_words, indicator_name
from portal.words.numbers import proof_url
from tenders.balance import wholes
from tenders.models import Figure


@dataclass(frozen=True)
class WholeRow:
    """As reported, with its proof; the same in m² and ha, and what it was multiplied by."""

    claim: Figure
    subject: str
    what: str
    words: str
    url: str
    m2: str
    ha: str
    factor: str


def whole_rows(claims: Iterable[Figure], moment: Moment) -> list[WholeRow]:
    return [
        WholeRow(
            claim=one.claim,
            subject=one.claim.phase.name if one.claim.phase else _("The whole park"),
            what=indicator_name(one.claim.indicator),
            words=claim_words(one.claim),
            url=proof_url(one.claim.figure_id, moment),
            m2=square_metres(one.m2),
            ha=hectares(one.m2),
            factor=f"× {one.factor:f}" if one.factor is not None else "",
        )
        for one in wholes(claims)
    ]
