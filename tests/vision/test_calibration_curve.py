"""Scores mean what they say, or the curve shows that they do not."""

from __future__ import annotations

import numpy as np
import pytest

from vision.training.measure.average_precision import Scored
from vision.training.measure.calibration import alarm_table, calibration


def scored(scores: list[float], hits: list[bool], labels: int = 1) -> Scored:
    return Scored(np.array(scores, np.float32), np.array(hits, bool), labels)


def test_scores_that_are_right_as_often_as_they_say_have_no_error() -> None:
    half = calibration([scored([0.55, 0.55], [True, False])])
    assert half["ece"] == pytest.approx(0.05, abs=1e-4)
    assert half["curve"] == [{"n": 2, "mean_score": 0.55, "share_right": 0.5}]


def test_boasting_scores_show_and_nothing_seen_has_no_curve() -> None:
    assert calibration([scored([0.95, 1.0], [False, False])])["ece"] == pytest.approx(0.975)
    assert calibration([]) == {"detections": 0, "ece": None, "curve": []}


def test_the_threshold_keeps_to_the_false_alarms_that_are_accepted() -> None:
    pictures = [scored([0.9, 0.3], [True, False]), *[scored([0.6], [False], 0)] * 2]
    pictures += [scored([], [], 0)] * 17
    for row in alarm_table(pictures):
        threshold, allowed = row["threshold"], row["false_alarms_per_picture"]
        assert threshold is not None
        assert allowed is not None
        alarms = sum(int((~p.hits & (p.scores >= threshold)).sum()) for p in pictures)
        assert alarms <= allowed * len(pictures)
    assert alarm_table(pictures)[0]["recall"] == 1.0
    assert alarm_table([])[0]["recall"] is None
