"""Spread of one damage's place along the road, seen from several distances, by real odometer.

Four ways to place a box: the camera of the calibration wizard; the same with pitch and height
mended by the odometer on the first half of the drive, from pairs that a person found (`mended`) and
from those that `stadtwart edge refine` finds (`driven`); and no projection at all (8 m ahead). All
are judged on the second half, over the same views. Beside it, `simulated`: the same command on
Musterstadt's drive with a camera file that is wrong by a known amount. The boxes are those of the
released detector (`detections`) or of the public pothole masks (`masks`: the ground model alone).

Uncertain: the lane's width (it does not move anything along the road), the odometer (whole metres,
and some steps are visibly shorter or longer than it says), and that only one drive was looked at.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from edge.camera_file import Known, read_known
from edge.drive import read_drive
from edge.mending import Mended, mend
from edge.refinement import look_along, on_odometer, read_odometer, told
from edge.settings import Settings
from tests.bench.odometer.drive import (
    DRIVE,
    HALF_M,
    POTHOLE,
    Apart,
    Seen,
    apart,
    damages,
    laid,
    wizard,
)
from tests.bench.odometer.knocked import SIMULATED, knocked
from vision.runtime import model_file
from vision.runtime.calibrate import Calibration
from vision.runtime.ground import Camera
from vision.runtime.refine import Refined, View, refine
from vision.training.overlap import overlap

SAME = 0.3  # IoU from which a detection means the pothole; its middle lies in the box, too
ROUNDS = 2000

Damages = dict[str, list[Seen]]


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
    driven = _driven(calibration, model)
    cameras: dict[str, Camera | None] = {
        "wizard": calibration.camera,
        "mended": mended.camera,
        "driven": driven.refined.camera,
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
                    "driven": told(driven, way="odometer"),
                },
                "simulated_truth": _told(read_known(SIMULATED / "camera.toml").camera),
                "simulated": knocked(model),
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
        [
            View(one.odometer_m, (one.box[0] + one.box[2]) / 2, one.box[row], is_upper=row == 1)
            for one in seen
            for row in (1, 3)
        ]
        for seen in first
    ]
    return refine(camera, edges)


def _driven(calibration: Calibration, model: model_file.Model) -> Mended:
    """Mend the camera as the installer's command does, nobody's eye in it, on the first half."""
    settings = Settings()
    drive = read_drive(DRIVE, track_file=None, start=None)
    looks, camera = look_along(drive, model, settings, calibration.camera, lambda _: None)
    looks = on_odometer(looks, read_odometer(DRIVE, None))
    return mend(
        [look for look in looks if look.odometer_m < HALF_M],
        Known(camera, "the wizard", {"height_error_m": calibration.height_error_m}),
        camera,
        thresholds=model.card.thresholds,
        furthest_m=settings.furthest_m,
        gate_m=settings.gate_m,
    )


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
