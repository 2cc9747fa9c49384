"""How often a detector cries wolf: per kilometre of a drive, else per picture.

An alarm is a detection that touches no labelled damage. The interval is the exact one of a count
(Garwood 1936): no alarm in 0.4 km still allows up to 9 a kilometre, and the reader sees that.
Alarms are counted in each picture; a truck joins those on one thing into one sighting, so a city
sees fewer. A drive whose pictures all show damages tells nothing about roads without any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from vision.runtime.detections import CLASSES, DAMAGE_CLASSES, Boxes
from vision.training.measure.slices import Judged

LONGEST_M = 5.0  # of road that one picture stands for: the survey's step; a gap was not seen
TOUCHES = 0.1  # share of the detection on a labelled damage from which it is about that one


@dataclass(frozen=True, slots=True)
class Rate:
    """Alarms per unit, with the exact 95 % interval of a count."""

    alarms: int
    amount: float  # kilometres or pictures
    unit: str
    per_unit: float
    low: float
    high: float


def on_a_drive(
    cases: Sequence[Judged], odometer_m: Mapping[str, float], thresholds: Mapping[str, float]
) -> dict[str, dict[str, Any]]:
    """Return false alarms per km by class, over those pictures whose odometer is known.

    A detection on a damage of another class is about that damage, so it is no false alarm.
    """
    driven = [case for case in cases if case.name in odometer_m]
    places_m = [odometer_m[case.name] for case in driven]
    damages = [CLASSES.index(name) for name in DAMAGE_CLASSES]
    rates = {}
    for name, threshold in thresholds.items():
        kind = CLASSES.index(name)
        false = [
            false_scores(
                case.seen.boxes[case.seen.classes == kind],
                case.seen.scores[case.seen.classes == kind],
                case.truth.boxes[np.isin(case.truth.classes, damages)],
            )
            for case in driven
        ]
        rates[name] = asdict(alarms_per_km(false, odometer_m=places_m, threshold=threshold))
    return rates


def alarms_per_km(
    scores: Sequence[Sequence[float]],
    *,
    odometer_m: Sequence[float],
    threshold: float,
    longest_m: float = LONGEST_M,
) -> Rate:
    """Return false alarms per km; `scores` holds those of each picture's false alarms.

    Raises ValueError when pictures and odometer differ in number, or nothing was driven.
    """
    if len(scores) != len(odometer_m):
        raise ValueError(f"{len(scores)} pictures but {len(odometer_m)} odometer readings")
    order = np.argsort(np.asarray(odometer_m, np.float64), kind="stable")
    sorted_m = np.asarray(odometer_m, np.float64)[order]
    km = float(stretches_m(sorted_m, longest_m=longest_m).sum()) / 1000
    return _rate(_count(scores, threshold), km, "km")


def alarms_per_picture(scores: Sequence[Sequence[float]], *, threshold: float) -> Rate:
    """Return false alarms per picture; `scores` holds those of each picture's false alarms."""
    return _rate(_count(scores, threshold), float(len(scores)), "picture")


def stretches_m(odometer_m: NDArray[np.float64], *, longest_m: float) -> NDArray[np.float64]:
    """Return the road each picture stands for: up to the next one, at most `longest_m`.

    >>> stretches_m(np.array([0.0, 4.0, 50.0]), longest_m=5.0)
    array([4., 5., 5.])
    """
    return np.minimum(np.diff(odometer_m, append=np.inf), longest_m)


def false_scores(boxes: Boxes, scores: NDArray[np.float32], damages: Boxes) -> list[float]:
    """Return the scores of those boxes that touch no labelled damage, whatever its class."""
    return [
        float(score)
        for box, score in zip(boxes, scores, strict=True)
        if _share_on(box, damages) < TOUCHES
    ]


def _share_on(box: NDArray[np.float32], damages: Boxes) -> float:
    """Return the largest share of a box that lies on one of the damages."""
    low = np.maximum(box[:2], damages[:, :2])
    high = np.minimum(box[2:], damages[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1).max(initial=0)
    return float(shared / max((box[2:] - box[:2]).prod(), 1e-6))


def _count(scores: Sequence[Sequence[float]], threshold: float) -> int:
    return sum(score >= threshold for picture in scores for score in picture)


def _rate(alarms: int, amount: float, unit: str) -> Rate:
    if amount <= 0:
        raise ValueError(f"no {unit} was looked at: a rate needs some")
    low = float(chi2.ppf(0.025, 2 * alarms)) / 2 if alarms else 0.0
    high = float(chi2.ppf(0.975, 2 * alarms + 2)) / 2
    return Rate(alarms, amount, unit, alarms / amount, low / amount, high / amount)
