"""Loads the reported facts of parks/facts, each with its source, in the order in which rows need each other.

Only what is missing is made. A row that is there is left as it is, whatever staff have made of it since, so
loading again changes nothing and a newer fact file adds what is new. An announcement is never edited: a later
line corrects it. A figure that staff corrected keeps their value while its subject, indicator, day and source
are the same.
"""

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.db import models, transaction

from parks.models import Milestone, Organisation, Park, Phase, Release, Source
from parks.programme import announce, announce_milestone
from tenders import lifecycle
from tenders.models import Figure, Lot, TenderRound
from tenders.seeding.reading import HONG_KONG, Fact, read_facts, told_where
from tenders.seeding.tally import Tally
from tenders.statuses import Disclosure, RoundKind

FACTS = Path(__file__).resolve().parent.parent.parent / "parks" / "facts"


@transaction.atomic
def load_facts(folder: Path) -> Tally:
    """Make what the fact files in `folder` say and the database lacks: all, or FactsRefused and nothing."""
    tally = Tally()
    files = {name: read_facts(folder / f"{name}.csv") for name in FILES}
    for name, load in FILES.items():
        for fact in files[name]:
            with told_where(fact):
                load(fact, tally)
    _publish_new_rounds(files["rounds"], tally)
    return tally


def _source(fact: Fact, tally: Tally) -> None:
    published, precision = fact.partial_day("published")
    _make_if_missing(
        tally,
        Source(
            code=fact.named("source"),
            **fact.in_languages("publisher", english="publisher"),
            **fact.in_languages("title", english="title"),
            url=fact.text("url"),
            published=published,
            published_precision=_said_precision(fact, "precision", precision),
            language=fact.named("language"),
        ),
        "code",
    )


def _park(fact: Fact, tally: Tally) -> None:
    _make_if_missing(
        tally,
        Park(
            slug=fact.named("park"),
            **fact.in_languages("name"),
            **fact.in_languages("focus"),
            manager=_manager(fact, tally),
            source=_known(Source, fact, "source", "code"),
            order=fact.line - 1,
            published=True,
        ),
        "slug",
    )


def _manager(fact: Fact, tally: Tally) -> Organisation | None:
    """The park's company: the one it has already, by whatever name, else the one that the file names."""
    there = Organisation.objects.filter(parks__slug=fact.named("park")).first()
    if there is not None:
        tally.found(there)
    if there is not None or not fact.text("manager_en"):
        return there
    names = fact.in_languages("manager")
    company = Organisation(**{name.replace("manager", "name"): text for name, text in names.items()})
    return _make_if_missing(tally, company, "name_en")


def _phase(fact: Fact, tally: Tally) -> None:
    park = _known(Park, fact, "park", "slug")
    _make_if_missing(
        tally,
        Phase(
            park=park,
            code=fact.named("phase"),
            part_of=_known(Phase, fact, "part_of", "code", park=park) if fact.text("part_of") else None,
            **fact.in_languages("name"),
            order=fact.line - 1,
            source=_known(Source, fact, "source", "code"),
            published=True,
        ),
        "park",
        "code",
    )


def _announcement_of_release(fact: Fact, tally: Tally) -> None:
    park = _known(Park, fact, "park", "slug")
    release = _make_if_missing(
        tally,
        Release(
            code=fact.named("release"),
            park=park,
            phase=_phase_of(fact, park),
            **fact.in_languages("title"),
            published=True,
        ),
        "code",
    )
    said = _what_was_said(fact)
    if there := _said_already(release, said):
        tally.found(there)
    else:
        tally.made(announce(release, plot_count=fact.whole("plots"), **said))


def _announcement_of_milestone(fact: Fact, tally: Tally) -> None:
    milestone = _make_if_missing(
        tally,
        Milestone(
            code=fact.named("milestone"),
            park=_known(Park, fact, "park", "slug"),
            kind=fact.named("kind"),
            **fact.in_languages("title"),
            published=True,
        ),
        "park",
        "code",
    )
    said = _what_was_said(fact)
    if there := _said_already(milestone, said):
        tally.found(there)
    else:
        tally.made(announce_milestone(milestone, **said))


def _what_was_said(fact: Fact) -> dict[str, Any]:
    announced_on, precision = fact.partial_day("announced_on")
    words = fact.in_languages("window_text", english="window_text")
    return {
        "window": fact.window(),
        "window_text_zh_hant": words["window_text_zh_hant"],
        "window_text_zh_hans": words["window_text_zh_hans"],
        "verbatim": fact.yes("verbatim"),
        "announced_on": announced_on,
        "announced_precision": _said_precision(fact, "announced_precision", precision),
        "source": _known(Source, fact, "source", "code"),
    }


def _said_already(subject: Release | Milestone, said: dict[str, Any]) -> Any:
    """The revision in which that source says that on that day. Revisions of staff may stand beside it."""
    by_source = subject.revisions.filter(announced_on=said["announced_on"], source=said["source"])
    return by_source.filter(window_text=said["window"].text).first()


def _round(fact: Fact, tally: Tally) -> None:
    park = _known(Park, fact, "park", "slug")
    _make_if_missing(
        tally,
        TenderRound(
            code=fact.named("round"),
            park=park,
            phase=_phase_of(fact, park),
            release=_known(Release, fact, "release", "code") if fact.text("release") else None,
            kind=RoundKind(fact.named("kind")),
            **fact.in_languages("title"),
            sealed=fact.yes("sealed"),
            disclosure=Disclosure(fact.named("disclosure")),
            opens_at=fact.instant("opens_at"),
            briefing_on=fact.day("briefing_on"),
            closes_at=fact.instant("closes_at"),
            plot_count=fact.whole("plots"),
            source=_known(Source, fact, "source", "code"),
        ),
        "code",
    )


def _lot(fact: Fact, tally: Tally) -> None:
    _make_if_missing(
        tally,
        Lot(
            round=_known(TenderRound, fact, "round", "code"),
            code=fact.named("lot"),
            **fact.in_languages("title"),
            **fact.in_languages("uses"),
            stated_plots=fact.whole("plots"),
            buildings=fact.whole("buildings"),
            max_gfa_m2=fact.number("max_gfa_m2"),
            source=_known(Source, fact, "source", "code"),
        ),
        "round",
        "code",
    )


def _publish_new_rounds(facts: list[Fact], tally: Tally) -> None:
    """A reported round is public from the first moment of the day on which its source told of it.

    Last of all, because a round is published with what is on offer in it.
    """
    for fact in facts:
        with told_where(fact):
            tender_round = _known(TenderRound, fact, "round", "code")
            if tally.is_new(tender_round):
                midnight = datetime.combine(tender_round.source.published, time(), tzinfo=HONG_KONG)
                lifecycle.publish(tender_round, by=None, at=midnight)


def _figure(fact: Fact, tally: Tally) -> None:
    park = _known(Park, fact, "park", "slug") if fact.text("park") else None
    as_of, precision = fact.partial_day("as_of")
    _make_if_missing(
        tally,
        Figure(
            park=park,
            phase=_phase_of(fact, park),
            round=_known(TenderRound, fact, "round", "code") if fact.text("round") else None,
            indicator=fact.named("indicator"),
            qualifier=fact.text("qualifier"),
            value=fact.number("value"),  # type: ignore[misc]  # full_clean refuses a figure without one
            unit=fact.named("unit"),
            as_of=as_of,
            as_of_precision=_said_precision(fact, "precision", precision),
            source=_known(Source, fact, "source", "code"),
        ),
        "park", "phase", "release", "round", "indicator", "as_of", "as_of_precision", "source",
    )  # fmt: skip


FILES: dict[str, Callable[[Fact, Tally], None]] = {
    "sources": _source,
    "parks": _park,
    "phases": _phase,
    "releases": _announcement_of_release,
    "milestones": _announcement_of_milestone,
    "rounds": _round,
    "lots": _lot,
    "figures": _figure,
}


def _make_if_missing(tally: Tally, row: Any, *key: str) -> Any:
    """The row with that key that is there already, untouched, else `row`, checked and saved."""
    there = type(row).objects.filter(**{f: getattr(row, f) for f in key}).first()
    if there is not None:
        tally.found(there)
        return there
    row.full_clean()
    row.save()
    tally.made(row)
    return row


def _known(model: type[models.Model], fact: Fact, column: str, field: str, **where: object) -> Any:
    """The row that a column names."""
    row = model._default_manager.filter(**{field: fact.named(column)}, **where).first()
    if row is None:
        words = f"{column} “{fact.text(column)}” is in no line before this one, nor in the database."
        raise LookupError(words)
    return row


def _phase_of(fact: Fact, park: Park | None) -> Phase | None:
    return _known(Phase, fact, "phase", "code", park=park) if fact.text("phase") else None


def _said_precision(fact: Fact, column: str, read: str) -> str:
    """A day's precision as its length says it; the column beside it must say the same."""
    if fact.text(column) != read:
        raise ValueError(f"{column} is “{fact.text(column)}”, but the day beside it is known to its {read}.")
    return read
