"""`reconcile`: figures against records and against each other, a line each."""

import sys
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from parks.models import Park
from portal.asof import BadParameter, Moment, moment_of
from portal.words.differences import agreeing_line, line, sum_words
from tenders.reconciling import reconcile

DIFFERS, WRONG_USAGE = 1, 2


def day(text: str) -> Moment:
    try:
        return moment_of(text, timezone.now())
    except BadParameter as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    """Exit 0 when nothing differs, 1 where something does, 2 for wrong usage."""

    help = "Hold figures against records and against each other: a line each, exit 1 where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--park", metavar="PARK", default="", help="only this park: its short name")
        parser.add_argument(
            "--as-of", metavar="DAY", type=day, help="as it stood at the end of a day: 2025-12-31"
        )
        parser.add_argument("--all", action="store_true", help="also the numbers that nothing stands against")

    def handle(self, *_args: Any, **options: Any) -> None:
        moment, park = options["as_of"] or moment_of("", timezone.now()), options["park"].strip()
        if park and not Park.objects.public().filter(slug=park).exists():
            raise CommandError(
                f"There is no public park {park}: look its short name up with “export plots”.",
                returncode=WRONG_USAGE,
            )
        found = reconcile(moment.at, park=park or None)
        for difference in found.differences:
            self.stdout.write(line(difference, is_sample=found.is_sample(difference.subject)))
        for number in found.agreeing if options["all"] else []:
            self.stdout.write(agreeing_line(number, is_sample=found.is_sample(number.subject)))
        self.stdout.write(sum_words(found))
        if found.differences:
            sys.exit(DIFFERS)
