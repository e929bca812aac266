"""Reads the environment strictly: a wrong or missing value stops the start with the variable's name."""

import os

from django.core.exceptions import ImproperlyConfigured

YES = {"true", "1", "yes", "on"}
NO = {"false", "0", "no", "off"}


def boolean(name: str, *, default: bool) -> bool:
    """True or False from words; any other word is refused."""
    word = os.environ.get(name, "").strip().lower()
    if not word:
        return default
    if word in YES | NO:
        return word in YES
    raise ImproperlyConfigured(f"{name} must be True or False, not {word!r}.")


def required(name: str, *, unless: bool, fallback: str) -> str:
    """The value of a variable that production must set; `fallback` serves only where `unless` holds (DEBUG)."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if unless:
        return fallback
    raise ImproperlyConfigured(f"{name} is not set. It is required unless DEBUG=True; see .env.example.")


def names(value: str) -> list[str]:
    """A comma-separated list without blanks."""
    return [name.strip() for name in value.split(",") if name.strip()]
