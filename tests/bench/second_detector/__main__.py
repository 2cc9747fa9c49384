"""How much the second detector itself sees: `python -m tests.bench.second_detector [--pictures N]`.

Recall on German plates rendered onto vehicles of road pictures, by the plate's width, in crops as
trucks upload them; on faces drawn onto road; and how often it raises an alarm on pictures checked
by hand once the truck's mask lies over them. The rate that a city publishes is what this detector
sees of what the truck missed: whoever reads it must know this recall.
Needs ../shared/data; says so where it is absent.
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
from numpy.typing import NDArray

from api.settings import Settings
from tests.bench.privacy import by_hand
from tests.bench.privacy.__main__ import SHARED, mask_of
from tests.bench.privacy.exact import exact
from tests.vision.drawn_face import drawn_face
from vision.judge.findings import Finding
from vision.judge.installed import Standing, models, standing_of
from vision.judge.look import Judge
from vision.runtime import mask, model_file
from vision.runtime.detections import CLASSES

WIDTHS_PX = (12, 24, 36, 48, 72, 10_000)  # of a plate
FACES_PX = (12, 16, 24, 32, 48)
EVERY = 4  # of the test pictures
UPLOAD_PX = (320, 240)  # a crop around a damage, as uploads are
FOUND = 0.3  # share of the plate's box under what is reported

Picture = NDArray[np.uint8]
Corners = tuple[int, int, int, int]


def main() -> None:
    """Print recall and alarms as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=60, help="at most (60)")
    given = parser.parse_args()
    folder = SHARED / "anonymise"
    if standing_of(folder) is not Standing.INSTALLED or not (SHARED / "roaddamage").is_dir():
        _say({"not_run": "needs ../shared/data/anonymise and ../shared/data/roaddamage"})
        return
    settings = Settings()
    scores = {"face": settings.judge_face_score, "plate": settings.judge_plate_score}
    judge = Judge(folder, face_score=scores["face"], plate_score=scores["plate"])
    pictures = dict(list(by_hand.pictures(SHARED / "roaddamage").items())[: given.pictures])
    seen, alarms = look(judge, pictures)
    _say(
        {
            "face_model_sha256": models().face_sha256,
            "plate_model_sha256": models().plate_sha256,
            "speaks_from_score": scores,
            "pictures": len(pictures),
            "recall_by_width_px": {
                kind: {size: _share(hits) for size, hits in sizes.items()}
                for kind, sizes in sorted(seen.items())
            },
            "alarms_on_masked_pictures": {kind: _share(hits) for kind, hits in alarms.items()},
            "alarms_on_uploads": {kind: _share(hits) for kind, hits in on_uploads(judge).items()},
            "proves_not": "real German plates, real faces, night, rain; an alarm on a masked "
            "picture may be a miss of the mask or a false alarm: a person must look",
        }
    )


def look(
    judge: Judge, pictures: dict[str, list[by_hand.Object]]
) -> tuple[dict[str, dict[str, list[bool]]], dict[str, list[bool]]]:
    """Return hits by kind and width, and whether each masked picture raised an alarm."""
    seen: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    alarms: dict[str, list[bool]] = defaultdict(list)
    model = model_file.load(model_file.newest_release())
    random = np.random.default_rng(7)
    for number, (name, objects) in enumerate(pictures.items()):
        frame = np.asarray(cv2.imread(str(SHARED / "roaddamage" / name)), np.uint8)
        masked = frame.copy()
        masked[mask_of(frame, model)] = 0
        reported = judge.look(masked)
        for kind in ("face", "plate"):
            alarms[kind].append(any(one.kind == kind for one in reported))
        for one in objects:
            if one.kind == "vehicle":
                shown, plate = _plated(frame, one, random)
                seen["plate"][_bin(plate[2] - plate[0])].append(_sees(judge, shown, plate, "plate"))
        side_px = FACES_PX[number % len(FACES_PX)]
        shown, face = _with_face(masked, side_px, random)
        seen["face"][str(side_px)].append(_sees(judge, shown, face, "face"))
    return seen, alarms


def on_uploads(judge: Judge) -> dict[str, list[bool]]:
    """Return whether each upload of a test road raises an alarm: what people will have to answer.

    An upload is what the truck cuts out and masks around a damage that it reports.
    """
    model = model_file.load(model_file.newest_release())
    alarms: dict[str, list[bool]] = defaultdict(list)
    for path in sorted((SHARED / "roaddamage/images/test").glob("*.jpg"))[::EVERY]:
        frame = np.asarray(cv2.imread(str(path)), np.uint8)
        seen = model.detector.detect(frame)
        for box, score, kind in zip(seen.boxes, seen.scores, seen.classes, strict=True):
            name = CLASSES[kind]
            if score < model.card.thresholds.get(name, 2.0):
                continue
            crop = mask.masked_crop(
                frame, box, seen, mask_threshold=model.card.mask_threshold, road_top_px=0
            )
            if isinstance(crop, mask.MaskedCrop):
                upload = cv2.imdecode(np.frombuffer(crop.jpeg, np.uint8), cv2.IMREAD_COLOR)
                reported = judge.look(np.asarray(upload, np.uint8))
                for sort in ("face", "plate"):
                    alarms[sort].append(any(one.kind == sort for one in reported))
                break
    return alarms


def _say(result: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(result) + "\n")


def _plated(
    frame: Picture, vehicle: by_hand.Object, random: np.random.Generator
) -> tuple[Picture, Corners]:
    sys.path.insert(0, str(Path(__file__).parents[3] / "datasets"))
    from render_plates import place_on

    x1, y1, x2, y2 = (float(edge) for edge in vehicle.box)
    return place_on(frame, (x1, y1, x2, y2), random)


def _with_face(
    frame: Picture, side_px: int, random: np.random.Generator
) -> tuple[Picture, Corners]:
    """Put a drawn head on the picture; its face is about half as wide as the drawing."""
    drawn_px = round(side_px / 0.54)
    small = cv2.resize(drawn_face(240), (drawn_px, drawn_px), interpolation=cv2.INTER_AREA)
    left = int(random.integers(0, frame.shape[1] - drawn_px))
    top = int(random.integers(0, frame.shape[0] - drawn_px))
    shown = frame.copy()
    shown[top : top + drawn_px, left : left + drawn_px] = small
    return shown, (left, top, left + drawn_px, top + drawn_px)


def _sees(judge: Judge, frame: Picture, box: Corners, kind: str) -> bool:
    """Look at a crop of an upload's size around the box."""
    width_px, height_px = UPLOAD_PX
    left = int(np.clip((box[0] + box[2] - width_px) // 2, 0, max(0, frame.shape[1] - width_px)))
    top = int(np.clip((box[1] + box[3] - height_px) // 2, 0, max(0, frame.shape[0] - height_px)))
    crop = np.ascontiguousarray(frame[top : top + height_px, left : left + width_px])
    there = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    return any(one.kind == kind and _covers(one, there) for one in judge.look(crop))


def _covers(one: Finding, box: Corners) -> bool:
    wide_px = min(one.box[2], box[2]) - max(one.box[0], box[0])
    tall_px = min(one.box[3], box[3]) - max(one.box[1], box[1])
    area_px = (box[2] - box[0]) * (box[3] - box[1])
    return wide_px > 0 and tall_px > 0 and wide_px * tall_px >= FOUND * area_px


def _bin(width_px: int) -> str:
    low = 0
    for high in WIDTHS_PX:
        if width_px < high:
            break
        low = high
    return f"{low}-{high}" if high < 10_000 else f"{low}+"


def _share(hits: list[bool]) -> dict[str, Any]:
    low, high = exact(sum(hits), len(hits))
    return {
        "n": len(hits),
        "share": round(sum(hits) / len(hits), 3),
        "interval_95": [round(low, 3), round(high, 3)],
    }


if __name__ == "__main__":
    main()
