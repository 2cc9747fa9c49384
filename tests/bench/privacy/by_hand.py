"""Recall of masking on boxes checked by eye, and what other judges still find when masked.

`datasets/hand_checked_privacy.csv`: one annotator, 2026-11-22, 60 pictures of the test split seen
at their own size or little more, with two COCO teachers' boxes from score 0.08 on laid over them;
kept, mended or added by eye. All vehicles and people from 16 px on, also those the teachers
missed, and the plates that show as plates. The pictures were chosen where a teacher saw
something, so they hold more of what is easily seen. No face shows in them. An object counts as
missed where the mask covers less than 90 % of its box. The judges find things where there are
none (the plate cascade saw none of the plates before masking): what they say is a hint, not a
count of leaks.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.bench.privacy.exact import exact

BOXES = Path(__file__).parents[3] / "datasets/hand_checked_privacy.csv"
HIDDEN = 0.9  # share of the box under the mask
SIZES_PX = (8, 16, 24, 32, 48, 96, 10_000)
GOAL_PX = 24  # from here on a mask must hold
FACE_SCORE, PLATE_SCORE = 0.6, 0.6


@dataclass(frozen=True, slots=True)
class Object:
    """A box that a person drew."""

    kind: str
    box: NDArray[np.float32]  # (4,) x1 y1 x2 y2

    @property
    def longer_px(self) -> float:
        """Return its longer side; pictures are uploaded at this scale or smaller."""
        return float(max(self.box[2] - self.box[0], self.box[3] - self.box[1]))


def pictures(folder: Path) -> dict[str, list[Object]]:
    """Return the objects of each picture; one without any has an empty list.

    Raises ValueError when a picture is not the one that was looked at.
    """
    found: dict[str, list[Object]] = defaultdict(list)
    with BOXES.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = row["picture"]
            if sha256((folder / name).read_bytes()).hexdigest() != row["sha256"]:
                raise ValueError(f"{name} is not the picture that was checked by hand")
            objects = found[name]
            if row["kind"] != "nothing":
                edges = [float(row[f"{edge}_px"]) for edge in ("x1", "y1", "x2", "y2")]
                objects.append(Object(row["kind"], np.array(edges, np.float32)))
    return dict(found)


def is_hidden(one: Object, hidden: NDArray[np.bool_]) -> bool:
    """Tell whether enough of an object lies under the mask."""
    x1, y1, x2, y2 = (max(0, round(float(edge))) for edge in one.box)
    part = hidden[y1:y2, x1:x2]
    return bool(part.size and part.mean() >= HIDDEN)


def curve(seen: list[tuple[Object, bool]]) -> dict[str, Any]:
    """Return recall with exact intervals by kind and size, and from `GOAL_PX` on."""
    tally: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for one, hit in seen:
        low = max(size for size in (0, *SIZES_PX) if size <= one.longer_px)
        high = min(size for size in SIZES_PX if size > one.longer_px)
        tally[one.kind][f"{low}-{high}" if high < 10_000 else f"{low}+"].append(hit)
        if one.longer_px >= GOAL_PX:
            tally[one.kind][f"from {GOAL_PX}"].append(hit)
    return {
        kind: {size: _share(hits) for size, hits in sorted(sizes.items(), key=_order)}
        for kind, sizes in sorted(tally.items())
    }


def leaks(found: int, pictures_seen: int) -> dict[str, Any]:
    """Return what a judge still finds, per 1,000 masked pictures."""
    return {"found": found, "per_1000_pictures": round(1000 * found / pictures_seen, 1)}


class Judges:
    """Face and plate detectors that are no part of the truck."""

    def __init__(self, folder: Path) -> None:
        self.faces = cv2.FaceDetectorYN.create(
            str(folder / "face_detection_yunet_2023mar.onnx"), "", (320, 320), FACE_SCORE
        )
        self.plates = cv2.CascadeClassifier(str(folder / "haarcascade_russian_plate_number.xml"))

    def see(self, frame: NDArray[np.uint8]) -> tuple[int, int]:
        """Count the faces and the plates in a picture, at twice its size."""
        large = cv2.resize(frame, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        self.faces.setInputSize((large.shape[1], large.shape[0]))
        _, faces = self.faces.detect(large)
        plates = self.plates.detectMultiScale(large, 1.1, 4)
        return 0 if faces is None else len(faces), len(plates)


def _share(hits: list[bool]) -> dict[str, Any]:
    low, high = exact(sum(hits), len(hits))
    return {
        "n": len(hits),
        "recall": round(sum(hits) / len(hits), 3),
        "interval_95": [round(low, 3), round(high, 3)],
    }


def _order(entry: tuple[str, Any]) -> tuple[bool, int]:
    return entry[0].startswith("from"), int(
        entry[0].removeprefix("from ").split("-")[0].rstrip("+")
    )
