"""Compare a detector's boxes on the road with the true areas: how much of its box a damage fills.

`python datasets/make_musterstadt.py --seed 101 --out OTHER` makes a city to fit on; then
`python datasets/fit_area.py --city OTHER` prints the shares for `vision/runtime/area.py`, and
without `--city` the check on Musterstadt. Refit after each release: the share is the detector's.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np

import check_musterstadt as truth_of
from vision.runtime import model_file
from vision.runtime.area import area_of
from vision.runtime.detections import DAMAGE_CLASSES
from vision.runtime.ground import Camera, patch_of

SAME = 0.3  # IoU from which a detection means the damage


def main() -> None:
    """Print shares and errors by class as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--city", type=Path, default=truth_of.FOLDER)
    parser.add_argument("--model", type=Path, help="model.onnx with its card beside it")
    given = parser.parse_args()
    figures = compare(given.city, given.model or model_file.newest_release())
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def compare(city: Path, model_path: Path) -> dict[str, Any]:
    """Return, by class, true area over box area and estimated over true area."""
    nearest = _nearest_views(city, model_path)
    true_m2 = _areas(city)
    found: dict[str, Any] = {"model": str(model_path.parent.name), "city": city.name}
    pooled: list[float] = []
    for name in DAMAGE_CLASSES:
        views = {key: patch for (kind, key), patch in nearest.items() if kind == name}
        fill = [true_m2[key] / patch.area_m2 for key, patch in views.items()]
        estimated = [(area_of(patch, name)[0] or 0) / true_m2[key] for key, patch in views.items()]
        pooled += estimated
        found[name] = {"damages": len(views), "fill": _spread(fill), "ratio": _spread(estimated)}
    found["all classes, estimated / true"] = _spread(pooled)
    return found


def _nearest_views(city: Path, model_path: Path) -> dict[tuple[str, str], Any]:
    """Return each damage's most exact box on the road."""
    model = model_file.load(model_path)
    seen_by = truth_of.read_camera(city)
    truths = truth_of.read_truth(city)
    camera = Camera(**{name: getattr(seen_by, name) for name in _CAMERA})
    views: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for frame, pose in truth_of.read_poses(city).items():
        path = city / "drive" / "frames" / frame
        if not path.is_file():
            continue
        seen = model.detector.detect(np.asarray(cv2.imread(str(path)), np.uint8))
        boxes = [(t, b) for t in truths if (b := truth_of.box_of(seen_by, pose, t)) is not None]
        for box, score, kind in zip(seen.boxes, seen.scores, seen.classes, strict=True):
            name = DAMAGE_CLASSES[kind] if kind < len(DAMAGE_CLASSES) else None
            if name is None or score < model.card.thresholds[name]:
                continue
            own = [
                (truth_of.overlap(box.astype(float), b), t)
                for t, b in boxes
                if t.damage_class == name
            ]
            best = max(own, key=lambda pair: pair[0], default=(0.0, None))
            x1, y1, x2, y2 = (float(edge) for edge in box)
            patch = patch_of(camera, (x1, y1, x2, y2))
            if best[0] >= SAME and best[1] is not None and patch and patch.area_m2:
                views[name, best[1].damage_id].append(patch)
    return {key: min(seen, key=lambda patch: patch.spot.error_m) for key, seen in views.items()}


_CAMERA = (
    "width_px",
    "height_px",
    "focal_px",
    "centre_x_px",
    "centre_y_px",
    "height_m",
    "pitch_deg",
    "forward_m",
)


def _areas(city: Path) -> dict[str, float]:
    features = json.loads((city / "truth.geojson").read_text(encoding="utf-8"))["features"]
    return {f["properties"]["damage_id"]: f["properties"]["area_m2"] for f in features}


def _spread(values: list[float]) -> list[float] | None:
    """Return the 16 %, 50 % and 84 % points."""
    if not values:
        return None
    return [round(float(x), 3) for x in np.percentile(values, [16, 50, 84])]


if __name__ == "__main__":
    main()
