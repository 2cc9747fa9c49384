"""The area of a damage from its box on the road: how much of the box it fills, by class. Pure.

A detector draws its box generously, and a damage is round where the box has corners. The shares
are those of the released detector on a simulated drive (`datasets/fit_area.py`, seed 101: 27
potholes, 23 cracks of all kinds), checked on Musterstadt, another drive. Refit them with a release.
"""

from __future__ import annotations

from math import hypot

from vision.runtime.ground import Patch

POTHOLE_FILL, CRACK_FILL = 0.45, 0.81  # true area / area of the box on the road, median
FILL = {"D00": CRACK_FILL, "D10": CRACK_FILL, "D20": CRACK_FILL, "D40": POTHOLE_FILL}
FILL_ERROR = 0.25  # 68 %, as a share of the area: boxes differ that much around one damage


def area_of(patch: Patch, damage_class: str) -> tuple[float | None, float | None]:
    """Return the damage's area and its 68 % error in m2; None, None where it was not measured."""
    if patch.area_m2 is None or patch.area_error_m2 is None:
        return None, None
    area_m2 = patch.area_m2 * FILL[damage_class]
    return area_m2, hypot(patch.area_error_m2 * FILL[damage_class], FILL_ERROR * area_m2)
