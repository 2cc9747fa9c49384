"""One sighting per damage and pass: detections of successive frames, joined on the ground. Pure.

A detection joins the open sighting of its class whose place is nearest and within the gate;
no two detections of one frame join the same. A sighting closes when the damage lies behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from contracts.picture import MaskReceipt
from contracts.units import DamageClass
from edge.local_plane import Place, ahead_and_right_m, distance_m
from edge.position import Pose

BEHIND_M = 2.0
OUT_OF_REACH_M = 40.0  # the truck turned off, or came back from a position gap elsewhere
FULL_SIZE_SHARE = 0.02  # of the frame: a larger box does not make a better picture


@dataclass(frozen=True, slots=True)
class View:
    """One detection of a damage, laid on the ground."""

    frame: str
    seen_at: datetime
    damage_class: DamageClass
    confidence: float
    box: tuple[float, float, float, float]  # x1 y1 x2 y2 in camera pixels
    frame_share: float  # of the frame's area
    place: Place
    place_error_m: float  # relative to the truck
    heading_deg: float
    area_m2: float | None
    area_error_m2: float | None
    is_cut: bool  # the damage goes on beyond the picture
    along_error_m: float = 0.0  # 68 %, in driving direction, relative to the truck
    across_error_m: float = 0.0
    right_m: float | None = None  # of the camera's middle; None: not measured

    @property
    def quality(self) -> float:
        """Prefer the surest view, and among sure ones the larger."""
        return self.confidence * (0.5 + 0.5 * min(1.0, self.frame_share / FULL_SIZE_SHARE))


@dataclass(frozen=True, slots=True)
class Shot:
    """The masked picture of a view, or why there is none."""

    jpeg: bytes = b""
    receipt: MaskReceipt | None = None
    withheld: str = ""  # the counted reason


Shoot = Callable[[View], Shot]


@dataclass(frozen=True, slots=True)
class OpenSighting:
    """A damage that may still be seen again in this pass."""

    sighting_id: UUID
    best: View  # gives the picture
    measured: View  # gives place and area: the whole damage, seen from near
    shot: Shot
    confidence: float
    frames: int


def update(
    open_sightings: list[OpenSighting],
    views: list[View],
    pose: Pose,
    *,
    drive_id: UUID,
    gate_m: float,
    shoot: Shoot,
) -> tuple[list[OpenSighting], list[OpenSighting]]:
    """Join the views of one frame; return the sightings still open and those now closed."""
    still, closed = split_passed(open_sightings, pose)
    joined = pairs_of(still, views, gate_m)
    for index, one in enumerate(still):
        if index in joined:
            still[index] = _absorb(one, views[joined[index]], shoot)
    new = [view for index, view in enumerate(views) if index not in joined.values()]
    still += [_begin(view, drive_id, shoot) for view in new]
    return still, closed


def split_passed(
    open_sightings: list[OpenSighting], pose: Pose
) -> tuple[list[OpenSighting], list[OpenSighting]]:
    """Separate what may be seen again from what lies behind the truck or out of reach."""
    still = [one for one in open_sightings if not _is_passed(one, pose)]
    return still, [one for one in open_sightings if _is_passed(one, pose)]


def _is_passed(one: OpenSighting, pose: Pose) -> bool:
    place = one.measured.place
    ahead_m, _ = ahead_and_right_m(pose.place, place, heading_deg=pose.heading_deg)
    is_behind = ahead_m < -max(BEHIND_M, one.measured.place_error_m)
    return is_behind or distance_m(pose.place, place) > OUT_OF_REACH_M


def pairs_of(still: list[OpenSighting], views: list[View], gate_m: float) -> dict[int, int]:
    """Pair open sightings with views, nearest first; index of sighting -> index of view."""
    near = sorted(
        (apart_m, first, second)
        for first, one in enumerate(still)
        for second, view in enumerate(views)
        if one.best.damage_class == view.damage_class
        and (apart_m := distance_m(one.measured.place, view.place))
        <= max(gate_m, view.place_error_m)
    )
    pairs: dict[int, int] = {}
    for _, first, second in near:
        if first not in pairs and second not in pairs.values():
            pairs[first] = second
    return pairs


def _begin(view: View, drive_id: UUID, shoot: Shoot) -> OpenSighting:
    """Open a sighting; its id follows from drive, frame, class and box, so a replay repeats it."""
    corners = " ".join(f"{edge:.0f}" for edge in view.box)
    sighting_id = uuid5(drive_id, f"{view.frame}|{view.damage_class}|{corners}")
    return OpenSighting(sighting_id, view, view, shoot(view), view.confidence, 1)


def _absorb(one: OpenSighting, view: View, shoot: Shoot) -> OpenSighting:
    """Take another view of the same damage; a view with a picture beats one without."""
    best, shot = one.best, one.shot
    if view.quality > best.quality or shot.receipt is None:
        new = shoot(view)
        if new.receipt is not None or (shot.receipt is None and view.quality > best.quality):
            best, shot = view, new
    is_nearer = (view.is_cut, view.place_error_m) < (
        one.measured.is_cut,
        one.measured.place_error_m,
    )
    return replace(
        one,
        best=best,
        shot=shot,
        measured=view if is_nearer else one.measured,
        confidence=max(one.confidence, view.confidence),
        frames=one.frames + 1,
    )
