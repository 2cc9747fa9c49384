"""The same damage over consecutive frames of a straight stretch, by the truck's own tracker. Pure.

The road is unrolled: each frame stands at its odometer metres on one straight line. Across a bend,
a stop or a gap nothing is joined, so a pair of views never depends on how the road turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from edge.gate import Shown
from edge.local_plane import Place, ahead_and_right_m, place_ahead
from edge.measure import views_of
from edge.position import Pose
from edge.sighting_tracker import OpenSighting, Shot, pairs_of
from edge.sighting_tracker import View as Laid
from vision.runtime import refine
from vision.runtime.detections import Detections
from vision.runtime.ground import CUT_PX, Camera

TURNED_DEG = 6.0  # a damage 2 m beside the middle then seems 0.2 m further along the road
LOST_M = 30.0  # further on, it is not the same damage
BROKEN_M = 1000.0  # the step where the positions have a gap
_START = Place(11.0, 51.5)  # any place: only distances along a straight line count
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen from one place."""

    frame: str
    at: datetime
    odometer_m: float
    heading_deg: float
    detections: Detections


@dataclass(frozen=True, slots=True)
class _Followed:
    last: OpenSighting
    looks: tuple[tuple[Look, Laid], ...]


def step_m(before: Pose | None, pose: Pose | None) -> float:
    """Return how far it is along the driving direction; a gap is too far for any damage.

    The step across is left out: a receiver's noise would make every way longer.
    """
    if before is None or pose is None:
        return BROKEN_M
    return ahead_and_right_m(before.place, pose.place, heading_deg=pose.heading_deg)[0]


def repeats(
    looks: Sequence[Look],
    *,
    camera: Camera,
    thresholds: dict[str, float],
    furthest_m: float,
    gate_m: float,
) -> list[list[refine.View]]:
    """Return the damages that were seen more than once, each with its views' edges.

    An edge that the picture cuts off is not the damage's own and is left out.
    """
    followed: list[_Followed] = []
    lost: list[_Followed] = []
    for look in looks:
        lost += [one for one in followed if not _may_be_seen(one, look)]
        followed = [one for one in followed if _may_be_seen(one, look)]
        views = _laid(look, camera, thresholds, furthest_m)
        joined = pairs_of([one.last for one in followed], views, gate_m)
        followed = [
            _follow(one, look, views[joined[index]]) if index in joined else one
            for index, one in enumerate(followed)
        ]
        new = [view for index, view in enumerate(views) if index not in joined.values()]
        followed += [_Followed(_open(view), ((look, view),)) for view in new]
    found = [_edges(one, camera) for one in lost + followed]
    return [edges for edges in found if refine.apart_m(camera, edges)]


def _laid(
    look: Look, camera: Camera, thresholds: dict[str, float], furthest_m: float
) -> list[Laid]:
    here = place_ahead(_START, heading_deg=0, ahead_m=look.odometer_m, right_m=0)
    views, _ = views_of(
        look.detections,
        Shown(look.frame, look.at, Pose(here, 0.0, 0.0)),
        camera=camera,
        size_px=(camera.width_px, camera.height_px),
        thresholds=thresholds,
        furthest_m=furthest_m,
    )
    return views


def _may_be_seen(one: _Followed, look: Look) -> bool:
    last = one.looks[-1][0]
    turned_deg = abs((look.heading_deg - last.heading_deg + 180) % 360 - 180)
    return turned_deg <= TURNED_DEG and 0 <= look.odometer_m - last.odometer_m <= LOST_M


def _open(view: Laid) -> OpenSighting:
    return OpenSighting(_NOBODY, view, view, Shot(), view.confidence, 1)


def _follow(one: _Followed, look: Look, view: Laid) -> _Followed:
    """Compare with the last view only: it is the nearest, so the surest."""
    return _Followed(replace(one.last, best=view, measured=view), (*one.looks, (look, view)))


def _edges(one: _Followed, camera: Camera) -> list[refine.View]:
    edges = []
    for look, view in one.looks:
        left, top, right, bottom = view.box
        if left <= CUT_PX or right >= camera.width_px - CUT_PX:
            continue
        for row, is_upper in ((bottom, False), (top, True)):
            if CUT_PX < row < camera.height_px - CUT_PX:
                middle = (left + right) / 2
                edges.append(refine.View(look.odometer_m, middle, row, is_upper))
    return edges
