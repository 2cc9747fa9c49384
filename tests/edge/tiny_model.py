"""A real ONNX network of four nodes, written by hand: a red cell is a pothole, blue a person."""

from __future__ import annotations

import json
import struct
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.runtime.detections import CLASSES

WIDTH_PX, HEIGHT_PX, CELL_PX = 160, 96, 8
COLUMNS, ROWS = WIDTH_PX // CELL_PX, HEIGHT_PX // CELL_PX
RED, GREEN, BLUE = (1, -1, -1), (-1, 1, -1), (-1, -1, 1)
COLOURS = {"D40": RED, "vehicle": GREEN, "person": BLUE}
FLOAT, INT64 = 1, 7


def write_model(folder: Path, *, name: str = "tiny") -> Path:
    """Write model.onnx and its card; return the path of the model."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    path.write_bytes(_model())
    card = {
        "name": name,
        "version": "0.0.1",
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "classes": list(CLASSES),
        "thresholds": {"D00": 0.5, "D10": 0.5, "D20": 0.5, "D40": 0.5},
        "mask_threshold": 0.3,
    }
    (folder / "card.json").write_text(json.dumps(card))
    return path


def _model() -> bytes:
    weights = np.zeros((len(CLASSES), 3, CELL_PX, CELL_PX), np.float32)
    for kind, colour in COLOURS.items():
        for channel, weight in enumerate(colour):
            weights[CLASSES.index(kind), channel] = weight / CELL_PX**2
    cells = np.mgrid[0:ROWS, 0:COLUMNS].reshape(2, -1)[::-1] * CELL_PX + CELL_PX / 2
    boxes = np.concatenate([cells, np.full_like(cells, CELL_PX)])[None].astype(np.float32)
    shape = np.array([1, len(CLASSES), ROWS * COLUMNS], np.int64)
    conv = _node(
        "Conv",
        ["images", "weights"],
        "raw",
        _ints("kernel_shape", [CELL_PX, CELL_PX]) + _ints("strides", [CELL_PX, CELL_PX]),
    )
    graph = (
        _bytes(1, conv)
        + _bytes(1, _node("Relu", ["raw"], "scores"))
        + _bytes(1, _node("Reshape", ["scores", "shape"], "table"))
        + _bytes(1, _node("Concat", ["boxes", "table"], "output0", _int("axis", 1)))
        + _bytes(2, b"tiny")
        + _bytes(5, _tensor("weights", weights))
        + _bytes(5, _tensor("boxes", boxes))
        + _bytes(5, _tensor("shape", shape))
        + _bytes(11, _value("images", [1, 3, HEIGHT_PX, WIDTH_PX]))
        + _bytes(12, _value("output0", [1, 4 + len(CLASSES), ROWS * COLUMNS]))
    )
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, 13))


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _node(kind: str, inputs: list[str], output: str, attributes: bytes = b"") -> bytes:
    names = b"".join(_bytes(1, name.encode()) for name in inputs)
    return names + _bytes(2, output.encode()) + _bytes(4, kind.encode()) + attributes


def _int(name: str, value: int) -> bytes:
    return _bytes(5, _bytes(1, name.encode()) + _number(3, value) + _number(20, 2))


def _ints(name: str, values: list[int]) -> bytes:
    inner = b"".join(_number(8, value) for value in values)
    return _bytes(5, _bytes(1, name.encode()) + inner + _number(20, 7))


def _tensor(name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> bytes:
    dims = b"".join(_number(1, side) for side in values.shape)
    kind = FLOAT if values.dtype == np.float32 else INT64
    letter = "f" if kind == FLOAT else "q"
    raw = struct.pack(f"<{values.size}{letter}", *values.ravel().tolist())
    return dims + _number(2, kind) + _bytes(8, name.encode()) + _bytes(9, raw)


def _value(name: str, shape: list[int]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, side)) for side in shape)
    tensor = _number(1, FLOAT) + _bytes(2, dims)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))
