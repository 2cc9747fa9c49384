"""Parts of a test set in which a detector may do better or worse: light, sharpness, country."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from vision.runtime.detections import CLASSES, Detections
from vision.runtime.quality import Look
from vision.training.measure.average_precision import SAME_DAMAGE
from vision.training.overlap import overlap

LIGHT = (("dark", 0.0, 100.0), ("middle", 100.0, 150.0), ("bright", 150.0, 256.0))  # road's grey
DETAIL = (("soft", 0.0, 6.0), ("middle", 6.0, 15.0), ("sharp", 15.0, 1e9))  # see quality.Look
SIDES = (("under 32 px", 0.0, 32.0), ("32 to 96 px", 32.0, 96.0), ("over 96 px", 96.0, 1e9))


class Judged(Protocol):
    """A picture with its truth, what was seen, and how it looks."""

    @property
    def name(self) -> str:
        """File name."""

    @property
    def truth(self) -> Detections:
        """Labels."""

    @property
    def seen(self) -> Detections:
        """Detections."""

    @property
    def look(self) -> Look | None:
        """Light and sharpness."""


def slices(
    cases: Sequence[Judged], *, countries: list[str] | None
) -> dict[str, dict[str, list[int]]]:
    """Return, for each axis, the indices of the pictures in each of its parts; no empty part."""
    light = [case.look.light if case.look else -1.0 for case in cases]
    detail = [case.look.detail if case.look else -1.0 for case in cases]
    found = {
        "light": {n: _between(light, low, high) for n, low, high in LIGHT},
        "sharpness": {n: _between(detail, low, high) for n, low, high in DETAIL},
    }
    if countries is not None:
        found["country"] = {
            name: [index for index, one in enumerate(countries) if one == name]
            for name in sorted(set(countries))
        }
    return {
        axis: {name: chosen for name, chosen in parts.items() if chosen}
        for axis, parts in found.items()
    }


def recall_by_size(
    cases: Sequence[Judged], labelled: list[str], thresholds: dict[str, float]
) -> dict[str, tuple[int, float | None]]:
    """Return labels and recall at the card's thresholds by the label's mean side in pixels."""
    sides: list[float] = []
    found: list[bool] = []
    for case in cases:
        for name in labelled:
            kind = CLASSES.index(name)
            own = case.seen.only(
                (case.seen.classes == kind) & (case.seen.scores >= thresholds[name])
            )
            for box in case.truth.boxes[case.truth.classes == kind]:
                sides.append(float(np.sqrt((box[2:] - box[:2]).prod())))
                found.append(bool(overlap(box, own.boxes).max(initial=0) >= SAME_DAMAGE))
    table = {}
    for name, low, high in SIDES:
        chosen = [hit for side, hit in zip(sides, found, strict=True) if low <= side < high]
        table[name] = (len(chosen), float(np.mean(chosen)) if chosen else None)
    return table


def countries_of(manifest: Path | None, cases: Sequence[Judged]) -> list[str] | None:
    """Return each picture's country; None where the manifest does not say it."""
    if manifest is None:
        return None
    with manifest.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if not rows or "country" not in rows[0]:
        return None
    known = {Path(row["file"]).name: row["country"] for row in rows}
    return [known.get(case.name, "unknown") for case in cases]


def _between(values: list[float], low: float, high: float) -> list[int]:
    return [index for index, value in enumerate(values) if low <= value < high]
