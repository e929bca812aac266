"""`import_plots`: the command line of parks.importing.plots."""

from parks.importing import plots
from parks.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Takes plots out of a CSV or XLSX file with the columns of /plots.csv, all or nothing."
    importer = plots.run
