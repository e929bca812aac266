"""The product's own settings; only the static files need not be collected first."""

from config.settings import *  # noqa: F403 - everything is as in the product unless changed below
from config.settings import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
