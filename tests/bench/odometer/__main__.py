"""Spread of one damage's place along the road, seen from several distances, by real odometer.

Three ways to place a box: the camera of the calibration wizard; the same with pitch and height
mended by the odometer on the first half of the drive; and no projection at all (8 m ahead). All are
judged on the second half, over the same views. The boxes are those of the released detector
(`detections`) or of the public pothole masks (`masks`: the ground model alone).

Uncertain: the lane's width (it does not move anything along the road), the odometer (whole metres,
and some steps are visibly shorter or longer than it says), and that only one drive was looked at.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from math import hypot
from typing import Any

import cv2
import numpy as np

from tests.bench.odometer.drive import DRIVE, POTHOLE, Seen, along_m, damages, laid, wizard
from vision.runtime import model_file
from vision.runtime.ground import Camera
from vision.runtime.refine import Refined, View, refine
from vision.training.overlap import overlap

HALF_M = 1500.0  # up to here pitch and height are fitted, from here on everything is judged
SAME = 0.3  # IoU from which a detection means the pothole; its middle lies in the box, too
ROUNDING_M = 0.29  # deviation of an odometer that is read in whole metres
ROUNDS = 2000

Damages = dict[str, list[Seen]]


@dataclass(frozen=True, slots=True)
class Apart:
    """How far one view's place lies from that of the damage's last view."""

    damage: str
    by_m: float  # positive: the far view puts it further along the road
    stated_m: float  # 68 %, of both views and the odometer


def main() -> None:
    """Print the figures as JSON."""
    if not DRIVE.is_dir():
        print(json.dumps({"not_run": "needs ../shared/data/drive: frames with odometer"}))
        return
    model = model_file.load(model_file.newest_release())
    masks = damages()
    found = detected(masks, model)
    calibration = wizard()
    mended = _mended(calibration.camera, found)
    cameras: dict[str, Camera | None] = {
        "wizard": calibration.camera,
        "mended": mended.camera,
        "no projection": None,  # its spread is that of any fixed offset
    }
    print(
        json.dumps(
            {
                "model_sha256": model.card.sha256,
                "camera": {
                    "wizard": _told(calibration.camera),
                    "wizard_pitch_error_deg": round(calibration.pitch_error_deg, 2),
                    "wizard_residual_px": round(calibration.residual_px, 1),
                    "mended": _told(mended.camera),
                    "mended_pitch_error_deg": round(mended.pitch_error_deg, 2),
                    "mended_from_pairs": mended.pairs,
                },
                "judged_from_odometer_m": HALF_M,
                "detections": compare(found, cameras),
                "masks": compare(masks, cameras),
            }
        )
    )


def detected(masks: Damages, model: model_file.Model) -> Damages:
    """Return the same damages with the detector's boxes; views it missed are left out."""
    seen = {}
    for frame in {one.frame for views in masks.values() for one in views}:
        picture = np.asarray(cv2.imread(str(DRIVE / "frames" / frame)), np.uint8)
        found = model.detector.detect(picture)
        keep = (found.classes == POTHOLE) & (found.scores >= model.card.thresholds["D40"])
        seen[frame] = found.only(keep).boxes
    own: Damages = {}
    for name, views in masks.items():
        hits = []
        for one in views:
            shares = overlap(np.array(one.box, np.float32), seen[one.frame])
            if shares.size and shares.max() >= SAME:
                x1, y1, x2, y2 = (float(edge) for edge in seen[one.frame][int(shares.argmax())])
                hits.append(replace(one, box=(x1, y1, x2, y2)))
        own[name] = hits
    return own


def compare(views: Damages, cameras: dict[str, Camera | None]) -> dict[str, Any]:
    """Return the spread by way of placing, on the second half, over the same views."""
    judged = {name: seen for name, seen in views.items() if seen and seen[0].odometer_m >= HALF_M}
    shared = {
        name: [one for one in seen if all(laid(camera, one) for camera in cameras.values())]
        for name, seen in judged.items()
    }
    return {way: spread(apart(shared, camera)) for way, camera in cameras.items()}


def apart(views: Damages, camera: Camera | None) -> list[Apart]:
    """Return for each view but the last of a damage how far it lands from the last."""
    found = []
    for name, seen in views.items():
        placed = [view for one in seen if (view := laid(camera, one)) is not None]
        for view in placed[:-1]:
            last = placed[-1]
            stated_m = hypot(view.along_error_m, last.along_error_m, ROUNDING_M, ROUNDING_M)
            found.append(Apart(name, along_m(view) - along_m(last), stated_m))
    return found


def spread(found: list[Apart]) -> dict[str, Any]:
    """Return median and 95 % point with intervals by damage, bias, and what the error holds."""
    by_damage: dict[str, list[float]] = {}
    for one in found:
        by_damage.setdefault(one.damage, []).append(abs(one.by_m))
    groups = list(by_damage.values())
    random = np.random.default_rng(11)
    drawn = [
        np.concatenate([groups[i] for i in random.integers(0, len(groups), len(groups))])
        for _ in range(ROUNDS)
    ]
    all_m = [abs(one.by_m) for one in found]
    return {
        "damages": len(groups),
        "pairs": len(found),
        "median_m": _point(all_m, 50),
        "median_interval_95_m": _interval([float(np.percentile(d, 50)) for d in drawn]),
        "p95_m": _point(all_m, 95),
        "p95_interval_95_m": _interval([float(np.percentile(d, 95)) for d in drawn]),
        "bias_m": round(float(np.mean([one.by_m for one in found])), 2),
        "stated_68_median_m": _point([one.stated_m for one in found], 50),
        "within_stated_68": round(
            float(np.mean([abs(one.by_m) <= one.stated_m for one in found])), 2
        ),
    }


def _mended(camera: Camera, views: Damages) -> Refined:
    """Fit pitch and height to the detector's boxes of the first half: lower and upper edges."""
    first = [seen for seen in views.values() if seen and seen[0].odometer_m < HALF_M]
    edges = [
        [View(one.odometer_m, (one.box[0] + one.box[2]) / 2, one.box[row]) for one in seen]
        for seen in first
        for row in (1, 3)
    ]
    return refine(camera, edges)


def _told(camera: Camera) -> dict[str, float]:
    return {
        "focal_px": round(camera.focal_px),
        "height_m": round(camera.height_m, 2),
        "pitch_deg": round(camera.pitch_deg, 2),
    }


def _point(values: list[float], percent: float) -> float:
    return round(float(np.percentile(values, percent)), 2)


def _interval(values: list[float]) -> list[float]:
    return [_point(values, 2.5), _point(values, 97.5)]


if __name__ == "__main__":
    main()
