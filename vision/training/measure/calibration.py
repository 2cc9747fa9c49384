"""Does a score of 0.6 mean six of ten? And which score keeps to so many false alarms? Pure."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np

from vision.training.measure.average_precision import Scored

BINS = 10
FLOOR = 0.05  # weaker detections are reported by nobody
ALLOWED = (0.02, 0.05, 0.1, 0.2, 0.5)  # false alarms per picture a department may accept


def calibration(pictures: list[Scored]) -> dict[str, Any]:
    """Return the reliability curve and the expected calibration error of detections.

    A bin says how often its detections were right; ECE is the mean distance between that
    and the mean score, weighted by the number of detections (Guo et al. 2017).
    """
    scores = np.concatenate([p.scores for p in pictures] or [np.zeros(0, np.float32)])
    hits = np.concatenate([p.hits for p in pictures] or [np.zeros(0, bool)])
    enough = scores >= FLOOR
    scores, hits = scores[enough], hits[enough]
    curve = []
    error = 0.0
    for low in range(BINS):
        inside = (scores * BINS >= low) & (scores * BINS < low + 1 + (low == BINS - 1))
        n = int(inside.sum())
        if n == 0:
            continue
        said, true = float(scores[inside].mean()), float(hits[inside].mean())
        error += n / len(scores) * abs(said - true)
        curve.append({"n": n, "mean_score": round(said, 3), "share_right": round(true, 3)})
    return {"detections": len(scores), "ece": round(error, 4) if curve else None, "curve": curve}


def alarm_table(pictures: list[Scored]) -> list[dict[str, float | None]]:
    """For each accepted rate of false alarms: the lowest score that keeps it, and the recall."""
    false = np.sort(
        np.concatenate([p.scores[~p.hits] for p in pictures] or [np.zeros(0, np.float32)])
    )[::-1]
    hits = np.concatenate([p.scores[p.hits] for p in pictures] or [np.zeros(0, np.float32)])
    labels = sum(picture.labels for picture in pictures)
    rows: list[dict[str, float | None]] = []
    for allowed in ALLOWED:
        most = int(allowed * len(pictures))
        threshold = float(np.nextafter(false[most], 1)) if most < len(false) else FLOOR
        threshold = ceil(max(threshold, FLOOR) * 10_000) / 10_000  # up: rounding down lets one in
        rows.append(
            {
                "false_alarms_per_picture": allowed,
                "threshold": threshold,
                "recall": round(float((hits >= threshold).sum()) / labels, 4) if labels else None,
            }
        )
    return rows
