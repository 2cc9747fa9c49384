"""Recall of masking by size: people, vehicles, and plates rendered onto vehicles.

What is a person or vehicle is said by two COCO networks that agree (and are no part of the truck):
a yardstick made by machines, looked through by a person, not a labelled set. An object counts as
hidden when at least 90 % of its box lies under the mask that the truck would draw. Beside it stands
the recall on boxes checked by hand (`by_hand`), and what face and plate detectors still find in
those pictures once they are masked.
Needs ../shared/data; says so where it is absent.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.bench.privacy import by_hand
from tests.bench.privacy.wilson import wilson
from vision.runtime import engine, mask, model_file
from vision.runtime.detections import CLASSES, Detections
from vision.runtime.detector import Detector
from vision.training.data.teacher import COCO_TO_SENSITIVE
from vision.training.overlap import overlap

SHARED = Path(__file__).parents[4] / "shared/data"
SIZES_PX = (8, 16, 24, 32, 48, 96, 10_000)
JUDGES = ("yolo11n_int8.onnx", "yolov8n_int8_640_Digitalmustiii.onnx")
JUDGE_SCORE = 0.4
AGREE = 0.55  # IoU from which two judges mean the same object
HIDDEN = 0.9  # share of the box under the mask
OFF_ROAD_SHARE = 0.4  # upper part of a frame: never in an uploaded crop

Tally = dict[str, dict[str, list[bool]]]


def main() -> None:
    """Print the curve as JSON."""
    if not (SHARED / "roaddamage").is_dir():
        print(json.dumps({"not_run": "needs ../shared/data/roaddamage and ../shared/data/weights"}))
        return
    model = model_file.load(model_file.newest_release())
    judges = [_judge(SHARED / "weights" / name) for name in JUDGES]
    tally: Tally = defaultdict(lambda: defaultdict(list))
    random = np.random.default_rng(5)
    paths = _pictures()
    for path in paths:
        frame = np.asarray(cv2.imread(str(path)), np.uint8)
        look(frame, model, judges, tally, random)
    print(
        json.dumps(
            {
                "model_sha256": model.card.sha256,
                "mask_threshold": model.card.mask_threshold,
                "pictures": len(paths),
                "judges": list(JUDGES),
                "hidden_means_share_of_box": HIDDEN,
                "recall_by_longer_side_px": {
                    kind: {size: _share(hits) for size, hits in sorted(sizes.items(), key=_first)}
                    for kind, sizes in sorted(tally.items())
                },
                "checked_by_hand": checked_by_hand(model),
                "faces": "not measured: too few faces of 8 px and more in these pictures",
            }
        )
    )


def checked_by_hand(model: model_file.Model) -> dict[str, Any]:
    """Return recall on the hand-checked boxes, and what judges find before and after masking."""
    pictures = by_hand.pictures(SHARED / "roaddamage")
    judges = by_hand.Judges(SHARED / "anonymise") if (SHARED / "anonymise").is_dir() else None
    seen: list[tuple[by_hand.Object, bool]] = []
    found = np.zeros((2, 2), int)
    for name, objects in pictures.items():
        frame = np.asarray(cv2.imread(str(SHARED / "roaddamage" / name)), np.uint8)
        hidden = mask_of(frame, model)
        seen += [(one, by_hand.is_hidden(one, hidden)) for one in objects]
        masked = frame.copy()
        masked[hidden] = 0
        if judges is not None:
            found += np.array([judges.see(frame), judges.see(masked)])
    return {
        "pictures": len(pictures),
        "recall_by_longer_side_px": by_hand.curve(seen),
        "judges_find": {
            kind: {
                "unmasked": by_hand.leaks(int(found[0, column]), len(pictures)),
                "masked": by_hand.leaks(int(found[1, column]), len(pictures)),
            }
            for column, kind in enumerate(("faces", "plates"))
        }
        if judges is not None
        else "not run: needs ../shared/data/anonymise",
        "proves_not": "faces (none shows here), people under 16 px, a city's dense traffic",
    }


def look(
    frame: NDArray[np.uint8],
    model: model_file.Model,
    judges: list[Detector],
    tally: Tally,
    random: np.random.Generator,
) -> None:
    """Judge one frame, and once more with a plate on each of its vehicles."""
    objects = agreed(frame, judges)
    if len(objects) == 0:
        return
    hidden = mask_of(frame, model)
    for box, kind in zip(objects.boxes, objects.classes, strict=True):
        name = CLASSES[int(kind)]
        is_hidden = covered(hidden, box) >= HIDDEN
        tally[name][_bin(box)].append(is_hidden)
        if box[3] > OFF_ROAD_SHARE * frame.shape[0]:
            tally[f"{name}, reaching into the road region"][_bin(box)].append(is_hidden)
    _plates(frame, objects, model, tally, random)


def _plates(
    frame: NDArray[np.uint8],
    objects: Detections,
    model: model_file.Model,
    tally: Tally,
    random: np.random.Generator,
) -> None:
    sys.path.insert(0, str(Path(__file__).parents[3] / "datasets"))
    from render_plates import place_on

    vehicles = objects.boxes[objects.classes == CLASSES.index("vehicle")]
    shown, plates = frame, []
    for box in vehicles:
        x1, y1, x2, y2 = (float(edge) for edge in box)
        shown, corners = place_on(shown, (x1, y1, x2, y2), random)
        plates.append(np.array(corners, np.float32))
    if plates:
        hidden = mask_of(shown, model)
        for corners_px in plates:
            tally["plate on a vehicle"][_bin(corners_px)].append(
                covered(hidden, corners_px) >= HIDDEN
            )


def mask_of(frame: NDArray[np.uint8], model: model_file.Model) -> NDArray[np.bool_]:
    """Return what the truck would black out in the whole frame."""
    seen = model.detector.detect(frame)
    hidden = np.zeros(frame.shape[:2], bool)
    for box in mask.sensitive_boxes(seen, model.card.mask_threshold):
        x1, y1, x2, y2 = np.clip(box, 0, [*frame.shape[1::-1]] * 2)
        hidden[int(y1) : int(np.ceil(y2)), int(x1) : int(np.ceil(x2))] = True
    return hidden


def agreed(frame: NDArray[np.uint8], judges: list[Detector]) -> Detections:
    """Return people and vehicles that every judge sees."""
    first, *others = (_sensitive(judge.detect(frame)) for judge in judges)
    keep = [
        all(
            overlap(box, other.boxes[other.classes == kind]).max(initial=0) >= AGREE
            for other in others
        )
        for box, kind in zip(first.boxes, first.classes, strict=True)
    ]
    return first.only(np.array(keep, bool))


def covered(hidden: NDArray[np.bool_], box: NDArray[np.float32]) -> float:
    """Return the share of a box that lies under the mask."""
    x1, y1, x2, y2 = (max(0, round(float(edge))) for edge in box)
    part = hidden[y1:y2, x1:x2]
    return float(part.mean()) if part.size else 0.0


def _judge(path: Path) -> Detector:
    return Detector(engine.load(path), floor=JUDGE_SCORE)


def _sensitive(seen: Detections) -> Detections:
    kept = seen.only(np.isin(seen.classes, list(COCO_TO_SENSITIVE)))
    kinds = np.array([COCO_TO_SENSITIVE[int(kind)] for kind in kept.classes], np.int64)
    return Detections(kept.boxes, kept.scores, kinds)


def _pictures() -> list[Path]:
    """Return the pictures of the test split: none of them was trained on."""
    with (SHARED / "roaddamage/manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    return [SHARED / "roaddamage" / row["file"] for row in rows]


def _bin(box: NDArray[np.float32]) -> str:
    longer_px = float(max(box[2] - box[0], box[3] - box[1]))
    low = 0
    for high in SIZES_PX:
        if longer_px < high:
            return f"{low}-{high}" if high < 10_000 else f"{low}+"
        low = high
    return f"{low}+"


def _first(entry: tuple[str, Any]) -> int:
    return int(entry[0].split("-")[0].rstrip("+"))


def _share(hits: list[bool]) -> dict[str, Any]:
    low, high = wilson(sum(hits), len(hits))
    return {
        "n": len(hits),
        "recall": round(sum(hits) / len(hits), 3),
        "interval_95": [round(low, 3), round(high, 3)],
    }


if __name__ == "__main__":
    main()
