"""How many metres of each street were looked at, and how many not and why: sums, no track. Pure.

A frame sees the road ahead of it, so the stretch to the next frame counts as what the first one
was: assessed, or not for a cause. Only sums by segment and day are kept; places are forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4

from contracts.coverage import MAX_SEGMENTS, Cause, Coverage, SegmentCoverage
from edge.local_plane import Place, distance_m, heading_deg
from edge.streets import Streets
from vision.runtime.quality import Unassessable

PIECE_M = 5.0  # so much of a stretch is matched at once
LONGEST_M = 100.0  # beyond, the straight line between two frames is no road
NOT_LOOKED: Cause = "not looked"
NO_PICTURE: Cause = "no picture"
CAUSES: dict[str, Cause] = {  # by the counted reason; every other one is "no picture"
    Unassessable.DARK.value: "dark",
    Unassessable.GLARE.value: "glare",
    Unassessable.BLUR.value: "blur",
    Unassessable.WET.value: "rain",
    Unassessable.LENS.value: "lens",
    Unassessable.OCCLUDED.value: "vehicle ahead",
}


@dataclass(slots=True)
class SegmentSums:
    """One segment on one day."""

    assessed_m: float = 0.0
    unassessed_m: dict[Cause, float] = field(default_factory=dict)
    covered: list[tuple[float, float]] = field(default_factory=list)  # along it; apart, ascending


@dataclass(slots=True)
class Sums:
    """What a drive covered so far, and the last frame's place until the next one is known."""

    days: dict[date, dict[str, SegmentSums]] = field(default_factory=dict)
    off_street_m: float = 0.0  # driven where the map has no street: yards, new roads
    last: Place | None = None
    last_cause: Cause | None = None  # None: the frame was assessed


def cause_of(reason: str | None) -> Cause | None:
    """Return why a frame with this counted reason says nothing; None where it was assessed."""
    return None if reason is None else CAUSES.get(reason, NO_PICTURE)


def drive_on(
    sums: Sums,
    place: Place,
    at: datetime,
    cause: Cause | None,
    *,
    streets: Streets,
    furthest_m: float,
) -> None:
    """Count the stretch up to a frame at `place`, then remember what that frame was."""
    if sums.last is not None and 0 < distance_m(sums.last, place) <= LONGEST_M:
        day = at.astimezone(streets.zone).date()
        _count(sums, day, sums.last, place, streets=streets, furthest_m=furthest_m)
    sums.last, sums.last_cause = place, cause


def break_off(sums: Sums) -> None:
    """Forget the last frame: what is driven without a trusted place is on no street."""
    sums.last = None


def merged(intervals: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join intervals that touch or overlap.

    >>> merged([(4.0, 6.0), (0.0, 4.0), (9.0, 9.5)])
    [(0.0, 6.0), (9.0, 9.5)]
    """
    apart: list[tuple[float, float]] = []
    for low, high in sorted(intervals):
        if apart and low <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(high, apart[-1][1]))
        else:
            apart.append((low, high))
    return apart


def messages_of(sums: Sums, *, is_simulated: bool) -> list[Coverage]:
    """Write the sums as messages, one a day; segments in the order of their names."""
    return [
        Coverage(
            coverage_id=uuid4(),
            day=day,
            simulated=is_simulated,
            segments=[_rounded(name, segments[name]) for name in names[first:][:MAX_SEGMENTS]],
        )
        for day, segments in sorted(sums.days.items())
        for names in [sorted(segments)]
        for first in range(0, len(names), MAX_SEGMENTS)
    ]


def totals_of(sums: Sums) -> dict[str, float]:
    """Add everything up for the summary: metres by what they were."""
    found = {"assessed": 0.0, "off street": sums.off_street_m}
    for segments in sums.days.values():
        for one in segments.values():
            found["assessed"] += one.assessed_m
            for cause, metres in one.unassessed_m.items():
                found[cause] = found.get(cause, 0.0) + metres
    return {name: round(metres, 1) for name, metres in found.items() if metres}


def _count(
    sums: Sums, day: date, begin: Place, end: Place, *, streets: Streets, furthest_m: float
) -> None:
    """Cut the stretch where the frame's view ends, then into pieces; count each on its street."""
    whole_m, driving_deg = distance_m(begin, end), heading_deg(begin, end)
    seen_m = min(whole_m, furthest_m) if sums.last_cause is None else whole_m
    cuts = ((0.0, seen_m, sums.last_cause), (seen_m, whole_m, NOT_LOOKED))
    for from_m, upto_m, cause in cuts:
        for low_m, high_m in _pieces(from_m, upto_m):
            low, high = (_between(begin, end, at_m / whole_m) for at_m in (low_m, high_m))
            foot = streets.match(_between(low, high, 0.5), driving_deg)
            if foot is None:
                sums.off_street_m += high_m - low_m
                continue
            one = sums.days.setdefault(day, {}).setdefault(streets.ids[foot.line], SegmentSums())
            if cause is not None:
                one.unassessed_m[cause] = one.unassessed_m.get(cause, 0.0) + high_m - low_m
                continue
            one.assessed_m += high_m - low_m
            way_m = sorted(streets.along_m(foot.line, place) for place in (low, high))
            one.covered = merged([*one.covered, (way_m[0], way_m[1])])


def _pieces(from_m: float, upto_m: float) -> Iterator[tuple[float, float]]:
    number = math.ceil((upto_m - from_m) / PIECE_M)
    for index in range(number):
        length_m = (upto_m - from_m) / number
        yield from_m + index * length_m, from_m + (index + 1) * length_m


def _between(begin: Place, end: Place, share: float) -> Place:
    return Place(
        begin.longitude_deg + share * (end.longitude_deg - begin.longitude_deg),
        begin.latitude_deg + share * (end.latitude_deg - begin.latitude_deg),
    )


def _rounded(segment_id: str, one: SegmentSums) -> SegmentCoverage:
    """Write one segment; on the outside of a bend the street is longer than what was driven."""
    covered_m = min(sum(high - low for low, high in one.covered), one.assessed_m)
    return SegmentCoverage(
        segment_id=segment_id,
        assessed_m=round(one.assessed_m, 1),
        covered_m=round(covered_m, 1),
        unassessed_m={cause: round(metres, 1) for cause, metres in one.unassessed_m.items()},
    )
