"""Loads the reported facts, and on request the sample park."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parks.models import because
from tenders.seeding.facts import FACTS, load_facts
from tenders.seeding.reading import FactsRefused
from tenders.seeding.sample import make_sample


class Command(BaseCommand):
    """Makes what is missing and changes nothing that is there: what staff have edited stays theirs."""

    help = "Load the reported facts, each with its source. Again: no change."

    def add_arguments(self, parser: CommandParser) -> None:
        words = "also make up the park “sample”, with rounds in every stage"
        parser.add_argument("--sample", action="store_true", help=words)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with because(_("Seed")):
                lines = load_facts(FACTS).lines()
                if options["sample"]:
                    lines += make_sample(timezone.now())
        except FactsRefused as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(f"The sample park cannot be made: {' '.join(error.messages)}") from error
        self.stdout.write("\n".join(lines))
