"""The released ONNX file still says what the trained network said."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.runtime import engine
from vision.runtime.letterbox import letterbox
from vision.runtime.model_file import newest_release

FRAMES = Path(__file__).parents[2] / "datasets/musterstadt/drive/frames"


@pytest.mark.parametrize("name", ["onnxruntime", "openvino"])
def test_onnx_and_torch_agree_on_the_golden_frames(name: str) -> None:
    if name == "openvino":
        pytest.importorskip("openvino", reason="the openvino extra is not installed")
    model = newest_release()
    network = engine.load(model, name=name)
    with np.load(model.with_name("golden.npz")) as kept:
        golden = {key: kept[key] for key in kept.files}
    paths = sorted(FRAMES.glob("*.jpg"))[: len(golden["anchors"])]
    for index, path in enumerate(paths):
        blob = _input(path, network)
        assert blob.mean() == pytest.approx(golden["input_means"][index], abs=1e-4)
        said = network.forward(blob)[0][:, golden["anchors"][index]]
        difference = np.abs(said - golden["values"][index])
        assert difference[:4].max() < 0.05, "boxes moved, in pixels"
        assert difference[4:].max() < 1e-3, "scores changed"


def _input(path: Path, network: engine.Engine) -> NDArray[np.float32]:
    frame = np.asarray(cv2.imread(str(path)), np.uint8)
    return letterbox(frame, width_px=network.width_px, height_px=network.height_px)[0]
