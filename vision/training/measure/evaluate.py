"""Measure a model on a folder of labelled pictures. Needs no torch: it runs what the truck runs."""

from __future__ import annotations

import csv
import dataclasses
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import DataError
from vision.runtime.detections import CLASSES, DAMAGE_CLASSES, Detections
from vision.runtime.detector import Detector
from vision.runtime.model_file import Model
from vision.runtime.quality import Look, look_at
from vision.runtime.suppress import suppress
from vision.training.measure.average_precision import (
    SAME_DAMAGE,
    STRICTER,
    Scored,
    average_precision,
    best_f1,
    drawn_precisions,
    false_alarms,
    score,
)
from vision.training.measure.calibration import alarm_table, calibration
from vision.training.measure.slices import countries_of, recall_by_size, slices

logger = logging.getLogger(__name__)

FLOOR = 0.001  # average precision needs the weak detections too
REPEATS = 1000  # resamples of the bootstrap
ANY = "any_damage"


@dataclass(frozen=True, slots=True)
class Case:
    """One picture: what is labelled and what the model saw, boxes in pixels."""

    name: str
    truth: Detections
    seen: Detections
    size_px: tuple[int, int] = (0, 0)  # width and height of the picture
    look: Look | None = None  # light and sharpness, for the slices


def evaluate(
    model: Model,
    *,
    images: Path,
    labels: Path,
    classes: Sequence[str] | None = None,
    manifest: Path | None = None,
    odometer: Path | None = None,
) -> dict[str, Any]:
    """Measure `model`; the result holds numbers only, ready for JSON.

    `classes` are the damage classes that the labels name; without it, those that occur
    (all, where none occurs: a folder of sound roads). Other detections are left out,
    since nobody labelled whether they are right. With a `manifest.csv` (columns file,
    group) 95 % intervals are given by resampling whole groups, that is roads. With a table
    of frames (columns frame, odometer_m) false alarms are told per km of those pictures.
    """
    cases = look(model, images=images, labels=labels)
    labelled = list(classes or _occurring(cases))
    groups = _groups(manifest, cases) if manifest else None
    result: dict[str, Any] = {
        "model_sha256": model.card.sha256,
        "images": len(cases),
        "labelled_classes": labelled,
        "classes": {
            name: _figures(of_class(cases, name), groups)
            if name in labelled
            else _figures([], None)
            for name in DAMAGE_CLASSES
        },
        ANY: _figures(any_damage(cases, labelled), groups),
    }
    for name in labelled:
        kind = CLASSES.index(name)
        own = [case.seen.only(case.seen.classes == kind) for case in cases]
        alarms = false_alarms(of_class(cases, name), model.card.thresholds[name])
        result["classes"][name] |= {
            "ap50_95": _stricter(cases, [kind], own),
            "false_alarms_per_picture": alarms / len(cases),
        }
    result["false_positives_per_image"] = sum(
        result["classes"][name]["false_alarms_per_picture"] for name in labelled
    )
    kinds = [CLASSES.index(name) for name in labelled]
    result[ANY]["ap50_95"] = _stricter(cases, kinds, [_alike(case, kinds) for case in cases])
    result["thresholds"] = model.card.thresholds
    if groups:
        result["groups"] = len(set(groups))
    together = any_damage(cases, labelled)
    result["calibration"] = calibration(together)
    result["alarms"] = alarm_table(together)
    result["sound"] = _sound(cases, labelled)
    if odometer is not None:
        # needs scipy, which a truck does not have
        from vision.training.measure.alarms import on_a_drive

        with odometer.open(newline="", encoding="utf-8") as file:
            places_m = {row["frame"]: float(row["odometer_m"]) for row in csv.DictReader(file)}
        chosen = {name: model.card.thresholds[name] for name in labelled}
        result["alarms_per_km"] = on_a_drive(cases, places_m, chosen)
    result["slices"] = {
        axis: {
            name: _brief(any_damage([cases[index] for index in chosen], labelled))
            for name, chosen in parts.items()
        }
        for axis, parts in slices(cases, countries=countries_of(manifest, cases)).items()
    }
    result["slices"]["size"] = {
        name: {"n": labels, "recall": found}
        for name, (labels, found) in recall_by_size(cases, labelled, model.card.thresholds).items()
    }
    return result


def _sound(cases: list[Case], labelled: list[str]) -> dict[str, Any]:
    """Tell which score keeps to how many false alarms on the pictures without any damage."""
    damages = [CLASSES.index(name) for name in DAMAGE_CLASSES]
    sound = [case for case in cases if not np.isin(case.truth.classes, damages).any()]
    tables = {name: alarm_table(of_class(sound, name)) for name in labelled} if sound else {}
    return {"pictures": len(sound), "alarms": tables}


def look(model: Model, *, images: Path, labels: Path) -> list[Case]:
    """Run the model over every picture of a folder.

    Raises DataError when there are no pictures, one cannot be read, or a label
    line is not `class cx cy w h`. A picture without a label file has no damage.
    """
    paths = sorted(p for p in images.iterdir() if p.suffix.lower() in {".jpg", ".jpeg", ".png"})
    if not paths:
        raise DataError(f"{images} holds no .jpg or .png: name a folder of pictures")
    detector = dataclasses.replace(model.detector, floor=FLOOR)
    cases = []
    for number, path in enumerate(paths, start=1):
        cases.append(_case(detector, path, (labels / path.name).with_suffix(".txt")))
        if number % 100 == 0:
            logger.info("evaluated pictures=%d of=%d", number, len(paths))
    return cases


def _case(detector: Detector, path: Path, labels: Path) -> Case:
    frame = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if frame is None:
        raise DataError(f"{path} is not a readable picture: remove or replace it")
    pixels = np.asarray(frame, np.uint8)
    size_px = (pixels.shape[1], pixels.shape[0])
    return Case(
        path.name, read_truth(labels, pixels), detector.detect(pixels), size_px, look_at(pixels)
    )


def read_truth(path: Path, frame: NDArray[np.uint8]) -> Detections:
    """Read YOLO label lines as boxes in pixels; scores are 1."""
    lines = path.read_text().split("\n") if path.is_file() else []
    rows = [_label_row(line, path) for line in lines if line.strip()]
    table = np.array(rows, np.float32).reshape(-1, 5)
    height_px, width_px = frame.shape[:2]
    size = np.array([width_px, height_px], np.float32)
    centre, half = table[:, 1:3] * size, table[:, 3:5] * size / 2
    boxes = np.concatenate([centre - half, centre + half], axis=1)
    return Detections(boxes, np.ones(len(table), np.float32), table[:, 0].astype(np.int64))


def _label_row(line: str, path: Path) -> list[float]:
    try:
        row = [float(part) for part in line.split()]
    except ValueError:
        row = []
    if len(row) != 5 or not 0 <= row[0] < len(CLASSES) or not all(0 <= x <= 1 for x in row[1:]):
        raise DataError(f"{path}: {line!r} is not 'class cx cy w h' with shares of one")
    return row


def _occurring(cases: list[Case]) -> list[str]:
    found = {int(kind) for case in cases for kind in case.truth.classes}
    names = [name for index, name in enumerate(DAMAGE_CLASSES) if index in found]
    return names or list(DAMAGE_CLASSES)


def of_class(cases: list[Case], name: str) -> list[Scored]:
    """Score the detections of one damage class, picture by picture."""
    kind = CLASSES.index(name)
    return [_scored(c.seen.only(c.seen.classes == kind), c.truth, [kind]) for c in cases]


def any_damage(cases: list[Case], labelled: list[str]) -> list[Scored]:
    """Score damages whatever their class: one place, one detection."""
    kinds = [CLASSES.index(name) for name in labelled]
    return [_scored(_alike(case, kinds), case.truth, kinds) for case in cases]


def _alike(case: Case, kinds: list[int]) -> Detections:
    seen = case.seen.only(np.isin(case.seen.classes, kinds))
    alike = Detections(seen.boxes, seen.scores, np.zeros(len(seen), np.int64))
    return suppress(alike, max_overlap=0.6)


def _scored(
    seen: Detections, truth: Detections, kinds: list[int], same_from: float = SAME_DAMAGE
) -> Scored:
    wanted = truth.boxes[np.isin(truth.classes, kinds)]
    return score(seen.boxes, seen.scores, wanted, same_from=same_from)


def _figures(pictures: list[Scored], groups: list[str] | None) -> dict[str, Any]:
    point = best_f1(pictures)
    figures: dict[str, Any] = {
        "n": sum(picture.labels for picture in pictures),
        "ap50": average_precision(pictures),
        "best_f1": point.f1 if point else None,
        "threshold": point.threshold if point else None,
        "precision": point.precision if point else None,
        "recall": point.recall if point else None,
    }
    if groups and pictures and figures["ap50"] is not None:
        drawn = drawn_precisions(pictures, groups, repeats=REPEATS)
        figures["ap50_interval_95"] = [float(x) for x in np.percentile(drawn, [2.5, 97.5])]
    return figures


def _brief(pictures: list[Scored]) -> dict[str, Any]:
    """Return the short row of a slice."""
    whole = _figures(pictures, None)
    kept = {key: whole[key] for key in ("n", "ap50", "best_f1")}
    return {"pictures": len(pictures), **kept}


def _stricter(cases: list[Case], kinds: list[int], seen: list[Detections]) -> float | None:
    """Return the mean of average precision over the IoU thresholds 0.50 to 0.95."""
    values = []
    for same_from in STRICTER:
        scored = [
            _scored(own, case.truth, kinds, same_from)
            for case, own in zip(cases, seen, strict=True)
        ]
        values.append(average_precision(scored))
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _groups(manifest: Path, cases: list[Case]) -> list[str]:
    with manifest.open(newline="", encoding="utf-8") as file:
        known = {Path(row["file"]).name: row["group"] for row in csv.DictReader(file)}
    missing = [case.name for case in cases if case.name not in known]
    if missing:
        raise DataError(f"{manifest} does not name {missing[0]}: use the folder's own manifest")
    return [known[case.name] for case in cases]
