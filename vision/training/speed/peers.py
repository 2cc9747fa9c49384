"""Ultralytics' own predict, timed beside the truck's: on the ONNX file, on torch weights."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.runtime import engine
from vision.runtime.detections import Detections

CONFIDENCE = 0.25  # what Ultralytics reports by default
OVERLAP = 0.7  # likewise

Predict = Callable[[bytes], Detections]
"""From the bytes of a JPEG to what is seen in it."""


def peers(path: Path, weights: Path | None, threads: int) -> dict[str, Predict | None]:
    """Return Ultralytics' predict on the ONNX file and on the torch weights, where possible."""
    if not importlib.util.find_spec("ultralytics"):
        return {"ultralytics, onnx": None, "ultralytics, torch": None}
    return {
        "ultralytics, onnx": _predict(path, path, threads),
        "ultralytics, torch": _predict(weights, path, threads) if weights else None,
    }


def _predict(weights: Path, model: Path, threads: int) -> Predict:
    os.environ.setdefault("YOLO_OFFLINE", "true")
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    import torch
    from ultralytics import YOLO

    network = YOLO(str(weights), task="detect")
    shape = engine.load(model, threads=1, name="onnxruntime")
    size = [shape.height_px, shape.width_px]
    torch.set_num_threads(threads)

    def look(data: bytes) -> Detections:
        found = network.predict(
            decoded(data), imgsz=size, conf=CONFIDENCE, iou=OVERLAP, device="cpu", verbose=False
        )[0].boxes
        return Detections(
            found.xyxy.numpy().astype(np.float32),
            found.conf.numpy().astype(np.float32),
            found.cls.numpy().astype(np.int64),
        )

    return look


def decoded(data: bytes) -> NDArray[np.uint8]:
    """Decode a JPEG to BGR, as every program in the race does."""
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
