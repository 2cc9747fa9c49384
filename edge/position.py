"""Where the truck was when a frame was taken: between trusted fixes, or refused by name. Pure."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from math import atan2, degrees

from edge.boundary import Boundary
from edge.local_plane import Place, distance_m, heading_deg
from edge.track import Fix, Track

HEADING_SPAN_M = 12.0  # wanted: long enough for the receiver's noise, short enough for a bend
LEAST_SPAN_M = 2.0  # below it the noise turns the heading at random
FIX_NOISE_M = 0.7  # of one fix against its neighbour, as receivers of a few metres' error have it
GERMANY_DEG = (5.8, 47.2, 15.1, 55.1)  # west, south, east, north: the bounds of a sighting


class Refusal(Enum):
    """Why a frame has no trusted place; the value is the counted reason."""

    NO_FIX = "no fix"  # before the first or after the last fix: nothing is extrapolated
    GAP = "position gap"  # the fixes around it are too far apart in time
    JUMP = "position jump"  # the fixes around it would need an impossible speed
    ZERO = "zero position"  # a receiver without satellites says 0/0
    NO_HEADING = "no heading"  # standing since the last gap: where the camera looks is unknown
    OUTSIDE_COUNTRY = "outside country"
    OUTSIDE_CITY = "outside city"


@dataclass(frozen=True, slots=True)
class Pose:
    """Place and driving direction at one instant."""

    place: Place
    heading_deg: float
    heading_error_deg: float  # 68 %


@dataclass(frozen=True, slots=True)
class Trust:
    """How far two neighbouring fixes may be apart."""

    gap_s: float
    speed_kmh: float


def locate(
    track: Track, at: datetime, *, trust: Trust, boundary: Boundary | None = None
) -> Pose | Refusal:
    """Return the pose at `at`, or why there is none."""
    fixes = track.fixes
    after = bisect_left(fixes, at, key=lambda fix: fix.at)
    if after == len(fixes) or (after == 0 and fixes[0].at != at):
        return Refusal.NO_FIX
    before = after if fixes[after].at == at else after - 1
    refusal = _distrust(fixes[before], fixes[after], trust)
    if refusal is not None:
        return refusal
    place = _between(fixes[before], fixes[after], at)
    refusal = _outside(place, boundary)
    if refusal is not None:
        return refusal
    span = _span(fixes, before, after, trust)
    if isinstance(span, Refusal):
        return span
    back, ahead = fixes[span[0]].place, fixes[span[1]].place
    error_deg = degrees(atan2(FIX_NOISE_M, distance_m(back, ahead)))
    return Pose(place, heading_deg(back, ahead), error_deg)


def _distrust(a: Fix, b: Fix, trust: Trust) -> Refusal | None:
    """Say what speaks against driving from one fix to the next."""
    if _is_zero(a.place) or _is_zero(b.place):
        return Refusal.ZERO
    gap_s = (b.at - a.at).total_seconds()
    if gap_s > trust.gap_s:
        return Refusal.GAP
    if gap_s > 0 and distance_m(a.place, b.place) > gap_s * trust.speed_kmh / 3.6:
        return Refusal.JUMP
    return None


def _is_zero(place: Place) -> bool:
    return abs(place.longitude_deg) < 0.01 and abs(place.latitude_deg) < 0.01


def _between(a: Fix, b: Fix, at: datetime) -> Place:
    if a == b:
        return a.place
    share = (at - a.at) / (b.at - a.at)
    return Place(
        a.place.longitude_deg + share * (b.place.longitude_deg - a.place.longitude_deg),
        a.place.latitude_deg + share * (b.place.latitude_deg - a.place.latitude_deg),
    )


def _outside(place: Place, boundary: Boundary | None) -> Refusal | None:
    west, south, east, north = GERMANY_DEG
    if not (west <= place.longitude_deg <= east and south <= place.latitude_deg <= north):
        return Refusal.OUTSIDE_COUNTRY
    if boundary is not None and not boundary.contains(place):
        return Refusal.OUTSIDE_CITY
    return None


def _span(fixes: tuple[Fix, ...], first: int, last: int, trust: Trust) -> tuple[int, int] | Refusal:
    """Return the two fixes that give the direction, about `HEADING_SPAN_M` apart.

    The span grows on both sides of the instant, over trusted pairs only. Where it cannot
    grow, `LEAST_SPAN_M` will do; below that, the refusal is the one that stopped it.
    """
    stopped = Refusal.NO_HEADING
    while distance_m(fixes[first].place, fixes[last].place) < HEADING_SPAN_M:
        grown = False
        if first > 0:
            refusal = _distrust(fixes[first - 1], fixes[first], trust)
            stopped, grown = refusal or stopped, grown or refusal is None
            first -= refusal is None
        if last < len(fixes) - 1:
            refusal = _distrust(fixes[last], fixes[last + 1], trust)
            stopped, grown = refusal or stopped, grown or refusal is None
            last += refusal is None
        if not grown:
            break
    is_enough = distance_m(fixes[first].place, fixes[last].place) >= LEAST_SPAN_M
    return (first, last) if is_enough else stopped
