"""The pages on which accounts are looked after, and the security log. One module a noun."""

from staff.admin import accounts, log

__all__ = ["accounts", "log"]
