"""Export trained weights to ONNX, and say what the trained network itself says."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vision.training.recipe import Network


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
