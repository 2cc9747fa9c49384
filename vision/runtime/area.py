"""The area of a damage from its box on the road: how much of the box it fills, by class. Pure.

A detector's box is drawn around the damage in the picture; laid on the road it is longer than the
damage, and the damage is round where the box has corners. The shares were fitted on a simulated
drive (`python -m tests.bench position --fit`) and checked on another.
"""

from __future__ import annotations

from math import hypot

from vision.runtime.ground import Patch

FILL = {"D00": 0.6, "D10": 0.6, "D20": 0.6, "D40": 0.6}  # area of the damage / area of its box
FILL_ERROR = 0.3  # 68 %, as a share of the area: boxes differ that much around one damage


def area_of(patch: Patch, damage_class: str) -> tuple[float | None, float | None]:
    """Return the damage's area and its 68 % error in m2; None, None where it was not measured."""
    if patch.area_m2 is None or patch.area_error_m2 is None:
        return None, None
    area_m2 = patch.area_m2 * FILL[damage_class]
    return area_m2, hypot(patch.area_error_m2 * FILL[damage_class], FILL_ERROR * area_m2)
