"""Run a network on the CPU: OpenVINO where it is installed, ONNX Runtime otherwise."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Forward = Callable[[NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Engine:
    """A loaded network and the shape it wants."""

    name: str  # "onnxruntime", "openvino" or "openvino-bf16"
    forward: Forward  # (1, 3, height, width) -> raw head output
    width_px: int
    height_px: int


def load(path: Path, *, threads: int = 2, name: str | None = None) -> Engine:
    """Load an ONNX file; `name` picks the engine, otherwise the quickest one installed."""
    if name is None:
        name = "openvino" if importlib.util.find_spec("openvino") else "onnxruntime"
    if name in ("openvino", "openvino-bf16"):
        return _load_openvino(path, threads, name)
    if name == "onnxruntime":
        return _load_onnxruntime(path, threads)
    raise ValueError(f"unknown engine {name!r}: use onnxruntime, openvino or openvino-bf16")


def _load_onnxruntime(path: Path, threads: int) -> Engine:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena only ever grows; a truck runs for weeks
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    height_px, width_px = _fixed_shape(entry.shape, path)

    def forward(blob: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {entry.name: blob})[0], np.float32)

    return Engine("onnxruntime", forward, width_px, height_px)


def _load_openvino(path: Path, threads: int, name: str) -> Engine:
    """Load for full precision, or for bfloat16: quicker on processors with AMX, boxes less exact.

    Never by itself: some processors would take bf16 unasked, and one box in twenty then differs
    by more than a tenth (IoU).
    """
    import openvino

    core = openvino.Core()
    hints = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": "bf16" if name == "openvino-bf16" else "f32",
    }
    compiled = core.compile_model(str(path), "CPU", hints)
    height_px, width_px = _fixed_shape(list(compiled.input(0).shape), path)
    request = compiled.create_infer_request()

    def forward(blob: NDArray[np.float32]) -> NDArray[np.float32]:
        request.infer([blob], share_inputs=True)
        return np.array(request.get_output_tensor(0).data, np.float32)

    return Engine(name, forward, width_px, height_px)


def _fixed_shape(shape: list[Any], path: Path) -> tuple[int, int]:
    if len(shape) != 4 or not all(isinstance(side, int) for side in shape[2:]):
        raise ValueError(f"{path} must take a fixed (1, 3, height, width), it takes {shape}")
    return int(shape[2]), int(shape[3])
