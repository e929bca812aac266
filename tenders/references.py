"""Makes proposal references that tell nothing: not how many came before, not when."""

import secrets

# Crockford's base 32: no I, L, O, U, so that a reference survives being read aloud.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A random reference such as `P-7K3QX-M2V9D` (50 bits). The database refuses the same one twice."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"P-{letters[:5]}-{letters[5:]}"
