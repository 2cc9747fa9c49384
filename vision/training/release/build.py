"""Turn a training run into a released model: export, parity, thresholds, figures, card."""

from __future__ import annotations

import json
import logging
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from vision.runtime import model_file
from vision.runtime.detections import CLASSES, DAMAGE_CLASSES
from vision.runtime.letterbox import letterbox
from vision.training.data import manifest
from vision.training.data.manifest import Role
from vision.training.fit.export import export, torch_outputs
from vision.training.measure.evaluate import evaluate
from vision.training.measure.robustness import robustness
from vision.training.measure.thresholds import thresholds
from vision.training.recipe import Network, Recipe
from vision.training.release import card, golden, limit_pictures
from vision.training.release.parity import prove_parity

logger = logging.getLogger(__name__)

NAME = "road-damage"
EVERY_SPOILED = 8  # 58 pictures, 22 versions of each
MASK_THRESHOLD = 0.05  # a choice: rather black out a shadow than show a person


def release(
    run: Path,
    *,
    data: Path,
    golden_frames: Path,
    version: str,
    out: Path,
) -> Path:
    """Write `out/road-damage-<version>/` with model.onnx, golden.npz, card.json and README.md.

    Thresholds are chosen on the development roads; the test roads are looked at once,
    after that. Raises ParityError when ONNX and torch differ.
    """
    facts = json.loads((run / "run.json").read_text())
    recipe = msgspec.convert(facts["recipe"], Recipe)
    folder = out / f"{NAME}-{version}"
    weights = run / "fit" / "weights" / "last.pt"
    export(weights, folder / "model.onnx", recipe.network)
    blobs = [_blob(path, recipe.network) for path in sorted(golden_frames.glob("*.jpg"))[:4]]
    expected = torch_outputs(weights, blobs)
    parity = prove_parity(folder / "model.onnx", blobs, expected)
    golden.keep(folder / "golden.npz", blobs, expected)
    logger.info("parity box_px=%.5f score=%.6f", parity.box_px, parity.score)

    head = write_head(folder, version)
    development = _measure(folder, run, recipe, data, "development")
    head["thresholds"] = thresholds(development)
    _write(folder, head)
    development = _measure(folder, run, recipe, data, "development")
    figures = {
        "development": development,
        "test": _measure(folder, run, recipe, data, "test"),
        "test, potholes only": _potholes(folder, data),
        "sound roads": _sound(folder, data, recipe),
    }
    record = card.build(head, facts, figures, parity, folder / "model.onnx")
    record["robustness"] = _robustness(folder, run)
    record["limit_pictures"] = limit_pictures.draw(folder)
    _write(folder, record)
    (folder / "README.md").write_text(card.render(json.loads((folder / "card.json").read_text())))
    return folder


def unreleased(run: Path) -> Path:
    """Export a finished run to `run/model/model.onnx` for measuring only; return the file."""
    if not (run / "run.json").is_file():
        raise FileNotFoundError(f"{run} holds no finished run: train it to the end first")
    recipe = msgspec.convert(json.loads((run / "run.json").read_text())["recipe"], Recipe)
    folder = run / "model"
    export(run / "fit" / "weights" / "last.pt", folder / "model.onnx", recipe.network)
    write_head(folder, "0.0.0")
    return folder / "model.onnx"


def write_head(folder: Path, version: str) -> dict[str, Any]:
    """Write the part of the card that running the model needs; thresholds not chosen yet."""
    head: dict[str, Any] = {
        "name": NAME,
        "version": version,
        "sha256": sha256((folder / "model.onnx").read_bytes()).hexdigest(),
        "classes": list(CLASSES),
        "thresholds": dict.fromkeys(DAMAGE_CLASSES, 0.25),
        "mask_threshold": MASK_THRESHOLD,
    }
    _write(folder, head)
    return head


def _blob(path: Path, network: Network) -> NDArray[np.float32]:
    frame = np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), np.uint8)
    size = {"width_px": network.input_width_px, "height_px": network.input_height_px}
    return letterbox(frame, **size)[0]


def _write(folder: Path, content: dict[str, Any]) -> None:
    (folder / "card.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def _measure(folder: Path, run: Path, recipe: Recipe, data: Path, role: Role) -> dict[str, Any]:
    """Evaluate on the damage pictures of a role; intervals by road."""
    layout = run / "dataset"
    drive = data / "drive/drive.csv"  # odometer of a drive whose pictures are test pictures
    groups = run / f"groups-{role}.csv"
    pictures = [p for name in recipe.data.sources for p in manifest.read(data / name)]
    rows = [f"{p.path.name},{p.group},{p.country}" for p in pictures]
    groups.write_text("file,group,country\n" + "\n".join(rows) + "\n")
    return evaluate(
        model_file.load(folder / "model.onnx"),
        images=layout / "images" / role,
        labels=layout / "labels" / role,
        classes=DAMAGE_CLASSES,
        manifest=groups,
        odometer=drive if role == "test" and drive.is_file() else None,
    )


def _robustness(folder: Path, run: Path) -> dict[str, Any]:
    """Spoil every eighth test picture in every way and measure potholes again."""
    layout = run / "dataset"
    paths = sorted((layout / "images/test").iterdir())[::EVERY_SPOILED]
    model = model_file.load(folder / "model.onnx")
    return robustness(model, paths, labels=layout / "labels/test", classes=["D40"])


def _potholes(folder: Path, data: Path) -> dict[str, Any]:
    """Evaluate on the test pictures against the human-made pothole labels alone."""
    source = data / "roaddamage"
    return evaluate(
        model_file.load(folder / "model.onnx"),
        images=source / "images/test",
        labels=source / "labels_d40/test",
        classes=["D40"],
        manifest=source / "manifest.csv",
    )


def _sound(folder: Path, data: Path, recipe: Recipe) -> dict[str, Any]:
    """Evaluate on sound road that was not trained on: every detection is a false alarm."""
    source = data / "roaddamage_negatives"
    split = recipe.data.test_splits[0]
    return evaluate(
        model_file.load(folder / "model.onnx"),
        images=source / "images" / split,
        labels=source / "labels" / split,
        classes=DAMAGE_CLASSES,
    )
