"""A copy of all records in one file that either database can take back; who may do it, and when, is the commands'."""

from portal.backups.archive import BackupRefused, Counted
from portal.backups.restoring import restore
from portal.backups.writing import write

__all__ = ["BackupRefused", "Counted", "restore", "write"]
