"""What every page knows: navigation, languages, the site's address."""

from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    return {}
