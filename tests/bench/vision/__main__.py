"""Time one frame on the truck, step by step, next to the bare network in the same run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vision.runtime import engine
from vision.runtime.decode import decode
from vision.runtime.letterbox import letterbox
from vision.runtime.model_file import newest_release, read_card
from vision.runtime.suppress import suppress

FRAMES = Path(__file__).parents[3] / "datasets/musterstadt/drive/frames"
THREADS = 2
ROUNDS = 2


def main() -> None:
    """Print the JSON object of the benchmark."""
    model = newest_release()
    paths = sorted(FRAMES.glob("*.jpg"))
    names = [name for name in ("onnxruntime", "openvino") if _installed(name)]
    result: dict[str, Any] = {
        "model_sha256": read_card(model.with_name("card.json")).sha256,
        "frames": len(paths) * ROUNDS,
        "threads": THREADS,
        "engines": {
            name: measure(engine.load(model, threads=THREADS, name=name), paths) for name in names
        },
    }
    print(json.dumps(result))


def measure(network: engine.Engine, paths: list[Path]) -> dict[str, float]:
    """Time decode, letterbox, network and postprocessing of each picture; milliseconds."""
    rows = [_frame(network, path) for path in paths[:3] + paths * ROUNDS][3:]  # three to warm up
    steps = np.array(rows) * 1000
    whole = steps.sum(axis=1)
    names = ("jpeg_decode", "letterbox", "network", "postprocess")
    figures = {
        f"{n}_p50_ms": round(float(np.median(s)), 2) for n, s in zip(names, steps.T, strict=True)
    }
    return figures | {
        "frame_p50_ms": round(float(np.median(whole)), 2),
        "frame_p95_ms": round(float(np.percentile(whole, 95)), 2),
        "frames_per_s": round(1000 / float(whole.mean()), 1),
        "frame_to_network_ratio": round(float(np.median(whole) / np.median(steps[:, 2])), 3),
    }


def _frame(network: engine.Engine, path: Path) -> list[float]:
    encoded = np.frombuffer(path.read_bytes(), np.uint8)
    picture, decoding_s = _timed(lambda: cv2.imdecode(encoded, cv2.IMREAD_COLOR))
    size = {"width_px": network.width_px, "height_px": network.height_px}
    (blob, box), letterbox_s = _timed(lambda: letterbox(picture, **size))
    output, network_s = _timed(lambda: network.forward(blob))
    _, post_s = _timed(
        lambda: box.to_frame(suppress(decode(output, floor=0.05), max_overlap=0.6).boxes)
    )
    return [decoding_s, letterbox_s, network_s, post_s]


def _timed(step: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    value = step()
    return value, time.perf_counter() - started


def _installed(name: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(name) is not None


if __name__ == "__main__":
    main()
