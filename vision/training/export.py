"""Export trained weights to ONNX and prove that both networks say the same."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vision.errors import ParityError
from vision.runtime import engine
from vision.training.recipe import Network

MAX_BOX_DIFFERENCE_PX = 0.05
MAX_SCORE_DIFFERENCE = 1e-3


@dataclass(frozen=True, slots=True)
class Parity:
    """Largest difference between torch and ONNX over all anchors of all golden inputs."""

    inputs: int
    box_px: float
    score: float


def export(weights: Path, target: Path, network: Network) -> None:
    """Write `weights` (Ultralytics checkpoint) as ONNX with a fixed input."""
    from ultralytics import YOLO

    shape = [network.input_height_px, network.input_width_px]
    written = YOLO(str(weights)).export(
        format="onnx", imgsz=shape, simplify=True, opset=17, device="cpu"
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(written, target)


def torch_outputs(weights: Path, blobs: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Run the trained network on inputs `(1, 3, height, width)`; raw head outputs."""
    from ultralytics import YOLO

    network: Any = YOLO(str(weights)).model.float().fuse().eval()
    with torch.no_grad():
        return [network(torch.from_numpy(blob))[0].numpy() for blob in blobs]


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
