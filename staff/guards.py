"""What the database itself refuses of the security log; see parks.guards for how."""

from parks.guards import Guard, kept_for_ever

SECURITY_LOG = "staff_securityevent"


def staff_guards() -> list[Guard]:
    """The security log only grows."""
    return kept_for_ever(SECURITY_LOG)
