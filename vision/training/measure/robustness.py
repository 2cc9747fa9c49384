"""How much a detector loses in bad light, weather and dirt, and what the quality rules refuse."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vision.runtime import quality
from vision.runtime.detections import CLASSES, Detections
from vision.runtime.model_file import Model
from vision.training.measure.average_precision import average_precision, score
from vision.training.measure.corruptions import CORRUPTIONS, SEVERITIES, Picture, corrupt
from vision.training.measure.evaluate import FLOOR, read_truth

logger = logging.getLogger(__name__)

View = tuple[Detections, Detections, bool]
"""Truth, what was seen, and whether the quality rules let the frame pass."""


def robustness(
    model: Model, paths: Sequence[Path], *, labels: Path, classes: Sequence[str]
) -> dict[str, Any]:
    """Return AP50 of each class clean and spoiled, over all frames and over those that pass."""
    detector = dataclasses.replace(model.detector, floor=FLOOR)
    kinds = [CLASSES.index(name) for name in classes]
    table: dict[str, list[View]] = {}
    for seed, path in enumerate(paths):
        clean = np.asarray(cv2.imread(str(path)), np.uint8)
        truth = read_truth((labels / path.name).with_suffix(".txt"), clean)
        for name, picture in _versions(clean, seed):
            seen = detector.detect(picture)
            table.setdefault(name, []).append((truth, seen, quality.assess(picture) is None))
        logger.info("robustness picture=%d of=%d", seed + 1, len(paths))
    return {"pictures": len(paths), "by_corruption": {n: _row(v, kinds) for n, v in table.items()}}


def _versions(clean: Picture, seed: int) -> list[tuple[str, Picture]]:
    spoiled = [
        (f"{kind} {severity}", corrupt(clean, kind, severity, seed=seed))
        for kind in CORRUPTIONS
        for severity in SEVERITIES
    ]
    return [("clean", clean), *spoiled]


def _row(views: list[View], kinds: list[int]) -> dict[str, Any]:
    passed = [view for view in views if view[2]]
    return {
        "ap50": _mean_precision(views, kinds),
        "refused": round(1 - len(passed) / len(views), 3),
        "ap50_of_those_that_pass": _mean_precision(passed, kinds),
    }


def _mean_precision(views: list[View], kinds: list[int]) -> float | None:
    """Return the mean over classes of AP50; None where nothing is labelled."""
    values = []
    for kind in kinds:
        scored = [
            score(
                seen.boxes[seen.classes == kind],
                seen.scores[seen.classes == kind],
                truth.boxes[truth.classes == kind],
            )
            for truth, seen, _ in views
        ]
        values.append(average_precision(scored))
    known = [value for value in values if value is not None]
    return round(float(np.mean(known)), 4) if known else None
