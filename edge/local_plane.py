"""Metres around one place: small offsets in east and north, and back to degrees. Pure.

Degrees are scaled with the lengths of one degree on the WGS 84 ellipsoid at the latitude of
the place (series of NIMA TR8350.2); no projection, no grid north. Against the geodesic the
error is under 1 mm at 30 m and under 20 cm at 1 km, far below that of any receiver here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth, WGS 84."""

    longitude_deg: float
    latitude_deg: float


def degree_lengths_m(latitude_deg: float) -> tuple[float, float]:
    """Return the lengths of one degree of longitude and of latitude, in metres."""
    phi = math.radians(latitude_deg)
    east_m = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    north_m = 111132.92 - 559.82 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    return east_m, north_m


def offset_m(origin: Place, to: Place) -> tuple[float, float]:
    """Return how far `to` lies east and north of `origin`."""
    middle_deg = (origin.latitude_deg + to.latitude_deg) / 2
    east_m, north_m = degree_lengths_m(middle_deg)
    return (
        (to.longitude_deg - origin.longitude_deg) * east_m,
        (to.latitude_deg - origin.latitude_deg) * north_m,
    )


def distance_m(a: Place, b: Place) -> float:
    """Return the distance of two places that are near each other."""
    return math.hypot(*offset_m(a, b))


def heading_deg(a: Place, b: Place) -> float:
    """Return the direction from `a` to `b`, clockwise from north, 0 up to 360."""
    east_m, north_m = offset_m(a, b)
    return math.degrees(math.atan2(east_m, north_m)) % 360


def place_ahead(origin: Place, *, heading_deg: float, ahead_m: float, right_m: float) -> Place:
    """Return the place so far ahead and to the right of someone looking along `heading_deg`."""
    turn = math.radians(heading_deg)
    east_m = ahead_m * math.sin(turn) + right_m * math.cos(turn)
    north_m = ahead_m * math.cos(turn) - right_m * math.sin(turn)
    east_degree_m, north_degree_m = degree_lengths_m(origin.latitude_deg)
    return Place(
        origin.longitude_deg + east_m / east_degree_m,
        origin.latitude_deg + north_m / north_degree_m,
    )


def ahead_and_right_m(origin: Place, to: Place, *, heading_deg: float) -> tuple[float, float]:
    """Return where `to` lies for someone at `origin` looking along `heading_deg`."""
    east_m, north_m = offset_m(origin, to)
    turn = math.radians(heading_deg)
    return (
        east_m * math.sin(turn) + north_m * math.cos(turn),
        east_m * math.cos(turn) - north_m * math.sin(turn),
    )
