"""`stadtwart bench vision`: a truck's whole frame, timed next to Ultralytics' own predict.

Every program works through the same frames, three rounds in turn, so that a busy machine is busy
for all of them. Ultralytics needs the train extra; where it is absent the result says so.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import DataError, VisionError
from vision.runtime import engine, mask, model_file, quality
from vision.runtime.detections import DAMAGE_CLASSES, Detections
from vision.runtime.ground import Camera, patch_of
from vision.training.measure import evaluate
from vision.training.measure.average_precision import average_precision, best_f1
from vision.training.overlap import overlap
from vision.training.speed import peers
from vision.training.speed.peers import Predict, decoded
from vision.training.speed.soak import soak

CAMERA = Camera(640, 400, 560, 320, 200, height_m=2.2, pitch_deg=23)
WARM_UP = 5
ROUNDS = 3
ENGINES = ("onnxruntime", "openvino", "openvino-bf16")
FRAMES = Path(__file__).parents[3] / "datasets/musterstadt/drive/frames"


def main(argv: list[str] | None = None) -> int:
    """Run one of the two verbs, without the rest of `stadtwart bench`."""
    parser = argparse.ArgumentParser(prog="stadtwart bench", description=__doc__)
    add(parser.add_subparsers(required=True, metavar="WHAT"))
    given = parser.parse_args(argv)
    return int(given.run(given))


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `vision` and `soak`."""
    speed = verbs.add_parser("vision", help="time a frame, next to Ultralytics' predict")
    speed.set_defaults(run=lambda given: _tell(given, _speed))
    long = verbs.add_parser("soak", help="look at frames for minutes; memory must not grow")
    long.add_argument("--minutes", type=float, default=30.0)
    long.set_defaults(run=lambda given: _tell(given, _long))
    for one in (speed, long):
        one.add_argument("--frames", type=Path, default=FRAMES, help="folder of .jpg")
        one.add_argument("--model", type=Path, help="model.onnx with its card beside it")
        one.add_argument("--threads", type=int, default=2)
        one.add_argument("--json", action="store_true", help="the result is JSON in any case")
    speed.add_argument("--weights", type=Path, help="last.pt of the same model: torch as a peer")
    speed.add_argument("--images", type=Path, help="labelled pictures: precision by engine, too")
    speed.add_argument("--labels", type=Path, help="their YOLO labels")


def _tell(
    given: argparse.Namespace, measure: Callable[[argparse.Namespace], dict[str, Any]]
) -> int:
    """Print what was measured as JSON."""
    logging.basicConfig(level=logging.WARNING)
    try:
        with redirect_stdout(sys.stderr):  # Ultralytics talks while it loads
            found = measure(given)
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
    except VisionError as error:
        sys.stderr.write(f"bench: {error}\n")
        return error.exit_code
    return 0


def _speed(given: argparse.Namespace) -> dict[str, Any]:
    cv2.setNumThreads(given.threads)
    path = given.model or model_file.newest_release()
    frames = read_frames(given.frames)
    names = [name for name in ENGINES if importlib.util.find_spec(name.partition("-")[0])]
    models = {n: model_file.load(path, threads=given.threads, engine_name=n) for n in names}
    own: dict[str, Predict] = {f"stadtwart, {n}": _own(model) for n, model in models.items()}
    others = peers.peers(path, given.weights, given.threads)
    looks = own | {name: look for name, look in others.items() if look is not None}
    times, seen = race(looks, frames)
    result: dict[str, Any] = {
        "model_sha256": next(iter(models.values())).card.sha256,
        "frames": len(frames),
        "threads": given.threads,
        "frame": {name: figures(taken) for name, taken in times.items()},
        "not_run": [name for name, look in others.items() if look is None],
        "whole_frame": {n: steps(model, frames) for n, model in models.items()},
    }
    if given.images and given.labels:
        result["precision"] = {
            name: precision(model, given.images, given.labels) for name, model in models.items()
        }
    present = [name for name, look in others.items() if look is not None]
    if present:
        quickest = min(present, key=lambda name: float(np.median(times[name])))
        result |= {
            "quickest_peer": quickest,
            "beside_it": {
                name: {
                    "times_as_fast": round(
                        float(np.median(times[quickest]) / np.median(times[name])), 2
                    ),
                    **same_share(seen[name], seen[quickest]),
                }
                for name in own
            },
        }
    return result


def read_frames(folder: Path) -> list[bytes]:
    """Read the JPEG files of a folder.

    Raises DataError when there are none.
    """
    paths = sorted(folder.glob("*.jpg"))
    if not paths:
        raise DataError(f"{folder} holds no .jpg: name a folder of frames with --frames")
    return [path.read_bytes() for path in paths]


def race(
    looks: dict[str, Predict], frames: Sequence[bytes]
) -> tuple[dict[str, list[float]], dict[str, list[Detections]]]:
    """Let every program look at all frames, `ROUNDS` times in turn; seconds and detections.

    In turn by rounds and not by frames: the threads of one program spin for a while after
    their work and would be in the way of the next one.
    """
    times: dict[str, list[float]] = {name: [] for name in looks}
    seen: dict[str, list[Detections]] = {}
    for _ in range(ROUNDS):
        for name, look in looks.items():
            for data in frames[:WARM_UP]:
                look(data)
            found = []
            for data in frames:
                begun_s = time.perf_counter()
                found.append(look(data))
                times[name].append(time.perf_counter() - begun_s)
            seen[name] = found
    return times, seen


def figures(taken_s: Sequence[float]) -> dict[str, float]:
    """Return p50 and p95 in milliseconds, and frames per second."""
    taken_ms = np.array(taken_s) * 1000
    return {
        "p50_ms": round(float(np.median(taken_ms)), 2),
        "p95_ms": round(float(np.percentile(taken_ms, 95)), 2),
        "frames_per_s": round(1000 / float(taken_ms.mean()), 1),
    }


def same_share(ours: list[Detections], theirs: list[Detections]) -> dict[str, float | int]:
    """Return how many of their detections are ours, too: same class, IoU >= 0.9."""
    matched = total = 0
    for one, other in zip(ours, theirs, strict=True):
        for box, kind in zip(other.boxes, other.classes, strict=True):
            own = one.boxes[one.classes == kind]
            matched += bool(overlap(box, own).max(initial=0) >= 0.9)
            total += 1
    return {
        "theirs": total,
        "ours": sum(len(one) for one in ours),
        "theirs_found_by_us": round(matched / total, 4) if total else 1.0,
    }


def precision(model: model_file.Model, images: Path, labels: Path) -> dict[str, float | None]:
    """Return what the engine's rounding leaves of the detector's worth on labelled pictures."""
    cases = evaluate.look(model, images=images, labels=labels)
    damage = evaluate.any_damage(cases, list(DAMAGE_CLASSES))
    point = best_f1(damage)
    return {
        "pictures": len(cases),
        "D40_ap50": average_precision(evaluate.of_class(cases, "D40")),
        "any_damage_ap50": average_precision(damage),
        "any_damage_best_f1": point.f1 if point else None,
    }


def steps(model: model_file.Model, frames: Sequence[bytes]) -> dict[str, float]:
    """Time the truck's whole frame, from JPEG to masked crop, and the network within it."""
    network_s: list[float] = []
    detector = replace(model.detector, engine=_timed(model.detector.engine, network_s))
    taken, decoding = [], []
    for data in [*frames[:WARM_UP], *frames]:
        begun_s = time.perf_counter()
        frame = decoded(data)
        decoding.append(time.perf_counter() - begun_s)
        quality.assess(frame)
        _measure_and_mask(frame, detector.detect(frame), model)
        taken.append(time.perf_counter() - begun_s)
    columns = np.array([taken, decoding, network_s])[:, WARM_UP:]
    whole, opened, network = columns
    return figures(whole.tolist()) | {
        "jpeg_p50_ms": round(float(np.median(opened)) * 1000, 2),
        "network_p50_ms": round(float(np.median(network)) * 1000, 2),
        "pre_and_post_share": round(float(np.median((whole - opened - network) / whole)), 3),
    }


def _timed(network: engine.Engine, taken_s: list[float]) -> engine.Engine:
    """Return the same network; what each pass takes is noted."""

    def forward(blob: NDArray[np.float32]) -> NDArray[np.float32]:
        begun_s = time.perf_counter()
        output = network.forward(blob)
        taken_s.append(time.perf_counter() - begun_s)
        return output

    return replace(network, forward=forward)


def _own(model: model_file.Model) -> Predict:
    detector = replace(model.detector, floor=peers.CONFIDENCE, max_overlap=peers.OVERLAP, always=())

    def look(data: bytes) -> Detections:
        return detector.detect(decoded(data))

    return look


def whole_frame(model: model_file.Model, data: bytes) -> None:
    """Do all that the truck does with a frame, from JPEG to masked crop."""
    frame = decoded(data)
    quality.assess(frame)
    _measure_and_mask(frame, model.detector.detect(frame), model)


def _measure_and_mask(frame: NDArray[np.uint8], seen: Detections, model: model_file.Model) -> None:
    """Do what the truck does with a frame after detecting: every damage measured, one masked."""
    camera = CAMERA.scaled_to(width_px=frame.shape[1], height_px=frame.shape[0])
    quality.is_hidden(seen, camera, (frame.shape[1], frame.shape[0]))
    damages = seen.boxes[seen.classes < len(DAMAGE_CLASSES)]
    for box in damages:
        x1, y1, x2, y2 = (float(edge) for edge in box)
        patch_of(camera, (x1, y1, x2, y2))
    if len(damages):
        mask.masked_crop(
            frame, damages[0], seen, mask_threshold=model.card.mask_threshold, road_top_px=0
        )


def _long(given: argparse.Namespace) -> dict[str, Any]:
    cv2.setNumThreads(given.threads)
    model = model_file.load(given.model or model_file.newest_release(), threads=given.threads)
    frames = read_frames(given.frames)
    return soak(lambda data: whole_frame(model, data), frames, seconds=given.minutes * 60)


if __name__ == "__main__":
    sys.exit(main())
