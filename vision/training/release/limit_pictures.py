"""Pictures of a model's limits: what it really did on simulated frames, some of them spoiled.

The frames are Musterstadt's, rendered by our own simulator, so the true damages are known and the
pictures may be shown to anybody. Dark, rain and dirt are drawn by `measure.corruptions`. One
picture a limit, one result each: an illustration, no measurement.
"""

from __future__ import annotations

import csv
import json
import math
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vision.errors import DataError
from vision.runtime import ground, model_file, quality
from vision.runtime.detections import CLASSES, DAMAGE_CLASSES, Boxes, Detections
from vision.runtime.ground import Camera
from vision.runtime.model_file import Model
from vision.training.measure.corruptions import Picture, corrupt
from vision.training.overlap import overlap
from vision.training.release import limit_words

CITY = Path(__file__).parents[3] / "datasets/musterstadt"
FOLDER = "limits"
SEED = 7
SAME = 0.2  # overlap from which a box counts as being about a damage: only for these drawings
SIZE_PX, JPEG_QUALITY = (512, 320), 74
VISIBLE_M = 60.0  # a damage further away is less than a pixel high
EARTH_M = 6_371_000.0
ZONE_MERIDIAN_DEG = 9.0  # of UTM zone 32, whose grid the poses' headings count from
GREEN, RED, AMBER = (80, 220, 60), (50, 50, 235), (0, 170, 255)
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Scene:
    """One limit: which frame shows it, and what is drawn over it."""

    key: str  # names the file and the words
    frame: int
    spoiled: tuple[str, int] | None = None  # kind and severity


SCENES = (
    Scene("clear", 22),
    Scene("dark", 22, ("dark", 2)),
    Scene("blur", 22, ("motion blur", 2)),
    Scene("glare", 22, ("low sun", 3)),
    Scene("rain", 22, ("rain", 3)),
    Scene("lens", 22, ("dirty lens", 3)),
    Scene("wet", 22, ("wet road", 2)),
    Scene("far", 20),
    Scene("manhole", 42),
    Scene("patch", 92),
    Scene("shadow", 48),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What the detector did on one frame."""

    refused: quality.Unassessable | None
    truths: Boxes  # (n, 4) damages in view, within the distance that a truck reports
    is_found: list[bool]  # for each of them
    seen: Detections  # damages at or above the card's thresholds
    is_false: list[bool]  # for each of them: on no damage at all


def draw(folder: Path, city: Path = CITY, scenes: Sequence[Scene] = SCENES) -> list[dict[str, Any]]:
    """Write `folder/limits/*.jpg` with a model's results; return what the card says of them.

    Raises DataError where the simulated drive is missing.
    """
    if not (city / "truth_poses.csv").is_file():
        raise DataError(f"{city} holds no truth_poses.csv: name the folder of the simulated city")
    model = model_file.load(folder / "model.onnx")
    drive = Drive(city)
    (folder / FOLDER).mkdir(exist_ok=True)
    return [_one(scene, model, drive, folder) for scene in scenes]


def _one(scene: Scene, model: Model, drive: Drive, folder: Path) -> dict[str, Any]:
    name = f"musterstadt_{scene.frame:04d}.jpg"
    picture = drive.picture(name)
    if scene.spoiled is not None:
        picture = corrupt(picture, *scene.spoiled, seed=SEED)
    result = _result(model, picture, drive.truths(name), drive.truths(name, furthest_m=math.inf))
    file = folder / FOLDER / f"{scene.key}.jpg"
    small = cv2.resize(_drawn(picture, result), SIZE_PX, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(file), small, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    facts = {
        "frame": name,
        "drawn": " ".join(map(str, scene.spoiled)) if scene.spoiled else None,
        "refused": result.refused.value if result.refused else None,
        "damages": len(result.truths),
        "found": sum(result.is_found),
        "false": sum(result.is_false),
    }
    words = limit_words.of(scene.key, facts)
    digest = sha256(file.read_bytes()).hexdigest()
    return {"file": f"{FOLDER}/{scene.key}.jpg", "sha256": digest} | facts | words


def _result(model: Model, picture: Picture, near: Boxes, all_truths: Boxes) -> Result:
    found = model.detector.detect(picture)
    limits = [model.card.thresholds.get(name, math.inf) for name in CLASSES]
    is_damage = found.classes < len(DAMAGE_CLASSES)
    seen = found.only(is_damage & (found.scores >= np.array(limits)[found.classes]))
    return Result(
        quality.assess(picture),
        near,
        [bool((overlap(truth, seen.boxes) >= SAME).any()) for truth in near],
        seen,
        [not (overlap(box, all_truths) >= SAME / 2).any() for box in seen.boxes],
    )


def _drawn(picture: Picture, result: Result) -> Picture:
    """Draw the result: found green, missed white and dashed, false red with a mark."""
    out = picture.copy()
    shown = result.is_found if result.refused is None else [False] * len(result.truths)
    for truth, is_found in zip(result.truths, shown, strict=True):
        if not is_found:
            _dashed(out, truth)
    if result.refused is not None:  # the truck looks no further
        cv2.rectangle(out, (0, 0), (out.shape[1] - 1, out.shape[0] - 1), AMBER, 12)
        return out
    for box, score, is_false in zip(
        result.seen.boxes, result.seen.scores, result.is_false, strict=True
    ):
        colour = RED if is_false else GREEN
        corners = [round(float(edge)) for edge in box]
        cv2.rectangle(out, (corners[0], corners[1]), (corners[2], corners[3]), colour, 2)
        _write(out, f"{'! ' if is_false else ''}{score:.2f}", (corners[0], corners[1] - 5), colour)
    return out


def _dashed(out: Picture, box: Boxes) -> None:
    left, top, right, bottom = (round(float(edge)) for edge in box)
    for colour, width in ((BLACK, 4), (WHITE, 2)):
        for x in range(left, right, 12):
            for y in (top, bottom):
                cv2.line(out, (x, y), (min(x + 6, right), y), colour, width)
        for y in range(top, bottom, 12):
            for x in (left, right):
                cv2.line(out, (x, y), (x, min(y + 6, bottom)), colour, width)


def _write(out: Picture, text: str, at: tuple[int, int], colour: tuple[int, int, int]) -> None:
    place = (min(at[0], out.shape[1] - 70), max(at[1], 14))
    for paint, width in ((BLACK, 4), (colour, 2)):
        cv2.putText(out, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.55, paint, width, cv2.LINE_AA)


class Drive:
    """The simulated drive: frames, and where its true damages lie in each."""

    def __init__(self, city: Path) -> None:
        """Read camera, poses and damages."""
        self._frames = city / "drive/frames"
        values = tomllib.loads((city / "drive/camera.toml").read_text(encoding="utf-8"))["camera"]
        values.pop("source")
        self._camera = Camera(**values)
        with (city / "truth_poses.csv").open(encoding="utf-8", newline="") as file:
            self._poses = {row["frame"]: row for row in csv.DictReader(file)}
        self._damages = json.loads((city / "truth.geojson").read_text(encoding="utf-8"))["features"]

    def picture(self, name: str) -> Picture:
        """Read one frame."""
        return np.asarray(cv2.imread(str(self._frames / name), cv2.IMREAD_COLOR), np.uint8)

    def truths(self, name: str, *, furthest_m: float = ground.FURTHEST_M) -> Boxes:
        """Return the boxes `(n, 4)` of the damages whose middle is in the picture."""
        return np.array(list(self._boxes(name, furthest_m)), np.float32).reshape(-1, 4)

    def _boxes(self, name: str, furthest_m: float) -> Iterator[list[float]]:
        pose = self._poses[name]
        camera = replace(self._camera, pitch_deg=self._camera.pitch_deg + float(pose["nod_deg"]))
        size_px = np.array([camera.width_px, camera.height_px] * 2)
        for damage in self._damages:
            ahead_m, right_m = _from_truck(damage["geometry"]["coordinates"], pose)
            ahead_m -= camera.forward_m
            middle = ground.pixel_of(camera, ahead_m=ahead_m, right_m=right_m)
            is_near = 0 < ahead_m <= min(furthest_m, VISIBLE_M)
            if middle is None or not is_near or not _is_inside(middle, camera):
                continue
            about = damage["properties"]
            half = np.array([about["length_m"], about["width_m"]]) / 2
            turned = math.radians(about["grid_heading_deg"] - float(pose["grid_heading_deg"]))
            turns = np.abs(
                [[math.cos(turned), math.sin(turned)], [math.sin(turned), math.cos(turned)]]
            )
            along_m, across_m = turns @ half
            corners = [
                ground.pixel_of(
                    camera, ahead_m=ahead_m + a * along_m, right_m=right_m + b * across_m
                )
                for a in (-1, 1)
                for b in (-1, 1)
            ]
            points = np.array([corner for corner in corners if corner is not None])
            edges = np.concatenate([points.min(axis=0), points.max(axis=0)])
            yield np.clip(edges, 0, size_px).tolist()


def _is_inside(place_px: tuple[float, float], camera: Camera) -> bool:
    return 0 <= place_px[0] < camera.width_px and 0 <= place_px[1] < camera.height_px


def _from_truck(place: list[float], pose: dict[str, str]) -> tuple[float, float]:
    """Return how far ahead and to the right of the truck a place lies; flat for some metres."""
    latitude = math.radians(float(pose["latitude_deg"]))
    longitude_deg = float(pose["longitude_deg"])
    east_m = math.radians(place[0] - longitude_deg) * math.cos(latitude) * EARTH_M
    north_m = (math.radians(place[1]) - latitude) * EARTH_M
    turned_deg = (longitude_deg - ZONE_MERIDIAN_DEG) * math.sin(latitude)  # meridian convergence
    heading = math.radians(float(pose["grid_heading_deg"]) + turned_deg)
    ahead_m = east_m * math.sin(heading) + north_m * math.cos(heading)
    return ahead_m, east_m * math.cos(heading) - north_m * math.sin(heading)
