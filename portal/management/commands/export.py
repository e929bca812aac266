"""`export`: any file of the site, and the proposals, on standard output."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal import pipeline as balance
from portal import selections
from portal.asof import BadParameter, Moment, moment_of
from portal.calendar import entries
from portal.changes import Asked, changes, last_days
from portal.exports import (
    awards_csv,
    calendar_csv,
    changes_csv,
    figures_csv,
    lots_csv,
    pipeline_csv,
    plots_csv,
    releases_csv,
    rounds_csv,
)
from tenders import proposals_csv
from tenders.models import Proposal, TenderRound

REFUSED, WRONG_USAGE = 1, 2


def plots(moment: Moment, code: str) -> Iterator[bytes]:
    return plots_csv.lines(selections.plots({"round": code}, moment))


def releases(moment: Moment, code: str) -> Iterator[bytes]:
    return releases_csv.lines(selections.releases({}, moment))


def rounds(moment: Moment, code: str) -> Iterator[bytes]:
    found = selections.rounds({}, moment)
    return rounds_csv.lines(found.stream(found.queryset.filter(code=code)) if code else found)


def lots(moment: Moment, code: str) -> Iterator[bytes]:
    return lots_csv.lines(selections.lots({"round": code}, moment))


def awards(moment: Moment, code: str) -> Iterator[bytes]:
    return awards_csv.lines(selections.awards({"round": code}, moment))


def figures(moment: Moment, code: str) -> Iterator[bytes]:
    return figures_csv.lines(selections.figures({"round": code}, moment))


def pipeline(moment: Moment, code: str) -> Iterator[bytes]:
    return pipeline_csv.lines(balance.rows(balance.pipeline({}, moment)))


def calendar(moment: Moment, code: str) -> Iterator[bytes]:
    return calendar_csv.lines(entries(moment.at, moment.day))


def changed(moment: Moment, code: str) -> Iterator[bytes]:
    """Of the last 30 days up to the moment, as the file has them."""
    since, until = last_days(moment.day)
    return changes_csv.lines(changes(moment, Asked(round=code, since=since, until=until)))


def proposals(moment: Moment, code: str) -> Iterator[bytes]:
    """For staff: of drafts too, and whatever is known of each. With a day, those received by its end."""
    received = (
        Proposal.objects.filter(received_at__lte=moment.at) if not moment.is_now else Proposal.objects.all()
    )
    of_round = received.filter(round__code=code) if code else received
    ordered = of_round.with_parts().order_by("round__code", "received_at", "reference")
    return proposals_csv.lines(ordered)


FILES: dict[str, Callable[[Moment, str], Iterator[bytes]]] = {
    "plots": plots,
    "releases": releases,
    "rounds": rounds,
    "lots": lots,
    "awards": awards,
    "figures": figures,
    "pipeline": pipeline,
    "calendar": calendar,
    "changes": changed,
    "proposals": proposals,
}
NOT_BY_ROUND = {"releases", "pipeline", "calendar"}


def day(text: str) -> Moment:
    try:
        return moment_of(text, timezone.now())
    except BadParameter as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    """Exit 0 when done, 1 for a round that is not there, 2 for wrong usage."""

    help = "Write a file of the site, or the proposals, to standard output as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", choices=list(FILES), help=", ".join(FILES))
        parser.add_argument("--round", metavar="CODE", default="", help="only what belongs to this round")
        parser.add_argument(
            "--as-of", metavar="DAY", type=day, help="as it stood at the end of a day: 2025-12-31"
        )

    def handle(self, *_args: Any, name: str, **options: Any) -> None:
        moment, code = options["as_of"] or moment_of("", timezone.now()), options["round"].strip()
        if code and name in NOT_BY_ROUND:
            raise CommandError(
                f"{name} cannot be narrowed to a round: leave --round out.", returncode=WRONG_USAGE
            )
        known = TenderRound.objects.all() if name == "proposals" else TenderRound.objects.public(moment.at)
        if code and not known.filter(code=code).exists():
            raise CommandError(
                f"There is no round {code}: look it up with “export rounds”.", returncode=REFUSED
            )
        out = getattr(self.stdout, "buffer")  # noqa: B009  # of the stream that Django wraps; it takes bytes as they are
        for chunk in FILES[name](moment, code):
            out.write(chunk)
        out.flush()
