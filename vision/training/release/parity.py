"""Prove that the ONNX file says what the trained network says. Needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.errors import ParityError
from vision.runtime import engine

MAX_BOX_DIFFERENCE_PX = 0.05
MAX_SCORE_DIFFERENCE = 1e-3


@dataclass(frozen=True, slots=True)
class Parity:
    """Largest difference between torch and ONNX over all anchors of all golden inputs."""

    inputs: int
    box_px: float
    score: float


def prove_parity(
    model: Path, blobs: list[NDArray[np.float32]], expected: list[NDArray[np.float32]]
) -> Parity:
    """Compare the ONNX file with the trained network's outputs.

    Raises ParityError when a box differs by more than 0.05 px or a score by more than 0.001.
    """
    forward = engine.load(model, name="onnxruntime").forward
    box_px = score = 0.0
    for blob, wanted in zip(blobs, expected, strict=True):
        difference = np.abs(forward(blob) - wanted)
        box_px = max(box_px, float(difference[:, :4].max()))
        score = max(score, float(difference[:, 4:].max()))
    if box_px > MAX_BOX_DIFFERENCE_PX or score > MAX_SCORE_DIFFERENCE:
        raise ParityError(f"ONNX differs from torch by {box_px:.4f} px and {score:.5f} in score")
    return Parity(len(blobs), box_px, score)
