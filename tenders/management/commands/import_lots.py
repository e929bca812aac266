"""`import_lots`: the command line of tenders.importing.lots."""

from parks.management.import_command import ImportCommand
from tenders.importing import lots


class Command(ImportCommand):
    help = "Takes lots out of a CSV or XLSX file with the columns of /lots.csv, all or nothing."
    importer = lots.run
