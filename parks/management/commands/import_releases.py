"""`import_releases`: the command line of parks.importing.releases."""

from parks.importing import releases
from parks.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Takes releases out of a CSV or XLSX file with the columns of /releases.csv, all or nothing."
    importer = releases.run
