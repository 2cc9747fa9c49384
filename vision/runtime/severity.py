"""How urgent a damage looks: class, area, whether wheels run over it; the method is named. Pure.

This is an order for looking, no condition class: it is neither ZEB nor PCI, knows no depth, and
does not replace a person. The points are a choice, not a measurement.
"""

from __future__ import annotations

from typing import Literal

Severity = Literal["low", "medium", "high"]

METHOD = "stadtwart class-area-track 1"
CLASS_POINTS = {"D00": 1, "D10": 1, "D20": 2, "D40": 3}
LARGE_M2 = {"D00": 1.0, "D10": 1.0, "D20": 2.0, "D40": 0.2}  # from here on one point more
WHEEL_TRACK_M = (0.4, 1.3)  # from the vehicle's middle: where wheels of cars and trucks run


def is_in_wheel_track(right_m: float) -> bool:
    """Tell whether a place so far right (negative: left) of the truck's middle is driven over."""
    return WHEEL_TRACK_M[0] <= abs(right_m) <= WHEEL_TRACK_M[1]


def severity_of(damage_class: str, *, area_m2: float | None, in_wheel_track: bool) -> Severity:
    """Return the level; an area that was not measured adds nothing.

    >>> severity_of("D40", area_m2=0.3, in_wheel_track=True)
    'high'
    >>> severity_of("D00", area_m2=None, in_wheel_track=False)
    'low'
    """
    points = CLASS_POINTS[damage_class] + in_wheel_track
    points += area_m2 is not None and area_m2 >= LARGE_M2[damage_class]
    return "high" if points >= 4 else "medium" if points >= 2 else "low"
