"""The survey drive of BR-290 and the damages that a person found again in its frames.

`datasets/drive_same_damage.csv` says which boxes show the same damage: the boxes are those of the
public pothole masks, the pairing was done by eye by one annotator on 2026-11-22 from all 81 frames.
Damages that a frame cuts off, longer ones that begin in shade, groups that the masks split
differently from frame to frame, and doubtful pairs were left out.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from math import hypot
from pathlib import Path

import numpy as np

from edge.gate import Shown
from edge.local_plane import Place, offset_m, place_ahead
from edge.measure import views_of
from edge.position import Pose
from edge.sighting_tracker import View
from vision.runtime.calibrate import Calibration, calibrate
from vision.runtime.detections import DAMAGE_CLASSES, Detections
from vision.runtime.ground import Camera

ROOT = Path(__file__).parents[3]
PAIRS = ROOT / "datasets/drive_same_damage.csv"
DRIVE = ROOT.parent / "shared/data/drive"
SIZE_PX = (640, 400)

# Four corners clicked in frame 435: the middle of the yellow double line and of the white edge
# line, in the rows where the lower edge of one pothole lies in frame 435 and, 10 m on, in 445.
CORNERS_PX = [(118.0, 258.0), (577.0, 258.0), (461.0, 83.0), (252.0, 83.0)]
LANE_M = 3.6  # Brazilian rural highways of class I; an assumption, nobody measured this lane
ALONG_M = 10.0  # by odometer, in whole metres: +-0.7 m
HALF_M = 1500.0  # up to here pitch and height are fitted, from here on everything is judged
ROUNDING_M = 0.29  # deviation of an odometer that is read in whole metres
POTHOLE = DAMAGE_CLASSES.index("D40")
_START = Place(11.0, 51.5)  # any place: only distances along a straight line count


@dataclass(frozen=True, slots=True)
class Apart:
    """How far one view's place lies from that of the damage's last view."""

    damage: str
    by_m: float  # positive: the far view puts it further along the road
    stated_m: float  # 68 %, of both views and the odometer


@dataclass(frozen=True, slots=True)
class Seen:
    """One damage in one frame."""

    frame: str
    odometer_m: float
    box: tuple[float, float, float, float]  # x1 y1 x2 y2 in pixels


def damages(path: Path = PAIRS) -> dict[str, list[Seen]]:
    """Return the views of each damage, furthest first."""
    found: dict[str, list[Seen]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            x1, y1, x2, y2 = (float(row[f"{edge}_px"]) for edge in ("x1", "y1", "x2", "y2"))
            found[row["damage"]].append(
                Seen(row["frame"], float(row["odometer_m"]), (x1, y1, x2, y2))
            )
    return {name: sorted(views, key=lambda one: one.odometer_m) for name, views in found.items()}


def wizard() -> Calibration:
    """Calibrate the camera as an installer would, from one frame."""
    return calibrate(CORNERS_PX, rectangle_m=(LANE_M, ALONG_M), picture_px=SIZE_PX)


def laid(camera: Camera | None, seen: Seen, *, furthest_m: float = 25.0) -> View | None:
    """Put a box on the road with the truck's own code; None where it is too far."""
    boxes = np.array([seen.box], np.float32)
    detections = Detections(boxes, np.ones(1, np.float32), np.array([POTHOLE]))
    here = place_ahead(_START, heading_deg=0, ahead_m=seen.odometer_m, right_m=0)
    views, _ = views_of(
        detections,
        Shown(seen.frame, datetime(2026, 1, 1, tzinfo=UTC), Pose(here, 0.0, 0.0)),
        camera=camera,
        size_px=SIZE_PX,
        thresholds=dict.fromkeys(DAMAGE_CLASSES, 0.0),
        furthest_m=furthest_m,
    )
    return views[0] if views else None


def along_m(view: View) -> float:
    """Return where a view stands along the road, in odometer metres."""
    return offset_m(_START, view.place)[1]


def apart(views: dict[str, list[Seen]], camera: Camera | None) -> list[Apart]:
    """Return for each view but the last of a damage how far it lands from the last."""
    found = []
    for name, seen in views.items():
        placed = [view for one in seen if (view := laid(camera, one)) is not None]
        for view in placed[:-1]:
            last = placed[-1]
            stated_m = hypot(view.along_error_m, last.along_error_m, ROUNDING_M, ROUNDING_M)
            found.append(Apart(name, along_m(view) - along_m(last), stated_m))
    return found
