"""`import_proposals`: the command line of tenders.importing.proposals."""

from argparse import ArgumentParser
from typing import Any

from parks.management.import_command import ImportCommand
from tenders.importing import proposals


class Command(ImportCommand):
    help = (
        "Takes proposals out of a CSV or XLSX file with the columns of the proposals export, all or nothing."
    )
    importer = proposals.run

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--round",
            metavar="CODE",
            default="",
            help="the round of every row; the column may then be left out",
        )

    def options_of_importer(self, **options: Any) -> dict[str, Any]:
        return {"only_round": options["round"]}
