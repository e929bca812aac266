"""`import_figures`: the command line of tenders.importing.figures."""

from parks.management.import_command import ImportCommand
from tenders.importing import figures


class Command(ImportCommand):
    help = "Takes figures out of a CSV or XLSX file with the columns of /figures.csv, all or nothing."
    importer = figures.run
