"""How far the demo's damages lie from what the simulator really rendered. Pure numbers."""

from __future__ import annotations

import math
from statistics import median
from typing import Any

SAME_PLACE_M = 8.0  # the merging radius: nearer than this is the same damage
METRES_PER_DEGREE = 111_320.0  # of latitude; of longitude times cos(latitude)


def compare(truth: dict[str, Any], damages: list[dict[str, Any]]) -> dict[str, Any]:
    """Match rendered potholes to damages of the class D40, nearest pairs first, each once."""
    real = [
        feature["geometry"]["coordinates"]
        for feature in truth["features"]
        if feature["properties"]["damage_class"] == "D40"
    ]
    seen = [
        (damage["longitude_deg"], damage["latitude_deg"])
        for damage in damages
        if damage["damage_class"] == "D40"
    ]
    errors = _nearest_pairs(real, seen)
    return {
        "potholes_rendered": len(real),
        "potholes_found": len(errors),
        "hit_rate": round(len(errors) / len(real), 3) if real else None,
        "median_position_error_m": round(median(errors), 2) if errors else None,
        "pothole_damages_without_pothole": len(seen) - len(errors),
    }


def _nearest_pairs(real: list[Any], seen: list[Any]) -> list[float]:
    """Pair places greedily; return the distance of each pair in metres."""
    pairs = sorted((distance_m(a, b), i, j) for i, a in enumerate(real) for j, b in enumerate(seen))
    taken_real: set[int] = set()
    taken_seen: set[int] = set()
    errors = []
    for metres, i, j in pairs:
        if metres <= SAME_PLACE_M and i not in taken_real and j not in taken_seen:
            taken_real.add(i)
            taken_seen.add(j)
            errors.append(metres)
    return errors


def distance_m(a: Any, b: Any) -> float:
    """Distance of two places (longitude, latitude) a few metres apart, on a local plane."""
    east = (a[0] - b[0]) * math.cos(math.radians(a[1])) * METRES_PER_DEGREE
    north = (a[1] - b[1]) * METRES_PER_DEGREE
    return math.hypot(east, north)


def in_words(result: dict[str, Any]) -> str:
    """Say the comparison on one line."""
    return (
        f"simulator  {result['potholes_found']} of {result['potholes_rendered']} rendered potholes "
        f"found, median position error {result['median_position_error_m']} m, "
        f"{result['pothole_damages_without_pothole']} damages where no pothole is"
    )
