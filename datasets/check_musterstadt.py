"""Run the released detector over Musterstadt and print how much of the truth it finds, as JSON.

Run `python datasets/check_musterstadt.py`. A damage counts as visible when its middle lies
4 to 15 m ahead of the camera in at least one frame, and as hit when in one of those frames a
detection of its class overlaps it (IoU >= 0.3) or lies within 2 m of it on the road. In each
frame a detection hits one damage at most.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.camera import Camera, Pose, ground_of, pixel_of, to_camera, to_town
from simulator.utm import to_utm
from vision.runtime import model_file
from vision.runtime.detections import DAMAGE_CLASSES, Detections

FOLDER = Path(__file__).parent / "musterstadt"
NEAR_M, FAR_M = 4.0, 15.0
MIN_OVERLAP, MAX_AWAY_M = 0.3, 2.0


@dataclass(frozen=True, slots=True)
class Truth:
    """A rendered damage in UTM metres."""

    damage_id: str
    damage_class: str
    x_m: float
    y_m: float
    grid_heading_deg: float
    length_m: float
    width_m: float


@dataclass(slots=True)
class Tally:
    """Counts of one class."""

    visible: set[str] = field(default_factory=set)
    hit: set[str] = field(default_factory=set)
    overlapped: set[str] = field(default_factory=set)
    detections: int = 0
    false_alarms: int = 0
    on_a_damage: int = 0  # of the false alarms: of another class, or a second box on one


def main() -> None:
    """Print the figures of the newest released model, or of the one named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="model.onnx with its card beside it")
    parser.add_argument("--city", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    figures = check(arguments.city, arguments.model or model_file.newest_release())
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


def check(city: Path, model_path: Path) -> dict[str, Any]:
    """Return the figures of one model on one city."""
    model = model_file.load(model_path)
    camera, poses, truths = read_camera(city), read_poses(city), read_truth(city)
    tallies = {damage_class: Tally() for damage_class in DAMAGE_CLASSES}
    for name, pose in poses.items():
        picture = cv2.imread(str(city / "drive" / "frames" / name))
        if picture is None:
            raise ValueError(f"{name} is missing or no picture: make Musterstadt again")
        seen = model.detector.detect(np.asarray(picture, np.uint8))
        for index, damage_class in enumerate(DAMAGE_CLASSES):
            enough = seen.scores >= model.card.thresholds[damage_class]
            own = seen.only((seen.classes == index) & enough)
            _count(tallies[damage_class], damage_class, own, truths, camera, pose)
    classes = {name: _figures(tally, frames=len(poses)) for name, tally in tallies.items()}
    return {
        "model": f"{model.card.name} {model.card.version}",
        "model_sha256": model.card.sha256,
        "frames": len(poses),
        "hit_rate_d40": classes["D40"]["hit_rate"],
        "classes": classes,
    }


def read_camera(city: Path) -> Camera:
    """Read camera.toml of the drive."""
    text = (city / "drive" / "camera.toml").read_text(encoding="utf-8")
    values = tomllib.loads(text)["camera"]
    values.pop("source")
    return Camera(**values)


def read_poses(city: Path) -> dict[str, Pose]:
    """Read where the truck truly was at each frame, in UTM metres."""
    with (city / "truth_poses.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["frame"]: Pose(
                float(row["easting_m"]),
                float(row["northing_m"]),
                float(row["grid_heading_deg"]),
                float(row["nod_deg"]),
            )
            for row in csv.DictReader(file)
        }


def read_truth(city: Path) -> list[Truth]:
    """Read every rendered damage."""
    found = []
    for feature in json.loads((city / "truth.geojson").read_text(encoding="utf-8"))["features"]:
        is_ = feature["properties"]
        longitude, latitude = feature["geometry"]["coordinates"]
        easting, northing = to_utm(np.array(longitude), np.array(latitude))
        found.append(
            Truth(
                is_["damage_id"],
                is_["damage_class"],
                float(easting),
                float(northing),
                is_["grid_heading_deg"],
                is_["length_m"],
                is_["width_m"],
            )
        )
    return found


def box_of(camera: Camera, pose: Pose, truth: Truth) -> NDArray[np.float64] | None:
    """Return where a damage is seen, x1 y1 x2 y2 inside the frame; None if its middle is not."""
    ahead, right = _ahead(camera, pose, truth)
    if ahead < 1:
        return None
    middle = pixel_of(camera, np.array(ahead), np.array(right), nod_deg=pose.pitch_deg)
    if not (0 <= middle[0] <= camera.width_px and 0 <= middle[1] <= camera.height_px):
        return None
    limits = np.array([camera.width_px, camera.height_px] * 2, np.float64)
    return np.asarray(np.clip(extent_of(camera, pose, truth), 0, limits), np.float64)


def extent_of(camera: Camera, pose: Pose, truth: Truth) -> NDArray[np.float64]:
    """Return the box around a damage in pixels, also beyond the frame, as far as it lies ahead."""
    heading = np.radians(truth.grid_heading_deg)
    along = np.array([1, 1, -1, -1]) * truth.length_m / 2
    across = np.array([1, -1, 1, -1]) * truth.width_m / 2
    ahead, right = to_camera(
        camera,
        pose,
        truth.x_m + along * np.sin(heading) + across * np.cos(heading),
        truth.y_m + along * np.cos(heading) - across * np.sin(heading),
    )
    u_px, v_px = pixel_of(camera, np.maximum(ahead, 0.3), right, nod_deg=pose.pitch_deg)
    return np.array([u_px.min(), v_px.min(), u_px.max(), v_px.max()])


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    if of == 0:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z / (1 + z * z / of) * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, float(middle - reach)), min(1.0, float(middle + reach))


def _count(
    tally: Tally,
    damage_class: str,
    seen: Detections,
    truths: list[Truth],
    camera: Camera,
    pose: Pose,
) -> None:
    """Compare the detections of one class in one frame with the truth."""
    boxes = {t.damage_id: b for t in truths if (b := box_of(camera, pose, t)) is not None}
    shown = [t for t in truths if t.damage_id in boxes]
    own = [t for t in shown if t.damage_class == damage_class]
    judged = {t.damage_id for t in own if NEAR_M <= _ahead(camera, pose, t)[0] <= FAR_M}
    tally.visible |= judged
    tally.detections += len(seen)
    free = list(own)
    for box in seen.boxes.astype(np.float64):
        best = _best(box, free, boxes, camera, pose)
        if best is None:
            tally.false_alarms += 1
            tally.on_a_damage += _best(box, shown, boxes, camera, pose) is not None
            continue
        free.remove(best)
        if best.damage_id in judged:
            tally.hit.add(best.damage_id)
            if overlap(box, boxes[best.damage_id]) >= MIN_OVERLAP:
                tally.overlapped.add(best.damage_id)


def _best(
    box: NDArray[np.float64],
    candidates: list[Truth],
    boxes: dict[str, NDArray[np.float64]],
    camera: Camera,
    pose: Pose,
) -> Truth | None:
    """Return the damage that a detection means: the most overlapped, else the nearest."""
    middle = (box[:2] + box[2:]) / 2
    road = ground_of(camera, middle[0], middle[1], nod_deg=pose.pitch_deg)
    x, y = to_town(camera, pose, *road)
    ranked = []
    for truth in candidates:
        shared = overlap(box, boxes[truth.damage_id])
        away = float(np.hypot(truth.x_m - x, truth.y_m - y))
        if shared >= MIN_OVERLAP or away <= MAX_AWAY_M:
            ranked.append((-shared if shared >= MIN_OVERLAP else 0.0, away, truth))
    return min(ranked, key=lambda entry: entry[:2])[2] if ranked else None


def overlap(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return intersection over union of two boxes."""
    shared = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None).prod()
    both = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared
    return float(shared / both) if both > 0 else 0.0


def _ahead(camera: Camera, pose: Pose, truth: Truth) -> tuple[float, float]:
    ahead, right = to_camera(camera, pose, np.array(truth.x_m), np.array(truth.y_m))
    return float(ahead), float(right)


def _figures(tally: Tally, *, frames: int) -> dict[str, Any]:
    low, high = wilson(len(tally.hit), len(tally.visible))
    rate = len(tally.hit) / len(tally.visible) if tally.visible else None
    return {
        "visible": len(tally.visible),
        "hit": len(tally.hit),
        "hit_rate": None if rate is None else round(rate, 3),
        "interval_95": [round(low, 3), round(high, 3)],
        "hit_by_overlap_alone": len(tally.overlapped),
        "detections": tally.detections,
        "false_alarms_per_frame": round(tally.false_alarms / frames, 3),
        "of_these_on_a_damage": tally.on_a_damage,
    }


if __name__ == "__main__":
    main()
