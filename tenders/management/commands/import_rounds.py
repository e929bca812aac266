"""`import_rounds`: the command line of tenders.importing.rounds."""

from parks.management.import_command import ImportCommand
from tenders.importing import rounds


class Command(ImportCommand):
    help = "Takes rounds out of a CSV or XLSX file with the columns of /rounds.csv, all or nothing."
    importer = rounds.run
