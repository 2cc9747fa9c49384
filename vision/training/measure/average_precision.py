"""Score detections against labels: matches, average precision, best F1. Pure numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.runtime.detections import Boxes
from vision.training.overlap import overlap

SAME_DAMAGE = 0.5  # IoU from which a detection counts as the labelled damage (the "50" of AP50)
STRICTER = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))  # COCO's 0.50 to 0.95
RECALL_POINTS = np.linspace(0, 1, 101)  # as COCO and Ultralytics interpolate


@dataclass(frozen=True, slots=True)
class Scored:
    """Detections of one picture and class, each true or false, and the number of labels."""

    scores: NDArray[np.float32]  # (n,)
    hits: NDArray[np.bool_]  # (n,) the detection found a label nobody stronger had found
    labels: int


@dataclass(frozen=True, slots=True)
class Point:
    """The threshold with the best F1, and what it means there."""

    threshold: float
    f1: float
    precision: float
    recall: float


def score(
    boxes: Boxes, scores: NDArray[np.float32], truth: Boxes, *, same_from: float = SAME_DAMAGE
) -> Scored:
    """Match detections `(n, 4)` to labels `(m, 4)`, strongest first, each label once."""
    hits = np.zeros(len(boxes), bool)
    if len(truth) == 0:
        return Scored(scores, hits, 0)
    shared = np.stack([overlap(label, boxes) for label in truth], axis=1)
    free = np.ones(len(truth), bool)
    order = np.argsort(-scores, kind="stable")
    for index in order[(shared.max(axis=1) >= same_from)[order]]:
        left = np.where(free, shared[index], 0)
        best = int(left.argmax())
        if left[best] >= same_from:
            hits[index], free[best] = True, False
    return Scored(scores, hits, len(truth))


def average_precision(pictures: list[Scored]) -> float | None:
    """Area under the precision-recall curve (COCO, 101 recall points); None without labels."""
    labels = sum(picture.labels for picture in pictures)
    if labels == 0:
        return None
    _, precision, recall = _curve(pictures)
    return _area(precision, recall)


def drawn_precisions(pictures: list[Scored], groups: list[str], *, repeats: int) -> list[float]:
    """Average precision of `repeats` samples of whole groups with replacement (bootstrap).

    A sample without labels is left out. Detections are sorted once; a sample only weighs them.
    """
    names, group_of = np.unique(np.array(groups), return_inverse=True)
    labels = np.bincount(group_of, [picture.labels for picture in pictures], len(names))
    scores = np.concatenate([picture.scores for picture in pictures])
    order = np.argsort(-scores, kind="stable")
    hits = np.concatenate([picture.hits for picture in pictures])[order]
    group_of_hit = np.repeat(group_of, [len(picture.scores) for picture in pictures])[order]
    random = np.random.default_rng(0)
    drawn = []
    for _ in range(repeats):
        times = np.bincount(random.integers(len(names), size=len(names)), minlength=len(names))
        wanted = float(times @ labels)
        if wanted == 0:
            continue
        weights = times[group_of_hit]
        found, seen = np.cumsum(weights * hits), np.cumsum(weights)
        drawn.append(_area(found / np.maximum(seen, 1), found / wanted))
    return drawn


def _area(precision: NDArray[np.float64], recall: NDArray[np.float64]) -> float:
    """Area under a precision-recall curve, precision made falling, at COCO's recall points."""
    if len(precision) == 0:
        return 0.0
    falling = np.maximum.accumulate(precision[::-1])[::-1]
    reached = np.searchsorted(recall, RECALL_POINTS, side="left")
    values = np.where(reached < len(falling), falling[np.minimum(reached, len(falling) - 1)], 0.0)
    return float(values.mean())


def best_f1(pictures: list[Scored]) -> Point | None:
    """Find the threshold with the highest F1; None without labels or detections."""
    scores, precision, recall = _curve(pictures)
    if len(scores) == 0 or not any(picture.labels for picture in pictures):
        return None
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    best = int(f1.argmax())
    return Point(float(scores[best]), float(f1[best]), float(precision[best]), float(recall[best]))


def false_alarms(pictures: list[Scored], threshold: float) -> int:
    """Count detections at or above `threshold` that match no label."""
    return sum(int((~p.hits & (p.scores >= threshold)).sum()) for p in pictures)


def _curve(
    pictures: list[Scored],
) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64]]:
    """Precision and recall at each score, from the highest score down."""
    scores = np.concatenate([p.scores for p in pictures] or [np.zeros(0, np.float32)])
    hits = np.concatenate([p.hits for p in pictures] or [np.zeros(0, bool)])
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(hits[order])
    labels = max(sum(p.labels for p in pictures), 1)
    return scores[order], found / np.arange(1, len(order) + 1), found / labels
