"""Checks a plot's boundary against RFC 7946, section 3.1.6."""

from collections.abc import Sequence
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_POSITIONS = 10_000


def validate_boundary(boundary: object) -> None:
    """Refuse with words anything but one closed GeoJSON Polygon in degrees, longitude first."""
    if not isinstance(boundary, dict) or boundary.get("type") != "Polygon":
        raise ValidationError(_("A boundary is a GeoJSON object with the type “Polygon”."))
    rings = boundary.get("coordinates")
    if not isinstance(rings, list) or not rings:
        raise ValidationError(_("A polygon needs at least one ring of positions."))
    for ring in rings:
        _validate_ring(ring)


def _validate_ring(ring: object) -> None:
    if not isinstance(ring, list) or not 4 <= len(ring) <= MOST_POSITIONS:
        raise ValidationError(_("A ring has at least four positions, the last the same as the first."))
    for position in ring:
        _validate_position(position)
    if ring[0] != ring[-1]:
        raise ValidationError(_("The last position of a ring must be the same as the first."))
    if _area(ring) == 0:
        raise ValidationError(_("The ring has no area: its positions lie on one line."))


def _validate_position(position: object) -> None:
    if not isinstance(position, list) or len(position) < 2 or not all(_is_number(part) for part in position):
        raise ValidationError(_("A position is a pair of numbers: longitude, latitude."))
    longitude, latitude = position[0], position[1]
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValidationError(
            _("%(longitude)s, %(latitude)s is not on the Earth; longitude comes first, in degrees."),
            params={"longitude": longitude, "latitude": latitude},
        )


def _is_number(part: object) -> bool:
    return isinstance(part, int | float) and not isinstance(part, bool) and part == part


def _area(ring: Sequence[Sequence[float]]) -> float:
    """Twice the signed area in square degrees (the shoelace formula); 0 for a line."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
