"""On which street segment the truck drives: the city's map, matched on the truck. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import shapely
from shapely.geometry import LineString, Point

from contracts.coverage import StreetMap
from edge.errors import SettingsError
from edge.local_plane import Place, degree_lengths_m

NEAR_M = 15.0  # receiver's error, half a wide road and the map's own error; a guess
ACROSS_DEG = 40.0  # a street that runs more across than this is one that is crossed
TANGENT_M = 3.0  # either side of the foot point, for the street's direction there


@dataclass(frozen=True, slots=True)
class Foot:
    """The nearest point on a segment."""

    line: int  # its number in the map
    along_m: float  # from its beginning


@dataclass(frozen=True, slots=True)
class Streets:
    """The map as lines in metres around one place."""

    zone: ZoneInfo
    ids: tuple[str, ...]
    lines: tuple[LineString, ...]
    tree: shapely.STRtree
    east_m: float  # of one degree
    north_m: float

    def match(self, place: Place, heading_deg: float) -> Foot | None:
        """Return the nearest segment that runs along the driving direction, either way."""
        point = self._local(place)
        near = self.tree.query(point, predicate="dwithin", distance=NEAR_M)
        feet = [(point.distance(self.lines[index]), index) for index in near]
        for _, index in sorted(feet):
            line = self.lines[index]
            along_m = float(line.project(point))
            if _turn_deg(_direction_deg(line, along_m), heading_deg) <= ACROSS_DEG:
                return Foot(int(index), along_m)
        return None

    def along_m(self, line: int, place: Place) -> float:
        """Return how far along a segment a place lies."""
        return float(self.lines[line].project(self._local(place)))

    def _local(self, place: Place) -> Point:
        return Point(place.longitude_deg * self.east_m, place.latitude_deg * self.north_m)


def read_streets(body: bytes) -> Streets:
    """Read the city's map; raise SettingsError for anything else."""
    try:
        found = msgspec.json.decode(body, type=StreetMap)
        zone = ZoneInfo(found.time_zone)
    except (msgspec.MsgspecError, ValueError, ZoneInfoNotFoundError) as error:
        raise SettingsError(f"the street map is not readable ({error}): delete its file") from error
    latitudes = [latitude for one in found.streets for _, latitude in one.points]
    middle_deg = sum(latitudes) / len(latitudes) if latitudes else 51.0
    east_m, north_m = degree_lengths_m(middle_deg)  # 10 km off: 0.3 %, far below the tolerance
    lines = tuple(
        LineString([(lon * east_m, lat * north_m) for lon, lat in one.points])
        for one in found.streets
    )
    ids = tuple(one.segment_id for one in found.streets)
    return Streets(zone, ids, lines, shapely.STRtree(lines), east_m, north_m)


def _direction_deg(line: LineString, along_m: float) -> float:
    back = line.interpolate(max(along_m - TANGENT_M, 0.0))
    ahead = line.interpolate(min(along_m + TANGENT_M, line.length))
    return math.degrees(math.atan2(ahead.x - back.x, ahead.y - back.y))


def _turn_deg(a_deg: float, b_deg: float) -> float:
    """Return the angle between two axes, 0 to 90.

    >>> _turn_deg(350, 175)
    5.0
    """
    apart_deg = abs(a_deg - b_deg) % 180.0
    return min(apart_deg, 180.0 - apart_deg)
