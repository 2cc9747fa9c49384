"""The 90 % error ellipse of a damage's place: receiver, heading, pitch and pixel together. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

SIGMA_PER_68_RADIUS = 1 / 1.5096  # a round normal error: 68 % lie within 1.51 deviations
AXIS_90 = 2.1460  # square root of the 90 % quantile of chi-squared with two degrees


@dataclass(frozen=True, slots=True)
class Ellipse:
    """Holds the damage in 90 % of all cases; the bearing is that of the major axis."""

    major_m: float  # half axis
    minor_m: float
    bearing_deg: float  # clockwise from north, 0 up to 180


def ellipse_of(
    *, gps_error_m: float, along_error_m: float, across_error_m: float, heading_deg: float
) -> Ellipse:
    """Add the receiver's 68 % radius to the 68 % errors along and across the direction of view."""
    sigma_m = gps_error_m * SIGMA_PER_68_RADIUS
    along_m = AXIS_90 * hypot(sigma_m, along_error_m)
    across_m = AXIS_90 * hypot(sigma_m, across_error_m)
    if along_m >= across_m:
        return Ellipse(along_m, across_m, heading_deg % 180)
    return Ellipse(across_m, along_m, (heading_deg + 90) % 180)


def holds(ellipse: Ellipse, *, along_m: float, across_m: float, heading_deg: float) -> bool:
    """Tell whether an offset, along and across a heading, lies within the ellipse."""
    is_along = abs((ellipse.bearing_deg - heading_deg + 90) % 180 - 90) < 45
    major, minor = (along_m, across_m) if is_along else (across_m, along_m)
    return (major / ellipse.major_m) ** 2 + (minor / ellipse.minor_m) ** 2 <= 1
