"""Which frames are worth a look: one every few metres, none at standstill. Pure."""

from __future__ import annotations

from edge.local_plane import Place, distance_m

TOO_CLOSE = "too close"
ROUNDING_M = 0.05  # tracks carry seven decimals of a degree, so 4 m can read as 3.99 m


def is_worth_a_look(place: Place, last: Place | None, *, sample_distance_m: float) -> bool:
    """Tell whether the truck has moved far enough since the last frame it looked at."""
    return last is None or distance_m(last, place) >= sample_distance_m - ROUNDING_M
