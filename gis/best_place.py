"""Where a damage is after several sightings: each counts by how exact it is. Pure, metres.

Inverse covariance weighting: a sighting's information is the inverse of its covariance, information
adds, and the place is the weighted mean (Kalman's static case; Cochran 1937 for one number). That
holds for independent errors: passes on different days. What passes share does not average out: a
receiver between high houses, a camera calibrated askew, a neighbour's sighting taken for ours. So
`SHARED_ERROR_M` is added as soon as sightings are averaged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from math import atan2, cos, degrees, hypot, radians, sin, sqrt

SIGMA_PER_68_RADIUS = 1 / 1.5096  # a round normal error: 68 % lie within 1.51 deviations
AXIS_90 = 2.1460  # square root of the 90 % quantile of chi-squared with two degrees
SHARED_ERROR_M = 1.25  # 68 %; with it the ellipse holds 90 % in simulated drives (seeds 1000-1299)
SHARPEST_M = 0.3  # a sighting that claims to be more exact counts as this exact


@dataclass(frozen=True, slots=True)
class Measured:
    """One sighting's place in the city's metric CRS, with its errors as the truck states them."""

    x_m: float
    y_m: float
    error_m: float  # 68 % radius; used where there is no ellipse
    major_m: float | None = None  # half axes of the ellipse that holds it in 90 %
    minor_m: float | None = None
    bearing_deg: float | None = None  # of the major axis, clockwise from north


@dataclass(frozen=True, slots=True)
class Information:
    """What is known about a place: inverse covariance in 1/m², and its product with the place."""

    xx: float = 0.0
    xy: float = 0.0
    yy: float = 0.0
    x: float = 0.0  # 1/m
    y: float = 0.0
    sightings: int = 0

    def __add__(self, other: Information) -> Information:
        """Know what both know."""
        return Information(
            self.xx + other.xx,
            self.xy + other.xy,
            self.yy + other.yy,
            self.x + other.x,
            self.y + other.y,
            self.sightings + other.sightings,
        )


@dataclass(frozen=True, slots=True)
class BestPlace:
    """The weighted place, its 68 % radius, and the ellipse that holds it in 90 %."""

    x_m: float
    y_m: float
    error_m: float
    major_m: float
    minor_m: float
    bearing_deg: float  # 0 up to 180


def information_of(one: Measured) -> Information:
    """Turn a sighting's ellipse, or its round error, into information."""
    if one.major_m is None or one.minor_m is None or one.bearing_deg is None:
        major_m = minor_m = max(one.error_m, SHARPEST_M) * SIGMA_PER_68_RADIUS
        turn = 0.0
    else:
        least_m = SHARPEST_M * SIGMA_PER_68_RADIUS
        major_m, minor_m = (max(m / AXIS_90, least_m) for m in (one.major_m, one.minor_m))
        turn = radians(one.bearing_deg)
    east, north = sin(turn), cos(turn)
    along, across = 1 / major_m**2, 1 / minor_m**2
    xx = east * east * along + north * north * across
    yy = north * north * along + east * east * across
    xy = east * north * (along - across)
    x, y = xx * one.x_m + xy * one.y_m, xy * one.x_m + yy * one.y_m
    return Information(xx, xy, yy, x, y, sightings=1)


def best_place(known: Information) -> BestPlace:
    """Return the place that the information speaks for.

    Raises ValueError where nothing is known.

    >>> one = information_of(Measured(0.0, 0.0, error_m=3.0))
    >>> two = information_of(Measured(2.0, 0.0, error_m=3.0))
    >>> round(best_place(one + two).x_m, 6), round(best_place(one + two).error_m, 2)
    (1.0, 2.3)
    """
    determinant = known.xx * known.yy - known.xy**2
    if determinant <= 0:
        raise ValueError("no sighting says where this is")
    xx, yy, xy = known.yy / determinant, known.xx / determinant, -known.xy / determinant
    middle, reach = (xx + yy) / 2, hypot((yy - xx) / 2, xy)
    shared = (SHARED_ERROR_M * SIGMA_PER_68_RADIUS) ** 2 * (1 - 1 / max(known.sightings, 1))
    long, short = middle + reach + shared, middle - reach + shared
    return BestPlace(
        x_m=xx * known.x + xy * known.y,
        y_m=xy * known.x + yy * known.y,
        error_m=sqrt((long + short) / 2) / SIGMA_PER_68_RADIUS,
        major_m=AXIS_90 * sqrt(long),
        minor_m=AXIS_90 * sqrt(short),
        bearing_deg=degrees(atan2(2 * xy, yy - xx)) / 2 % 180,
    )


def all_known(sightings: Iterable[Measured]) -> Information:
    """Add up what sightings of one damage say."""
    return reduce(Information.__add__, map(information_of, sightings), Information())
